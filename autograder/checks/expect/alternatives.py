"""More than one result is right: another convention, or what parts that are wrong lead to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checks.run import Failed
from autograder.wall.replies import StudentError


def any_of(*alternatives: Callable[[], None]) -> None:
    """Accept a result that meets one of several conventions.

    Parameters
    ----------
    *alternatives : callable
        Each makes the expectations of one convention; first the one that the
        hand-out names, which explanations go by.

    Raises
    ------
    Failed
        Of the alternative that came closest; of equals, the first.
    """
    failures: list[Failed] = []
    for alternative in alternatives:
        try:
            alternative()
            return
        except Failed as failed:
            failures.append(failed)
    raise max(failures, key=lambda failed: failed.fraction)


def by_own_parts(compute: Callable[[], Any], useful: Callable[[Any], bool]) -> Any:
    """Compute what a method should give by parts that are wrong, which their own checks charge.

    One of the alternatives of `any_of`, after the right one.

    Parameters
    ----------
    compute : callable
        Calls the reference's method on an object of the student's, as
        ``lambda: reference.network.Net.step(twin, x)``, or what `built_on` returns.
    useful : callable
        Whether the result depends on all that the method has to do: else a method that does
        nothing would agree with parts that do nothing.

    Raises
    ------
    Failed
        The parts raise, do not fit together, or are of no use.
    """
    try:
        with np.errstate(all="ignore"):
            result = compute()
            usable = useful(result)
    except StudentError as error:
        if error.cause not in ("exception", "missing"):
            raise
        usable = False
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        usable = False  # of another form than the parts of the hand-out
    if not usable:
        raise Failed("what it is built on must be right first.")
    return result
