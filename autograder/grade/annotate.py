"""Verdicts of checks, as results, graders and notebooks show them."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.checks import Check, Outcome
from autograder.course.notebooks import grade_id_of, nbgrader_metadata
from autograder.course.settings import Module
from autograder.intake.marks import AS_HANDED_IN, KEY, OWN_RUN, kind_of, marked
from autograder.intake.pictures import is_picture
from autograder.intake.student_code import code_of
from autograder.kit.questions import is_written, questions_of, taken_for
from autograder.results import CheckResult, verdict
from autograder.text import escape

STAFF_FAULT = (
    "This check has a mistake of its own; the staff was told. It says nothing about your work."
)


def check_result(item: Check, outcome: Outcome, modules: Mapping[str, Module] = {}) -> CheckResult:
    """Join a check with its outcome.

    What went wrong inside a check itself is not for the student to read: it may
    tell expected values.

    Parameters
    ----------
    modules : dict of str to Module
        Of the assignment, by path below ``cs_lib``.
    """
    assert item.cell is not None  # load_checks has joined them
    return CheckResult(
        name=item.cell.name,
        notebook=item.cell.notebook,
        description=item.description,
        score=outcome.fraction * item.cell.max_score,
        max_score=item.cell.max_score,
        status=outcome.status,
        cause=outcome.cause,
        explanations=[STAFF_FAULT] if outcome.status == "error" else outcome.explanations,
        warnings=outcome.warnings,
        functions=_looked_at(item.name, outcome.functions, modules),
        seconds=outcome.seconds,
    )


def _looked_at(check: str, called: Iterable[str], modules: Mapping[str, Module]) -> list[str]:
    """Return what of the modules with a TODO a check is about, as ``cs_lib/layers.py:relu``.

    Parameters
    ----------
    called : iterable of str
        What it called, as ``layers.relu``; a check that did not get there has its name.
    """
    found = {}
    for path, module in modules.items():
        prefix = path.removesuffix(".py").replace("/", ".") + "."
        names = [name.removeprefix(prefix) for name in called if name.startswith(prefix)]
        tops = {name.partition(".")[0] for name in module.todo}
        for name in [*names, check]:
            top = name.partition(".")[0]
            if top in tops:
                found[f"cs_lib/{path}:{top}"] = True
    return list(found)


def show_verdicts(
    notebooks: Mapping[str, NotebookNode],
    checks: Iterable[CheckResult],
    files: Mapping[str, bytes] = {},
) -> None:
    """Write each check's verdict above the outputs of its cell, and whose the outputs are.

    Parameters
    ----------
    files : dict of str to bytes
        The student's modules: what a check looked at of them stands with its verdict.
    """
    by_cell = {(check.notebook, grade_id_of(check.name)): check for check in checks}
    for name, notebook in notebooks.items():
        for cell in notebook.cells:
            if cell.cell_type == "code":
                check = by_cell.get((name, str(nbgrader_metadata(cell).get("grade_id", ""))))
                found = [_verdict_output(check, files)] if check is not None else []
                cell.outputs = [*found, *_headed(cell.outputs)]


def _verdict_output(check: CheckResult, files: Mapping[str, bytes]) -> NotebookNode:
    heading, *lines = verdict(check)
    return marked(
        "verdict",
        {"text/plain": "\n".join([heading, *lines])},
        status=check.status,
        heading=heading,
        lines=lines,
        code=[vars(piece) for piece in code_of(check, files)],
    )


def _headed(outputs: Iterable[NotebookNode]) -> Iterator[NotebookNode]:
    """Put a line before the outputs that were handed in, and one before those of our run.

    The pages have their own; these are for who opens the notebook itself.
    """
    headings = {"handed in": AS_HANDED_IN, "note": AS_HANDED_IN, "run": OWN_RUN}
    before = OWN_RUN  # alone, it needs no line
    for output in outputs:
        heading = headings.get(kind_of(output), before)
        if heading != before:
            yield marked("heading", {"text/plain": f"── {heading}: ──"})
        before = heading
        yield output


def show_mark_schemes(
    notebooks: Mapping[str, NotebookNode], questions: Mapping[str, Mapping[str, str]]
) -> None:
    """Write each task as the instructor has it, for the person who grades it."""
    for notebook, cells in notebooks.items():
        for cell in cells.cells:
            name = str(nbgrader_metadata(cell).get("grade_id", ""))
            if name in questions[notebook]:
                cell.source = questions[notebook][name]


def show_attachments(
    notebooks: Mapping[str, NotebookNode],
    names: Iterable[str],
    left_out: Mapping[str, str] = {},
) -> None:
    """Show the files handed in beside the notebooks under each written question.

    A file whose name tells a question stands under that one alone (see
    `autograder.kit.questions`).  A picture is shown once a notebook and then named.  The
    files lie beside the graded notebook, from where formgrader serves them.

    Parameters
    ----------
    left_out : dict of str to str
        Those that do not lie there, with the reason.
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
                cells.append(_beside(cell, files, shown, left_out))
        notebook.cells = cells


def _beside(
    question: NotebookNode, files: Iterable[str], shown: set[str], left_out: Mapping[str, str]
) -> NotebookNode:
    names = list(files)
    lines = ["**Handed in beside the notebook**"]
    for file in names:
        if file in left_out:
            lines.append(f"{escape(file)}: not shown: {left_out[file]}. It was handed in as it is.")
            continue
        address = quote(file)
        lines.append(f"[{escape(file)}]({address})")
        if file not in shown and is_picture(file):
            shown.add(file)
            lines.append(f"![{escape(file)}]({address})")
    metadata = {KEY: {"kind": "beside", "files": names}}
    return new_markdown_cell("\n\n".join(lines), id=f"{question.id}-files"[-64:], metadata=metadata)
