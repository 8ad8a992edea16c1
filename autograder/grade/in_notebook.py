"""Test cells that are graded by their own code, as nbgrader does, but behind the wall.

The tests stand in the student's process: docs/security.md says what that promises. A cell's
text comes there when the run reaches it and not before; the verdict is how the cell ended,
as the worker tells it, and no printed text. Of what ran since the first hidden test nothing is
shown: a student's code could have read the test.
"""

import ast
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nbformat.notebooknode import NotebookNode

from autograder.checks import Outcome
from autograder.course.folder import Assignment
from autograder.course.notebooks import GradedCell, nbgrader_metadata
from autograder.intake.select import Submission
from autograder.kit.magics import without_magics
from autograder.results import Cause, CheckResult, Status
from autograder.wall.replies import CellRun, StudentError
from autograder.wall.supervised import Worker
from autograder.write import readable_to_all

HIDDEN = "a test of this cell failed. Some of its tests are hidden and not shown here."
BEHIND_HIDDEN = (
    "a test of this cell failed. Its message is not shown, for hidden tests ran before it: "
    "run the cell yourself, you have all of it."
)
NOT_TOLD = "ended in an error, after hidden tests: run the cell yourself."
AUTOTEST = "AUTOTEST"
"""What nbgrader makes tests of when it releases."""


@dataclass(frozen=True)
class CellTests:
    """The tests of one notebook that grade themselves.

    Attributes
    ----------
    cells : dict of str to GradedCell
        By ``grade_id``.
    sources : dict of str to str
        What is run of each, hidden tests included.
    hidden : frozenset of str
        Those with text that students do not get.
    """

    cells: Mapping[str, GradedCell]
    sources: Mapping[str, str]
    hidden: frozenset[str]


def tests_of(
    assignment: Assignment, notebook: str, released: NotebookNode, cells: Collection[GradedCell]
) -> CellTests:
    """Return the tests of a notebook that grade themselves.

    Raises
    ------
    InstructorError
        Tests that nbgrader makes by itself cannot be made.
    """
    source = assignment.sources[notebook]
    if any(AUTOTEST in cell.source for cell in source.cells):
        from autograder.handout.nbgrader_app import with_autotests  # seconds, and seldom wanted

        source = with_autotests(assignment, notebook)
    wanted = {cell.grade_id: cell for cell in cells}
    handed_out = _sources(released)
    sources = {name: text for name, text in _sources(source).items() if name in wanted}
    written = _sources(assignment.sources[notebook])
    hidden = {
        name for name, text in sources.items() if _is_hidden(written[name], text, handed_out[name])
    }
    return CellTests(wanted, sources, frozenset(hidden))


def _is_hidden(written: str, run: str, released: str) -> bool:
    """Whether students do not have all of a cell; tests made anew differ from those released."""
    if AUTOTEST in written:
        return "BEGIN HIDDEN TESTS" in written
    return run.strip() != released.strip()


def _sources(notebook: NotebookNode) -> dict[str, str]:
    return {
        str(name): str(cell.source)
        for cell in notebook.cells
        if (name := nbgrader_metadata(cell).get("grade_id"))
    }


NOT_BESIDE = "the files beside the notebook could not be laid there: {}"
_IMPORTABLE = (".py", ".pyc", ".so", ".pyd")


def beside(submission: Submission, course: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that lie beside a notebook while it runs: the student's, then the course's.

    As in nbgrader, the course's take the places of those; and nothing of a student's is
    imported in the place of a module of the course.
    """
    modules = {path.partition("/")[0].partition(".")[0] for path in course if path.endswith(".py")}
    own = {**submission.attachments, **submission.beside}
    return {
        path: content
        for path, content in own.items()
        if path.partition("/")[0].partition(".")[0] not in modules or not path.endswith(_IMPORTABLE)
    } | dict(course)


def laid_out(course: Mapping[str, bytes]) -> TemporaryDirectory[str] | None:
    """Write the course's files into a folder that workers without one of their own may read."""
    if not course:
        return None
    folder = TemporaryDirectory(prefix="beside-")
    for path, content in course.items():
        file = Path(folder.name) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    readable_to_all(Path(folder.name))
    return folder


def lay_beside(worker: Worker, files: Mapping[str, bytes], course: Path | None) -> None:
    """Lay files beside a notebook: in the worker's own folder, where the sandbox gives it one.

    Elsewhere it reads the course's files where they lie, as far as it may read files at all.

    Raises
    ------
    StudentError
        Some of the files cannot be had.
    """
    try:
        worker.put(files)
    except StudentError:
        if course is None:
            raise
        worker.enter(course)
        if lost := sorted(path for path in files if not (course / path).exists()):
            raise StudentError(
                "missing", f"this sandbox level gives no folder of its own for {', '.join(lost)}"
            ) from None


@dataclass
class Judge:
    """Takes in how the cells of one notebook ended, in their order.

    Parameters
    ----------
    tests : CellTests
    outcomes : dict of str to Outcome
        By name of the cell in the result, filled in.
    otherwise : dict of str to str
        What nbgrader makes of a cell where that is another thing, filled in.
    """

    tests: CellTests
    outcomes: dict[str, Outcome]
    otherwise: dict[str, str]
    secret: bool = False
    """Whether a hidden test has been in the worker."""

    def source(self, name: str) -> str | None:
        """Return the code of a test cell, None for any other; be silent from a hidden test on."""
        self.secret = self.secret or name in self.tests.hidden
        return self.tests.sources.get(name)

    def ended(self, name: str, run: CellRun) -> None:
        """Judge a test cell by how it ended."""
        cell = self.tests.cells.get(name)
        if cell is None:
            return
        score = _score(run, self.tests.sources[name], cell.max_score)
        if not run.error and (other := _nbgraders(run, score, cell.max_score)):
            self.otherwise[cell.name] = other
        score, told = min(score, cell.max_score), self.told(name, run)
        fraction = score / cell.max_score if cell.max_score else float(not run.error)
        status: Status = "passed" if fraction == 1 else "partial" if fraction else "failed"
        self.outcomes[cell.name] = Outcome(
            fraction, status, _cause(run), [told] if told else [], seconds=run.seconds
        )

    def told(self, name: str, run: CellRun) -> str:
        """Return how a cell failed, as far as it may be told; "" where it did not.

        From a hidden test on, only what no word of the worker is part of.
        """
        if not run.error or not self.secret or _cause(run) == "timeout":
            return run.error or ""
        if name in self.tests.hidden:
            return HIDDEN
        return BEHIND_HIDDEN if name in self.tests.cells else NOT_TOLD


def _cause(run: CellRun) -> Cause | None:
    if run.status == "timeout":
        return "timeout"
    return run.cause or "exception" if run.error else None


def _score(run: CellRun, source: str, most: float) -> float:
    """Return nbgrader's points: none after an error, a lone number as the last value, else all."""
    if run.error:
        return 0.0
    try:
        value = float(run.value or "") if _ends_in_value(source) else most
    except ValueError:
        return most
    return value if 0 <= value < math.inf else most  # a NaN is no number of points either


def _ends_in_value(source: str) -> bool:
    """Whether a cell's last statement is an expression: else no value in it is the cell's."""
    try:
        body = ast.parse(without_magics(source)).body
    except SyntaxError:  # of a magic or top-level await in an odd place: as IPython sees it
        return True
    return bool(body) and isinstance(body[-1], ast.Expr)


def _nbgraders(run: CellRun, score: float, most: float) -> str:
    """Return what nbgrader does otherwise with a cell that ended without an error."""
    if any(output.get("name") == "stderr" for output in run.outputs):
        return "0 points: the cell wrote to stderr."
    if score > most or math.isinf(score):
        return f"stops: the cell's value is above its {most:g} points."
    return ""


def cell_result(cell: GradedCell, outcome: Outcome, otherwise: str | None) -> CheckResult:
    """Return the result of a test cell that its own code graded."""
    return CheckResult(
        name=cell.name,
        notebook=cell.notebook,
        score=outcome.fraction * cell.max_score,
        max_score=cell.max_score,
        status=outcome.status,
        cause=outcome.cause,
        explanations=outcome.explanations,
        warnings=outcome.warnings,
        seconds=outcome.seconds,
        judged="in the notebook",
        nbgrader=otherwise,
    )
