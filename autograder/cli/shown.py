"""What the commands print: tables, one line a fact, warnings on standard error."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import MofNCompleteColumn, Progress
from rich.table import Table

from autograder.results import Graded, Result
from autograder.text import points

if TYPE_CHECKING:
    from autograder.grade.course_run import Summary

console = Console()
NAMES_SHOWN = 4
_BETWEEN_DRAWINGS = 0.1
"""Seconds."""
STATUS_COLOURS = {"passed": "green", "partial": "yellow", "failed": "red", "error": "magenta"}


@contextmanager
def progress(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar while a command works, which calls what it gets with steps done and in all.

    It is drawn at the steps and not by a thread: a process with threads cannot be forked.
    """
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, auto_refresh=False) as bar:
        task, drawn = bar.add_task(title, total=None), time.monotonic()

        def step(done: int, total: int) -> None:
            nonlocal drawn
            bar.update(task, completed=done, total=total)
            if (now := time.monotonic()) - drawn > _BETWEEN_DRAWINGS:
                bar.refresh()
                drawn = now

        yield step


def warn(message: str) -> None:
    print(f"autograder: {message}", file=sys.stderr)


def print_course(summary: Summary) -> None:
    from autograder.grade import course_report

    table = Table("student", "points", "%", "not read, not passed", "seconds")
    for result in summary.results:
        failed = [check.name for check in result.checks if check.status != "passed"]
        reason = summary.unreadable.get(result.student) or "; ".join(
            text for text in (*result.unread, _first_names(failed)) if text
        )
        table.add_row(
            escape(result.student),
            f"{points(result.score)} / {points(result.max_score)}",
            f"{result.percent:.0f}",
            escape(reason),
            f"{result.seconds:.2f}",
        )
    console.print(table)
    for line in course_report.lines(summary):
        console.print(escape(line), style="yellow", soft_wrap=True)
    console.print(course_report.counts(summary))


def _first_names(names: list[str]) -> str:
    shown = ", ".join(names[:NAMES_SHOWN])
    return f"{shown} and {len(names) - NAMES_SHOWN} more" if names[NAMES_SHOWN:] else shown


def print_result(result: Result) -> None:
    table = Table("check", "points", "", "explanation")
    for check in result.checks:
        colour = STATUS_COLOURS.get(check.status, "dim")
        table.add_row(
            check.name,
            f"{points(check.score)} / {points(check.max_score)}",
            f"[{colour}]{check.status}[/]",
            escape("\n".join([*check.explanations, *check.warnings])),
        )
    console.print(table)
    for warning in result.warnings:
        console.print(escape(warning), style="yellow")
    level = f", sandbox level {result.sandbox.level}" if result.sandbox else ""
    console.print(
        f"{escape(result.student)}: {points(result.score)} of {points(result.max_score)} points "
        f"in {result.seconds:.2f} s{level}"
    )


def print_profile(graded: Graded) -> None:
    """Print where the time went, on standard error; CPU seconds count all processes."""
    errors = Console(stderr=True)
    table = Table("what", "seconds")
    for what, seconds in graded.timings:
        table.add_row(escape(what), f"{seconds:.3f}")
    errors.print(table)
    own, walled = (
        resource.getrusage(kind) for kind in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    errors.print(
        f"CPU: {own.ru_utime + own.ru_stime:.2f} s in the grader, "
        f"{walled.ru_utime + walled.ru_stime:.2f} s behind the wall"
    )
    whole, every = len(graded.run_whole), len(graded.sliced) + len(graded.run_whole)
    errors.print(f"checks on notebook code: {every}, of which judged after a whole run: {whole}")
