"""How long one submission takes on one core, beside ``nbgrader autograde`` in the same run.

    python benchmarks/bench_grade.py [ASSIGNMENT]

Without an argument it makes a small assignment of its own: three checks, seven
cells, no figure.  Start-up (imports, the zygote) is paid once a course and is
printed apart.  nbgrader grades the same folder with its own cells and kernels.
"""

import logging
import os
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nbgrader.converters import Autograde  # noqa: E402
from nbgrader.coursedir import CourseDirectory  # noqa: E402
from traitlets.config import Config  # noqa: E402

from autograder.course.folder import Assignment, Course  # noqa: E402
from autograder.grade.settings import Settings  # noqa: E402
from autograder.grade.submission import Grader  # noqa: E402
from autograder.gradebook.store import make_rows  # noqa: E402
from autograder.handout.release import release  # noqa: E402
from autograder.intake.select import Submission, read  # noqa: E402
from tests import tiny_course  # noqa: E402

RUNS = 30
NBGRADER_RUNS = 3
TARGETS = {"module checks alone": 20.0, "with the notebook": 150.0}  # ms


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        assignment = _assignment(Path(folder), sys.argv[1:])
        work = assignment.submitted("student")
        _hand_in(assignment, work)
        started = time.perf_counter()
        with Grader(assignment, Settings(b"benchmark")) as grader:
            print(f"start-up, once a course:  {1000 * (time.perf_counter() - started):8.0f} ms")
            whole = read(work, assignment)
            modules = Submission(files=whole.files)
            grade = grader.grade
            times = {
                "module checks alone": _fastest(lambda: grade(modules, "student"), RUNS),
                "with the notebook": _fastest(lambda: grade(whole, "student"), RUNS),
            }
            level, score = grader.zygote.level, grade(whole, "student").result
        print(f"sandbox level {level}, {score.score:g} of {score.max_score:g} points, one core")
        for name, seconds in times.items():
            print(f"{name + ':':<25} {1000 * seconds:8.1f} ms   (target {TARGETS[name]:.0f} ms)")
        stock = _fastest(lambda: _stock_nbgrader(assignment), NBGRADER_RUNS)
        print(f"{'nbgrader autograde:':<25} {1000 * stock:8.1f} ms")
        print(f"{'ratio:':<25} {stock / times['with the notebook']:8.1f}")


def _assignment(folder: Path, names: list[str]) -> Assignment:
    """Return an assignment in a course of its own: nothing of the real one is touched."""
    root = folder / "course"
    if names:
        ignored = shutil.ignore_patterns(
            ".git", ".venv", "submitted", "autograded", "feedback", "results", "gradebook.db"
        )
        shutil.copytree(ROOT, root, ignore=ignored)
    else:
        tiny_course.write(root)
    assignment = Course(root).assignment(names[0] if names else "tiny")
    release(assignment)
    make_rows(assignment)
    return assignment


def _hand_in(assignment: Assignment, folder: Path) -> None:
    """Hand in the reference solution, beside the files that every student has."""
    shutil.copytree(assignment.release, folder)
    for path in assignment.config.student_modules:
        shutil.copy(assignment.course.library.parent / path, folder / path)
    for path in assignment.notebooks:
        shutil.copy(path, folder)


def _fastest(action: Callable[[], object], runs: int) -> float:
    """Return the mean of the fastest tenth, seconds: other work on the machine matters less."""
    action()  # the first run warms up
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.mean(sorted(times)[: max(runs // 10, 1)])


def _stock_nbgrader(assignment: Assignment) -> None:
    """Grade the submission with nbgrader as it comes; imports are not counted."""
    config = Config({"CourseDirectory": {"root": str(assignment.course.root)}})
    coursedir = CourseDirectory(config=config)
    coursedir.assignment_id = assignment.name
    coursedir.student_id = "student"
    log = logging.getLogger("nbgrader")
    log.setLevel(logging.CRITICAL)
    Autograde(coursedir=coursedir, config=config, log=log, force=True).start()


if __name__ == "__main__":
    main()
