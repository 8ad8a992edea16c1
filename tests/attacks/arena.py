"""Where an attack takes place: a course, a grader, listeners outside, and what must not change."""

import contextlib
import os
import secrets
import signal
import socket
from pathlib import Path

import pytest

from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.intake import select
from tests.attacks.attack import HONEST, Attack
from tests.attacks.course import fingerprint

STUDENT = "mallory"
WATCHED = (signal.SIGURG, signal.SIGWINCH, signal.SIGCONT)
"""Signals that attacks send to others: harmless where they arrive, so that a hole in the wall
shows in the test and not in the machine it runs on."""
OWNED = "owned-by-a-submission"
"""Name of every file that an attack tries to leave behind."""


class Arena:
    """A graded course at one level, with everything that an attack could reach for."""

    def __init__(self, assignment, level, folder):
        self.assignment = assignment
        self.root = assignment.course.root
        self.level = level
        self.folder = folder
        self.outside = folder / "outside"
        self.outside.mkdir()
        self.outside.chmod(0o777)
        self.listeners = _listeners(self.outside)
        self.signals = []
        self.environment = pytest.MonkeyPatch()
        self.environment.setenv("AUTOGRADER_KEY", "a secret in the grader's environment")
        self.handlers = {
            number: signal.signal(number, lambda *seen: self.signals.append(seen[0]))
            for number in WATCHED
        }
        self.grader = Grader(
            assignment, Settings(b"course key", level=level, allow_unsafe=True, whole=True)
        )
        self.turn = 0
        self.grade(HONEST)  # the grader imports the reference, whose caches are no damage
        self.before = fingerprint(self.root)
        self.family = _family(os.getpid())

    def close(self):
        self.grader.close()
        for listener in self.listeners.values():
            listener.close()
        for number, handler in self.handlers.items():
            signal.signal(number, handler)
        self.environment.undo()

    def grade(self, attack: Attack):
        """Hand the attack in and grade it, as a course run does."""
        self.turn += 1
        folder = self.folder / f"submission{self.turn}" / STUDENT
        handed_in = attack.write(folder, self._words())
        return self.grader.grade(select.read_or_say_why(handed_in, self.assignment), STUDENT)

    def _words(self):
        return {
            "COURSE": str(self.root),
            "OUT": str(self.outside),
            "OWNED": OWNED,
            "PID": str(os.getpid()),
            "PORT": str(self.listeners["tcp"].getsockname()[1]),
            "SOCKET": self.listeners["unix"].getsockname(),
            "ABSTRACT": self.listeners["abstract"].getsockname().decode().lstrip("\0"),
            "MARK": "marked-" + "@",
        }

    def damage(self):
        """Return what has changed outside since the arena was set up."""
        found = []
        if fingerprint(self.root) != self.before:
            found.append("files of the course")
        for place in (self.outside, Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home()):
            found += [str(path) for path in place.glob(f"*{OWNED}*")]
        for name, listener in self.listeners.items():
            with contextlib.suppress(BlockingIOError):
                listener.recv(100) if name == "udp" else listener.accept()[0].close()
                found.append(f"a connection to the {name} listener")
        found += [f"signal {number}" for number in self.signals]
        found += [f"process {pid}" for pid in _family(os.getpid()) - self.family]
        return found


def _listeners(folder):
    tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    tcp.bind(("127.0.0.1", 0))
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", tcp.getsockname()[1]))
    unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    unix.bind(str(folder / "listener"))
    (folder / "listener").chmod(0o777)
    abstract = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    abstract.bind("\0" + secrets.token_hex(8))
    made = {"tcp": tcp, "udp": udp, "unix": unix, "abstract": abstract}
    for name, listener in made.items():
        listener.setblocking(False)
        if name != "udp":
            listener.listen()
    return made


def _family(pid):
    """Return all processes that descend from one, as far as /proc tells."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
    family, size = {pid}, 0
    while len(family) > size:
        size = len(family)
        family |= {child for child, parent in parents.items() if parent in family}
    return family
