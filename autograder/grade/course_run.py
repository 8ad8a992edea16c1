"""Grade a whole course's submissions of one assignment.

Several processes grade, one writes.  A result is written when it is there, so a
run that was killed goes on where it stopped, and a second run grades what has
changed.  The gradebook is filled last, in one transaction.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from autograder.course.extras import demand
from autograder.course.folder import Assignment
from autograder.errors import OF_THE_DISK, AutograderError, InstructorError
from autograder.grade.pools import Pool, Pools, lone_pool, pool_of
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import fill_gradebook, read_result, remove_drafts, store_for
from autograder.gradebook.store import make_rows
from autograder.gradebook.turn import turn
from autograder.intake import select
from autograder.intake.digest import course_digest, result_key
from autograder.intake.downloaded import not_collected
from autograder.intake.left import Left
from autograder.intake.select import Submission
from autograder.intake.submitted import HandedIn, handed_in
from autograder.results import Graded, Result

MOST_LINES = 20
Work = tuple[str, Submission]
"""A student and what was submitted."""


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
    warnings : list of str
        For the staff: work that lay nearly in its place, times that cannot be read.
    ignored : list of Left
        What was found in ``submitted/``, ``downloaded/`` and in submissions, and is not graded.
    """

    results: list[Result] = field(default_factory=list)
    graded: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    ignored: list[Left] = field(default_factory=list)


Progress = Callable[[int, int], None]
"""Called with the number of submissions done and of all."""
Works = dict[str, tuple[str, ...]]
"""The student who handed in, and all whose work it is."""
Keep = Callable[[str, Submission, Graded], None]
"""Called with each student, submission, and what became of it."""


def grade_course(
    assignment: Assignment, settings: CourseSettings, progress: Progress = lambda done, total: None
) -> Summary:
    """Grade all submissions of an assignment into results, autograded/ and the gradebook.

    Raises
    ------
    InstructorError
        The assignment is not as it must be, or nothing was submitted.
    SandboxUnavailable
        This machine cannot run hidden checks safely.
    """
    demand(assignment.name, assignment.config.requirements)
    with turn(assignment):
        return _grade_course(assignment, settings, progress)


def _grade_course(assignment: Assignment, settings: CourseSettings, progress: Progress) -> Summary:
    found = handed_in(assignment)
    works = submitted(found, settings.students)
    make_rows(assignment)
    remove_drafts(assignment)

    def keep(student: str, submission: Submission, graded: Graded) -> None:
        store_for(works[student], assignment, submission, graded, found.paths[student])

    summary = grade_changed(found, works, settings, keep, progress)
    members = sorted(member for group in works.values() for member in group)
    fill_gradebook(assignment, members)
    summary.warnings += found.warnings(works)
    summary.ignored[:0] = [*found.left, *not_collected(assignment)]
    summary.results = [result for member in members if (result := read_result(assignment, member))]
    return summary


def grade_changed(
    found: HandedIn,
    works: Works,
    settings: CourseSettings,
    keep: Keep,
    progress: Progress,
) -> Summary:
    """Grade those submissions whose result is missing or out of date, and keep each."""
    run = _Run(found, works, settings, keep, progress)
    run.grade()
    return run.summary


def submitted(found: HandedIn, wanted: tuple[str, ...] = ()) -> Works:
    """Return the submissions to grade: all, or those of some students.

    Raises
    ------
    InstructorError
        There is none, or one of the students has none.
    """
    assignment, works = found.assignment, found.shares
    shown = assignment.course.shown(assignment.submitted("*"))
    if not works:
        raise InstructorError(_nothing_submitted(found))
    of_student = found.graded_as
    for student in wanted:
        if student not in of_student:
            raise InstructorError(
                f'{shown}: expected a submission of "{student}", found none. '
                f"There are {len(works)} others."
            )
    chosen = {of_student[student] for student in wanted}
    return {
        student: members for student, members in works.items() if not wanted or student in chosen
    }


def _nothing_submitted(found: HandedIn) -> str:
    assignment, course = found.assignment, found.assignment.course
    nobodys = [*found.left, *not_collected(assignment)]
    lines = [str(left) for left in nobodys if not left.expected]
    return (
        f"{course.shown(assignment.submitted('*'))}: expected submissions, found none. "
        f"Collect them, or put each into {course.shown(assignment.submitted('STUDENT'))}."
        + "".join(f"\n{line}" for line in lines[:MOST_LINES])
    )


class _Run:
    """One run over a course: hands out submissions, takes in what was graded."""

    def __init__(
        self,
        found: HandedIn,
        works: Works,
        settings: CourseSettings,
        keep: Keep,
        progress: Progress,
    ) -> None:
        self.found = found
        self.assignment = assignment = found.assignment
        self.works = works
        self.settings = settings
        self.keep = keep
        self.progress = progress
        self.done = 0
        self.summary = Summary()
        self.course = course_digest(assignment, settings.key)

    def grade(self) -> None:
        # A process that grades and dies takes its neighbours' work with it: each of these gets
        # a process of its own then, so that the one at fault is found. The others go on.
        todo = self._changed()
        while lost := self._grade_in(pool_of(self.assignment, self.settings), todo):
            for work in lost:
                alone = lone_pool(self.assignment, self.settings)
                for student, _ in self._grade_in(alone, iter([work])):
                    self.summary.alerts.append(
                        f"{student}: not graded: the process that grades died, twice. "
                        f"Look at submitted/{student}/{self.assignment.name}, and at the memory."
                    )
                    self._step()

    def _changed(self) -> Iterator[Work]:
        for student in self.works:
            submission = select.read_or_say_why(self.found.paths[student], self.assignment)
            if submission.unreadable:
                self.summary.unreadable[student] = submission.unreadable
            folder = self.assignment.course.shown(self.found.paths[student])
            self.summary.ignored += [left.below(folder) for left in submission.left]
            if self._unchanged(student, result_key(submission, self.course)):
                self._step()
            else:
                yield student, submission

    def _unchanged(self, student: str, key: str) -> bool:
        if self.settings.force:
            return False
        results = [read_result(self.assignment, member) for member in self.works[student]]
        return all(
            result is not None
            and result.key == key
            and all(check.status != "error" for check in result.checks)
            for result in results
        )

    def _grade_in(self, pools: Pools, todo: Iterator[Work]) -> list[Work]:
        """Grade in processes until one of them dies; return what was lost then."""
        running: dict[Future[Graded], Work] = {}
        lost: list[Work] = []
        with pools as pool:
            for work in todo:
                try:
                    running[pool.submit(*work)] = work
                except BrokenProcessPool:
                    lost.append(work)
                if len(running) >= pool.at_once:
                    lost += self._collect(running, pool)
                if lost:
                    break
            while running:
                lost += self._collect(running, pool)
            self.summary.warnings += (n for n in pool.notes if n not in self.summary.warnings)
        return lost

    def _collect(self, running: dict[Future[Graded], Work], pool: Pool) -> list[Work]:
        """Take in what has been graded; return what was lost."""
        lost = []
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            work = running.pop(future)
            try:
                error = future.exception()
            except CancelledError:
                raise pool.gone() from None
            if error is None:
                self._take(work, future.result())
            elif pool.lost(error):
                lost.append(work)
            elif isinstance(error, AutograderError):
                raise error
            else:  # a fault of ours must not stop the others
                self.summary.alerts.append(f"{work[0]}: not graded: {error!r}. Report this.")
                self._step()
        return lost

    def _take(self, work: Work, graded: Graded) -> None:
        student, submission = work
        graded.result.key = result_key(submission, self.course)
        try:
            self.keep(student, submission, graded)
        except OSError as error:
            if error.errno in OF_THE_DISK:
                raise
            where = error.filename or f"results of {student}"
            self.summary.alerts.append(
                f"{student}: graded, but not kept: {where}: {error.strerror}. Put right what lies "
                "there, and run the command again."
            )
        else:
            self.summary.graded.append(student)
        self.summary.alerts += [f"{student}: {alert}" for alert in graded.alerts]
        self._step()

    def _step(self) -> None:
        self.done += 1
        self.progress(self.done, len(self.works))
