"""The best net of each assignment, trained from scratch with the settings that won."""

from cs_lib.classifier_trainer import ClassifierTrainer
from cs_lib.classifiers.convnet import init_two_layer_convnet, two_layer_convnet
from cs_lib.classifiers.fc_net import FullyConnectedNet
from cs_lib.classifiers.neural_net import init_two_layer_model, two_layer_net
from cs_lib.solver import Solver


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
    ### BEGIN SOLUTION
    model = init_two_layer_model(X_train.shape[1], 100, 10)
    best_model, _, _, _ = ClassifierTrainer().train(
        X_train, y_train, X_val, y_val, model, two_layer_net,
        update="rmsprop", learning_rate=3e-4, num_epochs=num_epochs,
    )  # fmt: skip
    return best_model
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    shape = X_train.shape[1:]
    model = init_two_layer_convnet(input_shape=shape, num_filters=8, filter_size=3)
    best_model, _, _, _ = ClassifierTrainer().train(
        X_train, y_train, X_val, y_val, model, two_layer_convnet,
        update="rmsprop", learning_rate=1e-3, batch_size=10, num_epochs=num_epochs,
    )  # fmt: skip
    return best_model
    ### END SOLUTION


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
    ### BEGIN SOLUTION
    net = FullyConnectedNet([100, 100], input_dim=X_train.shape[1])
    data = {"X_train": X_train, "y_train": y_train, "X_val": X_val, "y_val": y_val}
    solver = Solver(
        net, data, update_rule="adam", optim_config={"learning_rate": 1e-3},
        num_epochs=num_epochs, verbose=False,
    )  # fmt: skip
    solver.train()
    return net
    ### END SOLUTION
