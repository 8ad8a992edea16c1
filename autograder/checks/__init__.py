"""The language that hidden checks are written in; see docs/add_a_check.md."""

from autograder.checks.gradients import expect_gradient, expect_gradients
from autograder.checks.registry import Check, cases, check, load_checks
from autograder.checks.run import Context, Outcome, run_check
from autograder.checks.values import (
    any_of,
    expect,
    expect_array_in_notebook,
    expect_close,
    expect_property,
    expect_raises,
)
from autograder.wire import RandomGenerator

__all__ = [
    "Check",
    "Context",
    "Outcome",
    "RandomGenerator",
    "any_of",
    "cases",
    "check",
    "expect",
    "expect_array_in_notebook",
    "expect_close",
    "expect_gradient",
    "expect_gradients",
    "expect_property",
    "expect_raises",
    "load_checks",
    "run_check",
]
