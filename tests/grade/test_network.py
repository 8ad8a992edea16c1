"""Workers with users, folders and networks of their own, and a cable that is cut."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from tests.course_run import KEY
from tests.grade.test_kills import class_of, copied, until
from tests.ordinary_user import USER
from tests.same import left_behind
from tests.tiny_course import ROOT

pytestmark = pytest.mark.slow

HERE, THERE = "10.203.117.1", "10.203.117.2"
IMPATIENT = {
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__TCP": "12s",  # it takes no less than 11
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "15s",
}


def ip(*arguments):
    return subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def network():
    """A network of two machines: this one, and a namespace; its name, and what cuts the cable."""
    if os.geteuid() != 0:
        pytest.skip("NOT run over a network: only root may make one")
    name, cable = f"grading{os.getpid()}", f"gr{os.getpid() % 1000000}"
    made = ip("netns", "add", name)
    if made.returncode:
        pytest.skip(f"NOT run over a network: {made.stderr.strip()}")
    try:
        for command in (
            ("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name),
            ("addr", "add", f"{HERE}/30", "dev", cable),
            ("link", "set", cable, "up"),
            ("-n", name, "addr", "add", f"{THERE}/30", "dev", "eth0"),
            ("-n", name, "link", "set", "eth0", "up"),
            ("-n", name, "link", "set", "lo", "up"),
        ):
            ran = ip(*command)
            if ran.returncode:
                pytest.skip(f"NOT run over a network: ip {' '.join(command)}: {ran.stderr.strip()}")
        yield name, lambda: ip("link", "set", cable, "down")
    finally:
        ip("netns", "del", name)


@contextlib.contextmanager
def scheduler(folder):
    file = folder / "scheduler.json"
    command = [sys.executable, "-m", "dask", "scheduler", "--no-dashboard", "--host", HERE]
    with subprocess.Popen(
        [*command, "--port", "0", "--scheduler-file", file],
        cwd=folder,
        env={**os.environ, **IMPATIENT},
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            until(file.exists, process)
            yield json.loads(file.read_text())["address"]
        finally:
            process.terminate()


@contextlib.contextmanager
def worker(address, folder, *before):
    """Start a worker in a folder with a copy of the kit, and behind a command as another user."""
    for name in ("autograder", "tests"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / "kit" / name, ignore=ignore)
    (folder / "scratch").mkdir()
    become = [*before, sys.executable]
    if before:
        become.append(folder / "kit" / "tests" / "ordinary_user.py")
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, USER, USER)
    own = {"HOME": folder, "TMPDIR": folder / "scratch", "PYTHONPATH": folder / "kit"}
    command = [*become, "-m", "dask", "worker", address, "--nthreads", "1", "--no-dashboard"]
    with subprocess.Popen(
        [*command, "--local-directory", folder / "scratch", "--death-timeout", "30"],
        cwd=folder,
        env={**os.environ, **IMPATIENT, **own},
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.terminate()


@pytest.fixture
def places():
    """Folders that another user may reach, for a scheduler and two workers."""
    with tempfile.TemporaryDirectory(prefix="machines-") as folder:
        Path(folder).chmod(0o755)
        made = [Path(folder) / name for name in ("scheduler", "here", "there")]
        for place in made:
            place.mkdir(mode=0o755)
        yield made


def workers(client, number):
    deadline = time.monotonic() + 120
    while len(client.nthreads()) < number:
        assert time.monotonic() < deadline, "a worker has not come"
        time.sleep(0.1)


def test_a_cable_is_cut_and_the_others_do_the_work(network, places, as_file, tmp_path):
    distributed = pytest.importorskip("distributed", reason="NOT run on Dask: not installed")
    name, cut = network
    class_of(as_file, 12)
    undisturbed = copied(as_file, tmp_path / "undisturbed")
    grade_course(undisturbed, CourseSettings(KEY, jobs=2))
    done_there, cuts = [], []
    with (
        scheduler(places[0]) as address,
        worker(address, places[2], "ip", "netns", "exec", name),
        distributed.Client(address) as client,
    ):
        workers(client, 1)
        settings = CourseSettings(KEY, dask=address)

        def cut_it(done, total):
            if done == 3:
                done_there.append(set(client.nthreads()))
                stack.enter_context(worker(address, places[1]))
                workers(client, 2)
                cuts.append(cut())

        with contextlib.ExitStack() as stack:
            summary = grade_course(as_file, settings, cut_it)
    assert [cut.returncode for cut in cuts] == [0]
    assert all(THERE in address for address in done_there[0])
    assert summary.alerts == []
    assert left_behind(as_file) == left_behind(undisturbed)
