"""How a Dask cluster compares with the processes of one machine, and what it costs.

    python benchmarks/bench_dask.py [--submissions N] [--tasks N] [--assignment NAME]

Grades a class of N mixed hand-ins (120) by the local pool with one and two processes, and by a
cluster of one, two and four workers on this machine, in turns, three times, and prints submissions
a second (of all three) with the ratio to the local pool of two. Then it sends small submissions
(10,000) through a scheduler in a process of its own, and prints its memory as it goes, and the
bytes that a submission takes over the wire, there and back, counted on the loopback connections
of this process by the kernel, the assignment's own bytes apart.
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "assignments")]

from autograder.course.folder import Assignment, Course  # noqa: E402
from autograder.grade.cluster import dask_cluster  # noqa: E402
from autograder.grade.course_run import grade_course  # noqa: E402
from autograder.grade.parcel import pack  # noqa: E402
from autograder.grade.settings import CourseSettings, Settings  # noqa: E402
from autograder.gradebook.store import make_rows  # noqa: E402
from autograder.handout.release import release  # noqa: E402
from benchmarks.bench_course import course_of  # noqa: E402
from benchmarks.bench_scale import hand_in  # noqa: E402
from tests import tiny_course  # noqa: E402

KEY = b"benchmark"
ROUNDS = 3
STEPS = 10
AT_ONCE = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, default=120, metavar="N")
    parser.add_argument("--tasks", type=int, default=10_000, metavar="N")
    parser.add_argument("--assignment", default="gradient_descent_digits")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        if options.submissions:
            throughput(Path(folder), options.assignment, options.submissions)
        if options.tasks:
            many(Path(folder), options.tasks)


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, int]]:
    """Start scheduler and workers, each a process; give the address and the scheduler's number."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    dask = [sys.executable, "-m", "dask"]
    settings = {**os.environ, "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms"}
    quiet = {"stderr": subprocess.DEVNULL, "cwd": folder, "env": settings}
    begin = [*dask, "scheduler", "--no-dashboard", "--host", "127.0.0.1", "--port", "0"]
    work = [*dask, "worker", "--no-dashboard", "--nthreads", "1", "--memory-limit", "0"]
    place = ["--scheduler-file", str(file)]
    with contextlib.ExitStack() as opened:
        scheduler = opened.enter_context(subprocess.Popen([*begin, *place], **quiet))
        opened.callback(scheduler.terminate)
        while not file.exists():
            time.sleep(0.1)
        team = subprocess.Popen([*work, "--nworkers", str(workers), *place], **quiet)
        opened.enter_context(team)
        opened.callback(team.terminate)
        address = re.search(r"tcp://[\d.:]+", file.read_text())
        assert address
        _wait(address[0], workers)
        yield address[0], scheduler.pid


def _wait(address: str, workers: int) -> None:
    from distributed import Client

    with Client(address) as client:
        client.wait_for_workers(workers)


def throughput(folder: Path, name: str, count: int) -> None:
    """Grade the same class by each, in turns, start-up included in none."""
    assignment = course_of(folder / "class", name)
    hand_in(assignment, count)
    seconds: dict[str, float] = defaultdict(float)
    for _ in range(ROUNDS):
        for jobs in (1, 2):
            who, settings = f"local pool, {jobs}", CourseSettings(KEY, jobs=jobs)
            seconds[who] += _seconds_each(assignment, settings)
        for workers in (1, 2, 4):
            with cluster(folder / "dask", workers) as (address, _):
                settings = CourseSettings(KEY, dask=address)
                seconds[f"Dask, {workers}"] += _seconds_each(assignment, settings)
    print(f"{name}, {count} hand-ins, {os.cpu_count()} cores")
    for who, each in seconds.items():
        rate, ratio = ROUNDS / each, seconds["local pool, 2"] / each
        print(f"  {who:14} {rate:6.2f} a second, {ratio:.2f} of the local pool of 2", flush=True)


def _seconds_each(assignment: Assignment, settings: CourseSettings) -> float:
    """Grade all; return the seconds that each took, without those with which all began."""
    moments: list[float] = []
    forced = CourseSettings(KEY, jobs=settings.jobs, dask=settings.dask, force=True)
    summary = grade_course(assignment, forced, lambda *_: moments.append(time.perf_counter()))
    assert not summary.alerts, summary.alerts
    warm = len(moments) // 10  # the processes have loaded the assignment by then
    return (moments[-1] - moments[warm]) / (len(moments) - 1 - warm)


def many(folder: Path, count: int) -> None:
    """Send small submissions through a scheduler; print its memory, and bytes a submission."""
    assignment = Course(tiny_course.write(folder / "tiny")).assignment("tiny")
    make_rows(assignment)
    release(assignment)
    work = tiny_course.solved()
    with cluster(folder / "dask", 2) as (address, scheduler):
        print(f"the assignment: {len(pack(assignment).content):,} bytes, once a worker")
        print(f"scheduler at the start: {_memory(scheduler):.0f} MB")
        with dask_cluster(address, assignment, Settings(KEY)) as pool:
            before, running = _bytes(address), []
            for number in range(1, count + 1):
                running.append(pool.submit(f"student{number}", work))
                if len(running) == AT_ONCE:
                    running.pop(0).result()
                if number % max(count // STEPS, 1) == 0:
                    print(f"{number:6} sent: scheduler {_memory(scheduler):6.0f} MB", flush=True)
            for future in running:
                future.result()
            sent, received = (b - a for a, b in zip(before, _bytes(address), strict=True))
        size = sum(map(len, [*work.files.values(), *work.notebooks.values()]))
        print(f"a submission of {size:,} bytes: {sent / count:,.0f} sent")
        print(f"a result: {received / count:,.0f} received")


def _memory(process: int) -> float:
    """Return the memory of a process, MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def _bytes(address: str) -> tuple[int, int]:
    """Return bytes sent to and received from the scheduler by this process."""
    port = address.rpartition(":")[2]
    command = ["ss", "-tinpH", f"dport = :{port}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    mine = [block for block in re.split(r"\n(?=\S)", text) if f"pid={os.getpid()}," in block]
    return tuple(
        sum(int(n) for block in mine for n in re.findall(rf"{what}:(\d+)", block))
        for what in ("bytes_sent", "bytes_received")
    )


if __name__ == "__main__":
    main()
