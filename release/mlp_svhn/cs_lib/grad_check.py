"""Numeric gradients, under the name that the SVHN document has for the module."""

from cs_lib.gradient_check import (
    eval_numerical_gradient,
    eval_numerical_gradient_array,
    rel_error,
)

__all__ = ["eval_numerical_gradient", "eval_numerical_gradient_array", "rel_error"]
