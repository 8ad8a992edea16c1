"""Whose an output of a graded notebook is: the student's, the grader's, or a word of ours.

The mark stands in the metadata of an output, and of a cell of text.  What a worker or a
student puts there is dropped before, so nothing can pretend to be of another kind.
"""

from typing import Any, Literal

from nbformat.notebooknode import NotebookNode, from_dict

Kind = Literal["handed in", "note", "verdict", "heading", "run", "beside"]
"""Of an output; "run" is what the grader's own run gave, which carries no mark.

Of a cell of text: "handed in", or "beside" where it shows the files that came with a notebook.
"""
AS_HANDED_IN = "As handed in, not run by the grader"
WRITTEN = "Written by the student"
OWN_RUN = "The grader's own run"
KEY = "autograder"


def marked(kind: Kind, data: dict[str, str], **more: Any) -> NotebookNode:
    """Return an output that says what it is.

    Parameters
    ----------
    data : dict of str to str
        Its mime bundle.
    **more
        What else the pages need to know; data as JSON has them.
    """
    metadata = {KEY: {"kind": kind, **more}}
    # Not by `new_output`, which validates what is ours: a third of the grader's own time.
    output: NotebookNode = from_dict(
        {"output_type": "display_data", "data": data, "metadata": metadata}
    )
    return output


def note(text: str) -> NotebookNode:
    """Return a word of ours, on what stands around it."""
    return marked("note", {"text/plain": text})


def mark_written(notebook: NotebookNode, released: NotebookNode) -> None:
    """Mark the cells of text that are not as they were handed out, for the pages to frame them."""
    given = {cell.source.strip() for cell in released.cells}
    for cell in notebook.cells:
        own = cell.source.strip() not in given or cell.get("attachments")
        if cell.cell_type != "code" and cell.source.strip() and own:
            cell.metadata[KEY] = {"kind": "handed in"}


def kind_of(output: NotebookNode) -> Kind:
    """Return what an output is, or a cell of text."""
    kind: Kind = mark_of(output).get("kind", "run")
    return kind


def mark_of(output: NotebookNode) -> dict[str, Any]:
    """Return an output's mark, empty where it has none."""
    found = output.get("metadata", {}).get(KEY, {})
    return dict(found) if isinstance(found, dict) else {}


def take_outputs(notebook: NotebookNode) -> list[list[NotebookNode]]:
    """Take the outputs out of a notebook's code cells, in their order."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    taken = [cell.outputs for cell in code]
    for cell in code:
        cell.outputs = []
    return taken


def put_before(taken: list[list[NotebookNode]], notebook: NotebookNode) -> None:
    """Put outputs back, before those that code cells have got since."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell, outputs in zip(code, taken, strict=True):
        cell.outputs = [*outputs, *cell.outputs]
