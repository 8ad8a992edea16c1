"""Layers made in a list, other names, a small TinyNet with a scale of its own."""

from cs_lib.mlp.chain import sequential
from cs_lib.mlp.layer_utils import fc, flatten, leaky_relu


class TestFCReLU:
    def __init__(self):
        layers = [flatten("f"), fc(5 * 3, 5, 0.02, "one"), leaky_relu(0.01, "act")]
        self.net = sequential(*layers)


class SmallFullyConnectedNetwork:
    def __init__(self):
        self.net = sequential(
            fc(4, 30, 2e-3, name="hidden"), leaky_relu(name="act"), fc(30, 7, 2e-3, name="scores")
        )


class TinyNet:
    def __init__(self):
        self.net = sequential(
            flatten(), fc(3 * 32 * 32, 64, 0.01, "a"), leaky_relu(), fc(64, 10, 0.1, "b")
        )
