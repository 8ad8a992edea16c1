"""The pytest plug-in: a submission's checks as pytest items.

    pytest --autograder-assignment A --autograder-submission DIR

One item a check, named as in our JUnit file: ``A::notebook::check``.  The submission is graded
when the first item runs, for the checks that are selected.  Loaded by every pytest of the
environment: nothing of the kit is imported until it is asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from autograder.results import CheckResult, Result

ASSIGNMENT, SUBMISSION = "--autograder-assignment", "--autograder-submission"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("autograder", "grade a submission")
    group.addoption(ASSIGNMENT, metavar="ASSIGNMENT", help="of the course in this folder")
    group.addoption(SUBMISSION, metavar="DIR|ZIP|TAR|IPYNB", help="what to grade")


def pytest_configure(config: pytest.Config) -> None:
    """Note what is to be graded."""
    assignment, submission = config.getoption(ASSIGNMENT), config.getoption(SUBMISSION)
    if bool(assignment) != bool(submission):
        raise pytest.UsageError(f"expected both {ASSIGNMENT} and {SUBMISSION}, got one of them.")
    if assignment:
        config.stash[_GRADING] = _Grading(assignment, Path(submission), config)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Collect no tests of the folder beside: a submission is graded, and nothing else."""
    return True if _GRADING in config.stash else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add an item for each check."""
    if (grading := config.stash.get(_GRADING, None)) is not None:
        items += grading.items(session)


class _Grading:
    """The grading of one submission: done once, when the first item asks for its verdict."""

    def __init__(self, assignment: str, submission: Path, config: pytest.Config) -> None:
        from autograder.course.folder import Course
        from autograder.errors import AutograderError

        self.submission = submission
        try:
            course = Course.here(config.invocation_params.dir)
            self.assignment = course.assignment(assignment)
        except AutograderError as error:
            raise pytest.UsageError(str(error)) from None
        self._verdicts: dict[str, CheckResult] | None = None

    def items(self, session: pytest.Session) -> list[pytest.Item]:
        """Return an item for each check, below its notebook."""
        from autograder.checks.status import PEOPLE, status
        from autograder.errors import AutograderError

        try:
            rows = [row for row in status(self.assignment) if row.how != PEOPLE]
        except AutograderError as error:
            raise pytest.UsageError(str(error)) from None
        top = _Part.from_parent(session, name=self.assignment.name, nodeid=self.assignment.name)
        parts = {
            name: _Part.from_parent(top, name=name)
            for name in dict.fromkeys(r.notebook for r in rows)
        }
        return [
            _CheckItem.from_parent(
                parts[row.notebook], name=row.name, grading=self, check=row.check or row.name
            )
            for row in rows
        ]

    def verdict(self, item: _CheckItem) -> CheckResult:
        """Return what became of a check; the first call grades all that are selected."""
        if self._verdicts is None:
            self._verdicts = self._graded(
                [other.check for other in item.session.items if isinstance(other, _CheckItem)]
            )
        return self._verdicts[item.name]

    def _graded(self, checks: list[str]) -> dict[str, CheckResult]:
        from autograder.course.key import assignment_key
        from autograder.errors import AutograderError, SandboxUnavailable
        from autograder.grade.settings import Settings
        from autograder.grade.single import grade_one

        key = assignment_key(self.assignment, lambda text: None, alone=True)
        kept: list[Result] = []
        settings = Settings(key, only=tuple(checks))
        student = self.submission.stem
        try:
            grade_one(self.assignment, self.submission, student, settings, kept.append)
        except SandboxUnavailable:
            raise
        except AutograderError:  # an unreadable submission, a check's mistake: both have a result
            if not kept:
                raise
        return {check.name: check for check in kept[0].checks}


class _Part(pytest.Collector):
    """An assignment or a notebook, as a step in the name of an item."""

    def collect(self) -> list[pytest.Item]:
        return []


class _CheckItem(pytest.Item):
    """One check of the submission."""

    def __init__(self, *, grading: _Grading, check: str, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.grading = grading
        self.check = check

    def setup(self) -> None:
        """Grade; a check that ended in a mistake of its own is pytest's error."""
        self.found = self.grading.verdict(self)
        self.user_properties += [
            ("points", self.found.score),
            ("max_points", self.found.max_score),
            ("judged", self.found.judged),
        ]
        if self.found.status == "error":
            raise _Verdict(self.found)
        if self.found.status == "skipped":
            pytest.skip("; ".join(self.found.explanations))

    def runtest(self) -> None:
        if self.found.status != "passed":
            raise _Verdict(self.found)

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        """Return what the check found as text: points first, then why."""
        from autograder.results import verdict

        if isinstance(excinfo.value, _Verdict):
            return "\n".join(verdict(excinfo.value.check))
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.grading.submission, None, f"{self.parent and self.parent.name}: {self.name}"


class _Verdict(Exception):
    """A check that has not passed."""

    def __init__(self, check: CheckResult) -> None:
        super().__init__(check.name)
        self.check = check


_GRADING = pytest.StashKey[_Grading]()
