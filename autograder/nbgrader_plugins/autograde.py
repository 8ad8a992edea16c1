"""``nbgrader autograde`` and formgrader's button, on the kit's engine.

The scores are the engine's own: of checks, and of test cells that their own code grades
by nbgrader's rules, behind the wall.
"""

import contextlib
import io
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import (
    AssignLatePenalties,
    NbGraderPreprocessor,
    OverwriteCells,
    SaveAutoGrades,
)

from autograder.course.notebooks import nbgrader_metadata, read_notebook
from autograder.errors import SubmissionError
from autograder.intake.restore import read_cells, restore
from autograder.nbgrader_plugins.leniency import accept_what_students_hand_in, handed_in_as
from autograder.nbgrader_plugins.session import session

Resources = dict[str, Any]


class TolerantExporter(NotebookExporter):
    """Reads a submitted notebook in whatever state it is.

    nbgrader drops a whole submission for one notebook that cannot be read; here
    such a notebook is empty, and its cells are put back and graded as they are.
    """

    def from_filename(
        self, filename: str, resources: Resources | None = None, **kw: Any
    ) -> tuple[NotebookNode, Resources]:
        """Read a notebook from its path, in whatever state it is."""
        content = handed_in_as(filename)
        if content is None:
            found: tuple[NotebookNode, Resources]
            found = super().from_filename(filename, resources=resources, **kw)
            return found
        return self.from_file(io.StringIO(content), resources=resources, **kw)

    def from_file(
        self, file_stream: Any, resources: Resources | None = None, **kw: Any
    ) -> tuple[NotebookNode, Resources]:
        """Read a notebook from an open file, in whatever state it is."""
        content = file_stream.read()
        try:
            notebook = nbformat.reads(content, as_version=4)
            nbformat.validate(notebook)
        except Exception as error:  # of a hostile file, anything
            self.log.warning("A submitted notebook is broken: %s", error)
            notebook = nbformat.v4.new_notebook(cells=[])
            try:
                notebook.cells = read_cells(content.encode(errors="replace"), "notebook")
            except SubmissionError as reason:
                self.log.warning("%s", reason)
        made: tuple[NotebookNode, Resources]
        made = self.from_notebook_node(notebook, resources=resources, **kw)
        return made


class RestoreCells(NbGraderPreprocessor):
    """Puts a notebook in order whose graded cells are gone, doubled or nameless."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Put back, in their order, the cells of the release."""
        released = _released(self, resources)
        if released is None or _names(nb) == _names(released):
            return nb, resources
        where = resources["nbgrader"]
        name = f"{where['notebook']}.ipynb"
        restored = restore(read_cells(nbformat.writes(nb).encode(), name), released)
        for warning in restored.warnings:
            self.log.warning("%s: %s: %s", where["student"], name, warning)
        return restored.notebook, resources


class OverwriteChangedCells(OverwriteCells):
    """nbgrader's OverwriteCells, which takes a cell for changed that was released without secrets.

    It compares with the instructor's cell, so it warns of every question with a mark scheme
    and every test with hidden tests.  A cell as it was released is not changed: it
    becomes the instructor's without a word.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Note the released cells, then do what nbgrader does."""
        released = _released(self, resources)
        self._released = {
            nbgrader_metadata(cell).get("grade_id"): cell.source
            for cell in (released.cells if released else [])
        }
        result: tuple[NotebookNode, Resources] = super().preprocess(nb, resources)
        return result

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        """Make a cell as it was released the instructor's, without a word."""
        name = nbgrader_metadata(cell).get("grade_id")
        if name and self._released.get(name) == cell.source:
            with contextlib.suppress(MissingEntry):  # which nbgrader itself reports
                original = self.gradebook.find_source_cell(
                    name, self.notebook_id, self.assignment_id
                )
                cell.source = original.source if original.locked else cell.source
        result: tuple[NotebookNode, Resources] = super().preprocess_cell(
            cell, resources, cell_index
        )
        return result


def _released(preprocessor: NbGraderPreprocessor, resources: Resources) -> NotebookNode | None:
    """Return the notebook as students got it, None where there is none."""
    where = resources["nbgrader"]
    coursedir = preprocessor.parent.parent.coursedir
    folder = coursedir.format_path(coursedir.release_directory, ".", where["assignment"])
    path = Path(folder) / f"{where['notebook']}.ipynb"
    return read_notebook(path) if path.exists() else None


def _names(notebook: NotebookNode) -> list[tuple[str, str]]:
    return sorted(
        (str(metadata.get("grade_id")), cell.cell_type)
        for cell in notebook.cells
        if (metadata := nbgrader_metadata(cell))
    )


class RunSubmission(NbGraderPreprocessor):
    """Runs a notebook behind the wall; takes the place of nbgrader's Execute."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Run the submission once, and return this notebook of it."""
        graded = session(self, resources).graded(resources["nbgrader"]["student"])
        for alert in graded.alerts:
            self.log.error("%s", alert)
        return graded.notebooks.get(resources["nbgrader"]["notebook"], nb), resources


class SaveScores(SaveAutoGrades):
    """Writes the engine's verdicts in the place of what nbgrader makes of outputs."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Write the scores into the gradebook."""
        session(self, resources).record(resources["nbgrader"]["student"])
        return nb, resources


class LatePenalties(AssignLatePenalties):
    """Takes the place of nbgrader's AssignLatePenalties.

    The penalties were reckoned with the scores, in days of the course's clock.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Leave everything as it is."""
        return nb, resources


accept_what_students_hand_in(TolerantExporter)
