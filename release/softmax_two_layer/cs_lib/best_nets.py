"""The best net of each assignment, trained from scratch with the settings that won."""

from cs_lib.classifier_trainer import ClassifierTrainer
from cs_lib.classifiers.neural_net import init_two_layer_model, two_layer_net


def train_two_layer_net(X_train, y_train, X_val, y_val, num_epochs):
    """Train a two-layer net as well as you can.

    Parameters
    ----------
    X_train, X_val : ndarray, shape (N, D), (N_val, D)
        Pictures minus the mean training picture, pixels between -255 and 255.
    y_train, y_val : ndarray of int, shape (N,), (N_val,)
        Labels, 0 <= y < 10.
    num_epochs : int
        Go through the training pictures at most so many times.

    Returns
    -------
    dict
        Parameters for `cs_lib.classifiers.neural_net.two_layer_net`, with at most
        100 hidden units.
    """
    # YOUR CODE HERE
    raise NotImplementedError("softmax_two_layer: implement train_two_layer_net")
