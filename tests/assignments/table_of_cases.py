"""The table of what each case of each check is for and where the hand-out asks for it.

``python -m tests.assignments.table_of_cases`` writes the page anew.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import nbformat

from autograder.checks import Case, Check, load_checks
from autograder.course.folder import Assignment, Course
from autograder.text import points
from tests.tiny_course import ROOT

DOCUMENT = ROOT / "docs" / "cases.md"
INTRODUCTION = """# What each case is for

Written by `python -m tests.assignments.table_of_cases` from the checks themselves. A check that has
no cases stands in one row. The cases of a check count alike, so that what a case costs is its
share. There is none for what the hand-out does not ask for: the last column quotes its words, which
a test looks for in the release. One fault that comes again in another check is charged once
([how](add_a_check.md#points)).
"""
ASKED: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parent / "asked.toml").read_text(encoding="utf-8")
)
HEAD = """
| check | case | points | what it is for | where the hand-out asks for it |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the page: a table for each assignment, a row for each case."""
    course = Course(ROOT)
    parts = [INTRODUCTION]
    for name in course.assignment_names():
        assignment = course.assignment(name)
        texts = hand_out(assignment)
        parts.append(f"\n## {name}\n{HEAD}")
        parts += [row for check in load_checks(assignment) for row in _rows(check, texts)]
    return "".join(parts)


def hand_out(assignment: Assignment) -> dict[str, str]:
    """Return what an assignment hands out to be read, in one line a file, by its path."""
    folder = ROOT / "release" / assignment.name
    texts = {"README.md": (folder / "README.md").read_text(encoding="utf-8")}
    for path in sorted(folder.glob("*.ipynb")):
        texts[path.name] = "\n".join(cell.source for cell in nbformat.read(path, 4).cells)
    for module in assignment.config.student_modules:
        texts[module] = (folder / module).read_text(encoding="utf-8")
    return {name: " ".join(text.split()) for name, text in texts.items()}


def asked_for(purpose: str, texts: dict[str, str]) -> str:
    """Return the words of a hand-out that ask for a case, and their file; empty where none do."""
    for words in ASKED.get(purpose, []):
        for file, text in texts.items():
            if words in text:
                return f"“{words}” ({file})"
    return ""


def not_asked_for(assignment: Assignment) -> list[str]:
    """Return the cases that do not say what they are for, or that no words ask for."""
    texts = hand_out(assignment)
    return [
        f"{check.name}: {name}"
        for check in load_checks(assignment)
        for name, case in check.cases.items()
        if not (isinstance(case, Case) and asked_for(case.shows, texts))
    ]


def _rows(check: Check, texts: dict[str, str]) -> Iterator[str]:
    worth = check.cell.max_score if check.cell is not None else 0.0
    if not check.cases:
        what = f"{points(worth)} | {check.description} | the question itself"
        yield f"| `{check.name}` | | {what} |\n"
    for name, case in check.cases.items():
        shows = case.shows if isinstance(case, Case) else ""
        share, asked = points(worth / len(check.cases)), asked_for(shows, texts)
        yield f"| `{check.name}` | {name} | {share} | {shows} | {asked} |\n"


if __name__ == "__main__":
    DOCUMENT.write_text(page(), encoding="utf-8")
