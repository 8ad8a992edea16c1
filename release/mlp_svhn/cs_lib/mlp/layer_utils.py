"""Layers as objects and the cross-entropy loss (``mlp_svhn``).

A layer keeps its parameters in ``params`` and, after ``backward``, their gradients in
``grads``, both by name. Rows are cases.
"""

import numpy as np

from cs_lib.mlp.chain import sequential


class flatten:
    """Make a row of features out of each case.

    Parameters
    ----------
    name : str

    Attributes
    ----------
    input_shape : tuple of int
        Shape of the last input of `forward`.
    """

    def __init__(self, name="flatten"):
        self.name = name
        self.params = {}
        self.grads = {}
        self.input_shape = None

    def forward(self, x):
        """Rows of features.

        Parameters
        ----------
        x : ndarray, (N, d_1, ..., d_k)

        Returns
        -------
        ndarray, (N, D)
            D is the product of d_1 ... d_k.
        """
        # Keep the shape of x in self.input_shape.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement flatten.forward")

    def backward(self, dout):
        """Upstream gradient in the shape of the input.

        Parameters
        ----------
        dout : ndarray, (N, D)

        Returns
        -------
        ndarray, (N, d_1, ..., d_k)
        """
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement flatten.backward")


class fc:
    """Fully connected layer: ``x @ w + b``.

    Parameters
    ----------
    input_dim, output_dim : int
        D and M.
    init_scale : float
        Standard deviation of the random start of the weights, drawn from numpy's global
        generator; biases start at zero.
    name : str

    Attributes
    ----------
    w_name, b_name : str
        Names of the parameters: the name of the layer with ``_w`` and ``_b`` behind it.
    params, grads : dict of ndarray
        ``w_name`` (D, M) and ``b_name`` (M,); grads is empty before the first `backward`.
    x : ndarray, (N, D)
        Last input of `forward`.
    """

    def __init__(self, input_dim, output_dim, init_scale=0.02, name="fc"):
        self.name = name
        self.w_name = f"{name}_w"
        self.b_name = f"{name}_b"
        self.params = {
            self.w_name: init_scale * np.random.randn(input_dim, output_dim),
            self.b_name: np.zeros(output_dim),
        }
        self.grads = {}
        self.x = None

    def forward(self, x):
        """Linear map of each row, plus the bias.

        Parameters
        ----------
        x : ndarray, (N, D)

        Returns
        -------
        ndarray, (N, M)
        """
        # Keep x in self.x; the parameters are self.params[self.w_name] and [self.b_name].
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement fc.forward")

    def backward(self, dout):
        """Gradients of the input, the weights and the bias.

        Parameters
        ----------
        dout : ndarray, (N, M)
            Upstream gradient.

        Returns
        -------
        ndarray, (N, D)
            Gradient with respect to x.
        """
        # Store the other two in self.grads[self.w_name] and self.grads[self.b_name].
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement fc.backward")


class leaky_relu:
    """``x`` where x >= 0, else ``negative_slope * x``, element by element.

    Parameters
    ----------
    negative_slope : float, 0 <= negative_slope < 1
        0 gives the ordinary ReLU.
    name : str

    Attributes
    ----------
    x : ndarray
        Last input of `forward`.
    """

    def __init__(self, negative_slope=0.01, name="leaky_relu"):
        self.negative_slope = negative_slope
        self.name = name
        self.params = {}
        self.grads = {}
        self.x = None

    def forward(self, x):
        """Leaky ReLU of each entry.

        Parameters
        ----------
        x : ndarray, any shape

        Returns
        -------
        ndarray, same shape as x
        """
        # Keep x in self.x.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement leaky_relu.forward")

    def backward(self, dout):
        """Gradient with respect to the input.

        Parameters
        ----------
        dout : ndarray, shape of the input
            Upstream gradient.

        Returns
        -------
        ndarray, same shape as dout
        """
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement leaky_relu.backward")


class dropout:
    """Inverted dropout: in training, entries are kept with probability ``keep_prob``.

    Parameters
    ----------
    keep_prob : float, 0 <= keep_prob <= 1
        0 and 1 both mean that nothing is dropped.
    seed : int, optional
        Of the generator of the masks.
    name : str

    Attributes
    ----------
    rng : numpy.random.Generator
        Draws the masks.
    mask : ndarray or None
        What the last `forward` multiplied its input with; None if it dropped nothing.
    """

    def __init__(self, keep_prob, seed=None, name="dropout"):
        if not 0 <= keep_prob <= 1:
            raise ValueError(
                f"dropout: expected 0 <= keep_prob <= 1, got {keep_prob}. "
                "It is the probability that an entry is kept."
            )
        self.keep_prob = keep_prob
        self.name = name
        self.params = {}
        self.grads = {}
        self.rng = np.random.default_rng(seed)
        self.mask = None

    def forward(self, x, training=True, seed=None):
        """Drop entries in training and scale the rest so that the mean stays.

        Parameters
        ----------
        x : ndarray, any shape
        training : bool
            False: the output is x.
        seed : int, optional
            If given, self.rng starts anew from it, so that the same mask comes again.

        Returns
        -------
        ndarray, same shape as x
        """
        # Keep the mask, with the scale in it, in self.mask (None where nothing is dropped).
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement dropout.forward")

    def backward(self, dout):
        """Gradient with respect to the input of the last `forward`.

        Parameters
        ----------
        dout : ndarray, shape of the input
            Upstream gradient.

        Returns
        -------
        ndarray, same shape as dout
        """
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement dropout.backward")


def softmax(x):
    """Probabilities of the classes, row by row.

    Parameters
    ----------
    x : ndarray, (N, C)
        Scores; all of a row may be in the thousands.

    Returns
    -------
    ndarray, (N, C)
        A row sums to 1.
    """
    # Large scores must not overflow: a constant may be subtracted from a row.
    # YOUR CODE HERE
    raise NotImplementedError("mlp_svhn: implement softmax")


class cross_entropy:
    """Softmax followed by the cross-entropy loss.

    Parameters
    ----------
    size_average : bool
        True: mean over the cases; False: sum.

    Attributes
    ----------
    probabilities : ndarray, (N, C)
        Softmax of the last scores.
    y : ndarray of int, (N,)
        Last labels.
    """

    def __init__(self, size_average=True):
        self.size_average = size_average
        self.probabilities = None
        self.y = None

    def forward(self, x, y):
        """Loss of the scores.

        Parameters
        ----------
        x : ndarray, (N, C)
            Scores; all of a row may be in the thousands.
        y : ndarray of int, (N,)
            Labels, 0 ... C - 1.

        Returns
        -------
        float
            In nats.
        """
        # Keep self.probabilities and self.y for `backward`.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement cross_entropy.forward")

    def backward(self):
        """Gradient of the last loss with respect to the scores.

        Returns
        -------
        ndarray, (N, C)
        """
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement cross_entropy.backward")
