"""One page on how a class did: for the staff, made of results and gradebook."""

import os
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from autograder.checks.known_mistakes import mistakes_said
from autograder.course.folder import Assignment
from autograder.gradebook.points import FinalGrade, final_grades
from autograder.publish.feedback import OVERVIEW
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
    students : dict of str to list of str
        By status.
    """

    name: str
    notebook: str
    description: str
    max_score: float
    earned: float
    students: dict[str, list[str]]


@dataclass(frozen=True)
class Explanation:
    """What a check told several students."""

    check: str
    text: str
    students: list[str]


@dataclass(frozen=True)
class Known:
    """A known mistake, and who made it."""

    says: str
    checks: list[str]
    students: list[str]


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
    bins : list of list of str
        Students in each tenth of the possible points.
    checks : list of CheckSummary
        The hardest first.
    known : list of Known
        The most frequent first.
    unmet : int
        Known mistakes that nobody has made.
    """

    grades: list[FinalGrade]
    mean: float
    median: float
    max_score: float
    bins: list[list[str]]
    checks: list[CheckSummary]
    explanations: list[Explanation]
    known: list[Known]
    unmet: int
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
    summary = summarise(assignment)
    text = template("report.html").render(
        assignment=assignment, report=summary, links=_links(assignment, summary, folder)
    )
    write_atomically(path, text.encode())
    return path


def _links(assignment: Assignment, summary: ClassReport, folder: Path) -> dict[str, str]:
    """Return the addresses of the students' feedback, of those that have it."""
    pages = {
        grade.student: assignment.course.feedback / grade.student / assignment.name / OVERVIEW
        for grade in summary.grades
    }
    return {
        student: quote(Path(os.path.relpath(page, folder)).as_posix())
        for student, page in pages.items()
        if page.exists()
    }


def summarise(assignment: Assignment) -> ClassReport:
    """Collect what the page shows."""
    everyone = final_grades(assignment)
    grades = [grade for grade in everyone if grade.total is not None]
    totals = {grade.student: grade.total or 0.0 for grade in grades}
    results = [grade.result for grade in grades if grade.result is not None]
    by_name = _by_name(results)
    says = mistakes_said(assignment)
    known = _known(by_name, says)
    return ClassReport(
        grades=grades,
        mean=statistics.fmean(totals.values()),
        median=statistics.median(totals.values()),
        max_score=grades[0].max_score,
        bins=_bins(totals, grades[0].max_score),
        checks=sorted(map(_summary, by_name.values()), key=lambda summary: summary.earned),
        explanations=_common(by_name),
        known=known,
        unmet=len(set(says)) - len(known),
        similar=similar(assignment),
        blank=_blank(results),
        not_handed_in=[grade.student for grade in everyone if grade.total is None],
        pending=sum(grade.pending > 0 for grade in grades),
    )


Told = list[tuple[str, CheckResult]]
"""What a check found, by student."""


def _by_name(results: Iterable[Result]) -> dict[str, Told]:
    found: defaultdict[str, Told] = defaultdict(list)
    for result in results:
        for check in result.checks:
            found[check.name].append((result.student, check))
    return found


def _bins(totals: Mapping[str, float], max_score: float) -> list[list[str]]:
    bins: list[list[str]] = [[] for _ in range(BINS)]
    for student, total in totals.items():
        share = total / max_score if max_score else 1.0
        bins[min(int(share * BINS), BINS - 1)].append(student)
    return bins


def _summary(told: Told) -> CheckSummary:
    _, first = told[0]
    shares = [check.score / check.max_score for _, check in told if check.max_score]
    students: dict[str, list[str]] = {}
    for student, check in told:
        students.setdefault(check.status, []).append(student)
    return CheckSummary(
        name=first.name,
        notebook=first.notebook,
        description=first.description,
        max_score=first.max_score,
        earned=statistics.fmean(shares) if shares else 1.0,
        students=students,
    )


def _known(by_name: Mapping[str, Told], says: Iterable[str]) -> list[Known]:
    """Return the known mistakes that were made, each student once."""
    found: list[Known] = []
    for text in dict.fromkeys(says):
        met = [
            (name, student)
            for name, told in by_name.items()
            for student, check in told
            # After the names of cases, where it is not the mistake of all.
            if any(line == text or line.endswith(f": {text}") for line in check.explanations)
        ]
        if met:
            checks, students = (list(dict.fromkeys(part)) for part in zip(*met, strict=True))
            found.append(Known(text, checks, students))
    return sorted(found, key=lambda known: -len(known.students))


def _blank(results: list[Result]) -> list[Blank]:
    """Return the written questions that some left blank, in the order of the assignment."""
    found: defaultdict[tuple[str, float], list[str]] = defaultdict(list)
    for result in results:
        for cell in result.manual:
            found[cell.name, cell.max_score] += [result.student] * cell.blank
    return [Blank(*question, students) for question, students in found.items() if students]


def _common(by_name: Mapping[str, Told]) -> list[Explanation]:
    """Return what was told most often; numbers in it differ from student to student."""
    found: dict[tuple[str, str], Explanation] = {}
    for name, told in by_name.items():
        for student, check in told:
            for text in check.explanations:
                key = (name, re.sub(r"\d[\d.e+-]*", "#", text))
                known = found.setdefault(key, Explanation(name, text, []))
                if student not in known.students:
                    known.students.append(student)
    several = [item for item in found.values() if len(item.students) > 1]
    return sorted(several, key=lambda item: -len(item.students))[:MOST_EXPLANATIONS]
