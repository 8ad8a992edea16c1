"""What a large course costs in the gradebook: filled, exported, opened in formgrader.

    python benchmarks/bench_gradebook.py [--students N] [--assignments N] [--on URL ...]

A course of 2,000 students and ten assignments by default, each of four graded cells, whose
results and notebooks lie ready (synthetic). For SQLite, and for a PostgreSQL server that is
started for it where one is installed (or each `--on URL`, an empty database): seconds to write the
results of one assignment into the gradebook, one transaction; the same again, when all stands
there; to export it; and for formgrader's pages of the course, of an assignment, of its submissions
and of a student, as nbgrader's own API answers them. Then it is copied to the other database.
"""

import argparse
import contextlib
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT)]

from nbgrader.apps import NbGraderAPI  # noqa: E402
from nbgrader.coursedir import CourseDirectory  # noqa: E402

from autograder.course.clock import load_config  # noqa: E402
from autograder.course.database import database_of  # noqa: E402
from autograder.course.folder import Assignment, Course  # noqa: E402
from autograder.gradebook.copied import copy_gradebook  # noqa: E402
from autograder.gradebook.record import fill_gradebook, write_result  # noqa: E402
from autograder.gradebook.store import make_rows  # noqa: E402
from autograder.publish.export import export  # noqa: E402
from autograder.results import CheckResult, Result  # noqa: E402
from tests import tiny_course  # noqa: E402

SERVER = ROOT / "tools" / "start_postgres.sh"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=2000, metavar="N")
    parser.add_argument("--assignments", type=int, default=10, metavar="N")
    parser.add_argument("--on", nargs="*", metavar="URL", help="empty databases")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as opened:
        course = course_of(Path(folder), options.students, options.assignments)
        databases = options.on
        if databases is None:
            databases = [f"sqlite:///{folder}/one.db", *opened.enter_context(server())]
        for address in databases:
            measure(course, address)
        if len(databases) > 1:
            use(course, databases[0])
            print(f"copied from the first: {copied(course, opened):.0f} s")


@contextlib.contextmanager
def server() -> Iterator[list[str]]:
    """Start a server; give no address where none is installed."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        Path(folder).chmod(0o755)
        started = subprocess.run(
            ["sh", SERVER, f"{folder}/server"], capture_output=True, text=True, check=False
        )
        if started.returncode:
            print(started.stderr.strip())
            yield []
            return
        try:
            yield [started.stdout.strip()]
        finally:
            subprocess.run(["sh", SERVER, "--stop", f"{folder}/server"], check=True)


def copied(course: Course, opened: contextlib.ExitStack) -> float:
    """Copy the gradebook into a fresh server's; return the seconds."""
    begin = time.perf_counter()
    for address in opened.enter_context(server()):
        begin = time.perf_counter()
        copy_gradebook(course, address)
    return time.perf_counter() - begin


def course_of(folder: Path, students: int, assignments: int) -> Course:
    """Write a course whose submissions are graded, without the gradebook."""
    root = tiny_course.write(folder / "course")
    course = Course(root)
    for number in range(assignments):
        name = f"tiny{number}"
        for place in ("assignments", "source"):
            (root / place / name).mkdir(parents=True)
            for path in (root / place / "tiny").iterdir():
                (root / place / name / path.name).write_bytes(path.read_bytes())
        assignment = course.assignment(name)
        (notebook,) = tiny_course.solved().notebooks.values()
        for student in range(students):
            place = course.autograded / f"student{student:05}" / name
            place.mkdir(parents=True)
            (place / "tiny.ipynb").write_bytes(notebook)
            write_result(assignment, result(name, student))
    return course


def result(assignment: str, student: int) -> Result:
    """Return a synthetic result: every third fails a check."""
    points = {"double": 2.0, "shift": 1.0, "triple": float(student % 3 != 0)}
    checks = [
        CheckResult(
            name=name, notebook="tiny", score=score, max_score=2 if name == "double" else 1,
            status="passed" if score else "failed",
            explanations=[] if score else ["expected 3.0, got 1.0"],
        )
        for name, score in points.items()
    ]  # fmt: skip
    return Result(
        assignment=assignment, student=f"student{student:05}", score=sum(points.values()),
        max_score=4, seconds=0.1, key=f"work{student}.course", checks=checks,
    )  # fmt: skip


def use(course: Course, address: str) -> None:
    config = course.root / "nbgrader_config.py"
    config.write_text(f'{config.read_text()}\nc.CourseDirectory.db_url = "{address}"\n')


def measure(course: Course, address: str) -> None:
    """Fill, export and open a course's gradebook at an address; print the seconds of each."""
    use(course, address)
    found: dict[str, list[float]] = {}

    def timed(what: str, begin: float) -> None:
        found.setdefault(what, []).append(time.perf_counter() - begin)

    names = [name for name in course.assignment_names() if name != "tiny"]
    for name in names:
        assignment = course.assignment(name)
        make_rows(assignment)
        students = sorted(path.stem for path in assignment.results.glob("*.json"))
        for what in ("filled", "filled again"):
            begin = time.perf_counter()
            fill_gradebook(assignment, students)
            timed(what, begin)
    for name in names:
        begin = time.perf_counter()
        export(course.assignment(name), "csv")
        timed("exported", begin)
    for what, ask in pages(course.assignment(names[0]), students[0]).items():
        begin = time.perf_counter()
        ask()
        timed(f"formgrader: {what}", begin)
    print(f"{database_of(course).shown}: {len(students)} students, {len(names)} assignments")
    for what, seconds in found.items():
        each = f", each {statistics.mean(seconds):.2f} s" if len(seconds) > 1 else ""
        print(f"  {what:32} {sum(seconds):8.2f} s{each}", flush=True)


def pages(assignment: Assignment, student: str) -> dict[str, Callable[[], object]]:
    """Return what formgrader's pages ask for."""
    config = load_config(assignment.course)
    coursedir = CourseDirectory(config=config)
    coursedir.db_url = database_of(assignment.course).url
    api = NbGraderAPI(coursedir, config=config)
    return {
        "assignments": api.get_assignments,
        "one assignment's submissions": lambda: api.get_submissions(assignment.name),
        "a notebook's submissions": lambda: api.get_notebook_submissions(assignment.name, "tiny"),
        "students": api.get_students,
        "a student's submissions": lambda: api.get_student_submissions(student),
    }


if __name__ == "__main__":
    main()
