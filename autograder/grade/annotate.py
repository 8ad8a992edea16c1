"""Verdicts of checks, as results, graders and notebooks show them."""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output

from autograder.checks import Check, Outcome
from autograder.course.notebooks import nbgrader_metadata
from autograder.kit.questions import is_written, questions_of, taken_for
from autograder.results import CheckResult, verdict
from autograder.text import escape

STAFF_FAULT = (
    "This check has a mistake of its own; the staff was told. It says nothing about your work."
)

BESIDE = "-files"
"""How the ids of the cells end that show graders the files handed in."""


def check_result(item: Check, outcome: Outcome) -> CheckResult:
    """Join a check with its outcome.

    What went wrong inside a check itself is not for the student to read: it may
    tell expected values.
    """
    assert item.cell is not None  # load_checks has joined them
    return CheckResult(
        name=item.name,
        notebook=item.cell.notebook,
        description=item.description,
        score=outcome.fraction * item.cell.max_score,
        max_score=item.cell.max_score,
        status=outcome.status,
        cause=outcome.cause,
        explanations=[STAFF_FAULT] if outcome.status == "error" else outcome.explanations,
        warnings=outcome.warnings,
        seconds=outcome.seconds,
    )


def show_verdicts(notebooks: Iterable[NotebookNode], checks: Iterable[CheckResult]) -> None:
    """Write each check's verdict above the outputs of its cell."""
    by_name = {check.name: check for check in checks}
    for notebook in notebooks:
        for cell in notebook.cells:
            check = by_name.get(str(nbgrader_metadata(cell).get("grade_id", "")))
            if check is not None and cell.cell_type == "code":
                data = {"text/plain": "\n".join(verdict(check))}
                cell.outputs = [new_output("display_data", data=data), *cell.outputs]


def show_mark_schemes(notebooks: Iterable[NotebookNode], questions: Mapping[str, str]) -> None:
    """Write each task as the instructor has it, for the person who grades it."""
    for notebook in notebooks:
        for cell in notebook.cells:
            name = str(nbgrader_metadata(cell).get("grade_id", ""))
            if name in questions:
                cell.source = questions[name]


def show_attachments(notebooks: Mapping[str, NotebookNode], names: Iterable[str]) -> None:
    """Show the files handed in beside the notebooks under each written question.

    A file whose name tells a question stands under that one alone (see
    `autograder.kit.questions`).  A picture is shown once a notebook and then named.  The
    files lie beside the graded notebook, from where formgrader serves them.
    """
    questions = [
        question
        for name, notebook in notebooks.items()
        for question in questions_of(name, notebook.cells)
    ]
    owners = {file: {q.name for q in taken_for(file, questions)} for file in sorted(names)}
    for notebook in notebooks.values():
        shown: set[str] = set()
        cells = []
        for cell in notebook.cells:
            cells.append(cell)
            name = str(nbgrader_metadata(cell)["grade_id"]) if is_written(cell) else ""
            files = [
                file for file, owner in owners.items() if name and (not owner or name in owner)
            ]
            if files:
                cells.append(_beside(cell, files, shown))
        notebook.cells = cells


def _beside(question: NotebookNode, files: Iterable[str], shown: set[str]) -> NotebookNode:
    lines = ["**Handed in beside the notebook**"]
    for file in files:
        address = quote(file)
        lines.append(f"[{escape(file)}]({address})")
        if file not in shown and file.lower().endswith((".png", ".jpg", ".jpeg", ".gif")):
            shown.add(file)
            lines.append(f"![{escape(file)}]({address})")
    return new_markdown_cell("\n\n".join(lines), id=f"{question.id}{BESIDE}"[-64:])
