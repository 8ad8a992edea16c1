"""``cs_lib.vis_utils``: where each image lands in the grid."""

import matplotlib as mpl
import numpy as np
from cs_lib.vis_utils import show_net_weights, visualize_grid

mpl.use("Agg")


def test_images_are_stretched_and_laid_out_by_rows():
    images = np.arange(5 * 2 * 3 * 1, dtype=float).reshape(5, 2, 3, 1)
    grid = visualize_grid(images, ubound=10.0, padding=2)
    assert grid.shape == (2 * 4 - 2, 3 * 5 - 2, 1)
    stretched = np.arange(6).reshape(2, 3) * 2.0
    np.testing.assert_allclose(grid[:2, :3, 0], stretched)
    np.testing.assert_allclose(grid[4:6, 5:8, 0], stretched)
    assert not grid[4:6, 10:].any()  # there is no sixth image
    assert not grid[2:4].any()


def test_an_image_of_one_colour_is_black():
    assert not visualize_grid(np.full((1, 4, 4, 3), 7.0)).any()


def test_weights_are_drawn():
    import matplotlib.pyplot as plt

    figure = plt.figure()
    show_net_weights({"W1": np.random.default_rng(0).standard_normal((3072, 9))})
    (image,) = figure.axes[0].images
    assert image.get_array().shape == (3 * 35 - 3, 3 * 35 - 3, 3)
    plt.close(figure)
