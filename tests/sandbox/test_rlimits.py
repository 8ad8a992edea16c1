"""Memory, threads, files and processor time of a worker."""

import mmap
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import rlimits


def test_memory_beyond_the_zygotes_own_is_bounded(any_level):
    report = any_level.run(
        """
import mmap
half, twice = 64 << 20, 256 << 20
report["half"] = len(bytearray(half))
report["twice"] = attempt(bytearray, twice)
report["mapped"] = attempt(mmap.mmap, -1, twice)
def leak():
    kept = []
    while True:
        kept.append(bytearray(1 << 20))
report["leak"] = attempt(leak)
"""
    )
    assert report["half"] == 64 << 20
    assert report["twice"] == "MemoryError"
    assert report["mapped"] == "Cannot allocate memory"
    assert report["leak"] == "MemoryError"


def test_threads_are_bounded(any_level):
    report = any_level.run(
        """
import threading
done = threading.Event()
started = 0
try:
    for _ in range(300):
        threading.Thread(target=done.wait, daemon=True).start()
        started += 1
except RuntimeError as error:
    report["refusal"] = str(error)
report["started"] = started
done.set()
""",
        memory_mb=8192,
    )
    assert report["refusal"] == "can't start new thread"
    # At levels B to D an ordinary user's other threads are counted in, so the bound is not exact.
    exact = os.geteuid() == 0 or any_level.level == "A"
    assert report["started"] == 3 if exact else report["started"] < 100


def test_open_files_are_bounded(walled):
    report = walled.run(
        """
import os
def flood():
    while True:
        os.dup(0)
report["files"] = attempt(flood)
"""
    )
    assert report["files"] == "Too many open files"


def test_processor_time_is_bounded(walled):
    report = walled.run("while True: pass", cpu_seconds=1)
    assert report["status"] == -signal.SIGXCPU


def test_ignoring_the_signal_does_not_help(walled):
    source = "import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass"
    assert walled.run(source, cpu_seconds=1)["status"] == -signal.SIGKILL


def test_a_crash_leaves_no_core(walled, tmp_path):
    report = walled.run("import ctypes; ctypes.string_at(0)")
    assert report["status"] == -signal.SIGSEGV
    assert not list(tmp_path.iterdir())


def test_only_the_wire_stays_open(walled):
    report = walled.run(
        """
import os
def is_open(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False
report["open"] = [number for number in range(4096) if is_open(number)]
report["wire"] = wire
"""
    )
    assert report["open"] == sorted([0, 1, 2, report["wire"]])


def test_address_space_is_what_the_kernel_counts():
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    counted = pages * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    assert rlimits.address_space() == pytest.approx(counted, abs=8 << 20)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
    with mmap.mmap(-1, 256 << 20):
        assert rlimits.address_space() >= counted + (248 << 20)


def test_threads_of_this_user_counts_more_threads():
    source = """
import threading
from autograder.sandbox.rlimits import threads_of_this_user
done = threading.Event()
before = threads_of_this_user()
threads = [threading.Thread(target=done.wait) for _ in range(20)]
for thread in threads: thread.start()
print(threads_of_this_user() - before)
done.set()
"""
    ended = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    )
    assert 10 <= int(ended.stdout) <= 40  # other processes of this user come and go
