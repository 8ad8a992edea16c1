"""Runs inside the wall: enters it in a forked child and executes what the test sent.

Reads one JSON object from standard input and prints what the source put into ``report``.
The modules are loaded before, as at level C nothing can be opened after.
"""

import asyncio  # noqa: F401
import base64
import ctypes  # noqa: F401
import fcntl  # noqa: F401
import json
import mmap  # noqa: F401
import os
import resource  # noqa: F401
import socket  # noqa: F401
import subprocess  # noqa: F401
import sys
import threading  # noqa: F401

from autograder.sandbox import Policy, prepare


def attempt(function, *arguments):
    """Return what a call gives: its value, or the name of its error."""
    try:
        return function(*arguments)
    except BaseException as error:
        number = getattr(error, "errno", None)
        return os.strerror(number) if number else type(error).__name__


def main():
    order = json.load(sys.stdin)
    wall = prepare(base64.b64decode(order["settings"]))
    for source in order["sources"]:
        print(json.dumps(_one_child(wall, order["policy"], source)), flush=True)


def _one_child(wall, policy, source):
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        report = {}
        try:
            report["scratch"] = wall.enter(Policy(**policy, wire=write_end))
            exec(source, {"report": report, "attempt": attempt, "wire": write_end})
        except BaseException as error:
            report["error"] = f"{type(error).__name__}: {error}"
        os.write(write_end, json.dumps(report, default=str).encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        written = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {**json.loads(written or b"{}"), "status": status}


main()
