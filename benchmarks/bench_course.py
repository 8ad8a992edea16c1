"""How much processor time each assignment's grading takes, beside ``nbgrader autograde``.

    python benchmarks/bench_course.py [--quick] [--full] [ASSIGNMENT ...]

Three hand-ins of each assignment, the same for both: right (the reference solution), partly
right (a fixture of ``tests/submissions``), wrong (the release, untouched). CPU seconds of the
whole process tree for one more submission of a class: medians of two rounds, for machines change
their pace; in each round two of ours before nbgrader's and two after it, each two following one
that is not counted. Start-up apart, one BLAS thread, synthetic data that lies ready for both.
nbgrader is at its best settings: kernels end at once, visible tests as they stand, the quick
budget; `--full` measures it with the full budget. `--quick`: two assignments; that and `--full`
have one round.
The last column says in how many test cells both give the same share of the points (nbgrader runs
the visible tests alone). Prints how many checks on notebook code
were judged after a whole run, and the floor: what the checks themselves train. That is what the
cells that checks need take of the reference in a bare interpreter, imports apart, without wall and
checks, and the calls of the reference's functions behind the wall that take 10 ms or more. Beside
it stands the largest ratio of a right hand-in that it leaves room for at this budget.
"""

import argparse
import contextlib
import json
import logging
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import unittest.mock
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "assignments")]

from nbgrader.apps import NbGraderAPI  # noqa: E402
from nbgrader.converters import Autograde  # noqa: E402
from nbgrader.coursedir import CourseDirectory  # noqa: E402
from traitlets.config import Config  # noqa: E402

from autograder.__main__ import spare_work  # noqa: E402
from autograder.course.extras import left_out  # noqa: E402
from autograder.course.folder import Assignment, Course  # noqa: E402
from autograder.grade.plan import load_plan  # noqa: E402
from autograder.grade.settings import Settings  # noqa: E402
from autograder.grade.slices import above, slices_of  # noqa: E402
from autograder.grade.submission import Grader  # noqa: E402
from autograder.gradebook.store import make_rows  # noqa: E402
from autograder.intake.select import read  # noqa: E402
from autograder.kit.datasets.synthetic import synthesize  # noqa: E402
from autograder.results import CheckResult  # noqa: E402
from autograder.slicing import kept_lines  # noqa: E402
from autograder.wall.supervised import Worker  # noqa: E402
from tests.submissions import overlay  # noqa: E402

FAST = ("gradient_descent_digits", "fc_nets_dropout")
ROUNDS, RUNS = 2, 2
LONG = 0.01
KINDS = ("right", "partly", "wrong")
BARE = """
import json, sys, time
sys.path[:0], cells = sys.argv[1:2], json.loads(sys.argv[2])
for _ in range(2):
    begin, names = time.process_time(), {"__name__": "__main__"}
    for cell in cells:
        exec(cell, names)
print(time.process_time() - begin)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT")
    parser.add_argument("--quick", action="store_true", help="two assignments")
    parser.add_argument("--full", action="store_true", help="nbgrader with the full budget")
    parser.add_argument("--one", type=int, metavar="ROUNDS", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.assignments[0], options.one, full=options.full)))
        return
    rounds = 1 if options.quick or options.full else ROUNDS
    names = options.assignments or (FAST if options.quick else Course(ROOT).assignment_names())
    print(f"{'assignment':24} {'hand-in':7} {'ours':>7} {'nbgrader':>9} {'ratio':>6}  same cells")
    graded = [
        pairs for name in names if (pairs := list(graded_here(name, rounds, full=options.full)))
    ]
    if not graded:  # each has said why
        return
    tell("hand-ins", [theirs / ours for pairs in graded for ours, theirs in pairs])
    tell("assignments", [sum(p[1] for p in pairs) / sum(p[0] for p in pairs) for pairs in graded])


def tell(what: str, ratios: list[float]) -> None:
    print(f"ratio of {what}: median {statistics.median(ratios):.1f}, least {min(ratios):.1f}")


def graded_here(name: str, rounds: int, *, full: bool) -> Iterator[tuple[float, float]]:
    """Show an assignment, or say in one line why it cannot be graded on this machine."""
    if reason := left_out(Course(ROOT).assignment(name).config.requirements):
        print(f"{name}: left out, as it {reason}")
    else:
        yield from show(name, rounds, full=full)


def show(name: str, rounds: int, *, full: bool) -> Iterator[tuple[float, float]]:
    """Measure an assignment in a process of its own; print, and yield ours and nbgrader's."""
    command = [sys.executable, __file__, name, "--one", str(rounds), *(["--full"] if full else [])]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or each kernel compiles what it imports
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found = json.loads(done.stdout.splitlines()[-1])
    for kind in KINDS:
        row = found[kind]
        ratio = row["nbgrader"] / row["ours"]
        print(
            f"{name:24} {kind:7} {row['ours']:6.2f}s {row['nbgrader']:8.1f}s {ratio:6.1f}  "
            f"{row['same']} of {row['cells']}",
            flush=True,
        )
        yield row["ours"], row["nbgrader"]
    most = found["right"]["nbgrader"] / found["floor"] if found["floor"] else float("inf")
    print(
        f"{'':24} floor {found['floor']:.2f}s, so at most {most:.0f} times; start-up "
        f"{found['start']:.2f}s CPU; peak memory {found['memory']} MB, nbgrader's kernel "
        f"{found['kernel']} MB; {found['whole']} of {found['judged']} checks on notebook code "
        f"judged after a whole run; level {found['level']}",
        flush=True,
    )


def measure(name: str, rounds: int, *, full: bool) -> dict[str, object]:
    """Grade the three hand-ins with both, in turn."""
    spare_work()  # as the command line begins; nbgrader has it in this process, too
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        assignment = course_of(Path(folder), name)
        hand_in(assignment)
        begin = time.process_time()
        with Grader(assignment, Settings(b"benchmark")) as grader:
            zygote = grader.zygote._process.pid
            grader.grade(read(assignment.submitted("right"), assignment), "warm")
            start = time.process_time() - begin + tree_cpu(zygote)
            graded = {
                kind: grader.grade(read(assignment.submitted(kind), assignment), kind)
                for kind in KINDS
            }
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            found = {
                kind: compared(grader, kind, graded[kind].result.checks, rounds, full=full)
                for kind in KINDS
            }
        data = str(assignment.course.datasets)
        trained = sum(bare(cells, data) for cells in needed(assignment))
    return found | {
        "start": start,
        "floor": found["right"]["trained"] + trained,
        "memory": memory,
        "kernel": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
        "whole": sum(len(each.run_whole) for each in graded.values()),
        "judged": sum(len(each.run_whole) + len(each.sliced) for each in graded.values()),
        "level": str(grader.zygote.level),
    }


def compared(
    grader: Grader, kind: str, checks: Sequence[CheckResult], rounds: int, *, full: bool
) -> dict[str, float]:
    """Return what a hand-in costs us and nbgrader, and in how many cells both judge alike."""
    submission = read(grader.assignment.submitted(kind), grader.assignment)
    own: list[float] = []
    theirs: list[float] = []
    trained: list[float] = []

    def grade() -> None:
        zygote = grader.zygote._process.pid
        grader.grade(submission, kind)
        for _ in range(RUNS):
            before = time.process_time() + tree_cpu(zygote)
            with long_calls() as calls:
                grader.grade(submission, kind)
            own.append(time.process_time() + tree_cpu(zygote) - before)
            trained.append(sum(calls))

    budget = {} if full else {"CS_LIB_BUDGET": "quick"}
    data = {"COURSEDATA": str(grader.assignment.course.datasets)}
    for _ in range(rounds):
        grade()
        with unittest.mock.patch.dict(os.environ, {**data, **budget}):
            theirs.append(spent(lambda: stock(grader.assignment, kind)))
        grade()
    mine = {item.name: item.score / (item.max_score or 1) for item in checks}
    shares = stock_scores(grader.assignment, kind)
    same = sum(abs(share - shares.get(cell, 0)) < 1e-9 for cell, share in mine.items())
    return {
        "ours": statistics.median(own),
        "nbgrader": statistics.median(theirs),
        "trained": statistics.median(trained),
        "cells": len(mine),
        "same": same,
    }


@contextlib.contextmanager
def long_calls() -> Iterator[list[float]]:
    """Note the seconds of each call of a submission's function that takes long."""
    seconds: list[float] = []
    call = Worker.call

    def timed(worker: Worker, *args: object, **keywords: object) -> object:
        begin = time.perf_counter()
        try:
            return call(worker, *args, **keywords)
        finally:
            if (spent := time.perf_counter() - begin) >= LONG:
                seconds.append(spent)

    with unittest.mock.patch.object(Worker, "call", timed):
        yield seconds


def needed(assignment: Assignment) -> Iterator[list[str]]:
    """Yield of each notebook of the reference what its checks need to run."""
    plan = load_plan(assignment)
    for name, notebook in assignment.sources.items():
        checks, modules = plan.checks_of(name), plan.reference.sources
        slices = slices_of(notebook, checks, plan.asked, modules, modules) if checks else None
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        lines = slices.lines if slices else above([len(code)] * bool(checks), notebook)
        yield [without_magics(kept_lines(code[n], lines[n])) for n in sorted(lines)]


def without_magics(source: str) -> str:
    return "\n".join("" if line.lstrip()[:1] == "%" else line for line in source.split("\n"))


def bare(cells: list[str], data: str) -> float:
    """Return the CPU seconds of cells in an interpreter without more, the second time they run."""
    command = [sys.executable, "-c", BARE, str(ROOT / "assignments"), json.dumps(cells)]
    environment = {**os.environ, "MPLBACKEND": "agg", "CS_LIB_BUDGET": "quick", "COURSEDATA": data}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return float(done.stdout.splitlines()[-1])


def tree_cpu(process: int) -> float:
    """Return the CPU seconds of a process, its children and those that have ended, so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    total = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return total + sum(tree_cpu(int(child)) for child in children)


def spent(action: Callable[[], object]) -> float:
    """Return the CPU seconds of an action, its kernels included."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    before = [resource.getrusage(kind) for kind in who]
    action()
    after = [resource.getrusage(kind) for kind in who]
    return sum(
        late.ru_utime + late.ru_stime - early.ru_utime - early.ru_stime
        for early, late in zip(before, after, strict=True)
    )


def course_of(folder: Path, name: str) -> Assignment:
    """Return the assignment in a course of its own: nothing of the real one is touched."""
    root = folder / "course"
    own = [f"{folder}/{name}" for folder in ("assignments", "source", "release")]
    for part in ("assignments/cs_lib", "assignments/shared_checks", *own):
        shutil.copytree(ROOT / part, root / part)
    for file in (*ROOT.glob("requirements*.txt"), ROOT / "nbgrader_config.py"):
        shutil.copy(file, root)
    assignment = Course(root).assignment(name)
    assignment.course.datasets.mkdir()
    synthesize(assignment.config.data, assignment.course.datasets)
    make_rows(assignment)
    return assignment


def hand_in(assignment: Assignment) -> None:
    """Put the hand-ins where they are collected to, each a whole folder, as it was handed out."""
    bases = overlay.Bases(assignment)
    wrong = (
        path for path in overlay.folders(assignment.name) if path.name[:5] not in ("right", "hosti")
    )
    partly = overlay.files(next(wrong), bases)
    for kind, files in zip(KINDS, (bases.reference, partly, bases.release), strict=True):
        for path, content in {**bases.release, **files}.items():
            target = assignment.submitted(kind) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _config(assignment: Assignment) -> Config:
    settings = {
        "CourseDirectory": {"root": str(assignment.course.root)},
        "Execute": {"shutdown_kernel": "immediate", "timeout": 1200, "interrupt_on_timeout": True},
        "ClearSolutions": {"enforce_metadata": False},
    }
    return Config(settings)


def stock(assignment: Assignment, student: str) -> None:
    """Grade a submission with nbgrader as it comes; imports are not counted."""
    config = _config(assignment)
    coursedir = CourseDirectory(config=config)
    coursedir.assignment_id, coursedir.student_id = assignment.name, student
    log = logging.getLogger("nbgrader")
    log.setLevel(logging.CRITICAL)
    Autograde(coursedir=coursedir, config=config, log=log, force=True).start()


def stock_scores(assignment: Assignment, student: str) -> dict[str, float]:
    """Return what nbgrader gave, as shares of the points, by cell."""
    config = _config(assignment)
    api = NbGraderAPI(CourseDirectory(config=config), config=config)
    with api.gradebook as gradebook:
        submission = gradebook.find_submission(assignment.name, student)
        return {
            grade.name: (grade.score or 0) / (grade.max_score or 1)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


if __name__ == "__main__":
    main()
