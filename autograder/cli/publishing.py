"""The commands that write what people and learning platforms read."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from autograder.cli.options import AssignmentName
from autograder.cli.shown import console, warn
from autograder.course.folder import Course


def feedback(name: AssignmentName) -> None:
    """Write the students' HTML feedback from results and gradebook."""
    from autograder.publish import feedback as room

    pages = room.feedback(Course.here().assignment(name))
    console.print(f"feedback/*/{name}/{room.OVERVIEW}: {len(pages)} written", soft_wrap=True)


def report(
    name: AssignmentName,
    out: Annotated[Path | None, typer.Option(help="Folder; reports/ by default.")] = None,
) -> None:
    """Write one HTML page on how the class did."""
    from autograder.publish import report as room

    console.print(room.report(Course.here().assignment(name), out), soft_wrap=True)


def similar(name: AssignmentName) -> None:
    """List submissions that share much code, in pairs and groups."""
    from autograder.publish import similar as room

    table = Table("who", "shared", "where")
    for group in room.similar(Course.here().assignment(name)):
        if group.is_large:
            table.add_row(
                escape(", ".join(group.students)), "", f"a group of {len(group.students)}"
            )
        for pair in group.closest:
            places = [f"{file}: {a}–{b}, {c}–{d}" for file, (a, b), (c, d) in pair.places]
            where = escape("\n".join(places))
            table.add_row(escape(f"{pair.first}, {pair.second}"), f"{pair.share:.0%}", where)
        table.add_section()
    console.print(table)


def export(
    name: AssignmentName,
    kind: Annotated[
        str, typer.Option("--format", help="csv, canvas, moodle, brightspace or gradescope.")
    ],
    out: Annotated[Path | None, typer.Option(help="File; in reports/ by default.")] = None,
    final: Annotated[
        bool, typer.Option("--final", help="Exit code 1, and no file, while answers are ungraded.")
    ] = False,
) -> None:
    """Write the grades, manual ones included, as a file for a learning platform."""
    from autograder.publish import export as room

    path = room.export(Course.here().assignment(name), kind, out, final=final, warn=warn)
    console.print(path, soft_wrap=True)


def copy_gradebook(
    address: Annotated[str, typer.Argument(metavar="URL", help="postgresql://USER@HOST/NAME.")],
) -> None:
    """Copy the gradebook into another, empty database: from SQLite to PostgreSQL, or back."""
    from autograder.gradebook import copied as room

    tables, target = room.copy_gradebook(Course.here(), address)
    shown = Table("table", "rows")
    for table in tables:
        shown.add_row(table.table, str(table.rows))
        if table.mended:
            warn(f"{table.table}: {table.mended} texts held what no database takes: replaced by �.")
    console.print(shown)
    console.print(
        f"Copied. To use it: c.CourseDirectory.db_url in nbgrader_config.py, {target.shown}.",
        soft_wrap=True,
    )
