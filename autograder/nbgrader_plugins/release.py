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
from nbgrader.api import Comment, Grade, MissingEntry, Notebook
from nbgrader.preprocessors import ClearSolutions, NbGraderPreprocessor, SaveCells

from autograder.course.cell_metadata import check_cells
from autograder.course.folder import Assignment, Course
from autograder.course.notebooks import kernel_problem, nbgrader_metadata
from autograder.errors import InstructorError
from autograder.handout import leaks, regions
from autograder.handout.release import check_checks, release_files
from autograder.handout.skeleton import stub_lines

Resources = dict[str, Any]


def assignment_of(preprocessor: NbGraderPreprocessor, resources: Resources) -> Assignment | None:
    """Return the assignment being converted, or None where it is plain nbgrader."""
    coursedir = preprocessor.parent.parent.coursedir
    assignment = Assignment(Course(Path(coursedir.root)), resources["nbgrader"]["assignment"])
    return assignment if assignment.has_config else None


class CheckSource(NbGraderPreprocessor):
    """Stops before anything is converted, with the place of the mistake."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Refuse a notebook that could not be graded."""
        assignment = assignment_of(self, resources)
        if assignment is not None:
            if resources["nbgrader"]["notebook"] == assignment.notebooks[0].stem:
                if assignment.has_library:
                    self._check_folder(assignment)
                check_checks(assignment)
            where = f"source/{assignment.name}/{resources['nbgrader']['notebook']}.ipynb"
            check_cells(nb.cells, where)
            if problem := kernel_problem(nb):
                self.log.warning("%s: %s", where, problem)
            for index, cell in enumerate(nb.cells):
                self._check_cell(cell, f"{where}, cell {index + 1}", marked=assignment.has_library)
        return nb, resources

    def _check_folder(self, assignment: Assignment) -> None:
        for path in sorted(assignment.source.rglob("*.py")):
            raise InstructorError(
                f"{assignment.course.shown(path)}: expected no Python module under source/, as "
                "nbgrader hands it out whole. Move it to assignments/cs_lib."
            )

    def _check_cell(self, cell: NotebookNode, where: str, *, marked: bool) -> None:
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
        if marked and cell.cell_type == "code" and metadata.get("solution") and not found:
            raise InstructorError(
                f'{where}: expected a "### {regions.BEGIN}" region in a solution cell, found none. '
                "Mark what the student is to write."
            )


class NamedStubs(ClearSolutions):
    """nbgrader's ClearSolutions, with stubs that name assignment and function.

    Where students get no ``cs_lib``, nbgrader's own stubs stay as they are.
    """

    def _replace_solution_region(self, cell: NotebookNode, language: str) -> bool:
        if not self._named or cell.cell_type != "code" or language not in ("python", "ipython"):
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
        """Put a stub that names its function in the place of each solution."""
        self._assignment = resources["nbgrader"]["assignment"]
        assignment = assignment_of(self, resources)
        self._named = assignment is not None and assignment.has_library
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


class SaveCellsAndAdditions(SaveCells):
    """nbgrader's SaveCells, but for new cells, which may come after work was graded.

    nbgrader refuses these.  Here each graded submission gets the rows for them,
    and its next grading fills them.
    """

    def _create_notebook(self, nb: NotebookNode) -> None:
        try:
            row = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        except MissingEntry:
            row = None
        if row is not None and row.submissions:
            self._refuse_removals(row)
            self._add(row)
        super()._create_notebook(nb)

    def _kinds(self, row: Notebook) -> dict[str, tuple[set[str], dict[str, Any]]]:
        """Return for each kind of cell the names in the gradebook, and the notebook's cells."""
        new = {
            "grade": self.new_grade_cells,
            "solution": self.new_solution_cells,
            "task": self.new_task_cells,
            "source": self.new_source_cells,
        }
        return {
            kind: ({cell.name for cell in getattr(row, f"{kind}_cells")}, cells)
            for kind, cells in new.items()
        }

    def _refuse_removals(self, row: Notebook) -> None:
        gone = {name for old, new in self._kinds(row).values() for name in old - set(new)}
        if gone:
            raise InstructorError(
                f"source/{self.assignment_id}/{self.notebook_id}.ipynb: expected the cells "
                f"{', '.join(sorted(gone))}, for which submissions have grades, found none. "
                "Put them back; with 0 points a cell does not count."
            )

    def _add(self, row: Notebook) -> None:
        for kind, (old, new) in self._kinds(row).items():
            for name in set(new) - old:
                add = getattr(self.gradebook, f"add_{kind}_cell")
                cell = add(name, self.notebook_id, self.assignment_id, **new[name])
                for submitted in row.submissions:
                    if kind in ("grade", "task"):
                        self.gradebook.db.add(Grade(cell_id=cell.id, notebook=submitted))
                    if kind in ("solution", "task"):
                        self.gradebook.db.add(Comment(cell_id=cell.id, notebook=submitted))
        self.gradebook.db.commit()


class AddLibrary(NbGraderPreprocessor):
    """Adds ``cs_lib``, hand-out and requirements to the release, and scans it for leaks."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Write the library beside the notebooks, once."""
        assignment = assignment_of(self, resources)
        if assignment is not None:
            files = release_files(assignment)
            notebook = f"{resources['nbgrader']['notebook']}.ipynb"
            leaks.scan(assignment, {**files, notebook: nbformat.writes(nb).encode()})
            resources.setdefault("outputs", {}).update(files)
        return nb, resources
