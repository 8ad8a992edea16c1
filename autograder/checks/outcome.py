"""The verdict of a check, and how those of its cases make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.results import Cause, Status


@dataclass(frozen=True)
class Outcome:
    """The verdict of a check; ``fraction`` of its points were earned."""

    fraction: float
    status: Status
    cause: Cause | None = None
    explanations: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    functions: list[str] = field(default_factory=list)
    """Of the student's modules, as ``layers.affine_forward``: those that were called."""


def joined(cases: Mapping[str, Outcome], seconds: float) -> Outcome:
    """Join the cases of a check, each with the same share of its points.

    Parameters
    ----------
    cases : dict of str to Outcome
        By name; one without a name where the check has none.
    seconds : float
        That all of them took.
    """
    outcomes = list(cases.values())
    fraction = sum(outcome.fraction for outcome in outcomes) / len(outcomes)
    status: Status = "passed" if fraction == 1 else "partial" if fraction > 0 else "failed"
    if any(outcome.status == "error" for outcome in outcomes):
        fraction, status = 0.0, "error"
    return Outcome(
        fraction,
        status,
        next((outcome.cause for outcome in outcomes if outcome.cause), None),
        _explanations(cases),
        list(dict.fromkeys(text for outcome in outcomes for text in outcome.warnings)),
        seconds,
        list(dict.fromkeys(name for outcome in outcomes for name in outcome.functions)),
    )


def _explanations(cases: Mapping[str, Outcome]) -> list[str]:
    """Return each text once, after the names of its cases; what holds in all needs no names."""
    names: dict[str, list[str]] = {}
    for name, outcome in cases.items():
        for text in dict.fromkeys(outcome.explanations):
            names.setdefault(text, []).append(name)
    return [
        text if len(found) == len(cases) else f"{', '.join(found)}: {text}"
        for text, found in names.items()
    ]
