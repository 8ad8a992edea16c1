"""A Dask cluster as the processes of a course run.

Its machines need the kit and the packages of this one, and no course folder: the
assignment travels to each worker once, submissions and results travel as they come.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from autograder.course.folder import Assignment
from autograder.errors import AutograderError, InstructorError, SandboxUnavailable
from autograder.grade import remote
from autograder.grade.parcel import Parcel, pack
from autograder.grade.settings import Settings
from autograder.intake.select import Submission
from autograder.results import Graded

if TYPE_CHECKING:
    import distributed
    from distributed import Client

LOOK_SECONDS = 1.0
"""How often new workers are looked for."""
PATIENCE_SECONDS = 60.0
"""How long a run waits for a worker where none is left."""


@contextmanager
def dask_cluster(
    address: str, assignment: Assignment, settings: Settings
) -> Iterator["ClusterPool"]:
    """Give a Dask cluster as a pool.

    Parameters
    ----------
    address : str
        Of the scheduler, as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    InstructorError
        Dask is not installed, nothing answers at the address, or no worker can grade.
    SandboxUnavailable
        No worker gives the sandbox level that is asked for.
    """
    with _client(address) as client:
        pool = ClusterPool(client, address, pack(assignment), settings)
        try:
            yield pool
        finally:
            pool.close()


def _client(address: str) -> "Client":
    try:
        from distributed import Client
    except ImportError:
        raise InstructorError(
            "--dask: expected Dask to be installed, found it is not. "
            "Run `pip install distributed` here and on the cluster."
        ) from None
    try:
        return Client(address)
    except (OSError, ValueError) as error:
        raise InstructorError(
            f'--dask: expected a scheduler at "{address}", got: {error}. '
            "Start one with `dask scheduler`, and workers with `dask worker`."
        ) from None


TRIES = 3
"""How often work is handed out again whose workers are gone."""


class WorkersDied(Exception):
    """The workers that graded a submission have died, one after the other."""


@dataclass(eq=False)
class _Task:
    """A submission that is handed out."""

    student: str
    submission: Submission
    answer: Future[Graded] = field(default_factory=Future)
    on_cluster: "distributed.Future | None" = None
    tries: int = 0


@dataclass(frozen=True)
class Refusal:
    """Why a worker of the cluster does not grade."""

    reason: str
    level: bool


class ClusterPool:
    """Those workers of a cluster that can grade an assignment, also those that come later."""

    def __init__(self, client: "Client", address: str, parcel: Parcel, settings: Settings) -> None:
        self._client = client
        self._address = address
        self._parcel = parcel
        self._settings = settings
        self._job = remote.RemoteJob(parcel.assignment, parcel.digest, settings)
        self._ready: set[str] = set()
        self._refused: dict[str, Refusal] = {}
        self._tasks: set[_Task] = set()
        self._next: deque[_Task] = deque()
        """Those of the tasks that no worker is free for yet."""
        self._changing = threading.Lock()
        self._closing = threading.Event()
        self._welcome()
        if not self._ready:
            raise self._nobody()
        self._watch = threading.Thread(target=self._look, name="welcomes workers", daemon=True)
        self._watch.start()

    @property
    def at_once(self) -> int:
        """Submissions to hand out at a time: one a worker, and as many to follow at once."""
        return 2 * max(len(self._ready), 1)

    @property
    def notes(self) -> list[str]:
        """A line on each worker that cannot grade."""
        return [
            f"--dask: {worker}: not used: {refusal.reason}"
            for worker, refusal in sorted(self._refused.items())
        ]

    def submit(self, student: str, submission: Submission) -> Future[Graded]:
        """Have a submission graded on a worker, as soon as one is free."""
        task = _Task(student, submission)
        with self._changing:
            self._tasks.add(task)
            self._next.append(task)
            self._fill()
        return task.answer

    def _fill(self) -> None:
        """Hand out one task a worker, so that none waits behind a hang."""
        while self._next and len(self._tasks) - len(self._next) < max(len(self._ready), 1):
            task = self._next.popleft()
            try:
                self._hand_out(task)
            except Exception:  # the scheduler is gone for good, and no future will say so
                self._tasks.discard(task)
                _abandon(task.answer)

    def _hand_out(self, task: _Task) -> None:
        task.on_cluster = self._client.submit(
            remote.grade, self._job, task.student, task.submission,
            pure=False, resources=self._job.resources,
        )  # fmt: skip
        task.on_cluster.add_done_callback(lambda future: self._take(task, future))

    def _take(self, task: _Task, future: "distributed.Future") -> None:
        with self._changing:
            if task not in self._tasks:  # given up
                return
            if task.on_cluster is None or future is not task.on_cluster:  # handed out again
                return
            self._tasks.discard(task)
            self._fill()
        if future.cancelled():
            _abandon(task.answer)
        elif future.status == "error":
            task.answer.set_exception(future.exception())
        else:
            task.answer.set_result(future.result())

    @staticmethod
    def lost(error: BaseException) -> bool:
        """Whether the workers that graded it have died."""
        from distributed import KilledWorker

        return isinstance(error, KilledWorker | WorkersDied)

    def gone(self) -> AutograderError:
        """Return what to say of work that was given up."""
        if self._client.status == "running" and not self._ready:
            return self._nobody()
        return InstructorError(
            f'--dask: expected the scheduler at "{self._address}", found it gone. '
            "What is graded is kept: start it, and run the command again."
        )

    def close(self) -> None:
        """Stop looking for workers; what is not graded yet is given up."""
        self._closing.set()
        self._watch.join()
        self._give_up()

    # --- who grades ---

    def _look(self) -> None:
        since = time.monotonic()
        while not self._closing.wait(LOOK_SECONDS):
            try:
                self._welcome()
            except Exception:  # the scheduler is gone: the futures say so
                continue
            if self._ready:
                since = time.monotonic()
            elif time.monotonic() - since > PATIENCE_SECONDS:
                self._give_up()

    def _welcome(self) -> None:
        """Make those workers ready that are new, and forget those that are gone."""
        present = set(self._client.nthreads())
        self._ready &= present
        before = set(self._ready)
        if new := sorted(present - self._ready - set(self._refused)):
            if lacking := self._prepare(new, None):
                self._prepare(lacking, self._parcel.content)
            if self._ready - before:
                self._hand_out_again()
                with self._changing:
                    self._fill()

    def _hand_out_again(self) -> None:
        """Hand out anew what no worker has: the scheduler does not when one becomes ready."""
        taken = {key for keys in self._client.processing().values() for key in keys}
        with self._changing:
            for task in self._tasks - set(self._next):
                future = task.on_cluster
                if future is None or future.done() or future.key in taken:
                    continue
                task.tries += 1
                if task.tries > TRIES:
                    self._tasks.discard(task)
                    task.on_cluster = None
                    task.answer.set_exception(WorkersDied())
                else:
                    self._hand_out(task)
                future.cancel()

    def _give_up(self) -> None:
        with self._changing:
            tasks, self._tasks = self._tasks, set()
            self._next.clear()
        for task in tasks:
            if task.on_cluster is not None:
                task.on_cluster.cancel()
            _abandon(task.answer)

    def _prepare(self, workers: list[str], content: bytes | None) -> list[str]:
        """Ask workers whether they can grade; return those that lack the parcel."""
        answers: Mapping[str, Any] = self._client.run(
            remote.prepare, self._job, remote.versions(), content, workers=workers,
            on_error="return",
        )  # fmt: skip
        for worker, answer in answers.items():
            if answer == remote.State.READY:
                self._ready.add(worker)
            elif isinstance(answer, BaseException):
                level = isinstance(answer, SandboxUnavailable)
                self._refused[worker] = Refusal(_told(answer), level)
        return [worker for worker, answer in answers.items() if answer == remote.State.LACKS]

    def _nobody(self) -> AutograderError:
        lines = "".join(f"\n{line}" for line in self.notes)
        text = (
            f'--dask: expected a worker that can grade at "{self._address}", found none. Start '
            f"workers with `dask worker {self._address}`, with the kit installed as here.{lines}"
        )
        if self._refused and all(refusal.level for refusal in self._refused.values()):
            return SandboxUnavailable(text)
        return InstructorError(text)


def _abandon(answer: Future[Graded]) -> None:
    if answer.cancel():
        answer.set_running_or_notify_cancel()


def _told(error: BaseException) -> str:
    if isinstance(error, AutograderError):
        return str(error)
    if isinstance(error, ModuleNotFoundError):
        return f"{error}. Install the kit there, in the version of this machine."
    return repr(error)
