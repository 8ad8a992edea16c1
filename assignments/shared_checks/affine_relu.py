"""Checks of the affine layer and the ReLU in ``cs_lib.layers``."""

import numpy as np

from autograder.checks import AFFINE, case, cases, check, expect_gradients, expect_matches


def _affine(rng, x_shape, M):
    D = int(np.prod(x_shape[1:]))
    return {
        "x": rng.standard_normal(x_shape),
        "w": rng.standard_normal((D, M)),
        "b": rng.standard_normal(M),
    }


@check
@cases(**AFFINE)
def affine_forward(student, rng, x_shape, M):
    """The output is x W + b, for any number of dimensions and examples."""
    expect_matches(student.layers.affine_forward, cache=True, **_affine(rng, x_shape, M))


@check(requires="affine_forward", carry_forward="layers.affine_forward")
@cases(**AFFINE)
def affine_backward(student, rng, x_shape, M):
    """The gradients dx, dw and db match differences, each in the shape of what it belongs to."""
    expect_gradients(
        student.layers.affine_forward, student.layers.affine_backward,
        dout=rng.standard_normal((x_shape[0], M)), **_affine(rng, x_shape, M),
    )  # fmt: skip


def _both_signs(rng, shape):
    """Draw entries of either sign, some of each nearer to zero than 1, and some farther."""
    x = rng.standard_normal(shape)
    x.flat[0], x.flat[1], x.flat[-2], x.flat[-1] = 1.5, 0.5, -1.5, -0.5
    return x


RELUS = {
    "vector": case("one axis", shape=(7,)),
    "matrix": case("a minibatch of rows", shape=(3, 5)),
    "pictures": case("four axes", shape=(2, 3, 4, 5)),
}


@check
@cases(**RELUS)
def relu_forward(student, rng, shape):
    """Positive entries stay, the others become 0, for any shape."""
    expect_matches(student.layers.relu_forward, cache=True, x=_both_signs(rng, shape))


@check(requires="relu_forward", carry_forward="layers.relu_forward")
@cases(**RELUS)
def relu_backward(student, rng, shape):
    """The upstream gradient passes where the input was positive, for any shape."""
    expect_gradients(
        student.layers.relu_forward, student.layers.relu_backward,
        x=_both_signs(rng, shape), dout=rng.standard_normal(shape),
    )  # fmt: skip
