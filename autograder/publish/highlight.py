"""Students' code in colours, with line numbers; nothing in it is markup."""

from collections.abc import Collection

import markupsafe
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.intake.student_code import Code

LONGEST = 20_000
"""Characters of code that are coloured; a lexer may take its time for what is made to be slow."""
LONGEST_LINE = 1_000
FOLDED = 60
"""Lines from which on code is folded."""


def folded(piece: Code) -> bool:
    """Whether a page shows a piece of code only when asked to."""
    return piece.aside or piece.source.count("\n") >= FOLDED


def highlighted(piece: Code) -> markupsafe.Markup:
    """Return a piece of code as HTML."""
    return as_html(piece.source, piece.first_line, piece.marks)


def style_of(name: str) -> str:
    """Return the style sheet of one of Pygments' styles."""
    return str(HtmlFormatter(style=name).get_style_defs(".ag-code"))


def as_html(source: str, first_line: int = 1, marks: Collection[int] = ()) -> markupsafe.Markup:
    """Return code as HTML, coloured and with line numbers; nothing in it is markup.

    Parameters
    ----------
    marks : collection of int
        Lines that stand out, numbered from ``first_line``.
    """
    lines = source.splitlines()
    if len(source) > LONGEST or any(len(line) > LONGEST_LINE for line in lines):
        cut = f"{source[:LONGEST]}\n…" if len(source) > LONGEST else source
        return markupsafe.Markup("<div class='ag-code'><pre>{}</pre></div>").format(cut)
    formatter = HtmlFormatter(
        cssclass="ag-code",
        linenos="inline",
        linenostart=first_line,
        hl_lines=[mark - first_line + 1 for mark in marks],
    )
    return markupsafe.Markup(highlight(source, PythonLexer(stripnl=False), formatter))
