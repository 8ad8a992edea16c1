"""Grade a whole course's submissions of one assignment.

Several processes grade, one writes.  A result is written when it is there, so a
run that was killed goes on where it stopped, and a second run grades what has
changed.  The gradebook is filled last, in one transaction.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from autograder import intake
from autograder.course import Assignment
from autograder.digest import course_digest, result_key
from autograder.errors import AutograderError, InstructorError, SubmissionError
from autograder.grade import Graded
from autograder.gradebook import make_rows
from autograder.intake import Submission
from autograder.jobs import Setup, grade_job
from autograder.records import fill_gradebook, read_result, store
from autograder.results import Result
from autograder.sandbox import Level
from autograder.supervise import Executor
from autograder.text import one_line

Work = tuple[str, Submission]
"""A student and what was submitted."""


@dataclass(frozen=True)
class Options:
    """How a course is graded.

    Attributes
    ----------
    students : tuple of str
        Grade these alone; all by default.
    jobs : int, optional
        Submissions graded at a time; by default one for each core.
    force : bool
        Grade again what has not changed.
    """

    key: bytes
    students: tuple[str, ...] = ()
    jobs: int | None = None
    force: bool = False
    level: Level | None = None
    allow_unsafe: bool = False
    executor: Executor = "inprocess"


@dataclass
class Summary:
    """What a course run did.

    Attributes
    ----------
    results : list of Result
        Of every student, graded now or before.
    graded : list of str
        Students whose work was graded in this run.
    unreadable : dict of str to str
        Student and reason; they have a zero.
    alerts : list of str
        For the staff: mistakes in checks, and what could not be graded.
    """

    results: list[Result] = field(default_factory=list)
    graded: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)


Progress = Callable[[int, int], None]
"""Called with the number of submissions done and of all."""
Keep = Callable[[Submission, Graded, str], None]
"""Called with each submission, graded, and the key of its result."""


def grade_course(
    assignment: Assignment, options: Options, progress: Progress = lambda done, total: None
) -> Summary:
    """Grade all submissions of an assignment into results, autograded/ and the gradebook.

    Raises
    ------
    InstructorError
        The assignment is not as it must be, or nothing was submitted.
    SandboxUnavailable
        This machine cannot run hidden checks safely.
    """
    students = submitted(assignment, options.students)
    make_rows(assignment)

    def keep(submission: Submission, graded: Graded, key: str) -> None:
        store(assignment, submission, graded, key)

    summary = grade_changed(assignment, students, options, keep, progress)
    fill_gradebook(assignment, students)
    summary.results = [
        result for student in students if (result := read_result(assignment, student))
    ]
    return summary


def grade_changed(
    assignment: Assignment,
    students: list[str],
    options: Options,
    keep: Keep,
    progress: Progress,
) -> Summary:
    """Grade those submissions whose result is missing or out of date, and keep each."""
    run = _Run(assignment, options, keep, progress, total=len(students))
    run.grade(students)
    return run.summary


def submitted(assignment: Assignment, students: tuple[str, ...] = ()) -> list[str]:
    """Return the students who submitted something, sorted; of ``students`` all must have.

    Raises
    ------
    InstructorError
        Nobody has, or one of the students has not.
    """
    shown = assignment.course.shown(assignment.submitted("*"))
    names = [path.parent.name for path in assignment.course.submitted.glob(f"*/{assignment.name}")]
    # A name that cannot be shown as it is would not be found again under the name that is shown.
    found = sorted(name for name in names if name == one_line(name) and not name.startswith("."))
    for student in students:
        if student not in found:
            raise InstructorError(
                f'{shown}: expected a submission of "{student}", found none. '
                f"There are {len(found)} others."
            )
    if not found:
        raise InstructorError(
            f"{shown}: expected submissions, found none. Collect them, or put each into "
            f"{assignment.course.shown(assignment.submitted('STUDENT'))}."
        )
    return list(students) or found


class _Run:
    """One run over a course: hands out submissions, takes in what was graded."""

    def __init__(
        self,
        assignment: Assignment,
        options: Options,
        keep: Keep,
        progress: Progress,
        *,
        total: int,
    ) -> None:
        self.assignment = assignment
        self.options = options
        self.keep = keep
        self.progress = progress
        self.total = total
        self.done = 0
        self.summary = Summary()
        self.course = course_digest(assignment, options.key)
        self.setup = Setup(
            assignment.course.root,
            assignment.name,
            options.key,
            options.level,
            options.allow_unsafe,
            options.executor,
        )

    def grade(self, students: list[str]) -> None:
        # A process that grades and dies takes its neighbours' work with it: each gets a process
        # of its own then, so that the one at fault is found and the others are graded.
        for work in self._grade_in(
            self.options.jobs or os.cpu_count() or 1, self._changed(students)
        ):
            for student, _ in self._grade_in(1, [work]):
                self.summary.alerts.append(
                    f"{student}: not graded: the process that grades died, twice. "
                    f"Look at submitted/{student}/{self.assignment.name}, and at the memory."
                )
                self._step()

    def _changed(self, students: list[str]) -> Iterator[Work]:
        for student in students:
            try:
                submission = intake.read(self.assignment.submitted(student), self.assignment)
            except SubmissionError as error:
                self.summary.unreadable[student] = str(error)
                submission = Submission(problems=[str(error)])
            if self._unchanged(student, result_key(submission, self.course)):
                self._step()
            else:
                yield student, submission

    def _unchanged(self, student: str, key: str) -> bool:
        result = None if self.options.force else read_result(self.assignment, student)
        return (
            result is not None
            and result.key == key
            and all(check.status != "error" for check in result.checks)
        )

    def _grade_in(self, jobs: int, todo: Iterable[Work]) -> list[Work]:
        """Grade in processes; return what was lost when one of them died."""
        running: dict[Future[Graded], Work] = {}
        lost: list[Work] = []
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(jobs, mp_context=context) as pool:
            for work in todo:
                try:
                    running[pool.submit(grade_job, self.setup, *work)] = work
                except BrokenProcessPool:
                    lost.append(work)
                if len(running) >= 2 * jobs:  # enough to keep all busy, not all in memory
                    lost += self._collect(running)
            while running:
                lost += self._collect(running)
        return lost

    def _collect(self, running: dict[Future[Graded], Work]) -> list[Work]:
        """Take in what has been graded; return what was lost."""
        lost = []
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            work = running.pop(future)
            try:
                self._take(work, future.result())
            except BrokenProcessPool:
                lost.append(work)
            except AutograderError:
                raise
            except Exception as error:  # a fault of ours must not stop the others
                self.summary.alerts.append(f"{work[0]}: not graded: {error!r}. Report this.")
                self._step()
        return lost

    def _take(self, work: Work, graded: Graded) -> None:
        student, submission = work
        self.keep(submission, graded, result_key(submission, self.course))
        self.summary.graded.append(student)
        self.summary.alerts += [f"{student}: {alert}" for alert in graded.alerts]
        self._step()

    def _step(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)
