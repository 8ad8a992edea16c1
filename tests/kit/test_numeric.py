"""numeric: errors and differences against scipy and known derivatives."""

import numpy as np
import pytest
from scipy.differentiate import derivative
from scipy.optimize import rosen, rosen_der

from autograder.kit.numeric import (
    central_difference,
    directional_difference,
    entry_errors,
    gaussian_directions,
    relative_error,
)


@pytest.mark.parametrize(("points", "tolerance"), [(2, 1e-8), (8, 1e-10)])
def test_central_difference_matches_scipys_rosenbrock_derivative(points, tolerance):
    x = np.array([0.3, -0.7, 1.1, 0.2])
    assert relative_error(central_difference(rosen, x, points=points), rosen_der(x)) < tolerance


def test_directional_difference_matches_scipy_differentiate():
    x, direction = np.array([0.4, -1.2]), np.array([0.7, 0.1])

    def f(z):
        return float(np.exp(z[0]) * np.sin(z[1]))

    true = derivative(
        lambda t: np.exp(0.4 + 0.7 * t) * np.sin(-1.2 + 0.1 * t), 0.0, initial_step=0.1
    )
    for points in (2, 8):
        assert abs(directional_difference(f, x, direction, points=points) - true.df) < 1e-9


def test_eight_points_are_exact_for_a_polynomial_of_degree_eight():
    def f(x):
        return float(np.sum(x**8))

    x = np.array([0.5, -1.5])
    assert relative_error(central_difference(f, x, points=8, h=0.1), 8 * x**7) < 1e-11


def test_central_difference_leaves_x_as_it_was():
    x = np.arange(3, dtype=np.float64)
    central_difference(lambda z: float(z.sum()), x)
    assert np.array_equal(x, [0.0, 1.0, 2.0])


def test_relative_error_is_absolute_below_one_and_relative_above():
    assert relative_error([1e-3], [2e-3]) == pytest.approx(1e-3)
    assert relative_error([2e25, 1.0], [1e25, 1.0]) == pytest.approx(1.0)


def test_relative_error_of_nan_is_never_within_a_tolerance():
    for wrong in (np.nan, np.inf):
        assert not relative_error([1.0, wrong], [1.0, 1.0]) <= 1e300


def test_equal_infinities_and_nans_are_equal():
    assert relative_error([np.inf, np.nan, 1.0], [np.inf, np.nan, 1.0]) == 0.0
    assert not relative_error([-np.inf], [np.inf]) <= 1e-3


def test_unsigned_and_boolean_results_do_not_wrap_around():
    assert entry_errors(np.uint8([1]), np.uint8([2]))[0] == 0.5
    assert entry_errors([True], [False])[0] == 1.0


def test_complex_results_are_compared_as_complex():
    assert relative_error([1 + 1j], [1 + 0j]) == pytest.approx(1.0)


def test_gaussian_directions_are_reproducible_and_independent():
    first = gaussian_directions(np.random.default_rng(3), (2, 3), 4)
    assert first.shape == (4, 2, 3)
    assert np.array_equal(first, gaussian_directions(np.random.default_rng(3), (2, 3), 4))
    assert np.linalg.matrix_rank(first.reshape(4, -1)) == 4
