"""Huge pages for what is forked often; left out where the kernel makes none at a request."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import join_pages, own_memory
from autograder.wall.limits import Limits
from autograder.wall.zygote import Zygote
from autograder.wire import Remote

JOINED = """
import os
from autograder.sandbox import join_pages, own_memory
held = bytes(range(256)) * (1 << 17)
start = id(held)
ranges = own_memory(os.pidfd_open(os.getpid()))
assert any(low <= start + (1 << 22) < high for low, high in ranges), "memory is left out"
assert all(low % (1 << 21) == high % (1 << 21) == 0 for low, high in ranges)
moved = join_pages(ranges)
assert held == bytes(range(256)) * (1 << 17)
print(moved, open("/proc/self/smaps_rollup").read())
"""


def huge_kilobytes(told):
    return int(re.search(r"AnonHugePages:\s+(\d+)", told)[1])


def test_memory_is_moved_and_stays_what_it_is():
    run = subprocess.run([sys.executable, "-c", JOINED], capture_output=True, text=True, check=True)
    if run.stdout.startswith("0 "):
        pytest.skip("the kernel makes no huge pages at a request")
    assert huge_kilobytes(run.stdout) >= 16 << 10


def test_what_cannot_be_read_or_moved_is_left_as_it_is():
    with open("/dev/null") as file:
        assert own_memory(file.fileno()) == []  # no process's descriptor
    assert join_pages([(1 << 21, 1 << 22)]) == 0  # no memory is there


def test_a_zygote_of_many_workers_has_huge_pages(monkeypatch):
    """It cannot see its own memory at level A, where it has no /proc."""
    found = []
    ask = Zygote._ask

    def asked(self, name, *args, **keywords):
        answer = ask(self, name, *args, **keywords)
        found.extend([answer] * (name == "join"))
        return answer

    monkeypatch.setattr(Zygote, "_ask", asked)
    with Zygote(allow_unsafe=True, preload=("numpy",), many=True) as zygote:
        told = Path(f"/proc/self/fdinfo/{zygote._inner._pidfd}").read_text()
        pid = re.search(r"Pid:\t(\d+)", told)[1]
        memory = Path(f"/proc/{pid}/smaps_rollup").read_text()
        with zygote.worker({"cs_lib/a.py": b"def two(): return 2"}, Limits()) as worker:
            assert worker.call(Remote("module:cs_lib.a", (("attr", "two"),))) == 2
    assert len(found) == 1
    if found == [0]:
        pytest.skip("the kernel makes no huge pages at a request")
    assert huge_kilobytes(memory) > 0
