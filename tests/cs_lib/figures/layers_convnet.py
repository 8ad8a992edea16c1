"""Figures of the layers notebook."""

import numpy as np
from cs_lib import layers
from cs_lib.gradient_check import rel_error

from figures.registry import one, spread

AFFINE_OUT = [[1.49834967, 1.70660132, 1.91485297], [3.25553199, 3.5141327, 3.77273342]]
RELU_OUT = [
    [0.0, 0.0, 0.0, 0.0],
    [0.0, 0.0, 0.04545455, 0.13636364],
    [0.22727273, 0.31818182, 0.40909091, 0.5],
]
CONV_OUT = [
    [
        [[-0.08759809, -0.10987781], [-0.18387192, -0.2109216]],
        [[0.21027089, 0.21661097], [0.22847626, 0.23004637]],
        [[0.50813986, 0.54309974], [0.64082444, 0.67101435]],
    ],
    [
        [[-0.98053589, -1.03143541], [-1.19128892, -1.24695841]],
        [[0.69108355, 0.66880383], [0.59480972, 0.56776003]],
        [[2.36270298, 2.36904306], [2.38090835, 2.38247847]],
    ],
]
POOL_OUT = [
    [
        [[-0.26315789, -0.24842105], [-0.20421053, -0.18947368]],
        [[-0.14526316, -0.13052632], [-0.08631579, -0.07157895]],
        [[-0.02736842, -0.01263158], [0.03157895, 0.04631579]],
    ],
    [
        [[0.09052632, 0.10526316], [0.14947368, 0.16421053]],
        [[0.20842105, 0.22315789], [0.26736842, 0.28210526]],
        [[0.32631579, 0.34105263], [0.38526316, 0.4]],
    ],
]


def affine():
    out, _ = layers.affine_forward(
        spread(-0.1, 0.5, 2, 4, 5, 6), spread(-0.2, 0.3, 120, 3), np.linspace(-0.3, 0.1, 3)
    )
    return rel_error(out, np.array(AFFINE_OUT))


def relu():
    return rel_error(layers.relu_forward(spread(-0.5, 0.5, 3, 4))[0], np.array(RELU_OUT))


def convolution():
    x, w = spread(-0.1, 0.5, 2, 3, 4, 4), spread(-0.2, 0.3, 3, 3, 4, 4)
    conv_param = {"stride": 2, "pad": 1}
    out, _ = layers.conv_forward_naive(x, w, np.linspace(-0.1, 0.2, 3), conv_param)
    return rel_error(out, np.array(CONV_OUT))


def pooling():
    x = spread(-0.3, 0.4, 2, 3, 4, 4)
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    return rel_error(layers.max_pool_forward_naive(x, pool_param)[0], np.array(POOL_OUT))


# The differences from arrays printed to eight digits: exact but for the last bits.
FIGURES = [
    *one("affine_forward, difference", 9.769847728806635e-10, affine, 6),
    *one("relu_forward, difference", 4.999999798022158e-08, relu, 10),
    *one("conv_forward_naive, difference", 2.2121476417505994e-08, convolution, 6),
    *one("max_pool_forward_naive, difference", 4.1666665157267834e-08, pooling, 10),
]
