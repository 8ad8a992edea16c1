"""Multilayer perceptron of tanh units for cats against cars (``mlp_trigrams``, part 1).

Rows are cases: images are (N, D), labels and outputs (N, 1), labels are -1 or +1.
"""

from itertools import pairwise

import numpy as np


def mse(y, y_hat):
    """Mean squared error.

    Parameters
    ----------
    y, y_hat : ndarray, (N, 1)
        Labels (-1 or +1) and outputs of the network.

    Returns
    -------
    float
        Mean over all entries of the squared difference.
    """
    # YOUR CODE HERE
    raise NotImplementedError("mlp_trigrams: implement mse")


def mce(y, y_pred):
    """Classification accuracy in percent, which the course plots as its "MCE".

    Parameters
    ----------
    y, y_pred : ndarray, (N, 1)
        True and predicted labels, -1 or +1.

    Returns
    -------
    float, between 0 and 100
    """
    # YOUR CODE HERE
    raise NotImplementedError("mlp_trigrams: implement mce")


class HiddenLayer:
    """A fully connected layer with tanh: ``a = tanh(x W + b)``.

    Parameters
    ----------
    n_in, n_out : int
        Number of inputs and of units.
    std : float
        Standard deviation of the random start of W and b.
    seed : int
        Of the random start; the same seed gives the same weights.

    Attributes
    ----------
    W, dW, velocity_W : ndarray, (n_in, n_out)
        Weights, their gradient, and the sum that momentum keeps (zero at first).
    b, db, velocity_b : ndarray, (1, n_out)
        The same of the biases.
    x : ndarray, (N, n_in)
        Last input of `forward`.
    a : ndarray, (N, n_out)
        Last output of `forward`.
    """

    def __init__(self, n_in, n_out, std=0.02, seed=15):
        rng = np.random.RandomState(seed)
        self.W = rng.normal(0, std, size=(n_in, n_out))
        self.b = rng.normal(0, std, size=(1, n_out))
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)
        self.velocity_W = np.zeros_like(self.W)
        self.velocity_b = np.zeros_like(self.b)
        self.x = None
        self.a = None

    def forward(self, x):
        """Output of the layer; keeps x and the output for `backward`.

        Parameters
        ----------
        x : ndarray, (N, n_in)

        Returns
        -------
        ndarray, (N, n_out)
        """
        # Set self.x and self.a.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement HiddenLayer.forward")

    def backward(self, da):
        """Gradients of W, b and the input; needs a `forward` before it.

        Parameters
        ----------
        da : ndarray, (N, n_out)
            Upstream gradient, with respect to the output of the layer.

        Returns
        -------
        ndarray, (N, n_in)
            Gradient with respect to the input.
        """
        # Set self.dW and self.db, as sums over the N cases: a factor 1/N is part of da.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement HiddenLayer.backward")


class MLP:
    """Layers one after the other, trained by mini-batch gradient descent.

    Parameters
    ----------
    momentum : float
        Fraction of the last velocity that is added to the new gradient; 0 for none.

    Attributes
    ----------
    layers : list of HiddenLayer
        From the input to the output.
    """

    def __init__(self, momentum=0.0):
        self.momentum = momentum
        self.layers = []

    def add_layer(self, layer):
        """Put a layer behind the last one.

        Parameters
        ----------
        layer : HiddenLayer
        """
        self.layers.append(layer)

    def forward(self, x):
        """Outputs of the network.

        Parameters
        ----------
        x : ndarray, (N, D)

        Returns
        -------
        ndarray, (N, 1)
            Between -1 and 1.
        """
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement MLP.forward")

    def backward(self, y, y_hat):
        """Set dW and db of every layer; needs a `forward` before it.

        Parameters
        ----------
        y, y_hat : ndarray, (N, 1)
            Labels, and what `forward` returned.

        Returns
        -------
        ndarray, (N, D)
            Gradient with respect to the input of the network.
        """
        # Start from the gradient of half the mean squared error with respect to y_hat.
        # (Without the half there is a factor 2, which is as right.)
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement MLP.backward")

    def update(self, learning_rate):
        """One step of gradient descent with momentum, in every layer.

        Parameters
        ----------
        learning_rate : float

        Notes
        -----
        The velocity becomes momentum times itself plus the gradient; the parameter then
        loses learning_rate times the velocity.
        """
        # Change W, b, velocity_W and velocity_b of each layer.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement MLP.update")

    def predict(self, x):
        """Predicted labels: +1 where the output is not negative, else -1.

        Parameters
        ----------
        x : ndarray, (N, D)

        Returns
        -------
        ndarray, (N, 1)
            -1 or +1.
        """
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement MLP.predict")

    def fit(self, x, y, x_test, y_test, learning_rate, n_batches=50, n_epochs=300, seed=7):
        """Train, and measure both errors on both sets after each epoch.

        Parameters
        ----------
        x, x_test : ndarray, (N, D), (N_test, D)
        y, y_test : ndarray, (N, 1), (N_test, 1)
            -1 or +1.
        learning_rate : float
        n_batches : int
            Number of mini-batches an epoch; their limits are ``int(j * N / n_batches)``.
        n_epochs : int
        seed : int
            Of the order of the cases.

        Returns
        -------
        dict of list of float
            ``train_mse, train_mce, test_mse, test_mce``, one entry an epoch.
        """
        # Shuffle by permutations of N from one np.random.RandomState(seed), one an epoch,
        # each epoch on top of the order of the epoch before. Do not change x or y themselves.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_trigrams: implement MLP.fit")
