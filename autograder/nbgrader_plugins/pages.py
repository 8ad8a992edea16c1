"""nbgrader's HTML pages of student work: feedback, and what graders see in formgrader.

nbgrader shows hidden tests and mark schemes in a student's feedback, and runs in
the grader's browser whatever script a notebook contains.  Here it does neither.
"""

import re
from typing import Any

from jinja2 import DictLoader, pass_context
from jinja2.runtime import Context
from nbconvert.preprocessors import Preprocessor
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import is_locked, is_task
from traitlets import Bool

from autograder.gradebook import clean
from autograder.handout.regions import without_secrets
from autograder.intake.marks import kind_of
from autograder.publish.highlight import LONGEST
from autograder.publish.html import template
from autograder.publish.markdown import MATHJAX_CLASS, as_html, attached
from autograder.publish.shown import framed, outputs_as_html, style

Resources = dict[str, Any]
clean.watch()  # what a grader writes in formgrader, too

LONGEST_PAGE = 400_000
"""Characters of cells that are read as Markdown or coloured; the rest is shown as text."""
MATHJAX = "/static/jupyter_server_mathjax/MathJax.js"
"""Where jupyter-server-mathjax has it on Jupyter's server."""


class _Page(Preprocessor):
    enabled = Bool(True).tag(config=True)  # nbconvert leaves out what is not


class HideSecrets(_Page):
    """Takes hidden tests and mark schemes out of the course's cells.

    Of an error in a cell with hidden tests the traceback goes too: it quotes them.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        """Take out what a student may not read."""
        _hide_secrets(cell)
        return cell, resources


def _hide_secrets(cell: NotebookNode) -> None:
    if not (is_locked(cell) or is_task(cell)):
        return
    shown = without_secrets(cell.source)
    if shown != cell.source:
        cell.source = shown
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = [f"{output.ename}: {output.evalue}"]


def _in_formgrader(resources: Resources) -> bool:
    """Whether the page is formgrader's, for graders; else it is a student's feedback."""
    return "base_url" in resources


class _OwnHead(DictLoader):
    """Our style sheet, and MathJax from Jupyter's server, where nbconvert takes it from the web.

    Formulas are MathML, which needs none; but formgrader takes no scores before MathJax has
    started.  Of MathJax's there are formulas of the course that cannot be made MathML.
    """

    def __init__(self, resources: Resources) -> None:
        url = f"{resources['base_url']}{MATHJAX}" if _in_formgrader(resources) else ""
        page = template("nbgrader_head.html")
        macro = page.render(url=url, only=MATHJAX_CLASS, style=style())
        super().__init__({"mathjax.html.j2": macro})


class ShowSafely(_Page):
    """Keeps of outputs only text and pictures, and shows raw cells as the text they are.

    It sees to it, too, that the page takes nothing from the web.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Make each cell and its outputs fit for a browser."""
        loaders = self.parent.environment.loader.loaders
        if not isinstance(loaders[0], _OwnHead):
            loaders.insert(0, _OwnHead(resources))
        self._room = LONGEST_PAGE
        result: tuple[NotebookNode, Resources] = super().preprocess(nb, resources)
        return result

    def preprocess_cell(
        self, cell: NotebookNode, resources: Resources, cell_index: int
    ) -> tuple[NotebookNode, Resources]:
        """Make a cell and its outputs fit for a browser."""
        if not _in_formgrader(resources):  # before the outputs are made HTML
            _hide_secrets(cell)
        self._room -= len(cell.source)
        if cell.cell_type == "code":
            longest = min(LONGEST, max(self._room, 0))  # to colour it might take long
            if len(cell.source) > longest:
                left_out = len(cell.source) - longest
                cell.source = f"{cell.source[:longest]}\n# [… {left_out:,} characters more …]"
            html = outputs_as_html(cell)
            cell.outputs = [new_output("display_data", data={"text/html": html})] if html else []
        elif cell.cell_type == "raw" or self._room < 0:
            fence = "`" * (1 + max(map(len, re.findall("`+", cell.source)), default=2))
            cell.cell_type, cell.source = "markdown", f"{fence}\n{cell.source}\n{fence}"
        return cell, resources


def as_it_is(html: str) -> str:
    """Return a page's part; nbconvert's filter of this place takes the square of its length."""
    return html


@pass_context
def safe_markdown(context: Context, source: str) -> str:
    """Render Markdown with pasted pictures and formulas, and without anything that runs.

    It takes the place of nbconvert's filter, which raises for a missing picture.
    """
    cell = context.get("cell")
    if cell is None:  # nbgrader's template asks so for what a grader wrote
        return str(as_html(source, markup=False))
    ours = is_locked(cell) or is_task(cell)
    html = as_html(source, attached(cell), beside=True, mathjax=ours)
    return str(framed(html) if kind_of(cell) == "handed in" else html)
