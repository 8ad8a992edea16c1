"""Feedback for students: a page a notebook and one over all, with nothing in it that is secret.

nbgrader's own feedback shows hidden tests and mark schemes; these pages are made of
the result, the student's own work and what a grader wrote.
"""

import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import markupsafe
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook

from autograder.course.folder import Assignment
from autograder.course.notebooks import grade_id_of, is_test, nbgrader_metadata, read_notebook
from autograder.errors import InstructorError
from autograder.gradebook.points import Standing, standing
from autograder.gradebook.record import autograded
from autograder.gradebook.store import open_gradebook, settle
from autograder.handout.regions import without_secrets
from autograder.intake.left import EXCHANGE_FILES
from autograder.intake.marks import kind_of, mark_of
from autograder.intake.pictures import KINDS
from autograder.intake.student_code import Code, code_of, marks_in
from autograder.intake.submitted import handed_in
from autograder.publish import markdown
from autograder.publish.html import template
from autograder.publish.shown import framed, outputs_as_html, style
from autograder.results import CheckResult, Result
from autograder.text import one_line
from autograder.write import write_atomically

OVERVIEW = "index.html"

LONGEST_HEADING = 200
_HEADING = re.compile(r"^#{1,6} +(\S.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """A written question, the answer, and what a grader said; ``score`` is None until then.

    ``files`` are those that were handed in beside the notebook and taken for this question.
    """

    name: str
    text: markupsafe.Markup
    own: markupsafe.Markup
    files: list[str]
    max_score: float
    score: float | None = None
    comment: str = ""


@dataclass(frozen=True)
class Work:
    """A code cell as it is shown: what the student wrote and what it gave.

    Attributes
    ----------
    number : int
        Among the code cells.
    name : str
        nbgrader's, "" where there is none.
    heading : str
        The one above it in the notebook, "" where there is none.
    code : Code or None
        None for the course's own cells.
    """

    number: int
    name: str
    heading: str
    code: Code | None
    outputs: markupsafe.Markup
    comment: str


def feedback(assignment: Assignment) -> list[str]:
    """Write the feedback of all graded submissions; return the paths of the overviews.

    Raises
    ------
    InstructorError
        Nothing has been graded yet; or some results are damaged: the others' pages are written.
    """
    paths = sorted(assignment.results.glob("*.json"))
    if not paths:
        raise _nothing_graded(assignment)
    pages: list[str] = []
    damaged: list[str] = []
    with open_gradebook(assignment.course) as gradebook:
        settle(gradebook, assignment)  # manual grades have changed the scores
        works = handed_in(assignment).graded_as
        for path in paths:
            try:
                pages.append(_pages_of(assignment, path, gradebook, works))
            except (InstructorError, ValueError, IsADirectoryError) as error:
                damaged.append(_damaged(assignment, path, error))
    if damaged:
        raise InstructorError("\n".join(damaged))
    return pages


def _nothing_graded(assignment: Assignment) -> InstructorError:
    return InstructorError(
        f"{assignment.course.shown(assignment.results)}: expected results, found none. "
        f"Run `autograder grade {assignment.name}` first."
    )


def _pages_of(
    assignment: Assignment, path: Path, gradebook: Gradebook, works: Mapping[str, str]
) -> str:
    """Write the pages of a result; return the path of the first."""
    result = Result.model_validate_json(path.read_bytes())
    known = standing(gradebook, result, works.get(result.student, result.student))
    return _write_pages(assignment, result, known)


def _damaged(assignment: Assignment, path: Path, error: Exception) -> str:
    if isinstance(error, InstructorError):
        return str(error)
    reason = "a folder" if isinstance(error, IsADirectoryError) else "another or a damaged file"
    return (
        f"{assignment.course.shown(path)}: expected a result, got {reason}. Take it away, and run "
        f"`autograder grade {assignment.name}` again. The pages of the others are written."
    )


def _write_pages(assignment: Assignment, result: Result, known: Standing) -> str:
    graded = autograded(assignment, result.student)
    folder = assignment.course.feedback / result.student / assignment.name
    folder.mkdir(parents=True, exist_ok=True)
    for name in EXCHANGE_FILES:
        if (graded / name).exists():
            shutil.copyfile(graded / name, folder / name)
    title = assignment.config.title
    modules = {
        path: (graded / path).read_bytes()
        for path in assignment.config.student_modules
        if (graded / path).exists()
    }
    for source in assignment.notebooks:
        notebook = read_notebook(graded / source.name) if (graded / source.name).exists() else None
        released = _sources(assignment.release / source.name)
        text = render(title, result, source.stem, notebook, known, released, modules)
        write_atomically(folder / f"{source.stem}.html", text.encode())
    names = [source.stem for source in assignment.notebooks]
    write_atomically(folder / OVERVIEW, overview(title, result, names, known).encode())
    return assignment.course.shown(folder / OVERVIEW)


def _sources(path: Path) -> frozenset[str]:
    """Return the texts of a released notebook's cells, none if it is not there."""
    cells = read_notebook(path).cells if path.exists() else []
    return frozenset(cell.source for cell in cells)


def overview(title: str, result: Result, names: Iterable[str], known: Standing) -> str:
    """Return the page over all notebooks of a submission.

    Parameters
    ----------
    title : str
        Of the assignment.
    names : iterable of str
        Of the notebooks.
    """
    return template("overview.html").render(
        title=title,
        result=result,
        known=known,
        total=known.total(result),
        notebooks={name: known.total(result, name) for name in names},
        runs={run.name: run for run in result.notebooks},
        style=style(dark=True),
    )


def render(
    title: str,
    result: Result,
    name: str,
    notebook: NotebookNode | None,
    known: Standing,
    released: Collection[str] = (),
    modules: Mapping[str, bytes] = {},
) -> str:
    """Return the page of one notebook.

    Parameters
    ----------
    title : str
        Of the assignment.
    name : str
        Of the notebook.
    notebook : NotebookNode or None
        The graded notebook; None if it was not submitted.
    released : collection of str
        Texts of the cells as they were handed out: what else there is, the student wrote.
    modules : dict of str to bytes
        The student's, by path.
    """
    checks = [check for check in result.checks if check.notebook == name]
    work = list(_work(notebook, checks, known, released)) if notebook else []
    return template("feedback.html").render(
        title=title,
        result=result,
        name=name,
        known=known,
        total=known.total(result),
        run=next((item for item in result.notebooks if item.name == name), None),
        checks=checks,
        code={check.name: code_of(check, modules) for check in checks},
        answers=list(_answers(result, name, notebook, known, released)),
        comments=_comments_elsewhere(result, notebook, known, work),
        work=work,
        style=style(dark=True),
    )


def _cells(notebook: NotebookNode | None) -> dict[str, NotebookNode]:
    """Return the cells of a notebook that have a name of nbgrader's."""
    cells = notebook.cells if notebook else []
    return {
        str(metadata["grade_id"]): cell for cell in cells if (metadata := nbgrader_metadata(cell))
    }


def _comments_elsewhere(
    result: Result, notebook: NotebookNode | None, known: Standing, work: Iterable[Work]
) -> dict[str, str]:
    """Return the comments on cells of a notebook that do not stand beside an answer or code."""
    beside = {question.name for question in result.manual}
    beside.update(item.name for item in work if item.comment)
    cells = _cells(notebook).keys() - beside
    return {cell: text for cell, text in known.comments.items() if cell in cells}


def _answers(
    result: Result,
    name: str,
    notebook: NotebookNode | None,
    known: Standing,
    released: Collection[str],
) -> Iterable[Answer]:
    cells = _cells(notebook)
    for question in result.manual:
        if question.notebook != name:
            continue
        own = grade_id_of(question.name)
        cell = cells.get(own)
        below = list(_below(notebook, own, released))
        yield Answer(
            question.name,
            written(cell) if cell else markupsafe.Markup(""),
            _framed(written(text) for text in below if kind_of(text) != "beside"),
            [one_line(file) for text in below for file in mark_of(text).get("files", [])],
            question.max_score,
            known.scores.get(question.name),
            known.comments.get(question.name, ""),
        )


def _framed(texts: Iterable[markupsafe.Markup]) -> markupsafe.Markup:
    text = markupsafe.Markup("").join(texts)
    return framed(text, "Your answer") if text else text


def _below(
    notebook: NotebookNode | None, question: str, released: Collection[str]
) -> Iterable[NotebookNode]:
    """Yield the text cells below a question, up to the course's next cell.

    A student wrote them, or they show what was handed in beside the notebook.
    """
    cells = iter(notebook.cells if notebook else [])
    any(nbgrader_metadata(cell).get("grade_id") == question for cell in cells)  # go there
    for cell in cells:
        if nbgrader_metadata(cell) or cell.source in released:
            return
        if cell.cell_type != "code":
            yield cell


def written(cell: NotebookNode) -> markupsafe.Markup:
    """Return a text cell as HTML: its pasted pictures shown, raw HTML as text, no mark scheme."""
    source = without_secrets(cell.source).strip()
    if cell.cell_type != "markdown":
        return markupsafe.Markup("<pre>{}</pre>").format(source)
    return markdown.as_html(source, markdown.attached(cell))


def _work(
    notebook: NotebookNode,
    checks: Iterable[CheckResult],
    known: Standing,
    released: Collection[str],
) -> Iterator[Work]:
    """Yield the code cells of a notebook that a student wrote, or whose outputs people judge."""
    explanations = [text for check in checks for text in check.explanations]
    heading, number = "", 0
    for cell in notebook.cells:
        heading = _heading(cell) or heading
        if cell.cell_type != "code":
            continue
        number += 1
        metadata = nbgrader_metadata(cell)
        own = metadata.get("solution") or not (metadata or cell.source in released)
        code = None
        if own and cell.source.strip():
            code = Code("", "", 1, cell.source, marks_in(cell.source, explanations))
        outputs = outputs_as_html(_shown(cell))
        name = str(metadata.get("grade_id", ""))
        comment = known.comments.get(name, "") if own and not metadata.get("grade") else ""
        if code or outputs:
            yield Work(number, name, heading, code, outputs, comment)


def _heading(cell: NotebookNode) -> str:
    """Return the first heading of a text cell, "" where there is none."""
    first = _HEADING.search(cell.source) if cell.cell_type == "markdown" else None
    return one_line(first[1].rstrip("# "), LONGEST_HEADING) if first else ""


def _shown(cell: NotebookNode) -> NotebookNode:
    """Return a cell without what its check says, which stands above, or a test prints."""
    outputs = cell.outputs
    if is_test(cell):
        outputs = [output for output in outputs if set(KINDS) & set(output.get("data", {}))]
    kept = [output for output in outputs if kind_of(output) != "verdict"]
    return NotebookNode(outputs=kept, metadata=cell.metadata)
