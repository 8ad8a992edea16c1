"""The commands that take work in and grade it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from autograder.cli import options
from autograder.cli.shown import console, print_course, print_profile, print_result, progress, warn
from autograder.course.folder import Assignment, Course
from autograder.course.key import assignment_key
from autograder.errors import InstructorError
from autograder.grade.settings import CourseSettings, Settings
from autograder.results import Graded
from autograder.write import write_text

BELOW = 1


def collect(
    name: options.AssignmentName,
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


def grade(
    name: options.AssignmentName,
    submission: options.Alone = None,
    student: options.Student = None,
    jobs: options.Jobs = None,
    dask: options.Dask = None,
    force: options.Force = False,
    seed: options.Seed = None,
    checks: options.Checks = None,
    json_file: options.Json = None,
    junit: options.Junit = None,
    gradescope: options.Gradescope = None,
    markdown: options.Markdown = None,
    fail_under: options.FailUnder = None,
    sandbox: options.Sandbox = None,
    allow_unsafe: options.Unsafe = False,
    executor: options.Cells = "inprocess",
    profile: options.Profile = False,
) -> None:
    """Grade submitted/*/ASSIGNMENT, or one --submission."""
    course = Course.here()
    assignment = course.assignment(name)
    if seed is None:
        key = assignment_key(assignment, warn, alone=submission is not None)
    else:
        key = f"seed {seed}".encode()
    settings = Settings(key, sandbox, allow_unsafe, executor, _listed(checks))
    outputs = {"--junit": junit, "--gradescope": gradescope, "--markdown": markdown}
    if submission is None:
        one = {**outputs, "--checks": checks, "--profile": profile or None}
        _refuse({**one, "--fail-under": fail_under}, "--submission")
        students = (student,) if student else ()
        run = CourseSettings(**vars(settings), students=students, jobs=jobs, force=force, dask=dask)
        _grade_course(assignment, run, json_file)
    else:
        every = {"--jobs": jobs, "--force": force or None}
        _refuse(every, "a course run, without --submission")
        files = [json_file, *outputs.values()]
        graded = _grade_one(assignment, submission, student, settings, files, dask)
        if profile:
            print_profile(graded)
        if fail_under is not None and graded.result.percent < fail_under:
            raise typer.Exit(BELOW)


def _listed(names: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (names or "").split(",")))


def _refuse(options: Mapping[str, object], needed: str) -> None:
    """Raise if an option is given that goes with the other form of a command."""
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise InstructorError(f"grade: {', '.join(given)}: goes with {needed}. Leave it out.")


def _grade_course(assignment: Assignment, settings: CourseSettings, json_file: str | None) -> None:
    from autograder.grade import course_report
    from autograder.grade.course_run import grade_course

    with progress(f"Grading {assignment.name}") as step:
        summary = grade_course(assignment, settings, step)
    if json_file:
        write_text(json_file, course_report.as_json(assignment.name, summary))
    if json_file != "-":
        print_course(summary)
    if summary.alerts:
        raise InstructorError("\n".join(summary.alerts))


def _grade_one(
    assignment: Assignment,
    submission: Path,
    student: str | None,
    settings: Settings,
    files: Sequence[str | None],
    dask: str | None,
) -> Graded:
    from autograder.grade.single import grade_one
    from autograder.publish.outputs.files import Files

    student = student or submission.stem
    keep = Files(*files).write
    graded = grade_one(assignment, submission, student, settings, keep, dask=dask, tell=warn)
    if "-" not in files:
        print_result(graded.result)
    return graded


def regrade(
    name: options.AssignmentName,
    apply: Annotated[bool, typer.Option("--apply", help="Write the new results.")] = False,
    jobs: options.Jobs = None,
) -> None:
    """Show what changes if out-of-date submissions are graded again; with --apply, change it."""
    from autograder.grade import regrade as room

    assignment = Course.here().assignment(name)
    settings = CourseSettings(assignment_key(assignment, warn), jobs=jobs)
    found = room.regrade(assignment, settings, apply=apply)
    console.print(room.table(found.changes))
    done = "changed" if apply else "would change; --apply changes them"
    console.print(f"{len(found.changes)} {done}, {found.unchanged} stay as they are.")
    if found.alerts:
        raise InstructorError("\n".join(found.alerts))
