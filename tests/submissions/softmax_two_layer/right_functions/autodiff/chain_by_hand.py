"""Written out derivative by derivative, with the values named after the graph."""

import numpy as np


def forward(w):
    a, b = np.exp(w[0]), np.exp(2.0 * w[1])
    u = a + b
    sigma = 1.0 / (1.0 + np.exp(-w[0]))
    return np.array([np.sin(u) + np.exp(u), np.prod(w) + sigma])


def jacobian_central(w, h):
    w = np.array(w, dtype=float)
    jacobian = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            e = np.zeros(2)
            e[j] = h
            jacobian[i, j] = (forward(w + e)[i] - forward(w - e)[i]) / (2 * h)
    return jacobian


def jacobian_forward_mode(w):
    w1, w2 = w
    sigma = 1 / (1 + np.exp(-w1))
    u = np.exp(w1) + np.exp(2 * w2)
    du = np.array([np.exp(w1), 2 * np.exp(2 * w2)])
    return np.vstack([(np.exp(u) + np.cos(u)) * du, [w2 + sigma - sigma**2, w1]])


def jacobian_reverse_mode(w):
    u = np.exp(w[0]) + np.exp(2 * w[1])
    u_bar = np.exp(u) + np.cos(u)
    s = 1 / (1 + np.exp(-w[0]))
    J = [[u_bar * np.exp(w[0]), u_bar * np.exp(2 * w[1]) * 2], [w[1] + s * (1 - s), w[0]]]
    return np.array(J, order="F")
