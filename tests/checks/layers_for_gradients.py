"""Layers that gradient checks are tried on: right ones, and 29 wrong backward functions."""

LAYERS = """
import numpy as np


def affine_forward(x, w, b):
    return x.reshape(len(x), -1) @ w + b, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(len(x), -1).T @ dout
    db = dout.sum(axis=0)
    return dx, dw, db


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(dout, cache):
    return dout * (cache > 0)


def leaky_relu_forward(x):
    return np.where(x > 0, x, 0.01 * x), x


def leaky_relu_backward(dout, cache):
    return dout * np.where(cache > 0, 1, 0.01)


def sigmoid_forward(x):
    out = 1 / (1 + np.exp(-x))
    return out, out


def sigmoid_backward(dout, cache):
    return dout * cache * (1 - cache)


def dropout_forward(x, dropout_param):
    p = dropout_param["p"]
    mask = (np.random.default_rng(dropout_param["seed"]).random(x.shape) < p) / p
    return x * mask, (mask, p)


def dropout_backward(dout, cache):
    mask, p = cache
    return dout * mask


def conv_forward(x, w, b, conv_param):
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for i, j in np.ndindex(out.shape[2:]):
        window = padded[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[:, :, i, j] = np.tensordot(window, w, ([1, 2, 3], [1, 2, 3])) + b
    return out, (x, w, b, conv_param)


def conv_backward(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(dout.shape[2:]):
        rows, columns = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
        dw += np.tensordot(dout[:, :, i, j], padded[:, :, rows, columns], (0, 0))
        dpadded[:, :, rows, columns] += np.tensordot(dout[:, :, i, j], w, (1, 0))
    dx = dpadded[:, :, pad : pad + H, pad : pad + W]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def pool_forward(x, pool_param):
    size, stride = pool_param["size"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - size) // stride, 1 + (W - size) // stride))
    for i, j in np.ndindex(out.shape[2:]):
        window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, pool_param)


def pool_backward(dout, cache):
    x, pool_param = cache
    size, stride = pool_param["size"], pool_param["stride"]
    dx = np.zeros(x.shape)
    for i, j in np.ndindex(dout.shape[2:]):
        rows, columns = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
        window = x[:, :, rows, columns]
        mask = window == window.max(axis=(2, 3), keepdims=True)
        dx[:, :, rows, columns] += dout[:, :, i, j][:, :, None, None] * mask
    return dx
"""

CHECKS = """
@check
def affine(student, reference, rng):
    "dx, dw and db match."
    expect_gradients(
        student.layers.affine_forward, student.layers.affine_backward,
        x=rng.standard_normal((7, 2, 3)), w=rng.standard_normal((6, 5)),
        b=rng.standard_normal(5), dout=rng.standard_normal((7, 5)),
    )


def _elementwise(student, rng, name):
    expect_gradients(
        getattr(student.layers, f"{name}_forward"), getattr(student.layers, f"{name}_backward"),
        x=rng.standard_normal((4, 6)), dout=rng.standard_normal((4, 6)),
    )


@check
def relu(student, rng):
    "dx matches."
    _elementwise(student, rng, "relu")


@check
def leaky_relu(student, rng):
    "dx matches."
    _elementwise(student, rng, "leaky_relu")


@check
def sigmoid(student, rng):
    "dx matches."
    _elementwise(student, rng, "sigmoid")


@check
def dropout(student, rng):
    "dx matches."
    expect_gradients(
        student.layers.dropout_forward, student.layers.dropout_backward, robust=False,
        x=rng.standard_normal((5, 8)), dropout_param={"p": 0.6, "seed": 4},
        dout=rng.standard_normal((5, 8)),
    )


@check
def conv(student, rng):
    "dx, dw and db match."
    expect_gradients(
        student.layers.conv_forward, student.layers.conv_backward,
        x=rng.standard_normal((2, 3, 6, 5)), w=rng.standard_normal((4, 3, 3, 2)),
        b=rng.standard_normal(4), conv_param={"stride": 2, "pad": 1},
        dout=rng.standard_normal((2, 4, 3, 3)),
    )


@check
def pool(student, rng):
    "dx matches."
    expect_gradients(
        student.layers.pool_forward, student.layers.pool_backward,
        x=rng.standard_normal((2, 2, 5, 4)), pool_param={"size": 2, "stride": 1},
        dout=rng.standard_normal((2, 2, 4, 3)),
    )
"""

WRONG = {
    "affine: dw scaled": ("affine", "dw = x", "dw = 2 * x"),
    "affine: dw averaged": ("affine", ".T @ dout", ".T @ dout / len(x)"),
    "affine: sign of dx": ("affine", "dx = (dout", "dx = -(dout"),
    "affine: dw transposed": ("affine", ".T @ dout", ".T @ dout\n    dw = dw.T"),
    "affine: db averaged": ("affine", "db = dout.sum(axis=0)", "db = dout.mean(axis=0)"),
    "affine: db of one example": ("affine", "db = dout.sum(axis=0)", "db = dout[0]"),
    "affine: no db": ("affine", "db = dout.sum(axis=0)", "db = np.zeros_like(b)"),
    "affine: dx without w": ("affine", "(dout @ w.T)", "(dout @ np.ones_like(w).T)"),
    "affine: dw without dout": ("affine", ".T @ dout", ".T @ np.ones_like(dout)"),
    "affine: dx reshaped by columns": (
        "affine",
        ".reshape(x.shape)\n    dw",
        ".reshape(x.shape, order='F')\n    dw",
    ),
    "affine: results exchanged": ("affine", "return dx, dw, db", "return dw, dx, db"),
    "affine: b added to dw": ("affine", ".T @ dout", ".T @ dout + b"),
    "relu: no mask": ("relu", "return dout * (cache > 0)", "return dout"),
    "relu: mask the wrong way round": (
        "relu",
        "(cache > 0)\n\n\ndef leaky",
        "(cache < 0)\n\n\ndef leaky",
    ),
    "relu: mask of dout": ("relu", "dout * (cache > 0)", "dout * (dout > 0)"),
    "relu: no dout": ("relu", "return dout * (cache > 0)", "return 1.0 * (cache > 0)"),
    "leaky relu: no leak": (
        "leaky_relu",
        "np.where(cache > 0, 1, 0.01)",
        "np.where(cache > 0, 1, 0)",
    ),
    "leaky relu: other slope": (
        "leaky_relu",
        "np.where(cache > 0, 1, 0.01)",
        "np.where(cache > 0, 1, 0.1)",
    ),
    "sigmoid: of the output again": (
        "sigmoid",
        "dout * cache * (1 - cache)",
        "dout * np.exp(-cache) / (1 + np.exp(-cache)) ** 2",
    ),
    "sigmoid: a factor missing": ("sigmoid", "dout * cache * (1 - cache)", "dout * (1 - cache)"),
    "sigmoid: sign": ("sigmoid", "cache * (1 - cache)", "cache * (cache - 1)"),
    "dropout: no scale": ("dropout", "return dout * mask", "return dout * (mask > 0)"),
    "dropout: scaled twice": ("dropout", "return dout * mask", "return dout * mask / p"),
    "dropout: no mask": ("dropout", "return dout * mask", "return dout / p"),
    "conv: stride not used": (
        "conv",
        "slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)\n        dw",
        "slice(i, i + HH), slice(j, j + WW)\n        dw",
    ),
    "conv: padding cut off at one side": ("conv", "pad : pad + H, pad : pad + W", ":H, :W"),
    "conv: = for +=": ("conv", "columns] += np.tensordot", "columns] = np.tensordot"),
    "conv: db over the batch only": (
        "conv",
        "dout.sum(axis=(0, 2, 3))",
        "dout.sum(axis=0)[:, 0, 0]",
    ),
    "pool: = for += where windows overlap": ("pool", "columns] += dout", "columns] = dout"),
}


def wrong_layers(name: str) -> tuple[str, str]:
    """Return the check's name and the layers with one backward function wrong."""
    check, old, new = WRONG[name]
    assert old in LAYERS
    start = LAYERS.index(f"def {check}_backward")
    return check, LAYERS[:start] + LAYERS[start:].replace(old, new, 1)
