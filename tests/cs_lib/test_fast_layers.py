"""``cs_lib.fast_layers`` gives what the naive loops give, for any shape."""

import numpy as np
import pytest
from cs_lib import fast_layers, layers
from hypothesis import given, settings
from hypothesis import strategies as st

sizes = st.integers(1, 9)


@settings(max_examples=60, deadline=None)
@given(
    N=st.integers(1, 3),
    C=st.integers(1, 3),
    F=st.integers(1, 3),
    H=sizes,
    W=sizes,
    HH=st.integers(1, 5),
    WW=st.integers(1, 5),
    stride=st.integers(1, 4),
    pad=st.integers(0, 3),
    seed=st.integers(0, 2**32 - 1),
)
def test_convolution_is_the_naive_one(N, C, F, H, W, HH, WW, stride, pad, seed):
    HH, WW = min(HH, H + 2 * pad), min(WW, W + 2 * pad)
    rng = np.random.default_rng(seed)
    x, w = rng.standard_normal((N, C, H, W)), rng.standard_normal((F, C, HH, WW))
    b, conv_param = rng.standard_normal(F), {"stride": stride, "pad": pad}
    naive, naive_cache = layers.conv_forward_naive(x, w, b, conv_param)
    fast, fast_cache = fast_layers.conv_forward_fast(x, w, b, conv_param)
    np.testing.assert_allclose(fast, naive, rtol=0, atol=1e-10)
    dout = rng.standard_normal(naive.shape)
    for ours, expected in zip(
        fast_layers.conv_backward_fast(dout, fast_cache),
        layers.conv_backward_naive(dout, naive_cache),
        strict=True,
    ):
        assert ours.shape == expected.shape
        np.testing.assert_allclose(ours, expected, rtol=0, atol=1e-10)


@settings(max_examples=60, deadline=None)
@given(
    N=st.integers(1, 3),
    C=st.integers(1, 3),
    H=sizes,
    W=sizes,
    height=st.integers(1, 5),
    width=st.integers(1, 5),
    stride=st.integers(1, 4),
    values=st.sampled_from((3, 1000)),
    seed=st.integers(0, 2**32 - 1),
)
def test_pooling_is_the_naive_one_ties_included(N, C, H, W, height, width, stride, values, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, values, (N, C, H, W)).astype(float)
    pool_param = {"pool_height": min(height, H), "pool_width": min(width, W), "stride": stride}
    naive, naive_cache = layers.max_pool_forward_naive(x, pool_param)
    fast, fast_cache = fast_layers.max_pool_forward_fast(x, pool_param)
    np.testing.assert_array_equal(fast, naive)
    dout = rng.standard_normal(naive.shape)
    np.testing.assert_allclose(
        fast_layers.max_pool_backward_fast(dout, fast_cache),
        layers.max_pool_backward_naive(dout, naive_cache),
        rtol=0,
        atol=1e-10,
    )


def test_backward_may_be_called_again_with_other_gradients():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 2, 6, 6))
    _, cache = fast_layers.max_pool_forward_fast(
        x, {"pool_height": 2, "pool_width": 2, "stride": 2}
    )
    dout = rng.standard_normal((2, 2, 3, 3))
    first = fast_layers.max_pool_backward_fast(dout, cache)
    np.testing.assert_array_equal(fast_layers.max_pool_backward_fast(2 * dout, cache), 2 * first)
    np.testing.assert_array_equal(fast_layers.max_pool_backward_fast(dout, cache), first)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_results_have_the_type_of_the_data(dtype):
    x, w, b = (np.ones(shape, dtype) for shape in ((2, 3, 6, 6), (4, 3, 3, 3), (4,)))
    out, cache = fast_layers.conv_forward_fast(x, w, b, {"stride": 1, "pad": 1})
    assert out.dtype == dtype
    assert {gradient.dtype for gradient in fast_layers.conv_backward_fast(out, cache)} == {
        np.dtype(dtype)
    }
    out, cache = fast_layers.max_pool_forward_fast(
        x, {"pool_height": 2, "pool_width": 2, "stride": 2}
    )
    assert out.dtype == fast_layers.max_pool_backward_fast(out, cache).dtype == dtype


def test_images_that_are_a_view_are_fine():
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((2, 6, 6, 3))
    view = rows.transpose(0, 3, 1, 2)  # NHWC read as NCHW, not contiguous
    w, b = rng.standard_normal((4, 3, 3, 3)), np.zeros(4)
    conv_param, pool_param = (
        {"stride": 1, "pad": 1},
        {"pool_height": 2, "pool_width": 2, "stride": 2},
    )
    np.testing.assert_allclose(
        fast_layers.conv_forward_fast(view, w, b, conv_param)[0],
        layers.conv_forward_naive(view, w, b, conv_param)[0],
    )
    pooled, cache = fast_layers.max_pool_forward_fast(view, pool_param)
    _, naive_cache = layers.max_pool_forward_naive(view, pool_param)
    np.testing.assert_array_equal(
        fast_layers.max_pool_backward_fast(pooled, cache),
        layers.max_pool_backward_naive(pooled, naive_cache),
    )


def test_im2col_is_another_name():
    assert fast_layers.conv_forward_im2col is fast_layers.conv_forward_fast
    assert fast_layers.conv_backward_im2col is fast_layers.conv_backward_fast
