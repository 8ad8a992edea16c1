"""What tests look at in a PyTorch module: parameters, gradients, modes, all as NumPy arrays."""

import numpy as np
import torch
from torch import nn


def parameters(model):
    """Return the parameters that an optimizer gets, from ``model.parameters()``.

    Returns
    -------
    dict of str to ndarray
        By their names in the module, copies.
    """
    found = {id(parameter): name for name, parameter in model.named_parameters()}
    return {
        found.get(id(parameter), str(number)): parameter.detach().numpy().copy()
        for number, parameter in enumerate(model.parameters())
    }


def shapes(model):
    """Return the shapes of the parameters that an optimizer gets, sorted."""
    return sorted(tuple(parameter.shape) for parameter in model.parameters())


def expect_shapes(model, *expected):
    """Expect parameters of these shapes, whatever their names."""
    found = shapes(model)
    assert found == sorted(expected), (
        f"{type(model).__name__}: .parameters(): expected parameters of the shapes "
        f"{', '.join(map(str, expected))}, got {', '.join(map(str, found)) or 'none'}. Has every "
        "layer its bias, and is it an attribute of the module, or in an nn.ModuleList or "
        "nn.Sequential? Others are not found."
    )


def set_by_shape(model, arrays):
    """Set each parameter to the array of its shape, whatever its name; the shapes differ."""
    named = {tuple(array.shape): array for array in arrays}
    found = {name: named[tuple(value.shape)] for name, value in model.named_parameters()}
    set_parameters(model, found)


def set_parameters(model, arrays):
    """Set parameters by their names; the dtype stays.

    Parameters
    ----------
    model : nn.Module
    arrays : dict of str to ndarray
    """
    named = dict(model.named_parameters())
    with torch.no_grad():
        for name, array in arrays.items():
            named[name].copy_(torch.tensor(array))


def gradients(model, images, dout):
    """Return the gradients of the sum of all scores times ``dout``, in float64.

    Parameters
    ----------
    model : nn.Module
        Its parameters become float64.
    images : ndarray, shape (N, ...)
    dout : ndarray, shape (N, C)
        Upstream gradient.

    Returns
    -------
    dict of str to ndarray
        By the names of the parameters, and that of ``images``; None where none arrives.
    """
    model.double()
    inputs = torch.tensor(np.float64(images), requires_grad=True)
    model.zero_grad()
    total = (model(inputs) * torch.tensor(np.float64(dout))).sum()
    if total.requires_grad:
        total.backward()
    found = {name: parameter.grad for name, parameter in model.named_parameters()}
    found["images"] = inputs.grad
    return {name: None if grad is None else grad.numpy().copy() for name, grad in found.items()}


def gradients_by_shape(model, images, dout):
    """Return the same by the shapes of the parameters, as ``'(10, 3072)'``, and ``'images'``."""
    named = {name: str(tuple(value.shape)) for name, value in model.named_parameters()}
    found = gradients(model, images, dout)
    return {named.get(name, name): gradient for name, gradient in found.items()}


def numeric_gradient(model, name, images, dout, h=1e-5):
    """Return the central differences of the same sum with respect to one parameter, in float64.

    Returns
    -------
    ndarray, shape of the parameter
    """
    model.double()
    inputs, dout = torch.tensor(np.float64(images)), torch.tensor(np.float64(dout))
    flat = dict(model.named_parameters())[name].data.view(-1)
    slopes = np.zeros(len(flat))
    with torch.no_grad():
        for index, value in enumerate(flat.tolist()):
            sums = []
            for step in (h, -h):
                flat[index] = value + step
                sums.append((model(inputs) * dout).sum().item())
            flat[index] = value
            slopes[index] = (sums[0] - sums[1]) / (2 * h)
    return slopes.reshape(dict(model.named_parameters())[name].shape)


def gradient_errors(model, images):
    """Compare each parameter's gradient with central differences, in float64.

    Returns
    -------
    dict of str to float
        By the names of the parameters: the largest error, relative to the largest slope.
    """
    scores = model.double()(torch.tensor(np.float64(images)))
    dout = np.random.default_rng(0).standard_normal(tuple(scores.shape))
    missing = [
        name for name, found in gradients_by_shape(model, images, dout).items() if found is None
    ]
    assert not missing, (
        f"{type(model).__name__}: no gradient arrives at {', '.join(missing)}. Is something "
        "detached, turned into numbers (.item(), .data, .numpy()) or computed below "
        "torch.no_grad()?"
    )
    errors = {}
    for name, gradient in gradients(model, images, dout).items():
        if name != "images":
            slopes = numeric_gradient(model, name, images, dout)
            errors[name] = float(np.abs(gradient - slopes).max() / np.abs(slopes).max())
    return errors


def copy_state(model, other):
    """Load the ``state_dict`` of another module of the same kind, and return the entries' names."""
    model.load_state_dict(other.state_dict())
    return list(model.state_dict())


# Tests from another process ask for several things at once: asking costs more than computing.


def fresh_scores(kind, sizes, images):
    """Make a module of a class, and return its type's name and its scores."""
    model = kind(*sizes)
    return type(model).__name__, model(images)


def scored(kind, sizes, weights, images):
    """Make a module, set its parameters by their shapes, and compute scores.

    Returns
    -------
    type : str
        Name of the module's; the module itself would have to be kept.
    shapes : list of tuple
        Of its parameters.
    scores : Tensor or None
        None where the weights have other shapes.
    """
    model = kind(*sizes)
    found = shapes(model)
    if not _fit(found, weights):
        return type(model).__name__, found, None
    set_by_shape(model, weights)
    return type(model).__name__, found, model(images)


def differentiated(kind, sizes, weights, images, dout):
    """Make a module, set its parameters by their shapes, and compute gradients.

    Returns
    -------
    type : str
        Name of the module's; the module itself would have to be kept.
    shapes : list of tuple
        Of its parameters.
    gradients : dict or None
        As of `gradients_by_shape`; None where the weights have other shapes.
    """
    model = kind(*sizes)
    found = shapes(model)
    if not _fit(found, weights):
        return type(model).__name__, found, None
    set_by_shape(model, weights)
    return type(model).__name__, found, gradients_by_shape(model, images, dout)


def _fit(found, weights):
    return found == sorted(tuple(array.shape) for array in weights)


def scores_of_two(kind, sizes, images):
    """Make two modules; return the second's type, its scores, and both's with the first's state."""
    first, second = kind(*sizes), kind(*sizes)
    first.eval()
    second.eval()
    scores, fresh = first(images), second(images)
    copy_state(second, first)
    return type(second).__name__, fresh, scores, second(images)


def scores_of(model, images, at_once=50):
    """Return the shapes of a model's parameters, and its scores in evaluation mode.

    Few pictures at once leave what the layers compute in the processor's cache, and need no new
    memory.
    """
    model.eval()
    with torch.no_grad():
        return shapes(model), torch.cat([model(part) for part in images.split(at_once)])


def optimized(make, parse, words, weights, gradients):
    """Make an optimizer of a `Seen` by arguments, and take a step of it by each set of gradients.

    Returns
    -------
    type : str
        Name of the optimizer's.
    moved : list of dict
        The parameters after each step; none where it is no optimizer.
    """
    model = Seen(**weights)
    rule, moved = make(model, parse(words)), []
    for arrays in gradients if isinstance(rule, torch.optim.Optimizer) else ():
        set_gradients(model, arrays)
        rule.step()
        moved.append(parameters(model))
    return type(rule).__name__, moved


def trained(step, weight, bias, lr, momentum, images, labels):
    """Train a `Seen` as an evaluation leaves it, by one mini-batch after the other.

    Returns
    -------
    losses : list
        What each step returns.
    moved : list of dict
        The parameters after each step.
    """
    model = Seen(weight, bias)
    model.eval()
    rule = descent(model, lr, momentum)
    losses, moved = [], []
    for batch in zip(images, labels, strict=True):
        losses.append(step(model, rule, *batch))
        moved.append(parameters(model))
    return losses, moved


def evaluated(evaluate, weight, bias, loader):
    """Evaluate a `Seen`; return the result, what it has recorded, and its parameters."""
    model = Seen(weight, bias)
    result = evaluate(model, loader)
    result = tuple(result) if isinstance(result, tuple) else result  # a named one
    return result, list(model.recorded), parameters(model)


def set_gradients(model, arrays):
    """Set the gradients of parameters, as ``backward`` would."""
    named = dict(model.named_parameters())
    for name, array in arrays.items():
        named[name].grad = torch.tensor(array, dtype=named[name].dtype)


def descent(model, lr, momentum):
    """Make an optimizer of its own for a module, for tests of what uses one."""
    return torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)


def modules(model):
    """Return the names of the types of all modules inside a module."""
    return [type(module).__name__ for module in model.modules()]


class Seen(nn.Module):
    """A linear classifier that tells how it was called; in training mode its scores are doubled.

    Parameters
    ----------
    weight : ndarray, shape (C, D)
    bias : ndarray, shape (C,)

    Attributes
    ----------
    recorded : list of bool
        Of each call, whether gradients were recorded.
    """

    def __init__(self, weight, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))
        self.bias = nn.Parameter(torch.tensor(bias))
        self.recorded = []

    def forward(self, images):
        """Return scores (N, C)."""
        self.recorded.append(torch.is_grad_enabled())
        scores = images.flatten(1) @ self.weight.T + self.bias
        return 2 * scores if self.training else scores
