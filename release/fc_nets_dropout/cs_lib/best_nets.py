"""The best net of each assignment, trained from scratch with the settings that won."""
from cs_lib.classifiers.fc_net import FullyConnectedNet
from cs_lib.solver import Solver


def train_fully_connected_net(X_train, y_train, X_val, y_val, num_epochs):
    """Train a fully connected net as well as you can.

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
    FullyConnectedNet
        With hidden layers of at most 200 units in all.
    """
    # YOUR CODE HERE
    raise NotImplementedError("fc_nets_dropout: implement train_fully_connected_net")
