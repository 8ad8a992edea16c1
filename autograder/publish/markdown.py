"""What students and staff write in Markdown, as HTML that a page can take in."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import unquote

import bleach
import markupsafe
import mistune
from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import MarkdownWithMath

LONGEST_TEXT, LONGEST_FORMULA = 20_000, 2_000
"""Characters; what is longer is shown as it was typed, for patterns may take its square in time."""
_TAGS = {
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
    "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup",
    "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
}  # fmt: skip
_ATTRIBUTES = [
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display",
    "displaystyle", "fence", "form", "height", "largeop", "linethickness", "lspace", "mathsize",
    "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines", "rowspacing",
    "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width", "xmlns",
]  # fmt: skip


class _Renderer(mistune.HTMLRenderer):
    def __init__(self, pictures: Mapping[str, str]) -> None:
        super().__init__(escape=True)
        self.pictures = pictures

    def image(self, text: str, url: str, title: str | None = None) -> str:
        name = unquote(url.removeprefix("attachment:"))
        return super().image(text, self.pictures.get(name, url), title)

    def inline_math(self, tex: str) -> str:
        return formula(tex, "inline")

    def block_math(self, tex: str) -> str:
        return formula(tex, "block")

    def latex_environment(self, name: str, body: str) -> str:
        return formula(rf"\begin{{{name}}}{body}\end{{{name}}}", "block")


def as_html(text: str, pictures: Mapping[str, str]) -> markupsafe.Markup:
    """Return Markdown as HTML: formulas as Jupyter finds them, raw HTML as text.

    Parameters
    ----------
    pictures : dict of str to str
        Addresses of the pictures pasted into the cell, by name.
    """
    if len(text) > LONGEST_TEXT:
        return markupsafe.Markup("<pre>{}</pre>").format(text)
    return markupsafe.Markup(MarkdownWithMath(_Renderer(pictures)).render(text))


def formula(tex: str, display: Literal["inline", "block"]) -> str:
    """Return a formula as MathML, which browsers show by themselves, and nothing else.

    What is no TeX is shown as it was typed.
    """
    dollars = "$$" if display == "block" else "$"
    typed = f"<code>{markupsafe.escape(f'{dollars}{tex}{dollars}')}</code>"
    if len(tex) > LONGEST_FORMULA:
        return typed
    try:
        found = convert(tex, display=display)
    except Exception:  # of many kinds, and RecursionError for deep nesting
        return typed
    return str(bleach.clean(found, tags=_TAGS, attributes=_ATTRIBUTES))
