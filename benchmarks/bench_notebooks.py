"""Does each notebook run from start to end with the reference, offline, in time?

    python benchmarks/bench_notebooks.py [--quick|--full] [--keep FOLDER] [NAME ...]

NAME is an assignment, or one of its notebooks, as mlp_trigrams/next_word.

Hands in the reference as a student would and runs every notebook in a Jupyter kernel, on the
small synthetic data sets, with the full budget. `--quick` is the budget of grading. `--full` takes
the largest data at hand: the real set where `$COURSEDATA` has it, else a stand-in of its size.
Prints CPU seconds a notebook; `--keep` leaves the executed notebooks, of which
`python -m tools.notebook_report` makes a page to look at. Exit code 1 if a cell fails or a
notebook takes over eight minutes (`--full`: twenty).
"""

import argparse
import os
import resource
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "assignments")]

from cs_lib.datasets import DatasetNotFoundError, find, get_dataset, synthesize  # noqa: E402

from autograder.course.extras import left_out  # noqa: E402
from autograder.course.folder import Assignment, Course  # noqa: E402
from autograder.handout.solved import solved_files  # noqa: E402

LIMIT = 480  # CPU seconds: 300 epochs of a large net are a lesson of cats_and_cars
FULL_LIMIT = 1200


@dataclass(frozen=True)
class Run:
    """How the notebooks are run: on which data, and where they are kept."""

    own_data: Path | None
    full: bool
    keep: Path | None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wanted", nargs="*", metavar="NAME")
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--quick", action="store_true", help="the budget of grading")
    budget.add_argument("--full", action="store_true", help="the largest data at hand")
    parser.add_argument("--keep", type=Path, help="folder for the executed notebooks")
    options = parser.parse_args()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    os.environ.pop("PYTHONPATH", None)
    if options.quick:
        os.environ["CS_LIB_BUDGET"] = "quick"
    own = os.environ.get("COURSEDATA") if options.full else None
    run = Run(Path(own).resolve() if own else None, options.full, options.keep)
    course = Course(ROOT)
    good = True
    for wanted in options.wanted or course.assignment_names():
        name, _, notebook = wanted.partition("/")
        if reason := left_out(course.assignment(name).config.requirements):
            print(f"{name}: left out, as it {reason}")
            continue
        good &= run_assignment(course.assignment(name), notebook.removesuffix(".ipynb"), run)
    return 0 if good else 1


def run_assignment(assignment: Assignment, wanted: str, run: Run) -> bool:
    """Run its notebooks, or the one that is wanted, in a folder that a student could have."""
    with tempfile.TemporaryDirectory() as scratch:
        data, folder = Path(scratch, "data"), Path(scratch, assignment.name)
        os.environ["COURSEDATA"] = str(data)
        for name in assignment.config.data:
            place(name, data, run)
        shutil.copytree(assignment.release, folder)  # a notebook may read what lies beside it
        for path, content in solved_files(assignment).items():
            (folder / path).write_bytes(content)
        paths = [folder / notebook.name for notebook in assignment.notebooks]
        good = [run_notebook(path, run) for path in paths if wanted in ("", path.stem)]
    return all(good)


def place(name: str, data: Path, run: Run) -> None:
    """Put a data set where the notebooks look first."""
    if run.own_data and not get_dataset(name).in_package:
        try:
            found = find(name, roots=[run.own_data])
        except DatasetNotFoundError:
            pass
        else:
            for file in get_dataset(name).files:
                target = data / name / file.name  # a stand-in says itself that it is one
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(found.folder / file.name, target)
            return
    synthesize([name], data, size="full" if run.full else "small")


def run_notebook(path: Path, run: Run) -> bool:
    """Run a notebook where it lies, print how long it took; whether that was well."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=None, resources={"metadata": {"path": path.parent}})
    before, error = cpu_seconds(), ""
    try:
        client.execute()
    except CellExecutionError as problem:
        error = f"{problem.ename}: {problem.evalue}".splitlines()[0]
    seconds = cpu_seconds() - before
    notebook.metadata["run"] = {"cpu_seconds": round(seconds), "error": error}
    if run.keep:
        (run.keep / path.parent.name).mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, run.keep / path.parent.name / path.name)
    print(f"{path.parent.name}/{path.name}: {seconds:.0f} s of CPU  {error}".rstrip(), flush=True)
    return not error and seconds < (FULL_LIMIT if run.full else LIMIT)


def cpu_seconds() -> float:
    """User and system time of all kernels that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
