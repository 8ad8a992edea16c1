"""``cs_lib.autodiff``: three ways to one Jacobian."""

import numpy as np
import pytest
from cs_lib import autodiff

POINTS = [(1.0, 2.0), (-0.7, 0.3), (0.0, 0.0), (0.5, -1.5)]


def complex_step(w):
    """Derivatives to machine precision: f is analytic (Squire and Trapp, 1998)."""
    h = 1e-30
    columns = [autodiff.forward(np.array(w) + 1j * h * unit).imag / h for unit in np.eye(2)]
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("w", POINTS)
def test_both_modes_are_the_complex_step_derivative(w):
    w = np.array(w)
    np.testing.assert_allclose(autodiff.jacobian_forward_mode(w), complex_step(w), rtol=1e-13)
    np.testing.assert_allclose(autodiff.jacobian_reverse_mode(w), complex_step(w), rtol=1e-13)


@pytest.mark.parametrize("w", POINTS[1:])
def test_error_of_differences_falls_with_the_square_of_h(w):
    w, exact = np.array(w), complex_step(w)
    coarse = np.abs(autodiff.jacobian_central(w, 1e-2) - exact).max()
    fine = np.abs(autodiff.jacobian_central(w, 1e-3) - exact).max()
    assert coarse / fine == pytest.approx(100, rel=0.05)


def test_differences_take_integers():
    np.testing.assert_array_equal(
        autodiff.jacobian_central(np.array([0, 1]), 0.01),
        autodiff.jacobian_central(np.array([0.0, 1.0]), 0.01),
    )
