"""What an audit found."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Mutation(_Part):
    """A mutant: the function, and the lines that differ."""

    function: str
    diff: str


class Survivor(Mutation):
    """A mutant that no check rejected; ``check`` should have."""

    check: str


class Mutants(_Part):
    """How the mutants fared; ``equivalents`` could not be told from the reference."""

    total: int
    equivalent: int
    rejected: int
    survivors: list[Survivor] = []
    equivalents: list[Mutation] = []

    @property
    def rejected_percent(self) -> float:
        """Share of the mutants that are no equivalents."""
        counted = self.total - self.equivalent
        return 100.0 * self.rejected / counted if counted else 100.0


class Alarm(_Part):
    """A seed for which the reference failed a check."""

    check: str
    seed: int
    explanation: str


class Unearned(_Part):
    """A share of a check's points that answers without work earn; ``why`` where that is right."""

    check: str
    version: str
    share: float
    why: str = ""


class Varying(Mutation):
    """A mutant whose points depend on the draw, and by which check; ``why`` where that is right."""

    check: str
    least: float
    most: float
    why: str = ""


class Draws(_Part):
    """How mutants fared that were tried under several seeds.

    ``left_out`` are checks that were not drawn: they train, or measure times.
    """

    seeds: int = 0
    tried: int = 0
    varying: list[Varying] = []
    left_out: list[str] = []

    @property
    def mutants(self) -> int:
        """Mutants that vary, each counted once."""
        return len({(item.function, item.diff) for item in self.varying})

    @property
    def good(self) -> bool:
        """At most one of a hundred varies, and of each it is known why."""
        return 100 * self.mutants <= self.tried and all(item.why for item in self.varying)


class AuditReport(_Part):
    """The audit of one assignment: are its checks good?

    ``free_points`` are what a submission earns that returns zeros everywhere;
    ``unearned`` is what other answers without work earn of a check;
    ``unstable`` are checks that said two things of the same wrong submission,
    ``untold_mistakes`` known mistakes that a check passes or takes for something else.
    """

    assignment: str
    reference_score: float
    skeleton_score: float
    max_score: float
    free_points: float
    seeds: int
    false_alarms: int
    alarms: list[Alarm] = []
    unearned: list[Unearned] = []
    unstable: list[str] = []
    untold_mistakes: list[str] = []
    mutants: Mutants
    draws: Draws = Draws()
    seconds: float

    @property
    def good(self) -> bool:
        """Whether nothing has to be looked at."""
        return (
            self.reference_score == self.max_score
            and self.skeleton_score == 0
            and self.free_points == 0
            and self.false_alarms == 0
            and all(item.why for item in self.unearned)
            and not self.unstable
            and not self.untold_mistakes
            and self.mutants.rejected_percent >= 99
            and self.draws.good
        )


def table(reports: Iterable[AuditReport]) -> str:
    """Return the audits as a Markdown table."""
    lines = [
        "| assignment | reference | skeleton | zeros | seeds | false alarms | mutants | equivalent "
        "| rejected | survivors | drawn | varying |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for report in reports:
        mutants = report.mutants
        lines.append(
            f"| `{report.assignment}` | {report.reference_score:g} of {report.max_score:g} "
            f"| {report.skeleton_score:g} | {report.free_points:g} | {report.seeds} "
            f"| {report.false_alarms} | {mutants.total} | {mutants.equivalent} "
            f"| {mutants.rejected} ({mutants.rejected_percent:.1f} %) | {len(mutants.survivors)} "
            f"| {_drawn(report.draws)} |"
        )
    return "\n".join(lines) + "\n"


def _drawn(draws: Draws) -> str:
    if not draws.tried:
        return "– | –"
    share = 100 * draws.mutants / draws.tried
    return f"{draws.tried} × {draws.seeds} | {draws.mutants} ({share:.1f} %)"


def lines(report: AuditReport) -> list[str]:
    """Return the report as text, survivors with their diff."""
    mutants = report.mutants
    found = [
        f"{report.assignment}: reference {report.reference_score:g} of {report.max_score:g}, "
        f"skeleton {report.skeleton_score:g}, zeros everywhere {report.free_points:g}",
        f"seeds: {report.seeds}, false alarms: {report.false_alarms}",
        f"mutants: {mutants.total}, {mutants.equivalent} equivalent, {mutants.rejected} rejected "
        f"({mutants.rejected_percent:.1f} %), {len(mutants.survivors)} survived",
        _draws_line(report.draws),
        f"{report.seconds:.1f} s",
    ]
    return [*found, *_about_checks(report), *_about_mutants(report)]


def _about_checks(report: AuditReport) -> list[str]:
    """Return what is to be looked at in checks: alarms, points for nothing, what is not told."""
    found = []
    for alarm in report.alarms[:20]:
        found += ["", f"false alarm: {alarm.check}, seed {alarm.seed}: {alarm.explanation}"]
    for item in report.unearned:
        reason = f" (right here: {item.why})" if item.why else ""
        found += [
            "",
            f"unearned: {item.check} gives {item.share:.0%} for the version "
            f'"{item.version}" of its functions{reason}',
        ]
    for name in report.unstable:
        found += ["", f"unstable: {name} says two things of the same submission"]
    return found + [f"\nuntold: {text}" for text in report.untold_mistakes]


def _about_mutants(report: AuditReport) -> list[str]:
    """Return the mutants to be looked at, with their diff."""
    found = []
    for drawn in report.draws.varying:
        reason = f" (right here: {drawn.why})" if drawn.why else ""
        found += [
            "",
            f"varying: {drawn.function}: {drawn.check} gives {drawn.least:.0%} to "
            f"{drawn.most:.0%}, by the draw{reason}",
            drawn.diff,
        ]
    for change in report.mutants.equivalents:
        found += ["", f"equivalent: {change.function}", change.diff]
    for survivor in report.mutants.survivors:
        caught_by = survivor.check or "no check calls it"
        found += ["", f"survived: {survivor.function} (to be caught by: {caught_by})"]
        found.append(survivor.diff)
    return found


def _draws_line(draws: Draws) -> str:
    if not draws.tried:
        return "draws: none"
    left_out = f"; not drawn: {', '.join(draws.left_out)}" if draws.left_out else ""
    return (
        f"draws: {draws.tried} mutants under {draws.seeds} seeds, {draws.mutants} with points that "
        f"depend on the draw{left_out}"
    )
