"""Layers as objects and the cross-entropy loss (``mlp_svhn``).

A layer keeps its parameters in ``params`` and, after ``backward``, their gradients in
``grads``, both by name. Rows are cases.
"""

import numpy as np

from cs_lib.mlp.chain import sequential

__all__ = ["cross_entropy", "dropout", "fc", "flatten", "leaky_relu", "sequential", "softmax"]


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
        ### BEGIN SOLUTION
        self.input_shape = x.shape
        return x.reshape(x.shape[0], -1)
        ### END SOLUTION

    def backward(self, dout):
        """Upstream gradient in the shape of the input.

        Parameters
        ----------
        dout : ndarray, (N, D)

        Returns
        -------
        ndarray, (N, d_1, ..., d_k)
        """
        ### BEGIN SOLUTION
        return dout.reshape(self.input_shape)
        ### END SOLUTION


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
        ### BEGIN SOLUTION
        self.x = x
        return x @ self.params[self.w_name] + self.params[self.b_name]
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        self.grads[self.w_name] = self.x.T @ dout
        self.grads[self.b_name] = dout.sum(axis=0)
        return dout @ self.params[self.w_name].T
        ### END SOLUTION


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
        ### BEGIN SOLUTION
        self.x = x
        return np.where(x >= 0, x, self.negative_slope * x)
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        return np.where(self.x >= 0, dout, self.negative_slope * dout)
        ### END SOLUTION


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
        ### BEGIN SOLUTION
        if seed is not None:
            self.rng = np.random.default_rng(seed)
        self.mask = None
        if training and 0 < self.keep_prob < 1:
            self.mask = (self.rng.random(x.shape) < self.keep_prob) / self.keep_prob
        return x if self.mask is None else x * self.mask
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        return dout if self.mask is None else dout * self.mask
        ### END SOLUTION


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
    ### BEGIN SOLUTION
    exponentials = np.exp(x - x.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)
    ### END SOLUTION


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
        ### BEGIN SOLUTION
        self.probabilities, self.y = softmax(x), y
        shifted = x - x.max(axis=1, keepdims=True)
        log_normaliser = np.log(np.exp(shifted).sum(axis=1))
        losses = log_normaliser - shifted[np.arange(len(y)), y]
        return float(losses.mean() if self.size_average else losses.sum())
        ### END SOLUTION

    def backward(self):
        """Gradient of the last loss with respect to the scores.

        Returns
        -------
        ndarray, (N, C)
        """
        ### BEGIN SOLUTION
        dx = self.probabilities.copy()
        dx[np.arange(len(self.y)), self.y] -= 1
        return dx / len(self.y) if self.size_average else dx
        ### END SOLUTION
