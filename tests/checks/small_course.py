"""A course of one module and one notebook, written into a folder and graded."""

import re
import textwrap
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from autograder.checks import Check, Context, Outcome, load_checks, run_check
from autograder.checks.outcome import Traces
from autograder.checks.reference import Reference
from autograder.checks.second_look import whose_mistake
from autograder.course.folder import Assignment, Course
from autograder.grade.second_look import rehearse
from autograder.wall.limits import Limits
from autograder.wall.supervised import Worker
from autograder.wall.zygote import Zygote

ASSIGNMENT = "first"


def graded_cell(name: str, source: str) -> nbformat.NotebookNode:
    metadata = {
        "schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False,
        "points": 1, "grade_id": name,
    }  # fmt: skip
    return new_code_cell(source, metadata={"nbgrader": metadata})


def write_course(
    root: Path,
    *,
    modules: dict[str, str],
    checks: str,
    cells: list[tuple[str, str]],
    todo: dict[str, list[str]] | None = None,
) -> Assignment:
    """Write a course with one assignment.

    ``cells`` are (grade_id, source); a grade_id of "" is a plain code cell.
    """
    folder = root / "assignments" / ASSIGNMENT
    folder.mkdir(parents=True)
    library = root / "assignments" / "cs_lib"
    for name, source in {"__init__.py": "", **modules}.items():
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source))
    tables = "".join(
        f'[modules."{name}"]\ntodo = {(todo or {}).get(name, ["*"])}\n' for name in modules
    )
    (folder / "assignment.toml").write_text(f'title = "A first one"\n{tables}')
    (folder / "checks.py").write_text(
        "from autograder.checks import *; from functools import partial\n"
        "import numpy as np\n" + textwrap.dedent(checks)
    )
    notebook = nbformat.v4.new_notebook()
    for name, source in cells:
        source = textwrap.dedent(source)
        notebook.cells.append(graded_cell(name, source) if name else new_code_cell(source))
    (root / "source" / ASSIGNMENT).mkdir(parents=True)
    nbformat.write(notebook, root / "source" / ASSIGNMENT / "book.ipynb")
    return Course(root).assignment(ASSIGNMENT)


def grade_sources(
    zygote: Zygote,
    course: Path,
    reference: str,
    checks: str,
    student: str | None = None,
    *,
    seed: int = 1,
    seconds: float = 5.0,
    cells: tuple[str, ...] = (),
) -> dict[str, Outcome]:
    """Grade a submission of module ``layers.py`` with checks, all in source text."""
    assignment = write_layers(course, reference, checks, cells)
    submitted = textwrap.dedent(reference if student is None else student)
    with zygote.worker({"cs_lib/layers.py": submitted.encode()}, Limits()) as worker:
        for cell in cells:
            worker.run_cell(cell, 5.0)
        return run_checks(zygote, assignment, worker, seed=seed, seconds=seconds)


def write_layers(
    course: Path, reference: str, checks: str, cells: tuple[str, ...] = ()
) -> Assignment:
    """Write a course whose library is ``layers.py``, with a graded cell for each check."""
    names = re.findall(r"^def ([a-zA-Z]\w*)\(", textwrap.dedent(checks), re.MULTILINE)
    source = [("", cell) for cell in cells] + [(name, "") for name in names]
    return write_course(course, modules={"layers.py": reference}, checks=checks, cells=source)


def run_checks(
    zygote: Zygote, assignment: Assignment, worker: Worker, *, seed: int, seconds: float = 5.0
) -> dict[str, Outcome]:
    """Run all checks of an assignment on one worker."""
    outcomes: dict[str, Outcome] = {}
    reference = Reference(assignment)

    def lend() -> Worker:
        return zygote.worker(reference.sources, Limits())

    for check in load_checks(assignment):

        def on(worker: Worker) -> Context:
            return Context(worker, reference, {"cs_lib.layers"}, seed, seconds, outcomes, lend)

        def truth(check: Check = check) -> Traces:
            return rehearse(check, lend, lambda _, worker: on(worker))

        outcomes[check.name] = whose_mistake(run_check(check, on(worker)), truth).outcome
    return outcomes
