"""Pooling by a mask of what equals the maximum, image by image."""

import numpy as np


def max_pool_forward_naive(x, pool_param):
    HH = pool_param["pool_height"]
    WW = pool_param["pool_width"]
    stride = pool_param["stride"]
    (N, C, H, W) = x.shape
    out = np.zeros((N, C, int((H - HH) / stride) + 1, int((W - WW) / stride) + 1))
    for n in range(N):
        for depth in range(C):
            for r in range(0, H - HH + 1, stride):
                for c in range(0, W - WW + 1, stride):
                    patch = x[n, depth, r : r + HH, c : c + WW]
                    out[n, depth, r // stride, c // stride] = patch.max()
    return out, (x, pool_param)


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    HH, WW = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]
    dx = np.zeros_like(x)
    for (n, c, i, j), g in np.ndenumerate(dout):
        r, q = i * stride, j * stride
        patch = x[n, c, r : r + HH, q : q + WW]
        dx[n, c, r : r + HH, q : q + WW] += g * (patch == np.amax(patch))
    return dx
