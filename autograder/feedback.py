"""Feedback for students: one HTML page a notebook, with nothing in it that is secret.

nbgrader's own feedback shows hidden tests and mark schemes; this page is made of
the result, the student's own work and what a grader wrote.
"""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field

import markupsafe
import mistune
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from autograder.cells import nbgrader_metadata, read_notebook
from autograder.course import Assignment
from autograder.errors import InstructorError
from autograder.gradebook import open_gradebook, settle
from autograder.html import template
from autograder.pictures import KINDS
from autograder.records import EXCHANGE_FILES, autograded
from autograder.results import Result
from autograder.roster import graded_as
from autograder.write import write_atomically

_SCHEME = re.compile(r"[^\n]*BEGIN MARK SCHEME.*?(END MARK SCHEME[^\n]*|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """A written question with what a grader said of the answer; ``score`` is None until then."""

    name: str
    text: markupsafe.Markup
    max_score: float
    score: float | None = None
    comment: str = ""


@dataclass(frozen=True)
class Standing:
    """What the gradebook says of a submission as a whole."""

    answers: dict[str, tuple[float | None, str]] = field(default_factory=dict)
    """Score, None if not graded yet, and comment by name of the cell."""
    penalty: float = 0.0


def feedback(assignment: Assignment) -> list[str]:
    """Write the feedback of all graded submissions; return the paths of the pages.

    Raises
    ------
    InstructorError
        Nothing has been graded yet.
    """
    paths = sorted(assignment.results.glob("*.json"))
    if not paths:
        raise InstructorError(
            f"{assignment.course.shown(assignment.results)}: expected results, found none. "
            f"Run `autograder grade {assignment.name}` first."
        )
    pages: list[str] = []
    with open_gradebook(assignment.course) as gradebook:
        settle(gradebook, assignment)  # manual grades have changed the scores
        works = graded_as(assignment)
        for path in paths:
            result = Result.model_validate_json(path.read_bytes())
            known = standing(gradebook, result, works.get(result.student, result.student))
            pages += _write_pages(assignment, result, known)
    return pages


def _write_pages(assignment: Assignment, result: Result, known: Standing) -> list[str]:
    graded = autograded(assignment, result.student)
    folder = assignment.course.feedback / result.student / assignment.name
    folder.mkdir(parents=True, exist_ok=True)
    for name in EXCHANGE_FILES:
        if (graded / name).exists():
            shutil.copyfile(graded / name, folder / name)
    pages = []
    for source in assignment.notebooks:
        notebook = read_notebook(graded / source.name) if (graded / source.name).exists() else None
        page = folder / f"{source.stem}.html"
        text = render(assignment.config.title, result, source.stem, notebook, known)
        write_atomically(page, text.encode())
        pages.append(assignment.course.shown(page))
    return pages


def standing(gradebook: Gradebook, result: Result, work_of: str) -> Standing:
    """Read manual grades, comments and the penalty from the gradebook.

    Parameters
    ----------
    work_of : str
        The student whose submission a person grades; of a group, the one who handed in.
    """
    try:
        own = gradebook.find_submission(result.assignment, result.student)
        submission = gradebook.find_submission(result.assignment, work_of)
    except MissingEntry:
        return Standing()
    answers: dict[str, tuple[float | None, str]] = {}
    for notebook in submission.notebooks:
        comments = {comment.name: comment.comment for comment in notebook.comments}
        for grade in notebook.grades:
            score = None if grade.needs_manual_grade else grade.score
            answers[grade.name] = (score, comments.get(grade.name) or "")
    return Standing(answers, own.late_submission_penalty or 0.0)


def render(
    title: str, result: Result, name: str, notebook: NotebookNode | None, known: Standing
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
    """
    run = next((item for item in result.notebooks if item.name == name), None)
    return template("feedback.html").render(
        title=title,
        result=result,
        name=name,
        run=run,
        checks=[check for check in result.checks if check.notebook == name],
        answers=list(_answers(result, name, notebook, known)),
        pictures=list(_pictures(notebook)) if notebook else [],
        penalty=known.penalty,
        manual=_manual_total(result, known),
    )


def _manual_total(result: Result, known: Standing) -> float | None:
    """Return the points of the written questions; None while one waits for its grader."""
    scores = [known.answers.get(cell.name, (None, ""))[0] for cell in result.manual]
    return None if None in scores else sum(score for score in scores if score is not None)


def _answers(
    result: Result, name: str, notebook: NotebookNode | None, known: Standing
) -> Iterable[Answer]:
    cells = (
        {nbgrader_metadata(cell).get("grade_id"): cell for cell in notebook.cells}
        if notebook
        else {}
    )
    for question in result.manual:
        if question.notebook != name:
            continue
        score, comment = known.answers.get(question.name, (None, ""))
        text = written(cells[question.name]) if question.name in cells else markupsafe.Markup("")
        yield Answer(question.name, text, question.max_score, score, comment)


def written(cell: NotebookNode) -> markupsafe.Markup:
    """Return a text cell as HTML: its pasted pictures shown, raw HTML as text, no mark scheme."""
    source = _SCHEME.sub("", cell.source).strip()
    for picture, bundle in cell.get("attachments", {}).items():
        for kind in KINDS:
            if kind in bundle:
                source = source.replace(
                    f"attachment:{picture}", f"data:{kind};base64,{bundle[kind]}"
                )
    if cell.cell_type != "markdown":
        return markupsafe.Markup("<pre>{}</pre>").format(source)
    return markupsafe.Markup(mistune.create_markdown(escape=True, plugins=["table"])(source))


def _pictures(notebook: NotebookNode) -> Iterable[tuple[int, str]]:
    """Yield number of the cell and data address of every plot of the run."""
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            for kind in KINDS:
                if kind in output.get("data", {}):
                    yield number + 1, f"data:{kind};base64,{output.data[kind]}"
