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


_GRAVEST_FIRST: tuple[Cause, ...] = (
    "timeout", "memory", "crash", "import", "missing", "exception", "prerequisite",
)  # fmt: skip


def joined(cases: Mapping[str, Outcome], seconds: float) -> Outcome:
    """Join the cases of a check, each with the same share of its points.

    A case that could not be judged has no share, and says why in a warning.

    Parameters
    ----------
    cases : dict of str to Outcome
        By name; one without a name where the check has none.
    seconds : float
        That all of them took.
    """
    judged = {name: item for name, item in cases.items() if item.status != "skipped"} or cases
    outcomes = list(judged.values())
    fraction = sum(outcome.fraction for outcome in outcomes) / len(outcomes)
    status: Status = "passed" if fraction == 1 else "partial" if fraction > 0 else "failed"
    if all(outcome.status == "skipped" for outcome in outcomes):
        status = "skipped"
    if any(outcome.status == "error" for outcome in outcomes):
        fraction, status = 0.0, "error"
    unjudged = {name: item for name, item in cases.items() if name not in judged}
    warnings = [text for outcome in outcomes for text in outcome.warnings]
    return Outcome(
        fraction,
        status,
        min((o.cause for o in outcomes if o.cause), key=_GRAVEST_FIRST.index, default=None),
        _explanations(judged, len(cases)),
        list(dict.fromkeys([*warnings, *_explanations(unjudged, len(cases))])),
        seconds,
        list(dict.fromkeys(name for outcome in outcomes for name in outcome.functions)),
    )


def _explanations(cases: Mapping[str, Outcome], count: int) -> list[str]:
    """Return each text once, after the names of its cases; what holds in all needs no names."""
    names: dict[str, list[str]] = {}
    for name, outcome in cases.items():
        for text in dict.fromkeys(outcome.explanations):
            names.setdefault(text, []).append(name)
    return [
        text if len(found) == count else f"{', '.join(found)}: {text}"
        for text, found in names.items()
    ]
