"""nbgrader's HTML pages of student work: feedback, and what graders see in formgrader.

nbgrader shows hidden tests and mark schemes in a student's feedback, and runs in
the grader's browser whatever script a notebook contains.  Here it does neither.
"""

import re
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.preprocessors import Preprocessor
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import is_locked, is_task
from traitlets import Bool

from autograder.publish.markdown import as_html, attached
from autograder.publish.shown import outputs_as_html, style

Resources = dict[str, Any]

_SECRETS = re.compile(r"[^\n]*BEGIN (HIDDEN TESTS|MARK SCHEME).*?(?:END \1[^\n]*\n?|\Z)", re.DOTALL)


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

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        styles = resources.setdefault("inlining", {}).setdefault("css", [])
        styles.append(style())
        result: tuple[NotebookNode, Resources] = super().preprocess(nb, resources)
        return result

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        if cell.cell_type == "code":
            html = outputs_as_html(cell)
            cell.outputs = [new_output("display_data", data={"text/html": html})] if html else []
        elif cell.cell_type == "raw":
            cell.cell_type = "markdown"
            cell.source = "\n".join(f"    {line}" for line in cell.source.splitlines())
        return cell, resources


@pass_context
def safe_markdown(context: Context, source: str) -> str:
    """Render Markdown with pasted pictures and formulas, and without anything that runs.

    It takes the place of nbconvert's filter, which raises for a missing picture.
    """
    cell = context.get("cell", NotebookNode())
    return str(as_html(source, attached(cell), beside=True))
