"""The command line. Each command is a few lines around the room that does the work."""

from __future__ import annotations

import json
import resource
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import MofNCompleteColumn, Progress
from rich.table import Table

from autograder.course.folder import Assignment, Course
from autograder.course.key import assignment_key
from autograder.errors import InstructorError
from autograder.results import Graded, Result
from autograder.sandbox import Level
from autograder.text import points
from autograder.wall.supervised import Executor
from autograder.write import write_text

if TYPE_CHECKING:  # the rooms behind a command are imported when it runs: some take a second
    from autograder.grade.course_run import Summary
    from autograder.grade.settings import CourseSettings

app = typer.Typer(
    help="Release notebook assignments, and grade what comes back behind a process wall.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
console = Console()
NAMES_SHOWN = 4
STATUS_COLOURS = {"passed": "green", "partial": "yellow", "failed": "red", "error": "magenta"}

AssignmentName = Annotated[str, typer.Argument(metavar="ASSIGNMENT", show_default=False)]


def _print_version(wanted: bool) -> None:
    if wanted:
        try:
            print(f"autograder {version('autograder')}")
        except PackageNotFoundError:
            print("autograder, not installed: it runs from its folder")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=_print_version, help="Print the version."
        ),
    ] = False,
) -> None:
    pass


@app.command()
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
                _warn(warning)
            console.print(f"release/{assignment.name}: {len(files)} files")
    if differs:
        raise typer.Exit(1)


@app.command()
def grade(
    name: AssignmentName,
    submission: Annotated[
        Path | None,
        typer.Option(
            help="Grade this folder, zip, tar or notebook alone, without gradebook.",
            metavar="DIR|ZIP|TAR|IPYNB",
        ),
    ] = None,
    student: Annotated[str | None, typer.Option(help="Grade this student alone.")] = None,
    jobs: Annotated[int | None, typer.Option(help="Submissions at a time.", min=1)] = None,
    dask: Annotated[
        str | None, typer.Option(help="Grade on this Dask cluster.", metavar="ADDRESS")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is unchanged.")] = False,
    seed: Annotated[int | None, typer.Option(help="Draw inputs by this, not the key.")] = None,
    checks: Annotated[str | None, typer.Option(help="Run these checks alone: a,b.")] = None,
    json_file: Annotated[
        str | None, typer.Option("--json", help="Result, or the run of a course; - prints it.")
    ] = None,
    junit: Annotated[str | None, typer.Option(help="JUnit XML.")] = None,
    gradescope: Annotated[str | None, typer.Option(help="Gradescope's results.json.")] = None,
    markdown: Annotated[str | None, typer.Option(help="A summary for people.")] = None,
    fail_under: Annotated[
        float | None, typer.Option(help="Exit 1 below this percentage.", min=0, max=100)
    ] = None,
    sandbox: Annotated[Level | None, typer.Option(help="Force a sandbox level.")] = None,
    allow_unsafe: Annotated[
        bool, typer.Option("--allow-unsafe", help="Run hidden checks at level D, unprotected.")
    ] = False,
    executor: Annotated[
        Executor, typer.Option(help="What runs the cells of notebooks, behind the wall.")
    ] = "inprocess",
    profile: Annotated[
        bool, typer.Option("--profile", help="Print where the time of one --submission goes.")
    ] = False,
) -> None:
    """Grade submitted/*/ASSIGNMENT, or one --submission."""
    course = Course.here()
    assignment = course.assignment(name)
    if seed is None:
        key = assignment_key(assignment, _warn, alone=submission is not None)
    else:
        key = f"seed {seed}".encode()
    files = {"--json": json_file, "--junit": junit, "--gradescope": gradescope}
    files["--markdown"] = markdown
    if submission is None:
        single_only: dict[str, object] = {
            name: file for name, file in files.items() if name != "--json"
        }
        single_only |= {"--checks": checks, "--profile": profile or None}
        _refuse({**single_only, "--fail-under": fail_under}, "--submission")
        from autograder.grade.settings import CourseSettings

        settings = CourseSettings(
            key,
            sandbox,
            allow_unsafe,
            executor,
            students=(student,) if student else (),
            force=force,
            jobs=jobs,
            dask=dask,
        )
        _grade_course(assignment, settings, json_file)
        return
    course_only: dict[str, object] = {"--jobs": jobs, "--dask": dask, "--force": force or None}
    _refuse(course_only, "a course run, without --submission")
    from autograder.grade import single
    from autograder.grade.settings import Settings
    from autograder.publish.outputs.files import Files

    only = tuple(filter(None, (checks or "").split(",")))
    graded = single.grade_one(
        assignment,
        submission,
        student or submission.stem,
        Settings(key, sandbox, allow_unsafe, executor, only),
        Files(*files.values()).write,
    )
    if "-" not in files.values():
        _print_result(graded.result)
    if profile:
        _print_profile(graded)
    raise typer.Exit(single.exit_code(graded.result, fail_under))


def _refuse(options: dict[str, object], needed: str) -> None:
    """Raise if an option is given that goes with the other form of a command."""
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise InstructorError(f"grade: {', '.join(given)}: goes with {needed}. Leave it out.")


def _grade_course(assignment: Assignment, settings: CourseSettings, json_file: str | None) -> None:
    from autograder.grade import course_report
    from autograder.grade.course_run import grade_course

    with Progress(
        *Progress.get_default_columns(), MofNCompleteColumn(), console=console, transient=True
    ) as bar:
        task = bar.add_task(f"Grading {assignment.name}", total=None)
        summary = grade_course(
            assignment, settings, lambda done, total: bar.update(task, completed=done, total=total)
        )
    if json_file:
        write_text(json_file, course_report.as_json(assignment.name, summary))
    if json_file != "-":
        _print_course(summary)
    if summary.alerts:
        raise InstructorError("\n".join(summary.alerts))


@app.command()
def collect(
    name: AssignmentName,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE…", help="Downloads, archives, folders.", show_default=False),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would become of each file.")
    ] = False,
) -> None:
    """Put what a learning platform gave for download into submitted/."""
    from autograder.gradebook import collected as room

    done = room.collect(Course.here().assignment(name), files, dry_run=dry_run)
    table = Table("student", "handed in", "from", "would become" if dry_run else "became")
    for row in done.rows:
        table.add_row(*map(escape, (row.student, row.when, row.files, row.what)))
    console.print(table)
    for note in done.notes:
        console.print(escape(note), style="yellow", soft_wrap=True)
    told = [left for left in done.left if not left.expected]
    for left in told:
        console.print(escape(f"not taken: {left}"), style="yellow", soft_wrap=True)
    verb = "would be collected" if dry_run else "collected"
    console.print(f"{len(done.rows)} hand-ins {verb}, {len(told)} files not taken.")


@app.command()
def feedback(name: AssignmentName) -> None:
    """Write the students' HTML feedback from results and gradebook."""
    from autograder.publish import feedback as room

    pages = room.feedback(Course.here().assignment(name))
    console.print(f"{len(pages)} students: feedback/*/{name}/{room.OVERVIEW}", soft_wrap=True)


@app.command()
def regrade(
    name: AssignmentName,
    apply: Annotated[bool, typer.Option("--apply", help="Write the new results.")] = False,
    jobs: Annotated[int | None, typer.Option(help="Submissions at a time.", min=1)] = None,
) -> None:
    """Show what changes if out-of-date submissions are graded again; with --apply, change it."""
    from autograder.grade import regrade as room
    from autograder.grade.settings import CourseSettings

    course = Course.here()
    assignment = course.assignment(name)
    settings = CourseSettings(assignment_key(assignment, _warn), jobs=jobs)
    found = room.regrade(assignment, settings, apply=apply)
    console.print(room.table(found.changes))
    done = "changed" if apply else "would change; --apply changes them"
    console.print(f"{len(found.changes)} {done}, {found.unchanged} stay as they are.")
    if found.alerts:
        raise InstructorError("\n".join(found.alerts))


@app.command()
def report(
    name: AssignmentName,
    out: Annotated[Path | None, typer.Option(help="Folder; reports/ by default.")] = None,
) -> None:
    """Write one HTML page on how the class did."""
    from autograder.publish import report as room

    console.print(room.report(Course.here().assignment(name), out), soft_wrap=True)


@app.command()
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


@app.command()
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

    path = room.export(Course.here().assignment(name), kind, out, final=final, warn=_warn)
    console.print(path, soft_wrap=True)


@app.command()
def audit(
    name: AssignmentName,
    seeds: Annotated[int, typer.Option(help="Draws of every check's inputs.", min=1)] = 200,
    mutants: Annotated[str, typer.Option(help="Mutants to try: a number, or all.")] = "all",
    json_file: Annotated[str | None, typer.Option("--json", help="Report; - prints it.")] = None,
    jobs: Annotated[int | None, typer.Option(help="Processes at a time.", min=1)] = None,
    sandbox: Annotated[Level | None, typer.Option(help="Force a sandbox level.")] = None,
    allow_unsafe: Annotated[
        bool, typer.Option("--allow-unsafe", help="Run at level D, unprotected.")
    ] = False,
) -> None:
    """Are the checks good? Reference, skeleton, false alarms, known mistakes, mutants."""
    from autograder import audit as room
    from autograder.grade.processes import Job
    from autograder.grade.settings import Settings

    course = Course.here()
    settings = Settings(assignment_key(course.assignment(name), _warn), sandbox, allow_unsafe)
    job = Job(course.root, course.assignment(name).name, settings)
    extent = room.Extent(seeds, room.number_of_mutants(mutants), **({"jobs": jobs} if jobs else {}))
    with Progress(*Progress.get_default_columns(), console=console, transient=True) as bar:
        task = bar.add_task(f"Auditing {name}", total=None)
        report = room.audit(
            job, extent, lambda done, total: bar.update(task, completed=done, total=total)
        )
    if json_file:
        room.write(report, json_file)
    if json_file != "-":
        print("\n".join(room.lines(report)))
    raise typer.Exit(0 if report.good else InstructorError.exit_code)


@app.command()
def schema() -> None:
    """Print the JSON schema of a result."""
    print(json.dumps(Result.model_json_schema(), indent=2))


@app.command()
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


@app.command()
def new(name: AssignmentName) -> None:
    """Write a small assignment that releases and grades at once, to be rewritten."""
    from autograder.handout.scaffold import scaffold

    for path in scaffold(Course.here(), name):
        console.print(path)


@app.command()
def doctor(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Say which sandbox level this machine gives, and why not a better one."""
    from autograder.cli.doctor import diagnose, rendered

    diagnosis = diagnose()
    if as_json:
        print(json.dumps(diagnosis.as_json(), indent=2))
    else:
        console.print(rendered(diagnosis))


PASSED_ON = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": [],
}


@app.command(context_settings=PASSED_ON)
def datasets(context: typer.Context) -> None:
    """List, fetch, verify or synthesize data sets; --all are those that an assignment uses."""
    from autograder.course.kit import run_datasets

    raise typer.Exit(run_datasets(Course.here(), context.args))


@app.command(context_settings=PASSED_ON)
def lab(context: typer.Context) -> None:
    """Open JupyterLab, for authoring: source/ works with the solutions, release/ without."""
    from autograder.cli.lab import run_lab

    raise typer.Exit(run_lab(Course.here(), context.args))


def _warn(message: str) -> None:
    print(f"autograder: {message}", file=sys.stderr)


def _print_course(summary: Summary) -> None:
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


def _print_result(result: Result) -> None:
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


def _print_profile(graded: Graded) -> None:
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


def _chosen(name: str | None, every: bool) -> list[Assignment]:
    course = Course.here()
    if every == (name is not None):
        raise InstructorError("release: expected an ASSIGNMENT or --all, not both. Give one.")
    return course.assignments() if name is None else [course.assignment(name)]
