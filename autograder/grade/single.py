"""One submission, no gradebook: for CI, and for trying an assignment out."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from autograder.course.folder import Assignment
from autograder.errors import InstructorError, SandboxUnavailable, SubmissionError
from autograder.grade.submission import Grader
from autograder.intake import select
from autograder.publish.outputs.gradescope import gradescope
from autograder.publish.outputs.junit import junit
from autograder.publish.outputs.markdown import markdown
from autograder.results import CheckResult, Graded, ManualCell, Result
from autograder.sandbox import Level
from autograder.wall.supervised import Executor
from autograder.write import write_atomically

STANDARD_OUTPUT = "-"
BELOW = 1


@dataclass(frozen=True)
class Files:
    """Where the result is written, and how; ``-`` is standard output."""

    json: str | None = None
    junit: str | None = None
    gradescope: str | None = None
    markdown: str | None = None

    def write(self, result: Result) -> None:
        """Write every file that was asked for.

        Raises
        ------
        InstructorError
            A file cannot be written.
        """
        formats: list[tuple[str | None, Callable[[Result], str]]] = [
            (self.json, _json),
            (self.junit, junit),
            (self.gradescope, gradescope),
            (self.markdown, markdown),
        ]
        for path, render in formats:
            if path is not None:
                write_text(path, render(result))

    @property
    def use_standard_output(self) -> bool:
        return STANDARD_OUTPUT in (self.json, self.junit, self.gradescope, self.markdown)


@dataclass(frozen=True)
class Options:
    """How one submission is graded."""

    student: str
    key: bytes
    only: tuple[str, ...] = ()
    level: Level | None = None
    allow_unsafe: bool = False
    fail_under: float | None = None
    executor: Executor = "inprocess"


def grade_one(
    assignment: Assignment, path: Path, options: Options, files: Files
) -> tuple[Graded, int]:
    """Grade a submission, write its result, and return it with the exit code.

    Raises
    ------
    InstructorError
        The assignment or the command is not as it must be.
    SandboxUnavailable
        This machine cannot run hidden checks safely; a zero result was written.
    SubmissionError
        The submission cannot be read; a zero result was written.
    """
    submission, unreadable = None, None
    try:
        submission = select.read(path, assignment)
    except SubmissionError as error:
        unreadable = error
    try:
        grader = Grader(
            assignment,
            options.key,
            level=options.level,
            allow_unsafe=options.allow_unsafe,
            only=options.only,
            executor=options.executor,
            shown=False,  # nobody looks at the notebooks
            alone=submission,
        )
    except SandboxUnavailable as error:
        files.write(not_run(assignment, options.student, str(error)))
        raise
    with grader:
        if submission is None:
            assert unreadable is not None
            files.write(grader.unreadable(options.student, unreadable).result)
            raise unreadable
        graded = grader.grade(submission, options.student)
    files.write(graded.result)
    if graded.alerts:
        raise InstructorError("\n".join(graded.alerts))
    return graded, _exit_code(graded.result, options.fail_under)


def not_run(assignment: Assignment, student: str, reason: str) -> Result:
    """Return the result of a submission whose checks could not be run on this machine."""
    cells = assignment.graded_cells
    checks = [
        CheckResult(
            name=cell.name,
            notebook=cell.notebook,
            score=0,
            max_score=cell.max_score,
            status="skipped",
            explanations=["not run: " + reason],
        )
        for cell in cells
        if cell.kind == "check"
    ]
    return Result(
        assignment=assignment.name,
        student=student,
        score=0,
        max_score=sum(check.max_score for check in checks),
        seconds=0,
        checks=checks,
        manual=[
            ManualCell(name=cell.name, notebook=cell.notebook, max_score=cell.max_score)
            for cell in cells
            if cell.kind == "manual"
        ],
        warnings=[reason],
    )


def _exit_code(result: Result, fail_under: float | None) -> int:
    return BELOW if fail_under is not None and result.percent < fail_under else 0


def _json(result: Result) -> str:
    return result.model_dump_json(indent=2) + "\n"


def write_text(place: str, text: str) -> None:
    """Write to a file, or to standard output where the place is ``-``.

    Raises
    ------
    InstructorError
        The file cannot be written.
    """
    if place == STANDARD_OUTPUT:
        sys.stdout.write(text)
        return
    path = Path(place)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, text.encode("utf-8"))
    except OSError as error:
        raise InstructorError(
            f"{path}: expected a place to write the result, got: {error.strerror}. "
            "Choose another path."
        ) from None
