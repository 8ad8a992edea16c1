"""Grade one submission: run its modules and notebooks behind the wall, and check them.

Checks of modules run first, on one worker.  Each notebook then runs on workers of
its own, and a check of notebook code runs when the run reaches its cell.
"""

import contextlib
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Literal, Self

from nbformat.notebooknode import NotebookNode

from autograder.checks import Check, Context, Outcome, run_check
from autograder.checks.known_mistakes import KnownMistake
from autograder.checks.second_look import Traces
from autograder.course.folder import Assignment
from autograder.course.key import check_seed, course_seed
from autograder.errors import SubmissionError
from autograder.grade.annotate import (
    check_result,
    show_attachments,
    show_mark_schemes,
    show_verdicts,
)
from autograder.grade.clock import Clock
from autograder.grade.notebook_run import NOT_REACHED, NotebookRun
from autograder.grade.plan import load_plan
from autograder.grade.rehearse import Mistaken, rehearse, rehearse_notebook
from autograder.intake.digest import code_digest
from autograder.intake.marks import put_before, take_outputs
from autograder.intake.pictures import Painter
from autograder.intake.restore import read_cells, restore
from autograder.intake.select import Submission
from autograder.kit.questions import blank, questions_of
from autograder.results import (
    Graded,
    ManualCell,
    NotebookResult,
    Result,
    SandboxReport,
)
from autograder.sandbox import Level
from autograder.wall.keyboard import keyboard
from autograder.wall.limits import Limits
from autograder.wall.supervised import Executor
from autograder.wall.zygote import StudentError, Worker, Zygote


class Grader:
    """Grades submissions of one assignment; a context manager around a warm zygote.

    Parameters
    ----------
    assignment : Assignment
    key : bytes
        The course key, from which all seeds follow.
    level : Level, optional
        Sandbox level; the best this machine gives by default.
    allow_unsafe : bool
        Accept a machine without a sandbox.
    only : collection of str, optional
        Names of the checks to run; all by default.
    executor : {"inprocess", "kernel"}
        What runs the cells of notebooks behind the wall.
    figures : bool
        Whether notebooks are to be kept: their figures are drawn. No verdict depends on it.

    Raises
    ------
    InstructorError
        Something in the assignment is not as it must be.
    SandboxUnavailable
        This machine cannot run hidden checks safely.
    """

    def __init__(
        self,
        assignment: Assignment,
        key: bytes,
        *,
        level: Level | None = None,
        allow_unsafe: bool = False,
        only: Collection[str] = (),
        executor: Executor = "inprocess",
        figures: bool = True,
    ) -> None:
        self.assignment = assignment
        self.key = key
        self.figures = figures
        self.plan = load_plan(assignment, only)
        data = assignment.course.datasets
        self.zygote = Zygote(
            level=level,
            data=data if assignment.config.data and data.is_dir() else None,
            allow_unsafe=allow_unsafe,
            preload=self.plan.preload,
            executor=executor,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self.zygote.close()

    def reference_worker(self) -> Worker:
        """Fork a worker that holds the reference instead of a submission."""
        return self.zygote.worker(
            self.plan.reference.sources,
            self.assignment.config.limits,
            environment=self.plan.environment,
            figures=False,
        )

    def grade(self, submission: Submission, student: str) -> Graded:
        """Grade one submission; what a student did wrong is in the result, never raised.

        Raises
        ------
        RuntimeError
            Something in this process has tried to end it: that costs the submission, not the run.
        """
        with keyboard() as pressed:
            try:
                return _Grading(self, submission, student).grade()
            except (SystemExit, KeyboardInterrupt) as error:
                if pressed():
                    raise
                raise RuntimeError(f"{type(error).__name__} in the process that grades") from error

    def unreadable(self, student: str, reason: SubmissionError) -> Graded:
        """Return the zero of a submission that cannot be read, with the reason."""
        outcomes = dict.fromkeys((item.name for item in self.plan.checks), missing(str(reason)))
        unanswered = [cell.name for cell in self.plan.manual]
        return Graded(self.result(student, outcomes, unanswered=unanswered, warnings=[str(reason)]))

    def result(
        self,
        student: str,
        outcomes: Mapping[str, Outcome],
        *,
        notebooks: Sequence[NotebookResult] = (),
        unanswered: Collection[str] = (),
        warnings: Sequence[str] = (),
        seconds: float = 0.0,
    ) -> Result:
        """Return the result that the outcomes of all checks make.

        ``unanswered`` are the names of the written questions left blank.
        """
        modules = self.assignment.config.modules
        checks = [check_result(item, outcomes[item.name], modules) for item in self.plan.checks]
        return Result(
            assignment=self.assignment.name,
            student=student,
            score=sum(check.score for check in checks),
            max_score=sum(check.max_score for check in checks),
            seconds=seconds,
            sandbox=SandboxReport.model_validate(
                {"level": str(self.zygote.level), "features": self.zygote.features}
            ),
            checks=checks,
            notebooks=list(notebooks),
            manual=[
                ManualCell(
                    name=cell.name,
                    notebook=cell.notebook,
                    max_score=cell.max_score,
                    blank=cell.name in unanswered,
                )
                for cell in self.plan.manual
            ],
            warnings=list(warnings),
        )


def missing(reason: str) -> Outcome:
    """Return the outcome of a check whose part of the submission is not there."""
    return Outcome(0.0, "failed", "missing", [reason])


class _Grading:
    """The grading of one submission."""

    def __init__(self, grader: Grader, submission: Submission, student: str) -> None:
        self.grader = grader
        self.plan = grader.plan
        self.submission = submission
        self.student = student
        self.work = code_digest(submission)
        self.limits: Limits = grader.assignment.config.limits
        self.start = time.monotonic()
        self.clock = Clock(self.limits.submission_seconds)
        self.outcomes: dict[str, Outcome] = {}
        self.rehearsals: dict[str, dict[str, Traces]] = {}
        self.mistaken = Mistaken(
            grader.reference_worker, self.plan.reference, self.plan.environment
        )
        self.warnings = list(submission.problems)
        self.modules = self._modules()

    def grade(self) -> Graded:
        runs: list[NotebookResult] = []
        notebooks: dict[str, NotebookNode] = {}
        with contextlib.closing(self.mistaken):
            self._check_modules()
            for name, released in self.plan.released.items():
                run, notebook = self._notebook(name, released)
                runs.append(run)
                if notebook is not None:
                    notebooks[name] = notebook
        with Painter(self._empty_worker) as painter:
            for notebook in notebooks.values():
                painter.redraw_all(notebook)
        result = self.grader.result(
            self.student,
            self.outcomes,
            notebooks=runs,
            unanswered=self._unanswered(notebooks),
            warnings=self.warnings,
            seconds=time.monotonic() - self.start,
        )
        show_verdicts(notebooks.values(), result.checks, self._own_modules())
        show_mark_schemes(notebooks.values(), self.plan.questions)
        show_attachments(notebooks, self.submission.attachments)
        return Graded(result, notebooks, self._alerts())

    def _unanswered(self, notebooks: Mapping[str, NotebookNode]) -> set[str]:
        """Return the names of the written questions that have no answer."""
        questions = [
            question
            for name, released in self.plan.released.items()
            for question in questions_of(name, released.cells)
        ]
        cells = {name: notebook.cells for name, notebook in notebooks.items()}
        return {q.name for q in blank(questions, cells, self.submission.attachments)}

    def _modules(self) -> dict[str, bytes]:
        """Return the course's modules with the student's own in the place of the skeletons."""
        modules = dict(self.plan.library)
        for path in self.grader.assignment.config.student_modules:
            del modules[path]
            if path in self.submission.files:
                modules[path] = self.submission.files[path]
            else:
                self.warnings.append(f"{path}: not in the submission. Hand it in with the others.")
        return modules

    def _own_modules(self) -> dict[str, bytes]:
        """Return the modules that the student wrote, of those handed in."""
        paths = self.grader.assignment.config.student_modules
        return {path: self.modules[path] for path in paths if path in self.modules}

    def _worker(self, *, figures: bool) -> Worker:
        return self.grader.zygote.worker(
            self.modules, self.limits, environment=self.plan.environment, figures=figures
        )

    def _empty_worker(self) -> Worker:
        """Fork a worker that holds no submission."""
        return self.grader.zygote.worker({}, self.limits, figures=False)

    def _check_modules(self) -> None:
        worker: Worker | None = None
        try:
            for item in self.plan.checks:
                if item.uses_notebook:
                    continue
                if worker is None or not worker.alive:
                    worker = self._worker(figures=False)
                self.outcomes[item.name] = self._check(item, worker)
        finally:
            if worker is not None:
                worker.close()

    def _check(self, item: Check, worker: Worker) -> Outcome:
        if self.clock.left <= 0:
            return self._not_reached()
        context = self._context(item, worker)
        seconds = min(context.seconds, self.clock.left)
        outcome = run_check(item, replace(context, seconds=seconds))
        if worker.alive:
            with contextlib.suppress(StudentError):
                worker.forget()
        return outcome

    def _context(self, item: Check, worker: Worker) -> Context:
        return Context(
            worker=worker,
            reference=self.plan.reference,
            modules=self.plan.modules,
            seed=check_seed(
                self.grader.key,
                self.grader.assignment.name,
                item.name,
                self.student,
                self.work,
            ),
            course_seed=course_seed(self.grader.key, self.grader.assignment.name, item.name),
            seconds=self.limits.check_seconds,
            outcomes=self.outcomes,
            reference_worker=self.grader.reference_worker,
            rehearse=self._rehearse,
            take_with_mistakes=self._with_mistakes,
        )

    def _with_mistakes(self, item: Check, follow: Traces) -> Iterator[tuple[KnownMistake, Traces]]:
        for mistake in self.plan.mistakes:
            if item.name in mistake.checks:
                with self.clock.paused():
                    traces = self.mistaken.take(mistake, item, follow, self._context)
                yield mistake, traces

    def _rehearse(self, item: Check) -> Traces:
        with self.clock.paused():  # the reference's time is not the student's
            return self._rehearsed(item)

    def _rehearsed(self, item: Check) -> Traces:
        new_worker = self.grader.reference_worker
        if not item.uses_notebook or item.cell is None:
            return rehearse(item, new_worker, self._context)
        name = item.cell.notebook
        if name not in self.rehearsals:
            self.rehearsals[name] = rehearse_notebook(
                self.grader.assignment, name, self._checks_of(name), new_worker, self._context
            )
        return self.rehearsals[name].get(item.name, {})

    def _checks_of(self, notebook: str) -> dict[str, Check]:
        return {
            item.name: item
            for item in self.plan.checks
            if item.uses_notebook and item.cell is not None and item.cell.notebook == notebook
        }

    def _notebook(
        self, name: str, released: NotebookNode
    ) -> tuple[NotebookResult, NotebookNode | None]:
        """Run one notebook with its checks; it comes back with outputs, None if there is none."""
        file = f"{name}.ipynb"
        checks = self._checks_of(name)
        try:
            restored = restore(read_cells(self.submission.notebooks[name], file), released)
        except KeyError:
            reason = f"{file}: not in the submission. Hand it in with the others."
            return self._absent(name, "missing", reason, checks), None
        except SubmissionError as error:
            return self._absent(name, "unreadable", str(error), checks), None
        self.warnings += restored.warnings
        if not self.plan.execute:
            return NotebookResult(name=name, status="skipped"), restored.notebook

        def at_cell(worker: Worker, cell: str) -> None:
            if cell in checks:
                try:
                    worker.checkpoint()
                    self.outcomes[cell] = self._check(checks[cell], worker)
                    if worker.alive:
                        worker.rollback()
                except StudentError as error:
                    broken = Outcome(0.0, "failed", error.cause, [error.message])
                    self.outcomes.setdefault(cell, broken)

        kept = take_outputs(restored.notebook)
        run = NotebookRun(
            restored.notebook, name, lambda: self._worker(figures=self.grader.figures), at_cell,
            self.limits, self.clock,
        )  # fmt: skip
        result = run.run()
        put_before(kept, restored.notebook)
        for cell in checks:
            self.outcomes.setdefault(cell, self._not_reached())
        return result, restored.notebook

    def _absent(
        self,
        name: str,
        status: Literal["missing", "unreadable"],
        reason: str,
        checks: Mapping[str, Check],
    ) -> NotebookResult:
        self.outcomes.update(dict.fromkeys(checks, missing(reason)))
        self.warnings.append(reason)
        return NotebookResult(name=name, status=status, error=reason)

    def _not_reached(self) -> Outcome:
        reason = NOT_REACHED.format(self.limits.submission_seconds)
        return Outcome(0.0, "failed", "timeout", [reason])

    def _alerts(self) -> list[str]:
        return [
            text
            for outcome in self.outcomes.values()
            if outcome.status == "error"
            for text in outcome.explanations
        ]
