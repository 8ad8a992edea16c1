"""Try a level in earnest: enter it in a child and see what still works there.

Reads a plan's settings from standard input and prints one JSON object with ``error``
(a step of entering failed) and ``holes`` (what should have been refused).
"""

import json
import os
import socket
import sys
import threading
from collections.abc import Callable

from autograder.sandbox.levels import Level, Policy
from autograder.sandbox.wall import Wall, prepare

_MEMORY_MB = 64


def main() -> None:
    try:
        wall = prepare(sys.stdin.buffer.read())
        report = _in_a_child(wall)
    except OSError as error:
        report = {"error": str(error), "holes": []}
    print(json.dumps(report))


def _in_a_child(wall: Wall) -> object:
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            report = _report(wall, write_end)
        except OSError as error:
            report = {"error": str(error), "holes": []}
        except BaseException as error:
            report = {"error": f"{type(error).__name__}: {error}", "holes": []}
        os.write(write_end, json.dumps(report).encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        written = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if not written:
        return {"error": f"the trial ended with status {status}", "holes": []}
    return json.loads(written)


def _report(wall: Wall, wire: int) -> dict[str, object]:
    policy = Policy(
        memory_mb=_MEMORY_MB,
        disk_mb=1,
        file_mb=1,
        open_files=64,
        threads=4,
        cpu_seconds=10,
        wire=wire,
    )
    scratch = wall.enter(policy)
    _must_work(scratch)
    return {"error": None, "holes": _holes(wall.settings.level)}


def _must_work(scratch: str) -> None:
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()
    if scratch:
        with open(os.path.join(scratch, "file"), "w", encoding="ascii") as file:
            file.write("text")


def _holes(level: Level) -> list[str]:
    attempts: dict[str, Callable[[], object]] = {"memory": lambda: bytearray(2 * _MEMORY_MB << 20)}
    if level is not Level.D:
        attempts |= {
            "files": lambda: os.listdir("/"),
            "network": socket.socket,
            "processes": _fork,
            "signals": lambda: os.kill(os.getppid() or -1, 0),
        }
    return [name for name, attempt in attempts.items() if _succeeds(attempt)]


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (OSError, MemoryError):
        return False
    return True
