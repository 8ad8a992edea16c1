"""The grading that ``nbgrader autograde`` does: one warm grader for a whole run."""

import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.course.folder import Assignment, Course
from autograder.course.key import assignment_key
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.gradebook.record import fill_gradebook, store_for
from autograder.intake import select
from autograder.intake.digest import course_digest, result_key
from autograder.intake.select import Submission
from autograder.intake.submitted import handed_in
from autograder.results import Graded

Resources = dict[str, Any]


class Session:
    """The grading that one converter does: a warm grader, and the work in hand."""

    def __init__(self, assignment: Assignment, converter: Autograde) -> None:
        self.assignment = assignment
        self.key = assignment_key(assignment, converter.log.warning)
        self.course = course_digest(assignment, self.key)
        self.grader = Grader(assignment, Settings(self.key))
        self._members = handed_in(assignment).shares
        self._handed_in = {
            member: student for student, members in self._members.items() for member in members
        }
        self._work: Work | None = None
        weakref.finalize(converter, self.grader.close)

    def graded(self, student: str) -> Graded:
        """Return what counts for a student, graded once for all notebooks and the whole group."""
        return self.work_of(student).graded

    def record(self, student: str) -> None:
        """Write the verdicts for all whose work it is, in the place of nbgrader's."""
        work = self.work_of(student)
        members = self._members.get(work.student, (work.student,))
        folder = self.assignment.submitted(work.student)
        store_for(members, self.assignment, work.submission, work.graded, folder)
        fill_gradebook(self.assignment, members, again=True)

    def work_of(self, student: str) -> "Work":
        student = self._handed_in.get(student, student)
        if self._work is None or self._work.student != student:
            folder = self.assignment.submitted(student)
            submission = select.read_or_say_why(folder, self.assignment)
            graded = self.grader.grade(submission, student)
            graded.result.key = result_key(submission, self.course)
            self._work = Work(student, submission, graded)
        return self._work


@dataclass(frozen=True)
class Work:
    """A graded submission, and who handed it in."""

    student: str
    submission: Submission
    graded: Graded


_sessions: weakref.WeakKeyDictionary[Autograde, Session] = weakref.WeakKeyDictionary()


def session(preprocessor: NbGraderPreprocessor, resources: Resources) -> Session:
    """Return the grading session that a preprocessor's converter has of an assignment."""
    return session_of(preprocessor.parent.parent, resources["nbgrader"]["assignment"])


def session_of(converter: Autograde, name: str) -> Session:
    """Return a converter's grading session."""
    assignment = Assignment(Course(Path(converter.coursedir.root)), name)
    found = _sessions.get(converter)
    if found is None or found.assignment.name != name:
        found = _sessions[converter] = Session(assignment, converter)
    return found
