"""A small course with checks, and a submission of it behind the wall."""

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from autograder.checks import Context, Outcome, load_checks, run_check
from autograder.config import Limits
from autograder.course import Assignment, Course
from autograder.reference import Reference
from autograder.zygote import Zygote

ASSIGNMENT = "first"


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with Zygote(allow_unsafe=True, preload=["numpy"]) as zygote:
        yield zygote


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
        "from autograder.checks import *\nimport numpy as np\n" + textwrap.dedent(checks)
    )
    notebook = nbformat.v4.new_notebook()
    for name, source in cells:
        source = textwrap.dedent(source)
        notebook.cells.append(graded_cell(name, source) if name else new_code_cell(source))
    (root / "source" / ASSIGNMENT).mkdir(parents=True)
    nbformat.write(notebook, root / "source" / ASSIGNMENT / "book.ipynb")
    return Course(root).assignment(ASSIGNMENT)


Grade = Callable[..., dict[str, Outcome]]


@pytest.fixture
def grade(zygote: Zygote, tmp_path: Path) -> Grade:
    """Grade a submission of module ``layers.py`` with checks, all in source text."""

    def grade(
        reference: str,
        checks: str,
        student: str | None = None,
        *,
        seed: int = 1,
        seconds: float = 5.0,
        cells: tuple[str, ...] = (),
    ) -> dict[str, Outcome]:
        names = [
            line.split("(")[0].removeprefix("def ")
            for line in textwrap.dedent(checks).splitlines()
            if line.startswith("def ") and not line.startswith("def _")
        ]
        course = tmp_path / str(len(list(tmp_path.iterdir())))
        source = [("", cell) for cell in cells] + [(name, "") for name in names]
        assignment = write_course(
            course, modules={"layers.py": reference}, checks=checks, cells=source
        )
        loaded = load_checks(assignment)
        submitted = textwrap.dedent(reference if student is None else student).encode()
        outcomes: dict[str, Outcome] = {}
        with zygote.worker({"cs_lib/layers.py": submitted}, Limits()) as worker:
            for cell in cells:
                worker.run_cell(cell, 5.0)
            for check in loaded:
                context = Context(
                    worker, Reference(assignment), {"cs_lib.layers"}, seed, seconds, outcomes
                )
                outcomes[check.name] = run_check(check, context)
        return outcomes

    return grade
