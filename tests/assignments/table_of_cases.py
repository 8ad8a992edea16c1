"""The table of what each case of each check is for, as docs/cases.md has it.

``python -m tests.assignments.table_of_cases`` writes the page anew.
"""

from collections.abc import Iterator

from autograder.checks import Case, Check, load_checks
from autograder.course.folder import Assignment, Course
from autograder.text import points
from tests.tiny_course import ROOT

DOCUMENT = ROOT / "docs" / "cases.md"
INTRODUCTION = """# What each case is for

Written by `python -m tests.assignments.table_of_cases` from the checks themselves. A check that has
no cases stands in one row. The cases of a check count alike, so that what a case costs is its
share: there is none for what the hand-out does not ask for. One fault that comes again in another
check is charged once ([how](add_a_check.md#points)).
"""


def page() -> str:
    """Return the page: a table for each assignment, a row for each case."""
    course = Course(ROOT)
    parts = [INTRODUCTION]
    for name in course.assignment_names():
        assignment = course.assignment(name)
        rows = [row for check in load_checks(assignment) for row in _rows(check)]
        parts.append(
            f"\n## {name}\n\n| check | case | points | what it is for |\n|---|---|---|---|\n"
        )
        parts += rows
    return "".join(parts)


def without_a_purpose(assignment: Assignment) -> list[str]:
    """Return the cases of an assignment that do not say what they are for."""
    return [
        f"{check.name}: {name}"
        for check in load_checks(assignment)
        for name, case in check.cases.items()
        if not (isinstance(case, Case) and case.shows)
    ]


def _rows(check: Check) -> Iterator[str]:
    worth = check.cell.max_score if check.cell is not None else 0.0
    if not check.cases:
        yield f"| `{check.name}` | | {points(worth)} | {check.description} |\n"
    for name, case in check.cases.items():
        shows = case.shows if isinstance(case, Case) else ""
        yield f"| `{check.name}` | {name} | {points(worth / len(check.cases))} | {shows} |\n"


if __name__ == "__main__":
    DOCUMENT.write_text(page(), encoding="utf-8")
