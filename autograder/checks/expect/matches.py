"""A student's function against the reference's, on inputs of the check's choice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograder.checks.expect.basics import expect_close, judge
from autograder.checks.expect.robust import expect_right_for_other_arrays
from autograder.checks.handle import Handle, label_of, opaque
from autograder.checks.run import reference_of
from autograder.kit.explain import compare
from autograder.kit.explain.compare import TOLERANCE


def expect_matches(
    function: Handle,
    *,
    true_function: Callable[..., Any] | None = None,
    names: Sequence[str] = (),
    cache: bool = False,
    part: int | None = None,
    tolerance: float = TOLERANCE,
    partial: bool = False,
    robust: bool = True,
    **inputs: Any,
) -> Any:
    """Expect a student's function to return what the reference returns.

    Parameters
    ----------
    function : Handle
        The student's function; called with the inputs in the order given.
    true_function : callable, optional
        The reference's; by default the one of the same name.
    names : sequence of str
        What to call the entries of a returned tuple.
    cache : bool
        Whether both return ``(out, cache)``, of which only ``out`` is compared.
    part : int, optional
        Which entry of the returned tuple is compared, of those that `names` has;
        all by default.
    tolerance, partial
        As in `expect_close`.
    robust : bool
        Whether read-only, non-contiguous float32 arrays must give the same.
    **inputs
        Arguments, by the names that explanations use.

    Returns
    -------
    result : object
        What the student's function returned.

    Raises
    ------
    Failed
    """
    truth = true_function or reference_of(function)
    if truth is None:
        raise ValueError("expect_matches: expected a true_function, as the reference has none")
    result, expected = function(*inputs.values()), truth(*inputs.values())
    label = label_of(function)
    place = 0 if cache else part
    if place is not None and not _has_entries(result, 2 if cache else len(expected)):
        form = (expected[0], None) if cache else expected
        judge(label, compare(opaque(result), form, names=("out", "cache") if cache else names))

    def pick(value: Any) -> Any:
        return value if place is None else value[place]

    name = "" if place is None else "out" if cache else names[place]
    expect_close(
        pick(result), pick(expected), name=name, names=names if place is None else (),
        tolerance=tolerance, partial=partial,
    )  # fmt: skip
    if robust:
        expect_right_for_other_arrays(
            lambda *args: pick(function(*args)),
            lambda *args: pick(truth(*args)),
            tuple(inputs.values()),
            pick(result),
            label,
        )
    return result


def _has_entries(result: Any, count: int) -> bool:
    return type(result) in (tuple, list) and len(result) == count
