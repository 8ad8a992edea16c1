"""The best net of each assignment, trained from scratch with the settings that won."""

from cs_lib.classifier_trainer import ClassifierTrainer
from cs_lib.classifiers.convnet import init_two_layer_convnet, two_layer_convnet


def train_convnet(X_train, y_train, X_val, y_val, num_epochs):
    """Train a two-layer ConvNet as well as you can.

    Parameters
    ----------
    X_train, X_val : ndarray, shape (N, C, H, W), (N_val, C, H, W)
        Pictures minus the mean training picture, pixels between -255 and 255.
    y_train, y_val : ndarray of int, shape (N,), (N_val,)
        Labels, 0 <= y < 10.
    num_epochs : int
        Go through the training pictures at most so many times.

    Returns
    -------
    dict
        Parameters for `cs_lib.classifiers.convnet.two_layer_convnet`, with at most
        8 filters.
    """
    # YOUR CODE HERE
    raise NotImplementedError("layers_convnet: implement train_convnet")
