"""Resampling in NumPy, against SciPy's: the same to the last bit."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.ndimage import map_coordinates, zoom

from autograder.kit.datasets.synthetic.resample import enlarged, sample


def test_looks_up_between_pixels_as_map_coordinates(rng):
    templates = rng.random((3, 9, 9)).astype(np.float32)
    which, (y, x) = rng.integers(3, size=40), rng.uniform(-2, 10, (2, 40, 7, 6))
    y[0], x[0] = rng.integers(-1, 10, (2, 7, 6))  # on the pixels and the last one, too
    layer = np.broadcast_to(which[:, None, None], y.shape)
    theirs = map_coordinates(templates, [layer, y, x], order=1, output=np.float32)
    np.testing.assert_array_equal(sample(templates, which, y, x), theirs)


@pytest.mark.parametrize(("cells", "size"), [(4, 32), (3, 32), (5, 32), (2, 16), (6, 8)])
def test_enlarges_as_zoom(rng, cells, size):
    fields = rng.uniform(-1, 1, (20, cells, cells)).astype(np.float32)
    factors = (1, size / cells, size / cells)
    theirs = zoom(fields, factors, order=1, grid_mode=True, mode="nearest")
    np.testing.assert_array_equal(enlarged(fields, size), theirs)


def test_shapes_are_drawn_without_scipy():
    code = "import sys, autograder.kit.datasets.synthetic.shapes; print('scipy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
