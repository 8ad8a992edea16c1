"""What comes of running a check: verdict and trace of each case, and the verdict of the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autograder.checks.session import Given
from autograder.results import Cause, Status


@dataclass(frozen=True)
class Outcome:
    """The verdict of a check; ``fraction`` of its points were earned.

    ``raised`` are the exceptions that cost points, by type and line.
    """

    fraction: float
    status: Status
    cause: Cause | None = None
    explanations: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0
    raised: tuple[str, ...] = ()
    functions: list[str] = field(default_factory=list)
    """Of the student's modules, as ``layers.affine_forward``: those that were called."""


@dataclass(frozen=True)
class Trace:
    """What one case of a check saw.

    Parameters
    ----------
    passed : bool
    given : sequence of Given
        What came out of the worker, in order.
    raised : str
        The exception of the code in the worker that ended it, "" where none did.
    """

    passed: bool
    given: Sequence[Given] = ()
    raised: str = ""


Traces = Mapping[str, Trace]
"""By the name of the case."""


@dataclass(frozen=True)
class CaseRun:
    """One case of a check that has run.

    Parameters
    ----------
    outcome : Outcome
    trace : Trace
    doubt : BaseException, optional
        What ended it, where the reference alone can tell whose mistake that is.
    """

    outcome: Outcome
    trace: Trace
    doubt: BaseException | None = None


@dataclass(frozen=True)
class CheckRun:
    """A check that has run: each of its cases, or what kept it from running."""

    cases: Mapping[str, CaseRun] = field(default_factory=dict)
    seconds: float = 0.0
    blocked: Outcome | None = None

    @property
    def outcome(self) -> Outcome:
        """The verdict of the whole check."""
        if self.blocked is not None:
            return self.blocked
        return joined({name: case.outcome for name, case in self.cases.items()}, self.seconds)

    @property
    def traces(self) -> Traces:
        """What each case saw, by its name."""
        return {name: case.trace for name, case in self.cases.items()}

    def judged(self, outcomes: Mapping[str, Outcome]) -> CheckRun:
        """Return the same run with other verdicts of some of its cases."""
        cases = {
            name: replace(case, outcome=outcomes.get(name, case.outcome))
            for name, case in self.cases.items()
        }
        return replace(self, cases=cases)


_GRAVEST_FIRST: tuple[Cause, ...] = (
    "timeout", "memory", "crash", "import", "missing", "exception", "prerequisite",
)  # fmt: skip


def _verdict(outcomes: Sequence[Outcome]) -> tuple[float, Status]:
    """Return the share of the points that cases earn together, and what that is called."""
    if any(outcome.status == "error" for outcome in outcomes):
        return 0.0, "error"
    fraction = sum(outcome.fraction for outcome in outcomes) / len(outcomes)
    if all(outcome.status == "skipped" for outcome in outcomes):
        return fraction, "skipped"
    return fraction, "passed" if fraction == 1 else "partial" if fraction > 0 else "failed"


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
    unjudged = {name: item for name, item in cases.items() if name not in judged}
    outcomes = list(judged.values())
    return Outcome(
        *_verdict(outcomes),
        _gravest(outcome.cause for outcome in outcomes),
        _explanations(judged, len(cases)),
        _distinct([*(o.warnings for o in outcomes), _explanations(unjudged, len(cases))]),
        seconds,
        tuple(_distinct(outcome.raised for outcome in outcomes)),
        _distinct(outcome.functions for outcome in outcomes),
    )


def _gravest(causes: Iterable[Cause | None]) -> Cause | None:
    return min(filter(None, causes), key=_GRAVEST_FIRST.index, default=None)


def _distinct(lists: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(item for items in lists for item in items))


def charged_once(cases: Mapping[str, Outcome], before: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """Leave out the cases that end in an exception for which an earlier check has lost points.

    Only where they are fewer than half of the cases: the others must judge the rest.

    Parameters
    ----------
    cases : dict of str to Outcome
        Those of one check.
    before : dict of str to Outcome
        The checks that ran before, by name.
    """
    charged = {place: name for name, outcome in before.items() for place in outcome.raised}
    again = {
        name: charged[outcome.raised[0]]
        for name, outcome in cases.items()
        if outcome.raised and outcome.raised[0] in charged
    }
    if 2 * len(again) >= len(cases):
        return dict(cases)
    return {name: _left_out(item, again.get(name)) for name, item in cases.items()}


def _left_out(outcome: Outcome, check: str | None) -> Outcome:
    if check is None:
        return outcome
    text = f"not judged here, and no points lost: the same exception as in {check}."
    return replace(outcome, status="skipped", explanations=[text], raised=())


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
