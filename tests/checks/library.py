"""A small library and its checks: what the catalogue of mistakes is made from."""

LIBRARY = """
import numpy as np


def affine_forward(x, w, b):
    out = x.reshape(len(x), -1) @ w + b
    return out, (x, w, b)


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


def softmax(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def softmax_loss(scores, y):
    N = len(scores)
    p = softmax(scores)
    loss = -np.log(p[np.arange(N), y]).sum() / N
    dx = p.copy()
    dx[np.arange(N), y] -= 1
    return loss, dx / N


def linear_loss(X, W, y, reg):
    scores = X @ W
    N = len(X)
    loss = 0.5 * ((scores - y) ** 2).sum() / N + 0.5 * reg * (W**2).sum()
    dW = X.T @ (scores - y) / N + reg * W
    return loss, dW


def ridge_loss(X, W, b, y, reg):
    gap = X @ W + b - y
    loss = 0.5 * (gap**2).sum() + 0.5 * reg * (W**2).sum()
    return loss, gap.sum(axis=0)


def cut_padding(padded, x, pad):
    H, W = x.shape[2:]
    dx = np.zeros(x.shape)
    dx[:] = padded[:, :, pad : pad + H, pad : pad + W]
    return dx


def conv_forward(x, w, stride, pad):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            window = padded[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            out[:, :, i, j] = np.tensordot(window, w, ([1, 2, 3], [1, 2, 3]))
    return out


def pool_backward(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dout.shape):
        rows, columns = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
        window = x[n, c, rows, columns]
        dx[n, c, rows, columns] += dout[n, c, i, j] * (window == window.max())
    return dx


def predict(scores):
    return scores.argmax(axis=1)


def mean_image(images):
    return images.mean(axis=0)


def two_layer(X, model):
    hidden = np.maximum(X @ model["W1"], 0)
    return {"hidden": hidden, "scores": hidden @ model["W2"]}


def momentum(w, dw, velocity):
    velocity = 0.9 * velocity - 0.1 * dw
    return w + velocity, velocity


def descend(x, rate, steps):
    losses, curvature = [], np.arange(1, len(x) + 1)
    for _ in range(steps):
        losses.append(0.5 * float(curvature @ x**2))
        x = x - rate * curvature * x
    return losses


def dropout(x, p):
    mask = (np.random.rand(*x.shape) < p) / p
    return x * mask


def topological_order(edges):
    if any((b, a) in edges for a, b in edges):
        raise ValueError("a cycle")
    return sorted({v for edge in edges for v in edge})


def distances(points):
    squares = (points**2).sum(axis=1)
    return squares[:, None] + squares - 2 * points @ points.T


class Linear:
    def __init__(self, n_in, n_out, rng):
        self.W = rng.uniform(-0.1, 0.1, size=(n_in, n_out))
        self.b = np.zeros(n_out)

    def forward(self, x):
        return x @ self.W + self.b
"""

CHECKS = {
    "affine_forward": """
        expect_matches(
            student.layers.affine_forward, cache=True, x=rng.standard_normal((10, 2, 3)),
            w=rng.standard_normal((6, 5)), b=rng.standard_normal(5),
        )
    """,
    "affine_backward": """
        expect_gradients(
            student.layers.affine_forward, student.layers.affine_backward,
            x=rng.standard_normal((10, 2, 3)), w=rng.standard_normal((6, 5)),
            b=rng.standard_normal(5), dout=rng.standard_normal((10, 5)),
        )
    """,
    "square_affine_backward": """
        expect_gradients(
            student.layers.affine_forward, student.layers.affine_backward,
            x=rng.standard_normal((5, 5)), w=rng.standard_normal((5, 5)),
            b=rng.standard_normal(5), dout=rng.standard_normal((5, 5)),
        )
    """,
    "relu": """
        expect_gradients(
            student.layers.relu_forward, student.layers.relu_backward,
            x=rng.standard_normal((3, 4)), dout=rng.standard_normal((3, 4)),
        )
    """,
    "relu_at_zero": """
        dout, x = np.arange(1.0, 6.0), np.array([-1.5, 0.0, 0.5, 0.0, 2.0])
        dx = student.layers.relu_backward(dout, x)
        expect_close(dx, reference.layers.relu_backward(dout, x))
    """,
    "softmax": """
        expect_matches(student.layers.softmax, scores=rng.standard_normal((5, 4)))
    """,
    "softmax_of_large_scores": """
        expect_matches(student.layers.softmax, scores=1000 + rng.standard_normal((5, 4)))
    """,
    "softmax_loss": """
        scores, y = rng.standard_normal((8, 5)), np.array([0, 3, 1, 4, 4, 2, 0, 1])
        expect_matches(student.layers.softmax_loss, names=("loss", "dx"), scores=scores, y=y)
    """,
    "linear_loss": """
        X, W = rng.standard_normal((7, 4)), rng.standard_normal((4, 3))
        expect_matches(
            student.layers.linear_loss, names=("loss", "dW"),
            X=X, W=W, y=rng.standard_normal((7, 3)), reg=0.3,
        )
    """,
    "ridge_loss": """
        X, W, b = rng.standard_normal((7, 4)), rng.standard_normal((4, 5)), rng.standard_normal(5)
        expect_matches(
            student.layers.ridge_loss, names=("loss", "db"),
            X=X, W=W, b=b, y=rng.standard_normal((7, 5)), reg=0.3,
        )
    """,
    "cut_padding": """
        padded = rng.standard_normal((2, 3, 5, 6))
        expect_matches(student.layers.cut_padding, padded=padded, x=np.ones(padded.shape), pad=0)
    """,
    "conv_forward": """
        x, w = rng.standard_normal((2, 3, 7, 6)), rng.standard_normal((4, 3, 3, 3))
        expect_matches(student.layers.conv_forward, x=x, w=w, stride=1, pad=1)
    """,
    "conv_forward_strided": """
        x, w = rng.standard_normal((2, 3, 7, 6)), rng.standard_normal((4, 3, 3, 3))
        expect_matches(student.layers.conv_forward, x=x, w=w, stride=2, pad=1)
    """,
    "pool_backward": """
        x, dout = rng.standard_normal((2, 3, 5, 5)), rng.standard_normal((2, 3, 4, 4))
        expect_matches(student.layers.pool_backward, dout=dout, x=x, size=2, stride=1)
    """,
    "predict": """
        expect_matches(student.layers.predict, scores=rng.standard_normal((9, 4)))
    """,
    "mean_image": """
        expect_matches(student.layers.mean_image, images=rng.integers(0, 255, (6, 5, 4)))
    """,
    "two_layer": """
        model = {"W1": rng.standard_normal((4, 6)), "W2": rng.standard_normal((6, 3))}
        expect_matches(student.layers.two_layer, X=rng.standard_normal((5, 4)), model=model)
    """,
    "momentum": """
        w, dw, velocity = rng.standard_normal((3, 4, 3))
        expect_matches(
            student.layers.momentum, names=("next_w", "velocity"), w=w, dw=dw, velocity=velocity
        )
    """,
    "descend": """
        x = rng.standard_normal(4)
        trace = student.layers.descend(x, 0.1, 6)
        expect_training(trace, true_trace=reference.layers.descend(x, 0.1, 6))
    """,
    "descend_far": """
        expect_training(student.layers.descend(rng.standard_normal(4), 0.2, 40), at_most=1e-3)
    """,
    "dropout": """
        x, p = rng.standard_normal((400, 300)) + 10, 0.3
        out = student.layers.dropout(x, p)
        exchanged = {"Are the probabilities of keeping and dropping exchanged?": p}
        expect_property(
            "dropout: fraction of zeros", np.mean(out == 0), 1 - p, within=0.01, instead=exchanged
        )
        not_inverted = {"Is the division by p missing?": p * np.mean(x)}
        expect_property("dropout: mean", np.mean(out), np.mean(x), within=0.2, instead=not_inverted)
    """,
    "topological_order": """
        expect_raises(
            ValueError, lambda: student.layers.topological_order([(1, 2), (2, 1)]),
            when="the graph has a cycle",
        )
    """,
    "fast_distances": """
        expect_faster_than(student.layers.distances, 5, points=rng.standard_normal((150, 20)))
    """,
    "Linear": """
        layer = student.layers.Linear(4, 3, RandomGenerator(5))
        layer.W = rng.standard_normal((4, 3))
        x = rng.standard_normal((6, 4))
        expect_close(layer.forward(x), x @ layer.W + layer.b)
    """,
}


def check_source(name: str) -> str:
    """Return a check as it would stand in checks.py."""
    lines = [line.removeprefix("    ") for line in CHECKS[name].splitlines()]
    return f'@check\ndef {name}(student, reference, rng):\n    "It works."\n' + "\n".join(lines)
