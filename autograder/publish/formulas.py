"""Formulas: found in Markdown as Jupyter finds them, and made MathML, which browsers show.

A formula is taken out before Markdown reads the text, so that its bars are no table's and
its underscores no emphasis, and is put in after the page was cleaned.
"""

import html
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from xml.etree.ElementTree import Element, tostring

import markupsafe
from latex2mathml.converter import convert_to_element

LONGEST_FORMULA = 2_000
"""Characters; what is longer is shown as it was typed."""

Display = Literal["inline", "block"]

_TAGS = {
    "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom",
    "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup",
    "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
}  # fmt: skip
_ATTRIBUTES = {
    "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "depth", "display",
    "displaystyle", "fence", "form", "height", "largeop", "linethickness", "lspace", "mathsize",
    "mathvariant", "maxsize", "minsize", "movablelimits", "notation", "rowlines", "rowspacing",
    "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width", "xmlns",
}  # fmt: skip

_WORD_ENDS = r"(?![a-zA-Z])"
_REWRITTEN = [
    (re.compile(r"\\(notag|nonumber)" + _WORD_ENDS), " "),
    (re.compile(r"\\(label|require)\s*\{[^{}]*\}"), " "),
    (
        re.compile(
            r"\\(begin|end)\{(?:(?:fl)?align(?:at)?|eqnarray|gather|multline)\*?\}(?:\{\d+\})?"
        ),
        r"\\\1{align*}",
    ),
    (re.compile(r"\\arg\s*\\(min|max)" + _WORD_ENDS), r"\\operatorname*{arg\1}"),
    (re.compile(r"\\arg" + _WORD_ENDS), r"\\operatorname{arg}"),
    (re.compile(r"\\(?:eqref|ref)\s*\{([^{}]*)\}"), r"(\\text{\1})"),
]
"""What only numbers or names an equation goes; the rest is put as the converter knows it."""
_FENCES = {
    "|": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖", "vert": "|", "lvert": "|", "rvert": "|",
    "{": "{", "}": "}", "lbrace": "{", "rbrace": "}", "lbrack": "[", "rbrack": "]",
    "langle": "⟨", "rangle": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉",
}  # fmt: skip
_SIZED = re.compile(r"\\([bB]igg?[lrm]?)\s*\\([a-zA-Z]+|[|{}])")
"""A fence of a size of its own; the converter knows those that are characters."""
_LIMITS = {name: name for name in ("min", "max", "lim", "sup", "inf", "det", "gcd", "Pr")} | {
    "argmax": "arg max", "argmin": "arg min", "limsup": "lim sup", "liminf": "lim inf",
}  # fmt: skip
_BELOW = {"msub": "munder", "msup": "mover", "msubsup": "munderover"}


def formula(tex: str, display: Display) -> str:
    """Return a formula as MathML and nothing else; what is no TeX, as it was typed."""
    if len(tex) > LONGEST_FORMULA:
        return typed(tex, display)
    known = tex
    for pattern, replacement in _REWRITTEN:
        known = pattern.sub(replacement, known)
    known = _SIZED.sub(_with_character, known)
    try:
        found = _clean(convert_to_element(known, display=display))
        if "\\" in "".join(found.itertext()):  # a command that is not known
            return typed(tex, display)
        return tostring(found, encoding="unicode")
    except Exception:  # of many kinds, and RecursionError for deep nesting
        return typed(tex, display)


def _with_character(sized: re.Match[str]) -> str:
    character = _FENCES.get(sized[2])
    return f"\\{sized[1]}{character}" if character else sized[0]


def typed(tex: str, display: Display) -> str:
    """Return a formula's source as HTML."""
    dollars = "$$" if display == "block" else "$"
    return f"<code>{markupsafe.escape(f'{dollars}{tex}{dollars}')}</code>"


def _clean(element: Element) -> Element:
    """Return an element with what MathML has for formulas, and limits below their operator."""
    tag = element.tag if element.tag in _TAGS else "mrow"
    children = [_clean(child) for child in element]
    if tag in _BELOW and children[0].tag == "mo" and children[0].text in _LIMITS:
        tag = _BELOW[tag]
        children[0].set("movablelimits", "true")
        children[0].text = _LIMITS[children[0].text]
    kept = {name: value for name, value in element.attrib.items() if name in _ATTRIBUTES}
    clean = Element(tag, kept)
    clean.text, clean.tail = html.unescape(element.text or ""), element.tail
    clean.extend(children)
    return clean


@dataclass(frozen=True)
class Formula:
    """A formula in a text."""

    tex: str
    display: Display


_OPENS = re.compile(
    r"\\\$|(?P<fence>^ {0,3}(?P<fenced>`{3,}|~{3,}))|(?P<ticks>`+)|(?P<dollars>\$\$?)"
    r"|\\\\(?P<bracket>[(\[])|(?P<environment>\\begin\{[a-zA-Z]{1,30}\*?\})",
    re.MULTILINE,
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def split(text: str) -> Iterator[str | Formula]:
    """Yield what a Markdown text is made of: formulas, and what lies between them.

    What stands in code is no formula.  Takes time in proportion to the text, whatever it is.
    """
    finder = _Finder(text)
    begin = at = 0
    while opener := _OPENS.search(text, at):
        end, found = finder.closed(opener)
        if found is not None:
            yield text[begin : opener.start()]
            yield found
            begin = end
        at = end
    yield text[begin:]


@dataclass
class _Finder:
    """Finds where what was opened in a text ends."""

    text: str
    _absent: set[str] = field(default_factory=set)
    _runs: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for run in re.finditer("`+", self.text):
            self._runs[len(run[0])].append(run.start())

    def closed(self, opener: re.Match[str]) -> tuple[int, Formula | None]:
        """Return from where to read on, and the formula if it is one."""
        if opener["fence"]:
            return self._after_fence(opener), None
        if opener["ticks"]:
            return self._after_ticks(opener), None
        if opener["environment"]:
            name = opener["environment"].removeprefix("\\begin")
            end = self._find(f"\\end{name}", opener.end())
            tex = self.text[opener.start() : end + len(name) + 4]
            return self._found(opener, end, len(name) + 4, Formula(tex, "block"))
        if opener["dollars"] or opener["bracket"]:
            return self._in_between(opener)
        return opener.end(), None  # a dollar sign that is one

    def _in_between(self, opener: re.Match[str]) -> tuple[int, Formula | None]:
        closer = opener["dollars"] or {"(": "\\\\)", "[": "\\\\]"}[opener["bracket"]]
        block = opener["dollars"] == "$$" or opener["bracket"] == "["
        end = self._find(closer, opener.end())
        while closer == "$" and end > 0 and self.text[end - 1] == "\\":
            end = self._find(closer, end + 1)
        tex = self.text[opener.end() : max(end, 0)]
        if not block and (not tex.strip() or _BLANK_LINE.search(tex)):
            return opener.end(), None
        return self._found(opener, end, len(closer), Formula(tex, "block" if block else "inline"))

    def _found(
        self, opener: re.Match[str], end: int, length: int, found: Formula
    ) -> tuple[int, Formula | None]:
        return (opener.end(), None) if end < 0 else (end + length, found)

    def _find(self, closer: str, begin: int) -> int:
        """Return where a closer stands, -1 if nowhere; what is missing once is not looked for."""
        if closer in self._absent:
            return -1
        end = self.text.find(closer, begin)
        if end < 0:
            self._absent.add(closer)
        return end

    def _after_fence(self, opener: re.Match[str]) -> int:
        mark = opener["fenced"]
        closing = re.compile(rf"^ {{0,3}}{mark[0]}{{{len(mark)},}}[ \t]*$", re.MULTILINE)
        found = closing.search(self.text, opener.end())
        return found.end() if found else len(self.text)

    def _after_ticks(self, opener: re.Match[str]) -> int:
        """Return the end of inline code: the next run of as many ticks, if there is one."""
        runs = self._runs[len(opener["ticks"])]
        following = bisect_right(runs, opener.start())
        if following == len(runs):
            return opener.end()
        return runs[following] + len(opener["ticks"])
