"""The arguments and options that several commands take, and the many of ``grade``."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.sandbox import Level
from autograder.wall.supervised import Executor

AssignmentName = Annotated[str, typer.Argument(metavar="ASSIGNMENT", show_default=False)]
Unsafe = Annotated[
    bool, typer.Option("--allow-unsafe", help="Run hidden checks at level D, unprotected.")
]
Sandbox = Annotated[Level | None, typer.Option(help="Force a sandbox level.")]
Jobs = Annotated[int | None, typer.Option(help="Submissions at a time.", min=1)]

Alone = Annotated[
    Path | None,
    typer.Option(
        help="Grade this folder, zip, tar or notebook alone, without gradebook.",
        metavar="DIR|ZIP|TAR|IPYNB",
    ),
]
Student = Annotated[str | None, typer.Option(help="Grade this student alone.")]
Dask = Annotated[str | None, typer.Option(help="Grade on this Dask cluster.", metavar="ADDRESS")]
Force = Annotated[bool, typer.Option("--force", help="Grade again what is unchanged.")]
Seed = Annotated[int | None, typer.Option(help="Draw inputs by this, not the key.")]
Checks = Annotated[str | None, typer.Option(help="Run these checks alone: a,b.")]
Json = Annotated[
    str | None, typer.Option("--json", help="Result, or the run of a course; - prints it.")
]
Junit = Annotated[str | None, typer.Option(help="JUnit XML.")]
Gradescope = Annotated[str | None, typer.Option(help="Gradescope's results.json.")]
Markdown = Annotated[str | None, typer.Option(help="A summary for people.")]
FailUnder = Annotated[
    float | None, typer.Option(help="Exit 1 below this percentage.", min=0, max=100)
]
Cells = Annotated[Executor, typer.Option(help="What runs the cells of notebooks, behind the wall.")]
Profile = Annotated[
    bool, typer.Option("--profile", help="Print where the time of one --submission goes.")
]
