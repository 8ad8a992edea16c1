"""The commands of who writes a course: releases, audits, new assignments, JupyterLab."""

import json
from pathlib import Path
from typing import Annotated, cast, get_args

import typer
from rich.table import Table

from autograder.cli import options
from autograder.cli.shown import console, progress, warn
from autograder.course.folder import Assignment, Course
from autograder.course.key import assignment_key
from autograder.errors import InstructorError
from autograder.text import points


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)],
) -> None:
    """Write a whole course into DIR: configuration, library, an assignment that grades at once.

    In a folder that is a course already, what it lacks is added; nothing is overwritten.
    """
    from autograder.handout.course_folder import init as make

    written, kept = make(folder)
    for path in written:
        console.print(folder / path, soft_wrap=True)
    for path in kept:
        console.print(f"{folder / path}: is there already, left as it is", soft_wrap=True)
    console.print(f"Begin in {folder}: README.md says how.", soft_wrap=True)


def new(name: options.AssignmentName) -> None:
    """Write a small assignment that releases and grades at once, to be rewritten."""
    from autograder.handout.scaffold import scaffold

    for path in scaffold(Course.here(), name):
        console.print(path)


def release(
    name: Annotated[str | None, typer.Argument(metavar="ASSIGNMENT", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--all", help="Every assignment of the course.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 and a diff if release/ differs.")
    ] = False,
) -> None:
    """Build release/ASSIGNMENT: notebooks without answers, cs_lib without solutions."""
    from autograder.handout import release as room

    differs = False
    for assignment in _chosen(name, every):
        if check:
            lines = room.difference(assignment)
            print("\n".join(lines), end="\n" if lines else "")
            differs = differs or bool(lines)
        else:
            files = room.release(assignment)
            for warning in room.kernel_warnings(assignment):
                warn(warning)
            console.print(f"release/{assignment.name}: {len(files)} files")
    if differs:
        raise typer.Exit(1)


def _chosen(name: str | None, every: bool) -> list[Assignment]:
    course = Course.here()
    if every == (name is not None):
        raise InstructorError("release: expected an ASSIGNMENT or --all, not both. Give one.")
    return course.assignments() if name is None else [course.assignment(name)]


def status(
    name: options.AssignmentName,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say which points stand behind the wall, and which in the notebook."""
    from autograder.checks import status as room

    rows = room.status(Course.here().assignment(name))
    totals = room.totals(rows)
    if as_json:
        cells = [vars(row) for row in rows]
        print(json.dumps({"assignment": name, "points": totals, "cells": cells}, indent=2))
        return
    table = Table("notebook", "points", "judged")
    table.add_column("cell", overflow="fold")
    table.add_column("check of another name", overflow="fold")
    for row in rows:
        other = row.check if row.check != row.name else ""
        table.add_row(row.notebook, points(row.points), row.how, row.name, other)
    console.print(table)
    console.print(
        f"{name}: points " + ", ".join(f"{how} {points(most)}" for how, most in totals.items())
    )


def package(
    name: options.AssignmentName,
    service: Annotated[str, typer.Option("--for", help="gradescope, github, gitlab or docker.")],
    out: Annotated[Path | None, typer.Option(help="Where to; in package/ by default.")] = None,
) -> None:
    """Write an assignment with its grader as a CI service runs it. It holds the answers."""
    from autograder.handout import package as room

    services = get_args(room.Service)
    if service not in services:
        raise InstructorError(f'--for: expected one of {", ".join(services)}, got "{service}".')
    assignment = Course.here().assignment(name)
    console.print(room.package(assignment, cast(room.Service, service), out), soft_wrap=True)


def import_(
    kind: Annotated[str, typer.Argument(metavar="otter", show_default=False)],
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)],
    name: Annotated[str | None, typer.Option(help="Of the assignment; DIR's by default.")] = None,
) -> None:
    """Make a plain nbgrader assignment of one that was written for another grader."""
    from autograder.handout.otter import import_otter

    if kind != "otter":
        raise InstructorError(f'import: expected otter, got "{kind}".')
    written, left = import_otter(Course.here(), folder, name or folder.resolve().name)
    for path in written:
        console.print(path, soft_wrap=True)
    for line in left:
        warn(line)


def audit(
    name: options.AssignmentName,
    seeds: Annotated[int, typer.Option(help="Draws of every check's inputs.", min=1)] = 200,
    mutants: Annotated[str, typer.Option(help="Mutants to try: a number, or all.")] = "all",
    draws: Annotated[int, typer.Option(help="Seeds of each mutant; 0 for none.", min=0)] = 20,
    json_file: Annotated[str | None, typer.Option("--json", help="Report; - prints it.")] = None,
    jobs: Annotated[int | None, typer.Option(help="Processes at a time.", min=1)] = None,
    sandbox: options.Sandbox = None,
    allow_unsafe: options.Unsafe = False,
) -> None:
    """Are the checks good? Reference, skeleton, false alarms, known mistakes, mutants, draws."""
    from autograder import audit as room
    from autograder.grade.processes import Job
    from autograder.grade.settings import Settings

    course = Course.here()
    settings = Settings(assignment_key(course.assignment(name), warn), sandbox, allow_unsafe)
    job = Job(course.root, course.assignment(name).name, settings)
    tried = room.number_of_mutants(mutants)
    extent = room.Extent(seeds, tried, draws, **({"jobs": jobs} if jobs else {}))
    with progress(f"Auditing {name}") as step:
        report = room.audit(job, extent, step)
    if json_file:
        room.write(report, json_file)
    if json_file != "-":
        print("\n".join(room.lines(report)))
    raise typer.Exit(0 if report.good else InstructorError.exit_code)


def datasets(context: typer.Context) -> None:
    """List, fetch, verify or synthesize data sets; --all are those that an assignment uses."""
    from autograder.course.kit import run_datasets

    raise typer.Exit(run_datasets(Course.here(), context.args))


def lab(context: typer.Context) -> None:
    """Open JupyterLab, for authoring: source/ works with the solutions, release/ without."""
    from autograder.cli.lab import run_lab

    raise typer.Exit(run_lab(Course.here(), context.args))
