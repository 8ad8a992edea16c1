"""``nbgrader zip_collect`` on whole submissions: notebooks, ``cs_lib`` and scans.

nbgrader's own plug-ins collect notebooks alone, unpack whatever an archive claims to hold,
and stop everybody at one student's second attempt.  These do what ``autograder collect`` does.
"""

import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import Unicode

from autograder.course.clock import CourseClock, course_clock
from autograder.course.folder import Assignment, Course
from autograder.gradebook.collected import expected, people_of
from autograder.intake.collect import make_plan, write
from autograder.intake.downloaded import remember
from autograder.intake.downloads import Expected
from autograder.intake.people import People
from autograder.intake.platforms import Named, by_id


class SafeExtractor(ExtractorPlugin):
    """Unpacks each student's latest hand-in into a folder of the student's id; names the rest."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        assignment, wanted, people, clock = self._known()
        with ExitStack() as opened:
            plan = make_plan([Path(archive_path)], wanted, people, clock.zone, opened)
            for hand_in in plan.hand_ins:
                folder = Path(extracted_path) / hand_in.student
                write(hand_in, folder, folder.with_name(".replaced"), plan.left)
                for note in hand_in.notes:
                    self.log.warning("%s: %s", hand_in.student, note)
        remember(assignment, [Path(archive_path)], plan.left)
        for left in plan.left:
            if not left.expected:
                self.log.warning("Not collected: %s", left)

    def _known(self) -> tuple[Assignment, Expected, People, CourseClock]:
        coursedir = self.parent.coursedir
        assignment = Assignment(Course(Path(coursedir.root)), coursedir.assignment_id)
        if (assignment.folder / "assignment.toml").exists():
            people, clock = people_of(assignment), course_clock(assignment.course)
            wanted = expected(assignment, people)
        else:
            released = Path(
                coursedir.format_path(coursedir.release_directory, ".", assignment.name)
            )
            names = tuple(path.name for path in released.glob("*.ipynb"))
            people, clock = People(), course_clock(assignment.course)
            wanted = Expected(assignment.name, names)
        own = SubmissionFolders(parent=self.parent).reader(assignment.name)
        return assignment, replace(wanted, reads=own), people, clock


class SubmissionFolders(FileNameCollectorPlugin):
    """Takes every file of a submission, from the folders that `SafeExtractor` made."""

    named_regexp = Unicode(
        "",
        help="Where the names of archives tell the student in another way than platforms' "
        "downloads and ids do: matched from the start of an archive's name, after the name of the "
        "assignment if it begins with that. Gives student_id, and timestamp where there is one.",
    ).tag(config=True)

    def reader(self, assignment: str) -> Any:
        """Return the course's own reading of names, None if it has none."""
        if not self.named_regexp:
            return None

        def read(path: str) -> Named | None:
            name = PurePosixPath(path).name.removeprefix(f"{assignment}_")
            found = re.match(self.named_regexp, name)
            if found is None:
                return None
            groups = found.groupdict()
            when = groups.get("timestamp") or ""
            if re.fullmatch(r"\d{4}-\d\d-\d\d", when):
                when += " 00:00"  # as nbgrader reads a day
            who = groups["student_id"]
            return replace(by_id(path), person=who, names=(who,), fallback=who, when=when)

        return read

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        extracted = Path(self.parent._format_collect_path(self.parent.extracted_directory))
        student, *inside = Path(submitted_file).relative_to(extracted).parts
        return {"student_id": student, "file_id": "/".join(inside)}
