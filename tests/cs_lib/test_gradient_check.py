"""``cs_lib.gradient_check``: the checker is right, and notices what is wrong."""

import numpy as np
import pytest
from cs_lib import gradient_check


def test_gradient_of_a_cubic():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    before = x.copy()
    numeric = gradient_check.eval_numerical_gradient(lambda v: np.sum(v**3), x, verbose=False)
    np.testing.assert_allclose(numeric, 3 * x**2, rtol=1e-9)
    np.testing.assert_array_equal(x, before)


def test_gradient_of_an_array_against_its_jacobian():
    A, df = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), np.array([2.0, -1.0])
    numeric = gradient_check.eval_numerical_gradient_array(lambda v: A @ v, np.ones(3), df)
    np.testing.assert_allclose(numeric, A.T @ df, rtol=1e-9)


def test_a_function_that_returns_the_same_buffer_twice():
    buffer = np.empty(2)

    def square(x):
        np.multiply(x, x, out=buffer)
        return buffer

    numeric = gradient_check.eval_numerical_gradient_array(square, np.array([3.0, 4.0]), np.ones(2))
    np.testing.assert_allclose(numeric, [6, 8], rtol=1e-9)


def test_verbose_prints_each_entry(capsys):
    gradient_check.eval_numerical_gradient(np.sum, np.zeros((2, 2)))
    assert capsys.readouterr().out.count("\n") == 4


def test_sparse_check_tells_right_from_wrong(capsys):
    np.random.seed(0)
    x = np.random.randn(4, 5)
    assert gradient_check.grad_check_sparse(lambda v: np.sum(v**2), x, 2 * x) < 1e-7
    assert gradient_check.grad_check_sparse(lambda v: np.sum(v**2), x, 2.002 * x) > 1e-4
    assert capsys.readouterr().out.count("relative error") == 20


def test_rel_error_is_relative_and_symmetric():
    assert gradient_check.rel_error(np.array([1.0, 0.0]), np.array([1.1, 0.0])) == pytest.approx(
        0.1 / 2.1
    )
    assert gradient_check.rel_error([2.0], [1.0]) == gradient_check.rel_error([1.0], [2.0])
    assert gradient_check.rel_error(np.zeros(3), np.zeros(3)) == 0
