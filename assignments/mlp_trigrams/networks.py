"""Multilayer perceptrons of the student's and of the reference, with parameters drawn at random."""

from functools import partial
from itertools import pairwise

import numpy as np

from autograder.checks import Handle, call_each, expect


def random_layer(module, rng, n_in, n_out):
    """Make a layer with weights and biases of the size of one; return these, too."""
    layer = new_layer(module, n_in, n_out)()
    return layer, *set_randomly(layer, rng, n_in, n_out)


def new_layer(module, n_in, n_out):
    """Return the call that makes a layer."""
    return partial(module.HiddenLayer, n_in, n_out, std=0.1, seed=1)


def set_randomly(layer, rng, n_in, n_out):
    """Give a layer weights and biases of the size of one; return them."""
    W, b = 0.6 * rng.standard_normal((n_in, n_out)), 0.6 * rng.standard_normal((1, n_out))
    layer.W, layer.b = W.copy(), b.copy()
    return W, b


def random_net(side, seed, sizes, momentum=0.0):
    """Make a network of the student's or of the reference; both have the same parameters."""
    module, rng, shapes = side.mlp_tanh, np.random.default_rng(seed), list(pairwise(sizes))
    new_layers = [new_layer(module, *shape) for shape in shapes]
    net, *layers = call_each(partial(module.MLP, momentum), *new_layers)
    for layer, shape in zip(layers, shapes, strict=True):
        set_randomly(layer, rng, *shape)
    call_each(*(partial(net.add_layer, layer) for layer in layers))
    return net


def twins(student, reference, rng, sizes, momentum=0.0):
    """Make a network of the student's and one of the reference with the same parameters."""
    seed = draw_seed(rng)
    return [random_net(side, seed, sizes, momentum) for side in (student, reference)]


def draw_seed(rng):
    return int(rng.integers(2**31))


def layers_of(net, count):
    """Return the layers of a student's network, if there are as many as were added."""
    layers = net.layers
    expect(
        isinstance(layers, list)
        and len(layers) == count
        and all(isinstance(layer, Handle) for layer in layers),
        f"MLP.layers: expected a list of {count} layers.",
    )
    return layers
