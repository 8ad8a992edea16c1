"""What a worker of a Dask cluster does: it sees whether it can grade, and grades.

Everything here runs on another machine than the course folder's.
"""

import enum
import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import sandbox
from autograder.errors import InstructorError
from autograder.grade.parcel import Parcel, unpack
from autograder.grade.processes import Job, grade_job
from autograder.grade.settings import Settings
from autograder.intake.digest import LIBRARIES, engine_digest
from autograder.intake.select import Submission
from autograder.results import Graded

if TYPE_CHECKING:
    from distributed import Worker

ONE_AT_A_TIME = "autograder"
"""The resource of which every worker has one: a check seeds NumPy for the whole process."""


class State(enum.Enum):
    """What a worker says of an assignment."""

    READY = "ready"
    LACKS = "lacks the assignment"


@dataclass(frozen=True)
class RemoteJob:
    """What a worker has to know before it can grade, but for the parcel itself."""

    assignment: str
    digest: str
    settings: Settings

    @property
    def resources(self) -> dict[str, float]:
        """What a submission takes of a worker while it is graded."""
        return {ONE_AT_A_TIME: 1, f"{ONE_AT_A_TIME} {self.digest}": 1}


def versions() -> dict[str, str]:
    """Return what must be the same on two machines for the same verdicts."""
    found = {"Python": ".".join(platform.python_version_tuple()[:2])}
    for library in LIBRARIES:
        try:
            found[library] = importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:
            found[library] = "none"
    return {**found, "the kit's files": engine_digest()}


async def prepare(
    job: RemoteJob, wanted: Mapping[str, str], content: bytes | None, dask_worker: "Worker"
) -> State:
    """See whether this worker can grade, unpack what came, and take submissions from now on.

    Raises
    ------
    InstructorError
        This machine has another Python, kit or library.
    SandboxUnavailable
        This machine does not give the sandbox level that is asked for.
    """
    found = versions()
    other = [
        f"{name} {found[name]} for {wanted[name]}" for name in wanted if found[name] != wanted[name]
    ]
    if other:
        raise InstructorError(
            f"expected the versions of the machine with the course, got {', '.join(other)}. "
            "Install the same there: verdicts hang on it."
        )
    sandbox.choose(job.settings.level, allow_unsafe=job.settings.allow_unsafe)
    cache = _cache(dask_worker)
    if content is not None:
        unpack(Parcel(job.assignment, job.digest, content), cache)
    elif not (cache / job.digest).is_dir():
        return State.LACKS
    await dask_worker.set_resources(**job.resources)
    _profile_no_more(dask_worker)
    return State.READY


def _profile_no_more(worker: "Worker") -> None:
    """Stop Dask's profiler: it looks a hundred times a second, at the cost of the grading."""
    for name in ("profile", "profile-cycle"):
        if callback := worker.periodic_callbacks.get(name):
            callback.stop()


def grade(job: RemoteJob, student: str, submission: Submission) -> Graded:
    """Grade a submission on this worker."""
    from distributed import get_worker

    root = _cache(get_worker()) / job.digest
    return grade_job(Job(root, job.assignment, job.settings), student, submission)


def _cache(worker: "Worker") -> Path:
    return Path(worker.local_directory) / "autograder"
