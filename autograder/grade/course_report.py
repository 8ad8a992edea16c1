"""What a course run tells: for people after the table, for programs as JSON."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from autograder.grade.course_run import Summary
from autograder.intake.left import AS_HANDED_OUT, Left
from autograder.results import SCHEMA_VERSION, Result, Text

MOST_LINES = 40


class Ignored(BaseModel):
    """A file or folder that was found and is not graded."""

    model_config = ConfigDict(extra="forbid")

    path: Text
    why: Text
    todo: Text = ""


class CourseResult(BaseModel):
    """What ``autograder grade ASSIGNMENT --json`` writes.

    ``ignored`` names all that was found and not graded, but for files that are as they
    were handed out.
    """

    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1] = SCHEMA_VERSION
    assignment: str
    graded: list[Text]
    unreadable: dict[str, Text]
    ignored: list[Ignored]
    warnings: list[Text]
    alerts: list[Text]
    results: list[Result]


def as_json(assignment: str, summary: Summary) -> str:
    """Return a run as a JSON document."""
    result = CourseResult(
        assignment=assignment,
        graded=summary.graded,
        unreadable=summary.unreadable,
        ignored=[
            Ignored(path=left.shown, why=left.why, todo=left.todo)
            for left in _worth_naming(summary)
        ],
        warnings=summary.warnings,
        alerts=summary.alerts,
        results=summary.results,
    )
    return result.model_dump_json(indent=2) + "\n"


def lines(summary: Summary) -> list[str]:
    """Return what a person is told after the table: warnings, and what is not graded."""
    told = [str(left) for left in _worth_naming(summary) if not left.expected]
    shown = [*summary.warnings, *(f"not graded: {line}" for line in told)]
    if len(shown) > MOST_LINES:
        more = len(shown) - MOST_LINES
        shown[MOST_LINES:] = [f"and {more} more, which --json names."]
    return shown


def counts(summary: Summary) -> str:
    """Return the run in one line."""
    told = sum(not left.expected for left in summary.ignored)
    unreadable = f", {len(summary.unreadable)} unreadable" if summary.unreadable else ""
    ignored = f", {told} files or folders not graded" if told else ""
    other = sum(bool(check.nbgrader) for result in summary.results for check in result.checks)
    cells = f", {other} cells scored otherwise than by nbgrader (--json says why)" if other else ""
    done = f"{len(summary.graded)} graded now, {len(summary.results)} in all"
    return f"{done}{unreadable}{ignored}{cells}."


def _worth_naming(summary: Summary) -> list[Left]:
    return [left for left in summary.ignored if left.why != AS_HANDED_OUT]
