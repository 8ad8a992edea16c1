"""Layers as objects: their parameters and gradients, by the names the student gave them."""

import numpy as np

from autograder.checks import Handle, expect, values_of


def found(entries, key):
    """Return what a dictionary of the student's has under a key, None where there is none."""
    return entries.get(key) if isinstance(entries, dict) and isinstance(key, str) else None


def entry(entries, key, where):
    """Return an array of a dictionary of the student's, if there is one under this key."""
    array = found(entries, key)
    empty = " It is empty: is it never filled?" if entries == {} else ""
    expect(type(array) is np.ndarray, f"{where}: expected an array under the key {key!r}.{empty}")
    return array


def weighted_layers(net, count):
    """Return the layers that have parameters, if there are as many as asked for."""
    found = [layer for layer in layers_of(net) if layer.params]
    expect(len(found) == count, f"expected {count} fully connected layers, got {len(found)}.")
    return found


def layers_of(net):
    """Return the layers of a net, if it is made of layers."""
    expect(isinstance(net.net, Handle), "self.net: expected a `sequential` of layers.")
    layers = net.net.layers
    expect(
        isinstance(layers, list) and all(isinstance(layer, Handle) for layer in layers),
        "self.net: expected a `sequential` of layers.",
    )
    return layers


def set_parameters(layers, rng, sizes):
    """Give the layers random parameters; return these."""
    values = []
    for layer, (D, M) in zip(layers, sizes, strict=True):
        w_name, b_name, params = values_of(layer, "w_name", "b_name", "params")
        shape = entry(params, w_name, "params").shape
        expect(shape == (D, M), f"expected weights of shape {(D, M)}, got {shape}.")
        values += [rng.standard_normal((D, M)) / np.sqrt(D), rng.standard_normal(M)]
        layer.params = {w_name: values[-2], b_name: values[-1]}
    return values


def gradients_of(layers):
    """Return the gradients of layers, by where the student keeps them; None where there is none."""
    gradients = {}
    for number, layer in enumerate(layers, start=1):
        grads, w_name, b_name = values_of(layer, "grads", "w_name", "b_name")
        where = f"grads of fc layer {number}"
        gradients[f"{where}: w"] = found(grads, w_name)
        gradients[f"{where}: b"] = found(grads, b_name)
    return gradients
