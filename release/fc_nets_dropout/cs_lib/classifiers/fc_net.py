"""Fully connected networks made of the layers of `cs_lib.layers`."""

from itertools import pairwise

import numpy as np

from cs_lib.layer_utils import affine_relu_backward, affine_relu_forward
from cs_lib.layers import (
    affine_backward,
    affine_forward,
    dropout_backward,
    dropout_forward,
    softmax_loss,
)


class TwoLayerNet:
    """Two-layer network: affine, ReLU, affine, softmax.

    It holds parameters and computes loss and gradients; a `cs_lib.solver.Solver`
    does the optimisation.

    Attributes
    ----------
    params : dict
        ``'W1'`` (D, H), ``'b1'`` (H,), ``'W2'`` (H, C), ``'b2'`` (C,).
    reg : float
        Strength of the regularisation.
    """

    def __init__(
        self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0
    ):
        """Draw the weights, set the biases to zero.

        Parameters
        ----------
        input_dim, hidden_dim, num_classes : int
            D, H and C.
        weight_scale : float
            Standard deviation of the normally distributed weights.
        reg : float
            Strength of the regularisation.
        """
        self.params = {}
        self.reg = reg
        # YOUR CODE HERE
        raise NotImplementedError("fc_nets_dropout: implement TwoLayerNet.__init__")

    def loss(self, X, y=None):
        """Compute scores, or loss and gradients, for a minibatch.

        The loss is the softmax loss plus 0.5·reg times the sum of the squared
        weights of both layers; biases are not regularised (reg without the half
        is accepted too, when the gradients agree with it).

        Parameters
        ----------
        X : ndarray, shape (N, d_1, ..., d_k)
            Data; D = d_1 · … · d_k.
        y : ndarray of int, shape (N,), optional
            Labels, 0 <= y < C.

        Returns
        -------
        scores : ndarray, shape (N, C)
            If ``y`` is None.
        loss : float
            If ``y`` is given, together with:
        grads : dict
            Gradient of the loss with respect to each parameter, by its name.
        """
        # YOUR CODE HERE
        raise NotImplementedError("fc_nets_dropout: implement TwoLayerNet.loss")


class FullyConnectedNet:
    """Network of any depth: (affine, ReLU, dropout) × (L - 1), affine, softmax.

    Attributes
    ----------
    params : dict
        ``'W1'``, ``'b1'``, … ``'WL'``, ``'bL'``.
    num_layers : int
        L, the number of affine layers.
    reg : float
        Strength of the regularisation.
    dtype : numpy dtype
        Of parameters and computations.
    use_dropout : bool
    dropout_param : dict
        For the dropout layers; empty without dropout.
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout=1,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        """Draw the weights in the order of the layers, set the biases to zero.

        Parameters
        ----------
        hidden_dims : sequence of int
            Size of each hidden layer; one or more.
        input_dim, num_classes : int
            D and C.
        dropout : float
            Probability of keeping a unit, 0 < dropout <= 1; 1 means no dropout.
        normalization : None
            This assignment has no normalisation layers.
        reg : float
            Strength of the regularisation.
        weight_scale : float
            Standard deviation of the normally distributed weights.
        dtype : numpy dtype
            Use float64 for gradient checks.
        seed : int, optional
            Seed of every dropout layer, so that masks are the same at each call.
        """
        if normalization is not None:
            raise ValueError(
                f"FullyConnectedNet: expected normalization=None, got {normalization!r}. "
                "There are no normalisation layers in this assignment."
            )
        self.reg = reg
        self.dtype = dtype
        self.num_layers = len(hidden_dims) + 1
        self.use_dropout = dropout != 1
        self.dropout_param = {"mode": "train", "p": dropout} if self.use_dropout else {}
        if self.use_dropout and seed is not None:
            self.dropout_param["seed"] = seed
        self.params = {}
        # YOUR CODE HERE
        raise NotImplementedError("fc_nets_dropout: implement FullyConnectedNet.__init__")

    def loss(self, X, y=None):
        """Compute scores, or loss and gradients, for a minibatch.

        Dropout, where it is used, follows every ReLU; without labels the net is
        in test mode. The loss is the softmax loss plus 0.5·reg times the sum of
        the squared weights of all layers; biases are not regularised (reg
        without the half is accepted too, when the gradients agree with it).

        Parameters
        ----------
        X : ndarray, shape (N, d_1, ..., d_k)
            Data; D = d_1 · … · d_k.
        y : ndarray of int, shape (N,), optional
            Labels, 0 <= y < C.

        Returns
        -------
        scores : ndarray, shape (N, C)
            If ``y`` is None.
        loss : float
            If ``y`` is given, together with:
        grads : dict
            Gradient of the loss with respect to each parameter, by its name.
        """
        X = X.astype(self.dtype)
        if self.use_dropout:
            self.dropout_param["mode"] = "test" if y is None else "train"
        # YOUR CODE HERE
        raise NotImplementedError("fc_nets_dropout: implement FullyConnectedNet.loss")
