"""``autograder collect``: downloads of learning platforms become ``submitted/``."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.course.clock import CourseClock, course_clock
from autograder.course.database import database_of
from autograder.course.folder import Assignment
from autograder.course.roster import read_roster
from autograder.errors import InstructorError
from autograder.gradebook.store import open_gradebook
from autograder.intake.collect import HandIn, contents, make_plan, write
from autograder.intake.downloaded import remember
from autograder.intake.downloads import Expected
from autograder.intake.left import Left
from autograder.intake.people import People, Student
from autograder.text import tidy


@dataclass(frozen=True)
class Row:
    """What became of one hand-in.

    Attributes
    ----------
    when : str
        When it was handed in, by the course's clock.
    files : str
        Where it came from.
    """

    student: str
    when: str
    files: str
    what: str


@dataclass
class Collected:
    """What became of every file of some downloads."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def collect(assignment: Assignment, downloads: Sequence[Path], *, dry_run: bool) -> Collected:
    """Put downloaded work into ``submitted/``, or only say what would become of it.

    Raises
    ------
    InstructorError
        A download is not there, or the roster is not as it must be.
    """
    for path in downloads:
        if not path.exists():
            raise InstructorError(
                f"collect: {path}: expected a downloaded file or folder, found nothing there."
            )
    clock, done = course_clock(assignment.course), Collected()
    with ExitStack() as opened:
        people = people_of(assignment)
        plan = make_plan(downloads, expected(assignment, people), people, clock.zone, opened)
        done.left += plan.left
        for hand_in in plan.hand_ins:
            done.rows.append(_carry_out(assignment, hand_in, clock, done.left, dry_run=dry_run))
            done.notes += [f"{hand_in.student}: {note}" for note in hand_in.notes]
    if not dry_run:
        remember(assignment, downloads, done.left)
    return done


def _carry_out(
    assignment: Assignment, hand_in: HandIn, clock: CourseClock, left: list[Left], *, dry_run: bool
) -> Row:
    folder = assignment.submitted(hand_in.student)
    when = hand_in.time
    shown = (
        f"{when.astimezone(clock.zone):%Y-%m-%d %H:%M %Z}" if isinstance(when, datetime) else when
    )
    if dry_run:
        number = len(contents(hand_in, left))
        what = f"{number} files to {assignment.course.shown(folder)}"
    else:
        kept = assignment.course.root / "downloaded" / assignment.name / "replaced"
        what = write(hand_in, folder, kept, left).replace(f"{assignment.course.root}/", "")
    return Row(hand_in.student, shown or "", hand_in.wheres, what)


def expected(assignment: Assignment, people: People) -> Expected:
    """Return what is known of an assignment's downloads before they are opened."""
    names = [path.name for path in assignment.notebooks]
    files = (*assignment.config.student_modules, *names)
    return Expected(assignment.name, files, people.ids)


def people_of(assignment: Assignment) -> People:
    """Return who may hand in: of the gradebook, of ``roster.toml``, and who has before."""
    course = assignment.course
    students: dict[str, Student] = {
        name: Student(name)
        for path in course.submitted.glob("*/*")
        if (name := tidy(path.parent.name)) == path.parent.name
        and name not in course.assignment_names()
    }
    if database_of(course).exists:
        with open_gradebook(course) as gradebook:
            for row in gradebook.students:
                students[row.id] = Student(
                    row.id,
                    row.first_name or "",
                    row.last_name or "",
                    row.email or "",
                    row.lms_user_id or "",
                )
    roster = read_roster(course)
    groups = roster.groups.get(assignment.name, {})
    return People(students.values(), roster.platform_ids, groups)
