"""Sandwich layers are their parts, one after the other."""

import numpy as np
import pytest
from cs_lib import layer_utils, layers
from cs_lib.gradient_check import eval_numerical_gradient_array

CONV = {"stride": 1, "pad": 1}
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}
SANDWICHES = {
    "affine_relu": ((2, 3, 4), (12, 5), ()),
    "conv_relu": ((2, 3, 4, 6), (2, 3, 3, 3), (CONV,)),
    "conv_relu_pool": ((2, 3, 4, 6), (2, 3, 3, 3), (CONV, POOL)),
}


def naive(name, x, w, b):
    if name == "affine_relu":
        return layers.relu_forward(layers.affine_forward(x, w, b)[0])[0]
    out = layers.relu_forward(layers.conv_forward_naive(x, w, b, CONV)[0])[0]
    return layers.max_pool_forward_naive(out, POOL)[0] if name == "conv_relu_pool" else out


@pytest.mark.parametrize("name", SANDWICHES)
def test_forward_is_its_parts_and_backward_matches_differences(name):
    rng = np.random.default_rng(0)
    x_shape, w_shape, params = SANDWICHES[name]
    x, w = rng.standard_normal(x_shape), rng.standard_normal(w_shape)
    b = rng.standard_normal(w_shape[-1] if name == "affine_relu" else w_shape[0])
    forward = getattr(layer_utils, f"{name}_forward")
    out, cache = forward(x, w, b, *params)
    np.testing.assert_allclose(out, naive(name, x, w, b), atol=1e-12)
    dout = rng.standard_normal(out.shape)
    gradients = getattr(layer_utils, f"{name}_backward")(dout, cache)
    for array, gradient in zip((x, w, b), gradients, strict=True):
        numeric = eval_numerical_gradient_array(lambda _: forward(x, w, b, *params)[0], array, dout)
        np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-8)
