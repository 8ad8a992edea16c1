"""Whatever a submission does to its process costs the request it did it in, and no more."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import AutograderError
from autograder.wall.limits import Limits
from autograder.wall.zygote import StudentError, Worker, Zygote
from autograder.wire.channel import Expired
from tests.wall.conftest import work

GOOD = "\ndef good(): return 1\n"


def failure(worker, name, *args, seconds=5.0):
    with worker.time_limit(seconds), pytest.raises(StudentError) as caught:
        worker.call(work(name), args)
    return caught.value


def test_a_loop_is_interrupted_and_the_worker_lives(submit):
    worker = submit("def f():\n    while True: pass" + GOOD)
    worker.call(work("good"))
    start = time.monotonic()
    error = failure(worker, "f", seconds=0.1)
    assert error.cause == "timeout"
    assert error.message == "no result after 0.1 s, stopped. Look for an endless loop."
    assert time.monotonic() - start < 5
    assert worker.alive
    assert worker.call(work("good")) == 1


UNSTOPPABLE = {
    "ignores the interrupt": "signal.signal(signal.SIGINT, signal.SIG_IGN)\n    while True: pass",
    "swallows the interrupt": (
        "\n    while True:\n        try: time.sleep(1)\n        except BaseException: pass"
    ),
    "stops itself": "os.kill(os.getpid(), signal.SIGSTOP)",
    "lock": "signal.signal(2, signal.SIG_IGN); x = threading.Lock(); x.acquire(); x.acquire()",
    "loop in C": "signal.signal(2, signal.SIG_IGN); sum(itertools.repeat(1))",
    "endless text of the error": (
        "\n    class E(Exception):\n        def __str__(self):\n"
        "            signal.signal(2, signal.SIG_IGN)\n            while True: pass\n    raise E"
    ),
}
IMPORTS = "import itertools, os, signal, sys, threading, time\n"


@pytest.mark.parametrize("body", UNSTOPPABLE.values(), ids=UNSTOPPABLE.keys())
def test_what_cannot_be_interrupted_is_killed(submit, body):
    worker = submit(f"{IMPORTS}def f():\n    {body}{GOOD}")
    worker.call(work("good"))
    start = time.monotonic()
    assert failure(worker, "f", seconds=0.1).cause == "timeout"
    assert time.monotonic() - start < 10
    assert not worker.alive


def test_a_result_after_the_interrupt_is_too_late(submit):
    worker = submit(
        "def f():\n    try:\n        while True: pass\n    except BaseException: return 1" + GOOD
    )
    assert failure(worker, "f", seconds=0.1).cause == "timeout"
    assert worker.call(work("good")) == 1


def test_deadlines_nest(submit):
    worker = submit("import time\ndef f(): time.sleep(5)")
    with worker.time_limit(0.1):
        assert failure(worker, "f", seconds=5).cause == "timeout"
    assert worker.alive


def test_the_default_deadline_is_the_limit_of_a_check(submit):
    worker = submit("import time\ndef f(): time.sleep(5)", check_seconds=0.1)
    with pytest.raises(StudentError, match=r"no result after 0\.1"):
        worker.call(work("f"))


def test_an_import_that_hangs_is_a_timeout(submit):
    assert failure(submit("while True: pass"), "f", seconds=0.1).cause == "timeout"


DEATHS = {
    "exit": ("os._exit(0)", "ended itself with exit code 0"),
    "abort": ("os.abort()", "Aborted"),
    "segmentation fault": ("ctypes.string_at(0)", "Segmentation fault (compiled code"),
    "kill": ("os.kill(os.getpid(), signal.SIGTERM)", "Terminated"),
    "real-time signal": ("os.kill(os.getpid(), signal.SIGRTMAX)", "crashed"),
    "stack": (
        "x = ()\n    for _ in range(10**6): x = (x,)\n    hash(x)",
        "Segmentation fault",
    ),
}


@pytest.mark.parametrize(("body", "message"), DEATHS.values(), ids=DEATHS.keys())
def test_a_death_is_a_crash(submit, body, message):
    worker = submit(f"{IMPORTS}import ctypes\ndef f():\n    {body}")
    error = failure(worker, "f")
    assert error.cause == "crash"
    assert message in error.message
    assert not worker.alive
    with pytest.raises(StudentError, match="has ended before"):
        worker.call(work("f"))


def test_too_large_an_array_is_a_memory_error(submit):
    worker = submit("import numpy as np\ndef f(): return np.ones(10**9).sum()" + GOOD)
    error = failure(worker, "f")
    assert (error.cause, error.exception) == ("memory", "MemoryError")
    assert "line 2, in f" in error.message
    assert worker.call(work("good")) == 1


def test_a_slow_leak_is_a_memory_error(submit):
    worker = submit("x = []\ndef f():\n    while True: x.append(bytearray(10**6))")
    assert failure(worker, "f").cause == "memory"


def test_a_killed_process_is_said_to_have_used_too_much_memory(submit):
    worker = submit("import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGKILL)")
    assert failure(worker, "f").cause == "memory"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("np.broadcast_to(0.0, (10**6, 10**6))", "more than 1 MB of arrays"),
        ("np.zeros(10**6)", "more than 1 MB of arrays"),
        ("[object] * 200_000", "more than 100000 values"),
        ("'x' * (1 << 25)", "more than 16 MB of text"),
        ("1 << 10**5", "an integer of more than"),
    ],
)
def test_too_large_a_result_is_an_exception(submit, value, message):
    worker = submit(f"import numpy as np\ndef f(): return {value}" + GOOD, reply_mb=1)
    error = failure(worker, "f")
    assert error.cause == "exception"
    assert message in error.message
    assert worker.call(work("good")) == 1


HOSTILE_RESULTS = {
    "class that lies": "class A:\n    __class__ = property(lambda self: 1 / 0)\nvalue = A()",
    "hash of the type": (
        "class M(type):\n    def __hash__(self): raise ValueError\n"
        "class A(metaclass=M): pass\nvalue = A()"
    ),
    "name of the type": (
        "class M(type):\n    __name__ = property(lambda self: 1 / 0)\n"
        "class A(metaclass=M): pass\nvalue = A()"
    ),
    "array subclass": "import numpy as np\nclass A(np.ndarray): pass\nvalue = np.zeros(2).view(A)",
    "equal to all": "class A:\n    def __eq__(self, other): return True\nvalue = A()",
    "array interface": "class A:\n    def __array__(self, *a, **k): return 1 / 0\nvalue = A()",
    "endless generator": "value = iter(int, 1)",
    "cycle": "value = []\nvalue.append(value)",
}


@pytest.mark.parametrize("source", HOSTILE_RESULTS.values(), ids=HOSTILE_RESULTS.keys())
def test_a_hostile_result_is_a_handle_or_an_exception(submit, source):
    worker = submit(source + "\ndef f(): return value" + GOOD)
    with contextlib.suppress(StudentError):
        assert type(worker.call(work("f"))).__name__ in ("Remote", "list")
    assert worker.call(work("good")) == 1


WIRE = """
import os, socket, stat, struct, sys, threading, time

def wires():
    for fd in range(3, 100):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode): yield fd
        except OSError: pass

def frame(value):
    encode, Caps = sys.modules["autograder.wire"].encode, sys.modules["autograder.wire"].Caps
    return b"".join(bytes(piece) for piece in encode(value, Caps()))

def caller():
    here = sys._getframe()
    while here and "number" not in here.f_locals: here = here.f_back
    return here.f_locals["number"]
"""

BREACHES = {
    "garbage": "os.write(fd, b'\\0' * 100)",
    "half a header": "os.write(fd, b'wal1')",
    "text": "os.write(fd, b'HTTP/1.1 200 OK' * 9)",
    "promise of much": "os.write(fd, struct.pack('<4sIQ', b'wal1', 1 << 31, 1 << 40))",
    "promise not kept": "os.write(fd, struct.pack('<4sIQ', b'wal1', 1 << 20, 0))",
    "other question": "os.write(fd, frame((1, 'ok', (1.0, ()), '', 0)))",
    "no tuple": "os.write(fd, frame([1, 2, 3, 4, 5]))",
    "array as number": "import numpy; os.write(fd, frame((numpy.zeros(3), 'ok', 1, '', 0)))",
    "array as status": (
        "import numpy; os.write(fd, frame((caller(), numpy.zeros(3), (1.0, ()), '', 0)))\n"
        "    os._exit(0)"
    ),
    "unknown status": "os.write(fd, frame((caller(), 'passed', (1.0, ()), '', 0))); os._exit(0)",
    "result without shape": "os.write(fd, frame((caller(), 'ok', 1.0, '', 0))); os._exit(0)",
    "error without shape": "os.write(fd, frame((caller(), 'error', 1.0, '', 0))); os._exit(0)",
    "error that is an array": (
        "import numpy; os.write(fd, frame((caller(), 'error', numpy.zeros(3), '', 0)))\n"
        "    os._exit(0)"
    ),
    "of a request that was not": (
        "os.write(fd, frame((caller(), 'ok', (1.0, ()), '', 1)))\n    os._exit(0)"
    ),
    "no number of requests": (
        "os.write(fd, frame((caller(), 'ok', (1.0, ()), '', None)))\n    os._exit(0)"
    ),
    "twice": "os.write(fd, frame((caller(), 'ok', (1.0, ()), '', 0)) * 2)",
    "closed": "os.close(fd)\n    time.sleep(9)",
    "shut down": "socket.socket(fileno=fd).shutdown(socket.SHUT_WR)\n    time.sleep(9)",
}


@pytest.mark.parametrize("body", BREACHES.values(), ids=BREACHES.keys())
def test_writing_on_the_wire_spoils_ones_own_answer(submit, body):
    worker = submit(f"{WIRE}\ndef f():\n    for fd in wires(): {body}")
    error = failure(worker, "f")
    assert error.cause in ("crash", "timeout")
    assert not worker.alive


def test_an_answer_in_advance_is_not_taken_for_the_next_question(submit):
    worker = submit(
        f"{WIRE}\ndef f():\n    def later(number):\n        time.sleep(0.1)\n"
        "        for fd in wires(): os.write(fd, frame((number, 'ok', (1.0, ()), '', 0)))\n"
        "    threading.Thread(target=later, args=[caller()]).start()\n    return 2\n"
        "def g(): time.sleep(0.5); return 3"
    )
    assert worker.call(work("f")) == 2
    error = failure(worker, "g")
    assert (error.cause, worker.alive) == ("crash", False)
    assert "another question" in error.message or "more than one answer" in error.message


def test_a_death_between_two_requests_is_a_crash(submit):
    worker = submit(
        "import os, threading\ndef f(): threading.Timer(0.05, os._exit, (3,)).start()" + GOOD
    )
    worker.call(work("f"))
    time.sleep(0.2)
    assert "ended itself with exit code 3" in failure(worker, "good").message


def test_a_request_that_nobody_reads_times_out(submit):
    worker = submit(
        "import os, signal, threading, time\ndef f(x): return 1\n"
        "def stop():\n    threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGSTOP)).start()"
    )
    worker.call(work("stop"))
    time.sleep(0.3)
    assert failure(worker, "f", np.zeros(1 << 20), seconds=0.2).cause == "timeout"
    assert not worker.alive


def test_a_killed_zygote_is_replaced():
    limits = Limits()
    with Zygote(allow_unsafe=True, preload=("numpy",)) as zygote:
        zygote.worker({}, limits).close()
        zygote._inner.signal(signal.SIGKILL)
        zygote._inner.wait(5)
        with zygote.worker({"cs_lib/work.py": GOOD.encode()}, limits) as worker:
            assert worker.call(work("good")) == 1


GRADER = """
    import os, threading, time
    from autograder.wall.limits import Limits
    from autograder.wire import Remote
    from autograder.wall.zygote import Zygote
    from tests.wall.test_supervise import descendants
    sources = {"m.py": b"import signal\\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\\n"
               b"def f():\\n    while True: pass"}

    def die():
        print(*descendants(os.getpid()), flush=True)
        os._exit(0)

    zygote = Zygote(allow_unsafe=True, preload=("numpy",))
    worker = zygote.worker(sources, Limits())
    idle = zygote.worker(sources, Limits())
    threading.Timer(0.5, die).start()
    worker.call(Remote("module:m", (("attr", "f"),)))
"""


def test_no_orphan_when_the_grader_dies():
    grader = [sys.executable, "-c", textwrap.dedent(GRADER)]
    root = Path(__file__).parents[2]
    ended = subprocess.run(grader, capture_output=True, text=True, timeout=60, cwd=root)
    pids = ended.stdout.split()
    assert len(pids) >= 3, ended.stderr  # the zygote, perhaps the wall around it, two workers
    deadline = time.monotonic() + 10
    while (alive := [pid for pid in pids if running(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive


def descendants(pid):
    """Processes that a process has started, and those that they have."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return children + [below for child in children for below in descendants(child)]


def running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize(
    "count", [200, pytest.param(10_000, marks=pytest.mark.slow)], ids=["hundreds", "ten thousand"]
)
def test_many_workers_leave_the_zygote_as_it_was(count):
    limits = Limits()
    source = {"cs_lib/work.py": b"import numpy as np\ndef f(x): return np.tanh(x)"}
    with Zygote(allow_unsafe=True) as zygote:

        def one():
            with zygote.worker(source, limits) as worker:
                worker.call(work("f"), [np.ones((10, 20))])

        for _ in range(20):
            one()
        before = zygote_state(zygote)
        ours = len(os.listdir("/proc/self/fd"))
        for _ in range(count):
            one()
        after = zygote_state(zygote)
        assert len(os.listdir("/proc/self/fd")) == ours
    print(f"\n{count} workers: the zygote before {before}, after {after}")
    assert after["fds"] == before["fds"]
    assert after["children"] == 0
    assert after["rss_kb"] - before["rss_kb"] < 1024


def zygote_state(zygote):
    """Memory, descriptors and children of the zygote, which may be inside a wall of bwrap."""
    pidfd = Path(f"/proc/self/fdinfo/{zygote._inner._pidfd}").read_text()
    pid = next(line.split()[1] for line in pidfd.splitlines() if line.startswith("Pid:"))
    process = Path("/proc", pid)
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    children = (process / "task" / pid / "children").read_text().split()
    return {
        "rss_kb": int(status["VmRSS"].split()[0]),
        "fds": len(list((process / "fd").iterdir())),
        "children": len(children),
    }


def test_a_zygote_that_does_not_start_in_time_is_started_once_more(monkeypatch):
    begun = []

    def late(self):
        begun.append(self)
        if len(begun) == 1:
            raise Expired
        start(self)

    start = Zygote._start
    monkeypatch.setattr(Zygote, "_start", late)
    with Zygote(allow_unsafe=True, preload=("numpy",)) as zygote:
        zygote.worker({}, Limits()).close()
    assert len(begun) == 2


def test_a_zygote_that_never_starts_is_told_with_the_limit():
    with pytest.raises(AutograderError) as caught:
        Zygote(allow_unsafe=True, start_seconds=0.001)
    text = str(caught.value)
    assert "expected a process ready to fork within 0.001 s, there was none" in text
    assert "raise start_seconds below [limits] in assignment.toml" in text


def test_a_busy_machine_is_no_fault_of_the_submission(zygote, monkeypatch):
    """Neither the wait for the wall, nor that for the modules to be taken, is the student's."""
    with zygote.worker({"cs_lib/a.py": b"x = 1"}, Limits(check_seconds=1e-9)) as worker:
        assert worker.alive

    def late(worker, *args, **options):
        raise StudentError("timeout", "not in time")

    for step in ("await_lock", "load"):
        with monkeypatch.context() as patch:
            patch.setattr(Worker, step, late)
            with pytest.raises(AutograderError, match=r"worker: expected .* within 60 s.*too busy"):
                zygote.worker({}, Limits())
