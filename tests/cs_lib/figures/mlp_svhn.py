"""Errors of gradients that the SVHN document prints for its net with dropout.

The document's net, recovered from these errors, has a leaky ReLU and dropout *after* the last
layer; the net that the kit hands out is the usual one, with dropout before it.
"""

from functools import cache

import numpy as np
from cs_lib.gradient_check import eval_numerical_gradient, rel_error
from cs_lib.mlp.chain import sequential
from cs_lib.mlp.layer_utils import cross_entropy, dropout, fc, flatten, leaky_relu

from figures.registry import one

SEED = 1234


class LegacyDropout(dropout):
    """Dropout whose masks come from NumPy's old generator, as the document's do."""

    def forward(self, x, training=True, seed=None):
        self.mask = None
        if training and 0 < self.keep_prob < 1:
            kept = np.random.RandomState(seed).rand(*x.shape) < self.keep_prob
            self.mask = kept / self.keep_prob
        return x if self.mask is None else x * self.mask


def document_net(keep_prob):
    """Return the document's net; its weights come from the global generator."""
    return sequential(
        flatten(name="flat"),
        fc(15, 20, init_scale=0.05, name="fc1"),
        leaky_relu(name="lrelu1"),
        fc(20, 30, init_scale=0.05, name="fc2"),
        leaky_relu(name="lrelu2"),
        fc(30, 10, init_scale=0.05, name="fc3"),
        leaky_relu(name="lrelu3"),
        LegacyDropout(keep_prob, name="dropout"),
    )


@cache
def gradient_errors(keep_prob):
    """Relative error of each gradient, by name of the parameter."""
    np.random.seed(SEED)
    x, y = np.random.randn(3, 15), np.random.randint(10, size=3)
    np.random.seed(SEED)
    net, loss_func = document_net(keep_prob), cross_entropy()

    def loss(_):
        return loss_func.forward(net.forward(x, True, seed=SEED), y)

    loss(None)
    net.backward(loss_func.backward())
    return {
        name: rel_error(
            eval_numerical_gradient(loss, net.params[name], verbose=False, h=1e-5), gradient
        )
        for name, gradient in net.grads.items()
    }


PUBLISHED = {
    0: {
        "fc1_b": 1.5562038182886694e-05, "fc1_w": 9.723764020299864e-05,
        "fc2_b": 2.7841895262663007e-06, "fc2_w": 0.0019218743762228804,
        "fc3_b": 6.9596628378975445e-09, "fc3_w": 0.0003714499355589531,
    },
    0.25: {
        "fc1_b": 2.1950150920240895e-06, "fc1_w": 2.5552274040519906e-05,
        "fc2_b": 1.878084533525588e-06, "fc2_w": 0.0009455388205791924,
        "fc3_b": 6.521995746108614e-10, "fc3_w": 0.00031318161857379944,
    },
    0.5: {
        "fc1_b": 2.2332156468536366e-07, "fc1_w": 7.381101514624856e-05,
        "fc2_b": 2.609643832002952e-07, "fc2_w": 0.0039842857920920054,
        "fc3_b": 1.2050218326231938e-09, "fc3_w": 3.584680630505416e-05,
    },
}  # fmt: skip
EXACT = {(0, "fc1_w"), (0, "fc3_b"), (0.25, "fc2_b"), (0.25, "fc3_b"),
         (0.5, "fc1_w"), (0.5, "fc2_b"), (0.5, "fc2_w"), (0.5, "fc3_w")}  # fmt: skip
"""The largest error stands at an entry that NumPy's sums round alike everywhere; the others
are decided by the last bit of a gradient near zero."""


def _figures():
    for keep_prob, errors in PUBLISHED.items():
        for name, value in errors.items():
            digits = 4 if (keep_prob, name) in EXACT else None
            label = f"document's DropoutNet, keep_prob {keep_prob}, {name} error"
            yield from one(label, value, lambda k=keep_prob, n=name: gradient_errors(k)[n], digits)


FIGURES = list(_figures())
