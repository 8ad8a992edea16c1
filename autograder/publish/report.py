"""One page on how a class did: for the staff, made of results and gradebook."""

import re
import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

from autograder.course.folder import Assignment
from autograder.gradebook.points import FinalGrade, final_grades
from autograder.publish.html import template
from autograder.publish.similar import Group, similar
from autograder.results import CheckResult, Result
from autograder.write import write_atomically

BINS = 10
MOST_EXPLANATIONS = 15


@dataclass(frozen=True)
class CheckSummary:
    """How one check went in the class.

    Attributes
    ----------
    earned : float
        Mean share of the points.
    statuses : dict of str to int
        Submissions by status.
    """

    name: str
    notebook: str
    description: str
    max_score: float
    earned: float
    statuses: dict[str, int]


@dataclass(frozen=True)
class Explanation:
    """What a check told several students."""

    check: str
    text: str
    count: int


@dataclass(frozen=True)
class Blank:
    """A written question, and who left it blank."""

    question: str
    max_score: float
    students: list[str]


@dataclass(frozen=True)
class ClassReport:
    """All that the page shows.

    Attributes
    ----------
    bins : list of int
        Submissions in each tenth of the possible points.
    checks : list of CheckSummary
        The hardest first.
    """

    grades: list[FinalGrade]
    mean: float
    median: float
    max_score: float
    bins: list[int]
    checks: list[CheckSummary]
    explanations: list[Explanation]
    similar: list[Group]
    blank: list[Blank]
    not_handed_in: list[str]
    pending: int


def report(assignment: Assignment, out: Path | None = None) -> Path:
    """Write the class report of an assignment as HTML.

    Parameters
    ----------
    out : Path, optional
        Its folder; ``reports/`` by default.
    """
    folder = out or assignment.course.root / "reports"
    path = folder / f"{assignment.name}.html"
    text = template("report.html").render(assignment=assignment, report=summarise(assignment))
    write_atomically(path, text.encode())
    return path


def summarise(assignment: Assignment) -> ClassReport:
    """Collect what the page shows."""
    everyone = final_grades(assignment)
    grades = [grade for grade in everyone if grade.total is not None]
    totals = [grade.total or 0.0 for grade in grades]
    results = [grade.result for grade in grades if grade.result is not None]
    by_name: defaultdict[str, list[CheckResult]] = defaultdict(list)
    for result in results:
        for check in result.checks:
            by_name[check.name].append(check)
    return ClassReport(
        grades=grades,
        mean=statistics.fmean(totals),
        median=statistics.median(totals),
        max_score=grades[0].max_score,
        bins=_bins(totals, grades[0].max_score),
        checks=sorted(map(_summary, by_name.values()), key=lambda summary: summary.earned),
        explanations=_common(by_name),
        similar=similar(assignment),
        blank=_blank(results),
        not_handed_in=[grade.student for grade in everyone if grade.total is None],
        pending=sum(grade.pending > 0 for grade in grades),
    )


def _bins(totals: list[float], max_score: float) -> list[int]:
    bins = [0] * BINS
    for total in totals:
        share = total / max_score if max_score else 1.0
        bins[min(int(share * BINS), BINS - 1)] += 1
    return bins


def _summary(checks: list[CheckResult]) -> CheckSummary:
    first = checks[0]
    shares = [check.score / check.max_score for check in checks if check.max_score]
    return CheckSummary(
        name=first.name,
        notebook=first.notebook,
        description=first.description,
        max_score=first.max_score,
        earned=statistics.fmean(shares) if shares else 1.0,
        statuses=dict(Counter(check.status for check in checks)),
    )


def _blank(results: list[Result]) -> list[Blank]:
    """Return the written questions that some left blank, in the order of the assignment."""
    found: defaultdict[tuple[str, float], list[str]] = defaultdict(list)
    for result in results:
        for cell in result.manual:
            found[cell.name, cell.max_score] += [result.student] * cell.blank
    return [Blank(*question, students) for question, students in found.items() if students]


def _common(by_name: dict[str, list[CheckResult]]) -> list[Explanation]:
    """Return what was told most often; numbers in it differ from student to student."""
    found: Counter[tuple[str, str]] = Counter()
    shown: dict[tuple[str, str], str] = {}
    for name, checks in by_name.items():
        for check in checks:
            for key, text in {
                (name, re.sub(r"\d[\d.e+-]*", "#", text)): text for text in check.explanations
            }.items():
                found[key] += 1
                shown.setdefault(key, text)
    return [
        Explanation(key[0], shown[key], count)
        for key, count in found.most_common(MOST_EXPLANATIONS)
        if count > 1
    ]
