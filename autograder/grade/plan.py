"""What the course says about grading an assignment, loaded once for all submissions."""

from collections.abc import Collection, Mapping
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
from autograder.grade.in_notebook import CellTests, tests_of
from autograder.handout.library import former_names, library_files
from autograder.slicing import packages_imported
from autograder.wall.zygote import preload_for, preload_of

QUICK = {"CS_LIB_BUDGET": "quick"}
"""Notebook cells that train read it, so that grading never takes minutes."""
AS_NBGRADER = {"NBGRADER_EXECUTION": "autograde"}
"""What nbgrader tells the cells that it runs."""


@dataclass(frozen=True)
class Plan:
    """An assignment, ready to be graded.

    Attributes
    ----------
    checks : list of Check
        Those to run, each after the checks it requires.
    known : Known
        The mistakes that a check that fails is compared with.
    in_notebook : list of GradedCell
        Test cells that their own code grades.
    manual : list of GradedCell
        What a person grades.
    library : dict of str to bytes
        The ``cs_lib`` that students were given, skeletons included.
    released : dict of str to NotebookNode
        The notebooks that students were given, by name.
    questions : dict of str to dict of str to str
        The written tasks with their mark schemes, by notebook and name of the cell.
    tests : dict of str to CellTests
        By notebook, of those with cells that their own code grades.
    beside : dict of str to bytes
        The course's files beside the notebooks, where cells are graded by their own code.
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
    in_notebook: list[GradedCell]
    manual: list[GradedCell]
    reference: Reference
    library: dict[str, bytes]
    released: dict[str, NotebookNode]
    questions: dict[str, dict[str, str]]
    tests: dict[str, CellTests]
    beside: dict[str, bytes]
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

    def tests_of(self, notebook: str) -> list[GradedCell]:
        """Return the cells of a notebook that their own code grades."""
        return [cell for cell in self.in_notebook if cell.notebook == notebook]

    @property
    def judged(self) -> list[str]:
        """What an outcome is due for: checks, and cells that their own code grades."""
        return [*(item.name for item in self.checks), *(cell.name for cell in self.in_notebook)]

    @cached_property
    def given(self) -> dict[str, bytes]:
        """The modules that the course gives, by path, under the names that they once had, too."""
        return {**former_names(), **self.library}

    def modules_with(self, files: Mapping[str, bytes], own: Collection[str]) -> dict[str, bytes]:
        """Return the modules of a submission: what the course gives, and a student's own.

        Parameters
        ----------
        files : dict of str to bytes
            What was handed in, by path.
        own : collection of str
            Paths of the modules that a student writes; one that was not handed in is not there.
        """
        given = {path: content for path, content in self.given.items() if path not in own}
        return given | {path: files[path] for path in own if path in files}

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
    checked = {item.result_name for item in every}
    own = [c for c in assignment.graded_cells if c.kind == "check" and c.name not in checked]
    checks = _chosen(every, only, [cell.name for cell in own])
    reference = Reference(assignment)
    config = assignment.config.notebooks
    released = {path.stem: _released(assignment, path) for path in assignment.notebooks}
    in_notebook = [cell for cell in own if not only or cell.name in only]
    return Plan(
        checks=checks,
        known=read_mistakes(assignment, every, reference.sources),
        in_notebook=in_notebook,
        manual=[cell for cell in assignment.graded_cells if cell.kind == "manual"],
        reference=reference,
        library=library_files(assignment) if assignment.has_library else {},
        released=released,
        questions=_questions(assignment),
        tests={
            name: tests_of(assignment, name, released[name], cells)
            for name in released
            if (cells := [cell for cell in in_notebook if cell.notebook == name])
        },
        beside=assignment.files_beside() if own else {},
        execute=config.execute,
        environment={**QUICK, **(AS_NBGRADER if own else {}), **config.environment},
        asked={item.name: names_asked(item) for item in checks if item.uses_notebook},
        preload=_to_preload(assignment),
    )


def _to_preload(assignment: Assignment) -> tuple[str, ...]:
    """Return what the packages hold that students may use; where none are named, are used."""
    if assignment.has_library or "requirements" in assignment.config.model_fields_set:
        return preload_for(assignment.config.requirements)
    code = [
        cell.source
        for notebook in assignment.sources.values()
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    return preload_of(packages_imported(code, assignment.files_beside()))


def _chosen(checks: list[Check], only: Collection[str], own: list[str]) -> list[Check]:
    names = [item.name for item in checks] + own
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
        if cell.notebook == source.stem and cell.grade_id not in present:
            raise InstructorError(
                f'{shown}: expected a cell "{cell.name}" as in the source, found none. '
                f"Run `autograder release {assignment.name}`."
            )
    return notebook


def _questions(assignment: Assignment) -> dict[str, dict[str, str]]:
    """Return the written tasks as the instructor wrote them, with their mark schemes."""
    return {
        name: {
            str(metadata["grade_id"]): cell.source
            for cell in notebook.cells
            if (metadata := nbgrader_metadata(cell)).get("task")
        }
        for name, notebook in assignment.sources.items()
    }
