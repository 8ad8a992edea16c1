"""The release part of nbgrader's pipeline: named stubs, ``cs_lib``, and the leak scan.

An exception in one of these preprocessors stops ``nbgrader generate_assignment``
and takes the half-made release away.  Assignments without an
``assignment.toml`` pass through untouched.
"""

import ast
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor

from autograder import leaks, regions
from autograder.cells import nbgrader_metadata
from autograder.course import Assignment, Course
from autograder.errors import InstructorError
from autograder.release import release_files
from autograder.skeleton import stub_lines

Resources = dict[str, Any]


def assignment_of(preprocessor: NbGraderPreprocessor, resources: Resources) -> Assignment | None:
    """Return the assignment being converted, or None where it is plain nbgrader."""
    coursedir = preprocessor.parent.parent.coursedir
    assignment = Assignment(Course(Path(coursedir.root)), resources["nbgrader"]["assignment"])
    return assignment if (assignment.folder / "assignment.toml").exists() else None


class CheckSource(NbGraderPreprocessor):
    """Stops before anything is converted, with the place of the mistake."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        assignment = assignment_of(self, resources)
        if assignment is not None:
            self._check_folder(assignment)
            where = f"source/{assignment.name}/{resources['nbgrader']['notebook']}.ipynb"
            for index, cell in enumerate(nb.cells):
                self._check_cell(cell, f"{where}, cell {index + 1}")
        return nb, resources

    def _check_folder(self, assignment: Assignment) -> None:
        for path in sorted(assignment.source.rglob("*.py")):
            raise InstructorError(
                f"{assignment.course.shown(path)}: expected no Python module under source/, as "
                "nbgrader hands it out whole. Move it to assignments/cs_lib."
            )

    def _check_cell(self, cell: NotebookNode, where: str) -> None:
        found = regions.find_regions(cell.source.splitlines(), where)
        metadata = nbgrader_metadata(cell)
        if found and not metadata.get("solution"):
            raise InstructorError(
                f"{where}: a solution region stands in a cell that is not a solution cell. "
                "Make it one (Autograded answer or Manually graded answer in the toolbar)."
            )
        if metadata.get("task") and not metadata.get("locked"):
            raise InstructorError(
                f"{where}: expected a locked question; nbgrader cannot grade what students hand in "
                "with one that is not. Choose Manually graded task in the toolbar once more."
            )
        if cell.cell_type == "code" and metadata.get("solution") and not found:
            raise InstructorError(
                f'{where}: expected a "### {regions.BEGIN}" region in a solution cell, found none. '
                "Mark what the student is to write."
            )


class NamedStubs(ClearSolutions):
    """nbgrader's ClearSolutions, with stubs that name assignment and function."""

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        if cell.cell_type != "code" or language not in ("python", "ipython"):
            return bool(super()._replace_solution_region(cell, language))
        lines = cell.source.splitlines()
        if not regions.find_regions(lines, "cell"):
            return False
        names = _functions_around(cell.source)
        default = nbgrader_metadata(cell).get("grade_id", "this cell")

        def stub(line: int) -> list[str]:
            return stub_lines(f"{self._assignment}: implement {names.get(line, default)}")

        cell.source = "\n".join(regions.with_stubs(lines, "cell", stub))
        return True

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        self._assignment = resources["nbgrader"]["assignment"]
        result: tuple[NotebookNode, Resources] = super().preprocess(nb, resources)
        return result


def _functions_around(source: str) -> dict[int, str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # IPython magics; the stub then names the cell
        return {}
    return {
        line: node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for line in range(node.lineno - 1, node.end_lineno or 0)
    }


class AddLibrary(NbGraderPreprocessor):
    """Adds ``cs_lib``, hand-out and requirements to the release, and scans it for leaks."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        assignment = assignment_of(self, resources)
        if assignment is not None:
            files = release_files(assignment)
            notebook = f"{resources['nbgrader']['notebook']}.ipynb"
            leaks.scan(assignment, {**files, notebook: nbformat.writes(nb).encode()})
            resources.setdefault("outputs", {}).update(files)
        return nb, resources
