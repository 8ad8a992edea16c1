"""Does each notebook run from start to end with the reference, offline, in time?

    python benchmarks/bench_notebooks.py [--quick] [--keep FOLDER] [ASSIGNMENT ...]

Hands in the reference as a student would and runs every notebook in a Jupyter kernel, on the
synthetic data sets, with the full budget (`--quick`: the budget of grading). Prints seconds a
notebook; `--keep` leaves the executed notebooks to be looked at. Exit code 1 if a cell fails
or a notebook takes over eight minutes.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "assignments")]

from cs_lib.datasets import synthesize  # noqa: E402

from autograder.course.folder import Course  # noqa: E402
from autograder.handout.solved import solved_files  # noqa: E402

LIMIT = 480  # seconds: 300 epochs of a large net are a lesson of cats_and_cars


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT")
    parser.add_argument("--quick", action="store_true", help="the budget of grading")
    parser.add_argument("--keep", type=Path, help="folder for the executed notebooks")
    options = parser.parse_args()
    course = Course(ROOT)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if options.quick:
        os.environ["CS_LIB_BUDGET"] = "quick"
    good = True
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["COURSEDATA"] = f"{scratch}/data"
        for name in options.assignments or course.assignment_names():
            assignment = course.assignment(name)
            synthesize(assignment.config.data, Path(scratch, "data"))
            folder = Path(scratch, name)
            for path, content in solved_files(assignment).items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(content)
            for notebook in assignment.notebooks:
                good &= run(folder / notebook.name, name, options.keep)
    return 0 if good else 1


def run(path: Path, assignment: str, keep: Path | None) -> bool:
    """Run a notebook where it lies, print how long it took; whether that was well."""
    notebook = nbformat.read(path, as_version=4)
    os.environ.pop("PYTHONPATH", None)
    client = NotebookClient(notebook, timeout=600, resources={"metadata": {"path": path.parent}})
    start, error = time.perf_counter(), ""
    try:
        client.execute()
    except CellExecutionError as problem:
        error = f"  {problem.ename}: {problem.evalue.splitlines()[0]}"
    seconds = time.perf_counter() - start
    if keep:
        (keep / assignment).mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, keep / assignment / path.name)
    print(f"{assignment}/{path.name}: {seconds:.0f} s{error}", flush=True)
    return not error and seconds < LIMIT


if __name__ == "__main__":
    sys.exit(main())
