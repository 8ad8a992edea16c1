"""The diagrams, one function each; its name is that of the attachment."""

from __future__ import annotations

import numpy as np

from tools.diagrams.sketch import (
    BACKWARD,
    FORWARD,
    GREEN,
    INK,
    PALE,
    PAPER,
    PARAMETER,
    WARM,
    chain,
    sheet,
)


def digits_net() -> bytes:
    return chain(
        [("Linear", "W (64, 32), b (32)"), ("ReLU", ""), ("Linear", "W (32, 1), b (1)"),
         ("Sigmoid", ""), ("BCE loss", "")],
        ["x\n(N, 64)", "(N, 32)", "(N, 32)", "(N, 1)", "ŷ\n(N, 1)", "one\nnumber"],
        ["", "(N, 32)", "(N, 32)", "(N, 1)", "(N, 1)", "1"],
    )  # fmt: skip


def a2_net() -> bytes:
    return chain(
        [("W₁ ·", "input_to_hid (H, 256)"), ("logistic", ""), ("W₂ ·", "hid_to_class (10, H)"),
         ("softmax", ""), ("cross-\nentropy", "")],
        ["x\n(256, N)", "a\n(H, N)", "h\n(H, N)", "z\n(10, N)", "p\n(10, N)", "E"],
        ["", "(H, N)", "(H, N)", "(10, N)", "", "1"],
    )  # fmt: skip


def affine_relu_net() -> bytes:
    return chain(
        [("affine", "W1 (D, H), b1 (H,)"), ("ReLU", ""), ("affine", "W2 (H, C), b2 (C,)"),
         ("softmax\nloss", "labels y (N,)")],
        ["X\n(N, D)", "(N, H)", "(N, H)", "scores\n(N, C)", "loss"],
        ["", "(N, H)", "(N, H)", "(N, C)", "1"],
    )  # fmt: skip


def convnet() -> bytes:
    return chain(
        [("convolution", "W1 (F, C, HH, WW)"), ("ReLU", ""), ("2×2 max\npooling", ""),
         ("affine", "W2"), ("softmax\nloss", "labels y (N,)")],
        ["X\n(N, C, H, W)", "(N, F, H, W)", "(N, F, H, W)", "(N, F, H/2, W/2)",
         "scores\n(N, 10)", "loss"],
        ["", "(N, F, H, W)", "(N, F, H, W)", "(N, F, H/2, W/2)", "(N, 10)", "1"],
    )  # fmt: skip


def unpadded_convnet() -> bytes:
    return chain(
        [("Conv2d\nReLU", "(F, 3, k, k), (F,)"), ("2×2 max\npooling", ""),
         ("Linear", "(C, F·R·S), (C,)"), ("cross-\nentropy", "labels (N,)")],
        ["images\n(N, 3, H, W)", "(N, F, H′, W′)", "(N, F, R, S)", "scores\n(N, C)", "loss"],
        ["", "(N, F, H′, W′)", "(N, F, R, S)", "(N, C)", "1"],
    )  # fmt: skip


def layer_objects() -> bytes:
    return chain(
        [("flatten", ""), ("fc", "fc1_w, fc1_b"), ("leaky\nReLU", ""), ("fc", "fc2_w, fc2_b"),
         ("cross-\nentropy", "labels")],
        ["x\n(N, 32, 32, 3)", "(N, 3072)", "(N, H)", "(N, H)", "scores\n(N, 10)", "loss"],
        ["(N, 32, 32, 3)", "(N, 3072)", "(N, H)", "(N, H)", "(N, 10)", ""],
    )  # fmt: skip


def tanh_net() -> bytes:
    return chain(
        [("HiddenLayer\ntanh", "W (1024, 20), b (1, 20)"),
         ("HiddenLayer\ntanh", "W (20, 1), b (1, 1)"), ("½ mean\nsquare", "labels ±1")],
        ["x\n(N, 1024)", "A\n(N, 20)", "ŷ\n(N, 1)", "½ MSE"],
        ["", "(N, 20)", "(N, 1)", "1"],
    )  # fmt: skip


def layer_pair() -> bytes:
    """A layer as a pair of functions."""
    with sheet(34, 9.5) as sketch:
        for y, name in ((5.4, "forward"), (1.2, "backward")):
            sketch.box(12, y, 9, 2.4, name, face=PALE if y > 3 else WARM)
        sketch.arrow((2, 6.6), (11.8, 6.6), "x, w, b", color=FORWARD)
        sketch.arrow((21.2, 6.6), (31, 6.6), "out", color=FORWARD)
        sketch.arrow((31, 2.4), (21.2, 2.4), "dout = ∂loss/∂out", color=BACKWARD, dashed=True)
        sketch.arrow((11.8, 2.4), (2, 2.4), "dx, dw, db", color=BACKWARD, dashed=True)
        sketch.arrow((16.5, 5.3), (16.5, 3.8), color=PARAMETER)
        sketch.text(17.1, 4.55, "cache", color=PARAMETER, ha="left")
        title = "A layer is a pair of functions; the cache takes along what the way back needs"
        sketch.text(17, 8.9, title)
        return sketch.png()


def softmax_shapes() -> bytes:
    """Shapes of a linear classifier whose pictures are columns."""
    with sheet(36, 10.5) as sketch:
        parts = [
            (1, 3.4, 7, 2.4, "W\n(C, D)", GREEN),
            (10, 1, 4.6, 7, "X\n(D, N)", PALE),
            (18, 3.4, 4.6, 2.4, "S\n(C, N)", PALE),
            (27, 3.4, 4.6, 2.4, "p\n(C, N)", PALE),
        ]
        for x, y, width, height, text, face in parts:
            sketch.box(x, y, width, height, text, face=face)
        sketch.text(9, 4.6, "·", size=16)
        sketch.text(16.3, 4.6, "=", size=13)
        sketch.arrow((22.8, 4.6), (26.8, 4.6), "softmax of", color=FORWARD)
        sketch.text(24.8, 3.9, "each column", color=FORWARD, size=8)
        sketch.arrow((31.8, 4.6), (35.6, 4.6), "loss", color=FORWARD)
        sketch.text(4.5, 7.2, "a row of weights\nfor each class", color=PARAMETER, size=8)
        sketch.text(12.3, 8.9, "a column is a picture", color=FORWARD, size=8)
        sketch.text(20.3, 7.2, "a column holds the scores\nof one picture", color=FORWARD, size=8)
        sketch.text(29.3, 2.2, "columns sum to 1", color=FORWARD, size=8)
        return sketch.png()


def modes_of_differentiation() -> bytes:
    """Both ways through the graph of another, smaller function: y = sin(x₁ x₂) + x₁."""
    nodes = {"x₁": (1, 5.5), "x₂": (1, 2), "p = x₁x₂": (9, 2), "s = sin p": (17.5, 2),
             "y = s + x₁": (26, 4)}  # fmt: skip
    edges = [("x₁", "p = x₁x₂", "x₂"), ("x₂", "p = x₁x₂", "x₁"), ("p = x₁x₂", "s = sin p", "cos p"),
             ("s = sin p", "y = s + x₁", "1"), ("x₁", "y = s + x₁", "1")]  # fmt: skip
    with sheet(33, 10) as sketch:
        for name, (x, y) in nodes.items():
            sketch.box(x, y, 5.4 if len(name) > 2 else 2.6, 1.9, name)
        for start, end, slope in edges:
            (x0, y0), (x1, y1) = nodes[start], nodes[end]
            width = 5.4 if len(start) > 2 else 2.6
            sketch.arrow((x0 + width + 0.1, y0 + 0.95), (x1 - 0.1, y1 + 0.95), slope)
        sketch.arrow((3, 8.6), (29, 8.6), "forward mode: from one input, ∂(every value)/∂x₁",
                     color=FORWARD)  # fmt: skip
        sketch.arrow((29, 0.9), (3, 0.9), "reverse mode: from one output, ∂y/∂(every value)",
                     color=BACKWARD, dashed=True)  # fmt: skip
        return sketch.png()


def convolution_window() -> bytes:
    """A filter over a padded image: window, stride, one output."""
    pixels = np.pad(np.array([[3, 1, 2, 0], [0, 2, 1, 1], [1, 0, 3, 2], [2, 1, 0, 1]]), 1)
    kernel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    out = [[(pixels[i : i + 3, j : j + 3] * kernel).sum() for j in (0, 2)] for i in (0, 2)]
    with sheet(34, 11.5) as sketch:
        padded = {(i, j): "#eeeeee" for i in range(6) for j in range(6) if {i, j} & {0, 5}}
        window = {(i, j): WARM for i in range(3) for j in range(2, 5)}
        sketch.grid(1, 1.5, pixels.astype(str), cell=1.3, faces=padded | window)
        sketch.grid(13.5, 4, kernel.astype(str), cell=1.3, face=GREEN)
        sketch.grid(25, 4.6, np.array(out).astype(str), cell=1.5, faces={(0, 1): WARM})
        sketch.text(10.8, 5.9, "⋆", size=14)
        sketch.arrow((18, 5.9), (24.6, 5.9), "+ bias 0", color=FORWARD)
        sketch.text(4.9, 0.6, "image 4×4, padding 1 (grey)", size=8)
        sketch.text(15.4, 3, "filter 3×3", color=PARAMETER, size=8)
        sketch.text(26.5, 3.6, "output 2×2", size=8)
        sketch.text(4.9, 10.3, "window moves by the stride, 2", color=BACKWARD, size=8)
        sketch.arrow((4.2, 9.7), (6.8, 9.7), color=BACKWARD)
        sketch.text(25.5, 9.6, "(H + 2·pad − HH) / stride + 1\n= (4 + 2 − 3) // 2 + 1 = 2", size=8)
        return sketch.png()


def pooling_window() -> bytes:
    """Max pooling with windows side by side, and with windows that overlap."""
    image = [[1, 7, 2, 0], [3, 5, 8, 1], [0, 2, 4, 6], [9, 1, 3, 5]]
    with sheet(36, 8.5) as sketch:
        for x, stride, second in ((1, 2, (0, 2)), (18.5, 1, (0, 1))):
            first = {(i, j): PALE for i in (0, 1) for j in (0, 1)}
            other = {(i, second[1] + j): WARM for i in (0, 1) for j in (0, 1)}
            sketch.grid(x, 1.5, [list(map(str, row)) for row in image], cell=1.3,
                        faces=first | other)  # fmt: skip
            sketch.arrow((x + 5.6, 4.1), (x + 8.8, 4.1), "max", color=FORWARD)
            places = range(0, 3, stride)
            out = [[str(max(image[i + k][j + m] for k in (0, 1) for m in (0, 1))) for j in places]
                   for i in places]  # fmt: skip
            size = 1.3 * len(out)
            sketch.grid(x + 9.2, 4.1 - size / 2, out, cell=1.3, faces={(0, 0): PALE, (0, 1): WARM})
            sketch.text(x + 2.6, 7.5, f"2×2 windows, stride {stride}", size=8)
        return sketch.png()


def dropout_modes() -> bytes:
    """One layer of units in training, twice, and at test time."""
    with sheet(34, 10.5) as sketch:
        columns = ((3, "training, step 1", (1, 0, 1, 1)), (13.5, "training, step 2", (0, 1, 1, 0)),
                   (24, "test", (1, 1, 1, 1)))  # fmt: skip
        for x, title, kept in columns:
            sketch.text(x + 3, 9.7, title)
            for i, keep in enumerate(kept):
                y = 7.2 - 1.9 * i
                sketch.box(x, y, 2.2, 1.3, f"h{'₁₂₃₄'[i]}", face=PALE if keep else "#eeeeee")
                scaled = "/ p" if title != "test" else ""
                sketch.arrow((x + 2.4, y + 0.65), (x + 5.6, y + 0.65),
                             scaled if keep else "", color=FORWARD if keep else "#bbbbbb",
                             dashed=not keep)  # fmt: skip
                sketch.text(x + 6.4, y + 0.6, f"h{'₁₂₃₄'[i]}{scaled}" if keep else "0",
                            color=INK if keep else "#888888", size=8)  # fmt: skip
        sketch.text(17, 0.5, "kept with probability p; drawn anew in every training step", size=8)
        return sketch.png()


def embedding_sum() -> bytes:
    """Three words, their embeddings added up, hidden units, a softmax over the words."""
    with sheet(36, 10) as sketch:
        for i, word in enumerate(("word x₁", "word x₂", "word x₃")):
            y = 7 - 2.6 * i
            sketch.box(0.5, y, 4.4, 1.5, word)
            sketch.arrow((5, y + 0.75), (8.4, y + 0.75), color=FORWARD)
            sketch.grid(8.6, y + 0.25, [[""] * 4], cell=1, face=GREEN)
            sketch.arrow((12.8, y + 0.75), (16, 5.1), color=FORWARD)
        sketch.text(10.6, 9, "its row of W₁ (V, D)", color=PARAMETER, size=8)
        sketch.box(16.2, 4.2, 3.2, 1.8, "sum\n+ b₁")
        sketch.arrow((19.6, 5.1), (22.4, 5.1), "e", color=FORWARD)
        sketch.box(22.6, 4.2, 4.2, 1.8, "logistic\nunits")
        sketch.arrow((27, 5.1), (29.6, 5.1), "h", color=FORWARD)
        sketch.box(29.8, 4.2, 4, 1.8, "softmax")
        for x, text in ((24.7, "W₂ (D, P)"), (31.8, "W₃ (P, V)")):
            sketch.text(x, 3.4, text, color=PARAMETER, size=8)
        sketch.text(31.8, 7, "a probability for\neach of the V words", color=FORWARD, size=8)
        sketch.text(
            20.5, 1.3, "the same W₁ three times: added up, the words lose their order", size=8
        )
        return sketch.png()


def learning_rates() -> bytes:
    """Loss over steps for four learning rates: a sketch, no measurement."""
    t = np.linspace(0, 1, 200)
    with sheet(26, 13) as sketch:
        axes = sketch.figure.add_axes((0.1, 0.16, 0.86, 0.68))
        curves = {"far too high": 0.75 + 0.9 * t**1.5 + 0.05 * np.sin(40 * t),
                  "too high: falls fast, stays high": 0.42 + 0.58 * np.exp(-14 * t),
                  "too low: falls, and would go on": 1 - 0.38 * t,
                  "good": 0.1 + 0.9 * np.exp(-5 * t)}  # fmt: skip
        colors = (BACKWARD, "#CC79A7", FORWARD, PARAMETER)
        for (label, y), color in zip(curves.items(), colors, strict=True):
            axes.plot(t, y, label=label, color=color)
        axes.set(xlabel="step", ylabel="training loss", ylim=(0, 1.95), xticks=[], yticks=[])
        axes.legend(fontsize=8, loc="upper center", ncol=2)
        axes.set_facecolor(PAPER)
        sketch.text(
            13, 12.2, "How a learning rate shows in the curve (a sketch, not a measurement)"
        )
        return sketch.png()


def central_difference() -> bytes:
    """Chord through two points beside x against the tangent."""
    x = np.linspace(0.2, 2.6, 200)
    with sheet(26, 13) as sketch:
        axes = sketch.figure.add_axes((0.05, 0.12, 0.9, 0.74))

        def f(a):
            return 0.25 * a**3 - 0.3 * a + 0.6

        at, h = 1.4, 0.7
        slope = 0.75 * at**2 - 0.3
        chord = (f(at + h) - f(at - h)) / (2 * h)
        axes.plot(x, f(x), color=INK)
        axes.plot(x, f(at) + slope * (x - at), color=FORWARD, label="tangent: the derivative")
        axes.plot(x, f(at - h) + chord * (x - at + h), color=BACKWARD, ls="--",
                  label="chord: (f(x + h) − f(x − h)) / 2h")  # fmt: skip
        for point, label in ((at - h, "x − h"), (at, "x"), (at + h, "x + h")):
            axes.plot([point, point], [-0.6, f(point)], color="#999999", lw=0.8, ls=":")
            axes.plot(point, f(point), "o", color=INK, ms=4)
            axes.annotate(label, (point, -0.62), ha="center", va="top", annotation_clip=False)
        axes.set(ylim=(-0.6, 3.6), xticks=[], yticks=[])
        axes.legend(fontsize=8, loc="upper left")
        sketch.text(
            13, 12.2, "A central difference takes the slope of a chord for that of the tangent"
        )
        return sketch.png()
