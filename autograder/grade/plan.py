"""What the course says about grading an assignment, loaded once for all submissions."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from nbformat.notebooknode import NotebookNode

from autograder.checks import Check, load_checks
from autograder.checks.asked import names_asked
from autograder.checks.known_mistakes import Known, read_mistakes
from autograder.checks.reference import Reference
from autograder.course.folder import Assignment
from autograder.course.notebooks import GradedCell, nbgrader_metadata, read_notebook
from autograder.errors import InstructorError
from autograder.handout.library import library_files
from autograder.wall.zygote import preload_for

QUICK = {"CS_LIB_BUDGET": "quick"}
"""Notebook cells that train read it, so that grading never takes minutes."""


@dataclass(frozen=True)
class Plan:
    """An assignment, ready to be graded.

    Attributes
    ----------
    checks : list of Check
        Those to run, each after the checks it requires.
    known : Known
        The mistakes that a check that fails is compared with.
    manual : list of GradedCell
        What a person grades.
    library : dict of str to bytes
        The ``cs_lib`` that students were given, skeletons included.
    released : dict of str to NotebookNode
        The notebooks that students were given, by name.
    questions : dict of str to str
        The written tasks with their mark schemes, by name of the cell.
    execute : bool
        Whether notebooks are run.
    environment : dict of str to str
        Variables that student code sees.
    asked : dict of str to frozenset of str
        The names that each check on notebook code looks at, None where that is open.
    preload : tuple of str
        What to import before the first submission: of the packages students may use.
    """

    checks: list[Check]
    known: Known
    manual: list[GradedCell]
    reference: Reference
    library: dict[str, bytes]
    released: dict[str, NotebookNode]
    questions: dict[str, str]
    execute: bool
    environment: dict[str, str]
    asked: dict[str, frozenset[str] | None]
    preload: tuple[str, ...]

    def checks_of(self, notebook: str) -> dict[str, Check]:
        """Return the checks of a notebook's code by name."""
        return {
            item.name: item
            for item in self.checks
            if item.uses_notebook and item.cell is not None and item.cell.notebook == notebook
        }

    @cached_property
    def modules(self) -> frozenset[str]:
        """The modules of the library, dotted, as ``cs_lib.layers``."""
        paths = [PurePosixPath(path) for path in self.library if path.endswith(".py")]
        return frozenset(".".join(path.with_suffix("").parts) for path in paths)


def load_plan(assignment: Assignment, only: Collection[str] = ()) -> Plan:
    """Load all that grading an assignment needs, and see that it fits together.

    Parameters
    ----------
    only : collection of str
        Names of the checks to run; all by default.

    Raises
    ------
    InstructorError
        Something in the assignment is not as it must be.
    """
    every = load_checks(assignment)
    checks = _chosen(every, only)
    reference = Reference(assignment)
    config = assignment.config.notebooks
    return Plan(
        checks=checks,
        known=read_mistakes(assignment, every, reference.sources),
        manual=[cell for cell in assignment.graded_cells if cell.kind == "manual"],
        reference=reference,
        library=library_files(assignment),
        released={path.stem: _released(assignment, path) for path in assignment.notebooks},
        questions=_questions(assignment),
        execute=config.execute,
        environment={**QUICK, **config.environment},
        asked={item.name: names_asked(item) for item in checks if item.uses_notebook},
        preload=preload_for(assignment.config.requirements),
    )


def _chosen(checks: list[Check], only: Collection[str]) -> list[Check]:
    names = [item.name for item in checks]
    for name in only:
        if name not in names:
            raise InstructorError(
                f'--checks: expected names of checks, got "{name}". There are: {", ".join(names)}.'
            )
    return [item for item in checks if not only or item.name in only]


def _released(assignment: Assignment, source: Path) -> NotebookNode:
    """Read a released notebook, and see that it has the cells that carry points."""
    path = assignment.release / source.name
    shown = assignment.course.shown(path)
    if not path.exists():
        raise InstructorError(
            f"{shown}: expected the released notebook, found no such file. "
            f"Run `autograder release {assignment.name}`."
        )
    notebook = read_notebook(path)
    present = {nbgrader_metadata(cell).get("grade_id") for cell in notebook.cells}
    for cell in assignment.graded_cells:
        if cell.notebook == source.stem and cell.name not in present:
            raise InstructorError(
                f'{shown}: expected a cell "{cell.name}" as in the source, found none. '
                f"Run `autograder release {assignment.name}`."
            )
    return notebook


def _questions(assignment: Assignment) -> dict[str, str]:
    """Return the written tasks as the instructor wrote them, with their mark schemes."""
    return {
        str(metadata["grade_id"]): cell.source
        for notebook in assignment.sources.values()
        for cell in notebook.cells
        if (metadata := nbgrader_metadata(cell)).get("task")
    }
