"""The result of grading one submission: what ``--json`` writes and all reports read."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from autograder.text import plain, points

if TYPE_CHECKING:  # a second to import
    from nbformat.notebooknode import NotebookNode

SCHEMA_VERSION: Literal[1] = 1

Status = Literal["passed", "partial", "failed", "skipped", "error"]
Cause = Literal["timeout", "memory", "crash", "import", "missing", "prerequisite", "exception"]

Judged = Literal["behind the wall", "in the notebook"]
"""By a check that the submission cannot see, or by a cell's own code in the student's process."""

Text = Annotated[str, AfterValidator(plain)]
"""Text a submission may have had a hand in: without escapes and control characters, not endless."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class SandboxReport(_Part):
    """Behind which wall the submission ran."""

    level: Literal["A", "B", "C", "D"]
    features: list[str]


class CheckResult(_Part):
    """The verdict of one check."""

    name: str
    notebook: str
    description: Text = ""
    score: float
    max_score: float
    status: Status
    cause: Cause | None = None
    explanations: list[Text] = []
    warnings: list[Text] = []
    functions: list[str] = []
    """What of the student's modules it looked at, as ``cs_lib/layers.py:affine_forward``."""
    seconds: float = 0.0
    judged: Judged = "behind the wall"
    nbgrader: str | None = None
    """What ``nbgrader autograde`` makes of the same cell, and why, where that is another thing."""


class NotebookResult(_Part):
    """How the run of one notebook went."""

    name: str
    status: Literal["ok", "error", "timeout", "missing", "unreadable", "skipped"]
    seconds: float = 0.0
    error: Text | None = None


class ManualCell(_Part):
    """A written question, graded by a person.

    ``blank`` where neither the notebook nor a scan named after it holds an answer.
    """

    name: str
    notebook: str
    max_score: float
    blank: bool = False


class Result(_Part):
    """One submission, graded.

    ``score`` and ``max_score`` count the automatically graded cells; extra
    credit is a cell with ``max_score`` 0.  ``key`` stands for all that the
    result came from: submission, checks, configuration, release and seed.
    """

    schema_version: Literal[1] = SCHEMA_VERSION
    assignment: str
    student: Text
    score: float
    max_score: float
    seconds: float
    key: str = ""
    sandbox: SandboxReport | None = None
    checks: list[CheckResult] = []
    notebooks: list[NotebookResult] = []
    manual: list[ManualCell] = []
    unread: list[Text] = []
    """Files that were to be handed in and are missing, or cannot be read."""
    warnings: list[Text] = []

    @property
    def percent(self) -> float:
        """Points of the automatic part in percent, 100 where there are none."""
        return 100.0 * self.score / self.max_score if self.max_score else 100.0


def verdict(check: CheckResult) -> list[str]:
    """Return what a check found as lines of text: points first, then why."""
    earned = f"{points(check.score)} of {points(check.max_score)} points"
    return [f"{check.name}: {check.status}, {earned}", *check.explanations, *check.warnings]


@dataclass(frozen=True)
class Graded:
    """A graded submission.

    Attributes
    ----------
    notebooks : dict of str to NotebookNode
        The notebooks by name, restored, with outputs and verdicts.
    attachments : dict of str to bytes
        The files handed in beside them, as people may see them: pictures drawn anew.
    alerts : list of str
        Mistakes in checks, for the staff only: they may tell expected values.
    sliced, run_whole : list of str
        The checks on notebook code that were judged after what they need of it, and those
        judged after all of it.
    timings : list of (str, float)
        What was done, and how many seconds it took.
    """

    result: Result
    notebooks: "dict[str, NotebookNode]" = field(default_factory=dict)
    attachments: dict[str, bytes] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    sliced: list[str] = field(default_factory=list)
    run_whole: list[str] = field(default_factory=list)
    timings: list[tuple[str, float]] = field(default_factory=list)
