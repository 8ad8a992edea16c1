"""The hand-made filters, against SciPy's Sobel filter and a grey image by hand."""

import numpy as np
import scipy.ndimage
from cs_lib.image_filters import image_filters
from cs_lib.layers import conv_forward_naive


def test_filters_make_grey_and_edges():
    image = np.random.default_rng(0).uniform(0, 255, (6, 7, 3))
    out, _ = conv_forward_naive(
        image.transpose(2, 0, 1)[None], *image_filters(), {"stride": 1, "pad": 1}
    )
    np.testing.assert_allclose(out[0, 0], image @ [0.3, 0.6, 0.1])
    edges = scipy.ndimage.sobel(image[:, :, 2], axis=0, mode="constant")
    np.testing.assert_allclose(out[0, 1], 128 - edges)
