"""Run snippets behind the wall, at every level that this machine gives."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import Level
from autograder.sandbox.namespaces import find_bubblewrap
from autograder.sandbox.paths import PACKAGE
from autograder.sandbox.plan import make_plan

HERE = Path(__file__).parent
POLICY = {
    "memory_mb": 128,
    "disk_mb": 2,
    "file_mb": 1,
    "open_files": 32,
    "threads": 4,
    "cpu_seconds": 20,
}


class Guest:
    """A level of the sandbox, and how its outer wall is built."""

    def __init__(self, level, bubblewrap):
        self.level = level
        self.bubblewrap = bubblewrap

    def run(self, *sources, data=None, **policy):
        """Run each source in a worker of its own, one zygote for all, and return their reports."""
        plan = make_plan(
            self.level,
            bubblewrap=self.bubblewrap,
            data=data,
            extra=[HERE, PACKAGE],
        )
        order = {
            "settings": base64.b64encode(plan.settings).decode(),
            "policy": POLICY | policy,
            "sources": sources,
        }
        ended = subprocess.run(
            plan.command([sys.executable, "-s", "-P", "-B", str(HERE / "guest.py")]),
            input=json.dumps(order),
            capture_output=True,
            text=True,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(PACKAGE.parent)},
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        reports = [json.loads(line) for line in ended.stdout.splitlines()]
        assert [report["error"] for report in reports if "error" in report] == []
        return reports if len(sources) > 1 else reports[0]


GUESTS = {
    "A-bubblewrap": Guest(Level.A, True),
    "A-by-hand": Guest(Level.A, False),
    "B": Guest(Level.B, False),
    "C": Guest(Level.C, False),
    "D": Guest(Level.D, False),
}


def _guest(name):
    if name == "A-bubblewrap" and not find_bubblewrap():
        pytest.skip("bubblewrap is not installed on this machine")
    return GUESTS[name]


@pytest.fixture(params=["A-bubblewrap", "A-by-hand", "B", "C"])
def walled(request):
    """Every level that promises something."""
    return _guest(request.param)


@pytest.fixture(params=["A-bubblewrap", "A-by-hand", "B"])
def filed(request):
    """The levels at which files can be opened."""
    return _guest(request.param)


@pytest.fixture(params=["A-bubblewrap", "A-by-hand"])
def named(request):
    """Level A, built both ways."""
    return _guest(request.param)


@pytest.fixture(params=list(GUESTS))
def any_level(request):
    return _guest(request.param)
