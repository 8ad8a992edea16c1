"""Do memory and time stay flat over many submissions?

    python benchmarks/bench_scale.py [--small N] [--real N] [--assignment NAME] [--plot FILE.png]

Grades N submissions of a small assignment one after the other by one grader (10,000), then N of
a real one, mixed hand-ins, as a course run on one core and on two (300). Prints memory and rate
over time, and how much faster two cores are; `--plot` draws both.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "assignments")]

from autograder.course.folder import Assignment, Course  # noqa: E402
from autograder.grade.course_run import grade_course  # noqa: E402
from autograder.grade.settings import CourseSettings, Settings  # noqa: E402
from autograder.grade.submission import Grader  # noqa: E402
from autograder.gradebook.store import make_rows  # noqa: E402
from autograder.handout.release import release  # noqa: E402
from benchmarks.bench_course import course_of  # noqa: E402
from tests import tiny_course  # noqa: E402
from tests.submissions import overlay  # noqa: E402

STEPS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=10_000, metavar="N")
    parser.add_argument("--real", type=int, default=300, metavar="N")
    parser.add_argument("--assignment", default="gradient_descent_digits")
    parser.add_argument("--plot", type=Path, metavar="FILE")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        points = small(Path(folder), options.small) if options.small else []
        if options.plot:
            plot(points, options.plot)
        if options.real:
            real(Path(folder), options.assignment, options.real)


def small(folder: Path, count: int) -> list[tuple[int, float, float]]:
    """Grade a small assignment's submissions; return (done, MB, CPU ms each) step by step."""
    assignment = Course(tiny_course.write(folder / "tiny")).assignment("tiny")
    make_rows(assignment)
    release(assignment)
    work, points = tiny_course.solved(), []
    with Grader(assignment, Settings(b"benchmark")) as grader:
        begin = time.process_time()
        for number in range(1, count + 1):
            grader.grade(work, f"student{number}")
            if number % max(count // STEPS, 1) == 0:
                spent = (time.process_time() - begin) * 1000 / max(count // STEPS, 1)
                points.append((number, _memory(), spent))
                print(f"{number:6} done: {_memory():6.0f} MB, {spent:5.1f} ms CPU each", flush=True)
                begin = time.process_time()
    return points


def _memory() -> float:
    """Return the memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def plot(points: list[tuple[int, float, float]], file: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.5), layout="constrained")
    done, *columns = zip(*points, strict=True)
    names = "memory of the grader (MB)", "CPU of the grader (ms each)"
    for axes, name, values in zip(figure.subplots(1, 2), names, columns, strict=True):
        axes.plot(done, values, ".-")
        axes.set(xlabel="submissions", ylabel=name, ylim=(0, 1.1 * max(values)))
    figure.savefig(file)


def real(folder: Path, name: str, count: int) -> None:
    """Grade a class on one core and on two."""
    seconds = {}
    for jobs in (1, 2):
        assignment = course_of(folder / f"jobs{jobs}", name)
        hand_in(assignment, count)
        begin = time.perf_counter()
        grade_course(assignment, CourseSettings(b"benchmark", jobs=jobs))
        seconds[jobs] = time.perf_counter() - begin
        print(f"{name}, {count} submissions, {jobs} at a time: {seconds[jobs]:.1f} s", flush=True)
    print(f"two cores are {seconds[1] / seconds[2]:.2f} times as fast as one")


def hand_in(assignment: Assignment, count: int) -> None:
    bases = overlay.Bases(assignment)
    folders = overlay.folders(assignment.name)
    kept = [path for path in folders if not path.name.startswith(("hostile", "endless"))]
    for number in range(count):
        target = assignment.submitted(f"student{number:04}")
        for path, content in overlay.files(kept[number % len(kept)], bases).items():
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(content)


if __name__ == "__main__":
    main()
