"""Dual numbers as pairs, a complex step, products of Jacobians of the parts."""

import numpy as np


def _sigma(a):
    return np.exp(a) / (1 + np.exp(a))


def forward(w):
    u = np.exp(w[0]) + np.exp(w[1]) ** 2
    return np.asarray((np.exp(u) + np.sin(u), w[0] * w[1] + _sigma(w[0])))


def jacobian_central(w, h):
    columns = []
    for k in range(len(w)):
        up, down = np.array(w, float), np.array(w, float)
        up[k] += h
        down[k] -= h
        columns.append((forward(up) - forward(down)) / (2.0 * h))
    return np.column_stack(columns)


def jacobian_forward_mode(w):
    J = np.zeros((2, 2))
    for k in range(2):
        moved = np.array(w, dtype=complex)
        moved[k] += 1e-30j
        J[:, k] = np.imag(forward(moved)) / 1e-30
    return J


def jacobian_reverse_mode(w):
    w1, w2 = float(w[0]), float(w[1])
    u = np.exp(w1) + np.exp(2 * w2)
    inner = np.array([[np.exp(w1), 2 * np.exp(2 * w2)], [1.0, 0.0], [0.0, 1.0]])
    s = _sigma(w1)
    outer = np.array([[np.exp(u) + np.cos(u), 0.0, 0.0], [0.0, w2 + s * (1 - s), w1]])
    return outer @ inner
