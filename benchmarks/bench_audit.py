"""Mutants a second on one core: ``python benchmarks/bench_audit.py [ASSIGNMENT ...]``.

Time is what the grader and its workers spend on the processor, so that other
work on the machine does not count; starting the processes is not counted.
"""

import os
import sys
import time
from pathlib import Path

from autograder.audit import tasks
from autograder.audit.mutants import mutants
from autograder.audit.stages import grader_of
from autograder.audit.targets import targets
from autograder.course.folder import Course
from autograder.grade.processes import Job
from autograder.grade.settings import Settings


def main(names: list[str]) -> None:
    course = Course.here()
    for name in names or ["gradient_descent_digits"]:
        setup = Job(course.root, name, Settings(b"benchmark", allow_unsafe=True))
        grader = grader_of(setup)
        begin = time.process_time()
        every = [
            mutant for target in targets(course.assignment(name)) for mutant in mutants(target)
        ]
        made = time.process_time() - begin
        caught, seconds = measure(setup, every, [path.stem for path in grader.assignment.notebooks])
        print(
            f"{name}: {len(every)} mutants, made in {made:.1f} s; tried in {seconds:.1f} s: "
            f"{len(every) / (made + seconds):.0f} a second; {len(caught.rejected)} rejected"
        )


def measure(setup, every, notebooks):
    """Try all mutants; return what became of them and the processor seconds."""
    begin, waited = time.process_time(), worker_seconds()
    caught = tasks.hunt_modules(setup, [m for m in every if not m.target.in_notebook])
    for name in notebooks:
        caught.add(tasks.hunt_notebook(setup, name, caught.left(every)))
    return caught, time.process_time() - begin + worker_seconds() - waited


def worker_seconds() -> float:
    """Return the processor seconds of the zygote's tree: all processes below this one."""
    ticks = os.sysconf("SC_CLK_TCK")
    total, below = 0.0, {os.getpid()}
    for _ in range(4):  # grader, zygote and what stands between, worker
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) in below and int(stat.parent.name) not in below:
                below.add(int(stat.parent.name))
                total += sum(map(int, fields[11:15])) / ticks
    return total


if __name__ == "__main__":
    main(sys.argv[1:])
