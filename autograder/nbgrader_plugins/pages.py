"""nbgrader's HTML pages of student work: feedback, and what graders see in formgrader.

nbgrader shows hidden tests and mark schemes in a student's feedback, and runs in
the grader's browser whatever script a notebook contains.  Here it does neither.
"""

import re
from typing import Any

import bleach
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import is_locked, is_task
from traitlets import Bool

from autograder.grade.notebook_run import safe_output

Resources = dict[str, Any]

_SECRETS = re.compile(r"[^\n]*BEGIN (HIDDEN TESTS|MARK SCHEME).*?(?:END \1[^\n]*\n?|\Z)", re.DOTALL)
_BLOCKS = {"dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre"}
_TABLES = {"table", "tbody", "td", "th", "thead", "tr"}
_INLINE = {"br", "del", "img", "s", "span", "sub", "sup", "u"}
_TAGS = bleach.ALLOWED_TAGS | _BLOCKS | _TABLES | _INLINE
_ATTRIBUTES = {"a": {"href", "title"}, "img": {"alt", "src", "title"}, "*": {"class", "align"}}


class _Page(Preprocessor):
    enabled = Bool(True).tag(config=True)  # nbconvert leaves out what is not


class HideSecrets(_Page):
    """Takes hidden tests and mark schemes out of the course's cells.

    Of an error in a cell with hidden tests the traceback goes too: it quotes them.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        if not (is_locked(cell) or is_task(cell)):
            return cell, resources
        shown = _SECRETS.sub("", cell.source)
        if shown != cell.source:
            cell.source = shown
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return cell, resources


class ShowSafely(_Page):
    """Keeps of outputs only text and pictures, and shows raw cells as the text they are."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        if cell.cell_type == "code":
            cell.outputs = [safe_output(output) for output in cell.outputs]
        elif cell.cell_type == "raw":
            cell.cell_type = "markdown"
            cell.source = "\n".join(f"    {line}" for line in cell.source.splitlines())
        return cell, resources


@pass_context
def safe_markdown(context: Context, source: str) -> str:
    """Render Markdown as nbconvert does, with pasted pictures and without anything that runs."""
    attachments = context.get("cell", {}).get("attachments", {})
    renderer = IPythonRenderer(escape=False, attachments=attachments, anchor_link_text="")
    html: str = bleach.clean(
        MarkdownWithMath(renderer=renderer).render(source),
        tags=_TAGS,
        attributes=_allowed,
        protocols=[*bleach.ALLOWED_PROTOCOLS, "data"],
    )
    # In a tab of its own: a grader comes back to a page with scores in it.
    return html.replace("<a ", '<a target="_blank" rel="noopener" ')


def _allowed(tag: str, name: str, value: str) -> bool:
    if value.strip().lower().startswith("data:") and (
        tag != "img" or not re.match(r"data:image/(png|jpeg|gif);base64,", value)
    ):
        return False
    return name in _ATTRIBUTES["*"] or name in _ATTRIBUTES.get(tag, ())
