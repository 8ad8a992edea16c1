"""The grading of one submission: its modules and notebooks run behind the wall, and are checked."""

import contextlib
import copy
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from nbformat.notebooknode import NotebookNode

from autograder.checks import Check, Context, Outcome, run_check
from autograder.course.key import check_seed, course_seed
from autograder.errors import SubmissionError
from autograder.grade.annotate import show_attachments, show_mark_schemes, show_verdicts
from autograder.grade.clock import Clock
from autograder.grade.desk import Desk
from autograder.grade.in_notebook import NOT_BESIDE, Judge, beside, lay_beside
from autograder.grade.notebook_run import NOT_REACHED, NotebookRun
from autograder.grade.second_look import SecondLook
from autograder.grade.slices import Slices, above, slices_of
from autograder.grade.verdicts import missing
from autograder.grade.withheld import withheld
from autograder.intake.digest import code_digest
from autograder.intake.marks import mark_written, put_before, take_outputs
from autograder.intake.pictures import MOST_IN_SCANS, Painter
from autograder.intake.restore import read_cells, restore
from autograder.intake.select import Submission
from autograder.kit.questions import blank, questions_of
from autograder.results import CheckResult, Graded, NotebookResult
from autograder.slicing import Lines
from autograder.wall.limits import Limits
from autograder.wall.zygote import StudentError, Worker

ABSENT = "{}: expected this file, got none. Hand it in."


class Grading:
    """The grading of one submission.

    Checks of modules run first, on one worker.  Each notebook then runs on workers of
    its own, and a check of notebook code runs when the run reaches its cell.
    """

    def __init__(self, desk: Desk, submission: Submission, student: str) -> None:
        self.desk = desk
        self.plan = desk.plan
        self.submission = submission
        self.student = student
        self.work = code_digest(submission)
        # what the course lays beside its notebooks is no answer, whoever sends it back
        self.scans = [name for name in submission.attachments if name not in self.plan.beside]
        self.limits: Limits = desk.assignment.config.limits
        self.start = time.monotonic()
        self.clock = Clock(self.limits.submission_seconds)
        self.outcomes: dict[str, Outcome] = {}
        self.otherwise: dict[str, str] = {}
        self.sliced: list[str] = []
        self.whole: list[str] = []
        self.timings: list[tuple[str, float]] = list(desk.timings)
        self.second_look = SecondLook(
            desk.assignment, self.plan, desk.reference_worker, self._context
        )
        self.warnings = list(submission.problems)
        self.modules = self._modules()
        self.beside = beside(submission, self.plan.beside) if self.plan.tests else {}

    def grade(self) -> Graded:
        """Run all checks; return what they found, and what people are shown."""
        runs: list[NotebookResult] = []
        notebooks: dict[str, NotebookNode] = {}
        with self.second_look:
            self._check_modules()
            for name, released in self.plan.released.items():
                run, notebook = self._notebook(name, released)
                runs.append(run)
                if notebook is not None:
                    notebooks[name] = notebook
        result = self.desk.result(
            self.student,
            self.outcomes,
            otherwise=self.otherwise,
            notebooks=runs,
            unanswered=self._unanswered(notebooks),
            unread=self._unread(runs),
            warnings=self.warnings,
            seconds=time.monotonic() - self.start,
        )
        attachments = self._show(notebooks, result.checks)
        return Graded(
            result, notebooks, attachments, self._alerts(), self.sliced, self.whole, self.timings
        )

    def _show(
        self, notebooks: Mapping[str, NotebookNode], checks: Sequence[CheckResult]
    ) -> dict[str, bytes]:
        """Write into the notebooks what people look for there; return the files beside them."""
        attachments, left_out = self._redraw(notebooks) if self.desk.shown else ({}, {})
        for name, notebook in notebooks.items():
            mark_written(notebook, self.plan.released[name])
        show_verdicts(notebooks, checks, self._own_modules())
        show_mark_schemes(notebooks, self.plan.questions)
        show_attachments(notebooks, self.scans, left_out)
        return attachments

    def _redraw(
        self, notebooks: Mapping[str, NotebookNode]
    ) -> tuple[dict[str, bytes], dict[str, str]]:
        """Draw pictures anew; return the files beside the notebooks, and why some are not there."""
        with Painter(self._empty_worker, given=self.desk.pictures) as painter:
            for notebook in notebooks.values():
                painter.redraw_all(notebook)
        with Painter(self._empty_worker, MOST_IN_SCANS) as painter:
            return painter.redraw_files(self.submission.attachments)

    def _unanswered(self, notebooks: Mapping[str, NotebookNode]) -> set[str]:
        """Return the names of the written questions that have no answer."""
        questions = [
            question
            for name, released in self.plan.released.items()
            for question in questions_of(name, released.cells)
        ]
        cells = {name: notebook.cells for name, notebook in notebooks.items()}
        left = {(q.notebook, q.name) for q in blank(questions, cells, self.scans)}
        return {cell.name for cell in self.plan.manual if (cell.notebook, cell.grade_id) in left}

    def _unread(self, runs: Iterable[NotebookResult]) -> list[str]:
        """Say which files of the assignment are missing, or cannot be read."""
        modules = self.desk.assignment.config.student_modules
        return [f"{path}: missing" for path in modules if path not in self.submission.files] + [
            f"{run.name}.ipynb: {run.status}"
            for run in runs
            if run.status in ("missing", "unreadable")
        ]

    def _modules(self) -> dict[str, bytes]:
        """Return the course's modules with the student's own in the place of the skeletons."""
        own = self.desk.assignment.config.student_modules
        self.warnings += [ABSENT.format(path) for path in own if path not in self.submission.files]
        return self.plan.modules_with(self.submission.files, own)

    def _own_modules(self) -> dict[str, bytes]:
        """Return the modules that the student wrote, of those handed in."""
        paths = self.desk.assignment.config.student_modules
        return {path: self.modules[path] for path in paths if path in self.modules}

    def _worker(self, *, figures: bool, without: tuple[str, ...] = ()) -> Worker:
        modules = {**self.modules, **withheld(without)}
        worker = self.desk.zygote.worker(
            modules, self.limits, environment=self.plan.environment, figures=figures
        )
        if self.beside:
            try:
                lay_beside(worker, self.beside, self.desk.beside)
            except StudentError as error:
                self.warnings = list(dict.fromkeys([*self.warnings, NOT_BESIDE.format(error)]))
        return worker

    def _empty_worker(self) -> Worker:
        """Fork a worker that holds no submission."""
        return self.desk.zygote.worker({}, self.limits, figures=False)

    def _check_modules(self) -> None:
        workers: dict[tuple[str, ...], Worker] = {}
        try:
            for item in self.plan.checks:
                if item.uses_notebook:
                    continue
                worker = workers.get(item.without)
                if worker is None or not worker.alive:
                    worker = self._worker(figures=False, without=item.without)
                    workers[item.without] = worker
                self.outcomes[item.name] = self._check(item, worker)
        finally:
            for worker in workers.values():
                worker.close()

    def _check(self, item: Check, worker: Worker) -> Outcome:
        if self.clock.left <= 0:
            return self._not_reached()
        context = self._context(item, worker)
        seconds = min(context.seconds, self.clock.left)
        begin = time.monotonic()
        ran = run_check(item, replace(context, seconds=seconds))
        with self.clock.paused():  # the reference's time is not the student's
            ran = self.second_look.at(item, ran)
        self.timings.append((f"check {item.name}", time.monotonic() - begin))
        if worker.alive:
            with contextlib.suppress(StudentError):
                worker.forget()
        return ran.outcome

    def _context(self, item: Check, worker: Worker) -> Context:
        return Context(
            worker=worker,
            reference=self.plan.reference,
            modules=self.plan.modules,
            seed=check_seed(
                self.desk.key,
                self.desk.assignment.name,
                item.name,
                self.student,
                self.work,
            ),
            course_seed=course_seed(self.desk.key, self.desk.assignment.name, item.name),
            seconds=self.limits.check_seconds,
            outcomes=self.outcomes,
            reference_worker=self.desk.reference_worker,
        )

    def _notebook(
        self, name: str, released: NotebookNode
    ) -> tuple[NotebookResult, NotebookNode | None]:
        """Run one notebook with its checks; it comes back with outputs, None if there is none."""
        file = f"{name}.ipynb"
        checks = self.plan.checks_of(name)
        judged = [*checks, *(cell.name for cell in self.plan.tests_of(name))]
        try:
            restored = restore(read_cells(self.submission.notebooks[name], file), released)
        except KeyError:
            return self._absent(name, "missing", ABSENT.format(file), judged), None
        except SubmissionError as error:
            return self._absent(name, "unreadable", str(error), judged), None
        self.warnings += restored.warnings
        if not self.plan.execute:
            return NotebookResult(name=name, status="skipped"), restored.notebook

        return self._run_for(name, restored.notebook, checks), restored.notebook

    def _run_for(
        self, name: str, notebook: NotebookNode, checks: Mapping[str, Check]
    ) -> NotebookResult:
        """Run a notebook for its checks, and for the tests of its own that judge."""
        if self.plan.tests.get(name) is None:
            return self._judge(name, notebook, checks)
        judged = self._judge(name, notebook, checks) if checks else None
        ran = self._run_tests(name, notebook, shown=judged is None)
        return judged or ran

    def _judge(
        self, name: str, notebook: NotebookNode, checks: Mapping[str, Check]
    ) -> NotebookResult:
        """Run a notebook for its checks: what they need of it, or else all of it."""
        kept = take_outputs(notebook)
        slices = None
        if checks and not self.desk.whole:
            slices = slices_of(notebook, checks, self.plan.asked, self.modules, self.plan.given)
        if slices is not None:
            result = self._run_slices(name, notebook, checks, slices)
        elif checks or self.desk.whole:
            self.whole += checks
            result, _ = self._run(name, notebook, checks, None)
        else:
            result = NotebookResult(name=name, status="skipped")
        put_before(kept, notebook)
        return result

    def _run_slices(
        self, name: str, notebook: NotebookNode, checks: Mapping[str, Check], slices: Slices
    ) -> NotebookResult:
        result, failed = self._run(name, notebook, checks, slices.lines)
        doubtful = slices.doubtful(self.outcomes, failed)
        self.whole += doubtful
        self.sliced += [check for check in checks if check not in doubtful]
        if not doubtful:
            return result
        for check in doubtful:
            del self.outcomes[check]
        take_outputs(notebook)
        self.clock.give(result.seconds)
        again = {check: checks[check] for check in doubtful}
        return self._run(name, notebook, again, above(doubtful.values(), notebook))[0]

    def _run(
        self,
        name: str,
        notebook: NotebookNode,
        checks: Mapping[str, Check],
        lines: Lines | None,
    ) -> tuple[NotebookResult, Mapping[int, str]]:
        """Run cells of a notebook with checks; return how it went, and the cells that failed."""
        at = {item.grade_id: item for item in checks.values()}

        def at_cell(worker: Worker, cell: str) -> None:
            if item := at.get(cell):
                try:
                    worker.checkpoint()
                    self.outcomes[item.name] = self._check(item, worker)
                    if worker.alive:
                        worker.rollback()
                except StudentError as error:
                    broken = Outcome(0.0, "failed", error.cause, [error.message])
                    self.outcomes.setdefault(item.name, broken)

        run = NotebookRun(
            notebook, name, lambda: self._worker(figures=lines is None), at_cell,
            self.limits, self.clock, lines,
        )  # fmt: skip
        result = run.run()
        self.timings += [(f"{name}, cell {cell}", spent) for cell, spent in run.seconds.items()]
        for check in checks:
            self.outcomes.setdefault(check, self._not_reached())
        return result, run.failed

    def _run_tests(self, name: str, notebook: NotebookNode, *, shown: bool) -> NotebookResult:
        """Run all of a notebook for the tests in it that grade themselves.

        Checks have run before, in a worker that has not seen these tests.
        """
        kept = take_outputs(notebook)
        book = notebook if shown else copy.deepcopy(notebook)
        judge = Judge(self.plan.tests[name], self.outcomes, self.otherwise)
        run = NotebookRun(
            book, name, lambda: self._worker(figures=shown and self.desk.shown),
            lambda worker, cell: None, self.limits, self.clock, judge=judge,
        )  # fmt: skip
        result = run.run()
        self.timings += [(f"{name}, cell {cell}", spent) for cell, spent in run.seconds.items()]
        for cell in self.plan.tests[name].cells.values():
            self.outcomes.setdefault(cell.name, self._not_reached())
        put_before(kept, notebook)
        return result

    def _absent(
        self,
        name: str,
        status: Literal["missing", "unreadable"],
        reason: str,
        judged: Iterable[str],
    ) -> NotebookResult:
        self.outcomes.update(dict.fromkeys(judged, missing(reason)))
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
