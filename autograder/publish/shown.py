"""The outputs of a cell as every page shows them: whose they are stands around them.

What a student printed or drew stays inside a box of its own; that it was handed in, and
what a check found, stands outside of the box, where no output can write.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import markupsafe
from nbformat.notebooknode import NotebookNode

from autograder.intake.marks import AS_HANDED_IN, OWN_RUN, WRITTEN, kind_of, mark_of
from autograder.intake.pictures import KINDS, safe_pictures
from autograder.intake.student_code import Code
from autograder.publish.highlight import style_of
from autograder.publish.html import template
from autograder.text import plain

LONGEST_TEXT = 40_000
"""Characters of one text of the grader's run."""
LONGEST_ALT = 500
"""Characters of what a cell says of its pictures in words."""

Part = Literal["handed in", "run"]


@dataclass(frozen=True)
class Piece:
    """A text, a picture's address, or a note of ours."""

    kind: Literal["text", "picture", "note"]
    content: str


@functools.cache
def style(*, dark: bool = False) -> str:
    """Return the style sheet of outputs and code.

    Parameters
    ----------
    dark : bool
        Whether the page turns dark where the reader wants it; nbgrader's pages do not.
    """
    return template("outputs.css").render(
        light=style_of("default"), dark=style_of("github-dark") if dark else ""
    )


def outputs_as_html(cell: NotebookNode, *, folded: bool = True) -> markupsafe.Markup:
    """Return the outputs of a code cell as HTML, verdict first.

    Parameters
    ----------
    folded : bool
        Whether the grader's own run is folded where there is something handed in.
    """
    parts = _parts(cell.outputs)
    if not cell.outputs:
        return markupsafe.Markup("")
    return markupsafe.Markup(
        template("outputs.html").render(
            verdicts=[_verdict(output) for output in cell.outputs if kind_of(output) == "verdict"],
            as_handed_in=AS_HANDED_IN,
            own_run=OWN_RUN,
            handed_in=parts["handed in"],
            run=parts["run"],
            alt=_in_words(cell),
            folded=folded and bool(parts["handed in"]),
        )
    )


def _in_words(cell: NotebookNode) -> str:
    """Return what a cell's metadata say of its pictures to who does not see them."""
    words = cell.metadata.get("alt")
    said = plain(words, LONGEST_ALT) if isinstance(words, str) else ""
    return said.strip() or "A picture among the outputs"


def framed(html: markupsafe.Markup, head: str = WRITTEN) -> markupsafe.Markup:
    """Return what a student wrote in a frame that says so, which no text of theirs can leave."""
    return markupsafe.Markup(
        '<div class="ag-outputs"><div class="ag-part ag-written"><p class="ag-head">{}</p>'
        '<div class="ag-box">{}</div></div></div>'
    ).format(head, html)


def _verdict(output: NotebookNode) -> dict[str, Any]:
    mark = mark_of(output)
    return {**mark, "code": [Code(**piece) for piece in mark.get("code", [])]}


def pictures(outputs: Iterable[NotebookNode]) -> list[Piece]:
    """Return the pictures among outputs."""
    return [piece for output in outputs for piece in _pieces(output) if piece.kind == "picture"]


def _parts(outputs: Iterable[NotebookNode]) -> dict[Part, list[Piece]]:
    parts: dict[Part, list[Piece]] = {"handed in": [], "run": []}
    for output in outputs:
        kind = kind_of(output)
        if kind == "note":
            parts["handed in"].append(Piece("note", _text(output.data.get("text/plain", ""))))
        elif kind == "handed in" or kind == "run":
            parts[kind] += _pieces(output)
    return parts


def _pieces(output: NotebookNode) -> list[Piece]:
    if output.output_type == "stream":
        return [Piece("text", _text(output.text))]
    if output.output_type == "error":
        lines = output.traceback or [f"{output.ename}: {output.evalue}"]
        return [Piece("text", _text("\n".join(lines)))]
    drawn = safe_pictures(output.data)
    if drawn:
        kind = next(kind for kind in KINDS if kind in drawn)
        return [Piece("picture", f"data:{kind};base64,{drawn[kind]}")]
    return [Piece("text", _text(output.data.get("text/plain", "")))]


def _text(value: object) -> str:
    text = "".join(map(str, value)) if isinstance(value, list) else str(value)
    return plain(text, LONGEST_TEXT)
