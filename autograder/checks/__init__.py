"""The language that hidden checks are written in; see docs/add_a_check.md."""

from autograder.checks.gradients import expect_gradient, expect_gradients
from autograder.checks.matches import expect_matches
from autograder.checks.nets import (
    expect_initial,
    expect_loss,
    expect_loss_gradient,
    expect_update_rule,
    warn_of_underflow,
)
from autograder.checks.outcome import Outcome
from autograder.checks.registry import Check, cases, check, load_checks
from autograder.checks.robust import (
    AFFINE,
    CONVOLUTIONS,
    POOLINGS,
    SCORES,
    draw_labels,
    draw_pooled,
    draw_scores,
    draw_until,
    is_usual,
    shifting_weights,
)
from autograder.checks.run import Context, run_check
from autograder.checks.timing import expect_faster_than
from autograder.checks.training import expect_training
from autograder.checks.values import (
    any_of,
    expect,
    expect_array_in_notebook,
    expect_close,
    expect_form,
    expect_property,
    expect_raises,
    leave_out,
    warn,
)
from autograder.proxies import type_name
from autograder.wire import RandomGenerator

__all__ = [
    "AFFINE",
    "CONVOLUTIONS",
    "POOLINGS",
    "SCORES",
    "Check",
    "Context",
    "Outcome",
    "RandomGenerator",
    "any_of",
    "cases",
    "check",
    "draw_labels",
    "draw_pooled",
    "draw_scores",
    "draw_until",
    "expect",
    "expect_array_in_notebook",
    "expect_close",
    "expect_faster_than",
    "expect_form",
    "expect_gradient",
    "expect_gradients",
    "expect_initial",
    "expect_loss",
    "expect_loss_gradient",
    "expect_matches",
    "expect_property",
    "expect_raises",
    "expect_training",
    "expect_update_rule",
    "is_usual",
    "leave_out",
    "load_checks",
    "run_check",
    "shifting_weights",
    "type_name",
    "warn",
    "warn_of_underflow",
]
