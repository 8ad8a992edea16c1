"""The language that hidden checks are written in; see docs/add_a_check.md."""

from autograder.checks.carried import built_on
from autograder.checks.course_data import reference_call
from autograder.checks.expect.alternatives import any_of, by_own_parts
from autograder.checks.expect.basics import (
    attribute,
    expect,
    expect_array_in_notebook,
    expect_close,
    expect_form,
    expect_property,
    expect_raises,
    expect_runs,
    leave_out,
    warn,
)
from autograder.checks.expect.gradients import expect_gradient, expect_gradients
from autograder.checks.expect.matches import expect_matches
from autograder.checks.expect.nets import (
    expect_initial,
    expect_loss,
    expect_loss_gradient,
    expect_update_rule,
    flat_biases,
    warn_of_underflow,
)
from autograder.checks.expect.robust import (
    AFFINE,
    CONVOLUTIONS,
    POOLINGS,
    SCORES,
    bends,
    draw_labels,
    draw_pooled,
    draw_scores,
    draw_until,
    is_usual,
    shifting_weights,
)
from autograder.checks.expect.timing import expect_faster_than
from autograder.checks.expect.training import expect_training
from autograder.checks.handle import (
    Handle,
    call_each,
    called,
    form_of,
    item_of,
    type_name,
    values_of,
)
from autograder.checks.outcome import CheckRun, Outcome
from autograder.checks.registry import Case, Check, case, cases, check, load_checks
from autograder.checks.run import Context, run_check
from autograder.kit.explain.compare import FINITE, LARGE_SCORES_TOLERANCE, TOLERANCE
from autograder.wall.replies import StudentError
from autograder.wire import RandomGenerator, Tensor

__all__ = [
    "AFFINE",
    "CONVOLUTIONS",
    "FINITE",
    "LARGE_SCORES_TOLERANCE",
    "POOLINGS",
    "SCORES",
    "TOLERANCE",
    "Case",
    "Check",
    "CheckRun",
    "Context",
    "Handle",
    "Outcome",
    "RandomGenerator",
    "StudentError",
    "Tensor",
    "any_of",
    "attribute",
    "bends",
    "built_on",
    "by_own_parts",
    "call_each",
    "called",
    "case",
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
    "expect_runs",
    "expect_training",
    "expect_update_rule",
    "flat_biases",
    "form_of",
    "is_usual",
    "item_of",
    "leave_out",
    "load_checks",
    "reference_call",
    "run_check",
    "shifting_weights",
    "type_name",
    "values_of",
    "warn",
    "warn_of_underflow",
]
