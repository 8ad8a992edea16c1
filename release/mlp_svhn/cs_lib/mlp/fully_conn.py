"""Nets composed of the layers of ``layer_utils`` (``mlp_svhn``).

Every net has its chain of layers in ``net``, a `sequential`.
"""

from cs_lib.mlp.chain import sequential
from cs_lib.mlp.layer_utils import dropout, fc, flatten, leaky_relu


class _Net:
    """Forward and backward pass of ``self.net``."""

    def forward(self, x, training=False, seed=None):
        """Scores.

        Parameters
        ----------
        x : ndarray, (N, ...)
        training : bool
            Dropout drops only in training.
        seed : int, optional
            Of the masks of dropout.

        Returns
        -------
        ndarray, (N, M)
        """
        return self.net.forward(x, training, seed)

    def backward(self, dout):
        """Gradient with respect to the input; those of the parameters are in ``net.grads``.

        Parameters
        ----------
        dout : ndarray, (N, M)
            Upstream gradient.

        Returns
        -------
        ndarray, (N, ...)
        """
        return self.net.backward(dout)


class TestFCReLU(_Net):
    """Flatten, fully connected, leaky ReLU: (N, 5, 3) in, (N, 5) out."""

    __test__ = False  # pytest takes a class called Test... for tests

    def __init__(self):
        # Set self.net to a `sequential` of the three layers: 15 features, 5 units,
        # negative slope 0.01. The names of the layers are your choice.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement TestFCReLU.__init__")


class SmallFullyConnectedNetwork(_Net):
    """Fully connected, leaky ReLU, fully connected: (N, 4) in, (N, 7) out."""

    def __init__(self):
        # Set self.net: 4 features, 30 hidden units, 7 classes; both weight matrices start
        # with standard deviation 0.002, the biases at 0. No activation after the last layer.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement SmallFullyConnectedNetwork.__init__")


class DropoutNet(_Net):
    """Three fully connected layers with dropout before the last: (N, 15) in, (N, 10) out.

    Parameters
    ----------
    keep_prob : float
        Probability that an entry is kept; 0 and 1 both mean no dropout.
    seed : int, optional
        Of the masks.
    """

    def __init__(self, keep_prob, seed=None):
        self.net = sequential(
            flatten(name="flat"),
            fc(15, 20, init_scale=0.05, name="fc1"),
            leaky_relu(name="lrelu1"),
            fc(20, 30, init_scale=0.05, name="fc2"),
            leaky_relu(name="lrelu2"),
            dropout(keep_prob, seed=seed, name="dropout"),
            fc(30, 10, init_scale=0.05, name="fc3"),
        )


class TinyNet(_Net):
    """The net you train on street-view digits: (N, 32, 32, 3) in, (N, 10) out."""

    def __init__(self):
        # Set self.net to flatten, fully connected, leaky ReLU, fully connected. The number
        # of hidden units is your choice. No activation after the last layer.
        # YOUR CODE HERE
        raise NotImplementedError("mlp_svhn: implement TinyNet.__init__")
