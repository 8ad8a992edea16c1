"""The command line. Each command is a few lines around the room that does the work."""

import json
from typing import Annotated

import typer
from rich.console import Console

from autograder.course import Assignment, Course
from autograder.errors import InstructorError
from autograder.results import Result

app = typer.Typer(
    help="Release notebook assignments, and grade what comes back behind a process wall.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
console = Console()

AssignmentName = Annotated[str, typer.Argument(metavar="ASSIGNMENT", show_default=False)]


@app.command()
def release(
    name: Annotated[str | None, typer.Argument(metavar="ASSIGNMENT", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Every assignment of the course.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 and a diff if release/ differs.")
    ] = False,
) -> None:
    """Build release/ASSIGNMENT: notebooks without answers, cs_lib without solutions."""
    from autograder import release as room

    differs = False
    for assignment in _chosen(name, every):
        if check:
            lines = room.difference(assignment)
            print("\n".join(lines), end="\n" if lines else "")
            differs = differs or bool(lines)
        else:
            files = room.release(assignment)
            console.print(f"release/{assignment.name}: {len(files)} files")
    if differs:
        raise typer.Exit(1)


@app.command()
def schema() -> None:
    """Print the JSON schema of a result."""
    print(json.dumps(Result.model_json_schema(), indent=2))


@app.command()
def new(name: AssignmentName) -> None:
    """Write a small assignment that releases and grades at once, to be rewritten."""
    from autograder.scaffold import scaffold

    for path in scaffold(Course.here(), name):
        console.print(path)


def _chosen(name: str | None, every: bool) -> list[Assignment]:
    course = Course.here()
    if every == (name is not None):
        raise InstructorError("release: expected an ASSIGNMENT or --all, not both. Give one.")
    return course.assignments() if name is None else [course.assignment(name)]
