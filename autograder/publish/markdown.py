"""What students and staff write in Markdown, as HTML that a page can take in.

Formulas and pictures are taken out first, the rest is made HTML and cleaned, and only
then do they go in again: the cleaner knows no MathML, and need not read megabytes.
"""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote

import markupsafe
import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from nbformat.notebooknode import NotebookNode

from autograder.intake.pictures import KINDS
from autograder.publish.formulas import Formula, formula, split, typed
from autograder.text import one_line

LONGEST_TEXT = 20_000
"""Characters; what is longer is shown as it was typed, for a parser may take its time."""
MOST_BRACKETS = 1_000
MOST_FORMULAS = 1_000
LONGEST_NAME = 100
MATHJAX_CLASS = "ag-course-formula"
"""Of what alone MathJax may read."""

_BLOCKS = {
    "blockquote", "center", "dd", "details", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6",
    "hr", "li", "ol", "p", "pre", "summary", "ul",
}  # fmt: skip
_TABLES = {"caption", "table", "tbody", "td", "th", "thead", "tr"}
_INLINE = {
    "a", "abbr", "b", "br", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "small",
    "span", "strong", "sub", "sup", "u",
}  # fmt: skip
_TAGS = _BLOCKS | _TABLES | _INLINE
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "abbr": {"title"}} | {
    name: {"align"} for name in ("div", "p", "td", "th", "tr", "table")
}
_NO_TAG = re.compile(rf"<(?!/?(?:{'|'.join(sorted(_TAGS | {'img'}))})\b|!--)", re.IGNORECASE)
_IMG = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_SIZE = re.compile(r"\d{1,4}(?:px|%)?")


def as_html(
    text: str,
    pictures: Mapping[str, str] = {},
    *,
    markup: bool = True,
    beside: bool = False,
    mathjax: bool = False,
) -> markupsafe.Markup:
    """Return Markdown as HTML: formulas as Jupyter finds them, and nothing that runs.

    Parameters
    ----------
    pictures : dict of str to str
        Of the cell, by name: an address, or why it is not shown. See `attached`.
    markup : bool
        Whether harmless HTML in it is HTML; else it is text, as what is not harmless.
    beside : bool
        Whether pictures are shown whose files lie beside the page.
    mathjax : bool
        Whether the page has MathJax, for formulas that cannot be made MathML.
    """
    if len(text) > LONGEST_TEXT or text.count("[") > MOST_BRACKETS:
        return markupsafe.Markup("<pre>{}</pre>").format(text)
    return markupsafe.Markup(
        _Page(pictures, markup=markup, beside=beside, mathjax=mathjax).render(text)
    )


def attached(cell: NotebookNode) -> dict[str, str]:
    """Return the pictures pasted into a cell: by name the address, or why there is none."""
    found = {}
    for name, bundle in cell.get("attachments", {}).items():
        kind = next((kind for kind in KINDS if kind in bundle), None)
        why = bundle.get("text/plain", f"[the picture {name} is of a kind that is not shown]")
        found[_same(name)] = f"data:{kind};base64,{bundle[kind]}" if kind else str(why)
    return found


def _same(name: str) -> str:
    """Return a file's name in the one of its forms that all systems agree on."""
    return unicodedata.normalize("NFC", unquote(name))


@dataclass
class _Page:
    pictures: Mapping[str, str]
    markup: bool
    beside: bool
    mathjax: bool
    _kept: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By token: what takes its place in a text, and what in an attribute."""
    _nonce: str = field(default_factory=lambda: secrets.token_hex(8))

    def render(self, text: str) -> str:
        parts = split(text)
        text = "".join(part if isinstance(part, str) else self._formula(part) for part in parts)
        parser = MarkdownIt("commonmark", {"html": self.markup, "breaks": not self.markup}).enable(
            ["table", "strikethrough"]
        )
        parser.validateLink = lambda url: True  # type: ignore[method-assign] # the cleaner's affair
        tokens = parser.parse(text)
        for token in tokens:
            self._take_pictures(token)
        html = nh3.clean(
            parser.renderer.render(tokens, parser.options, {}),
            tags=_TAGS,
            clean_content_tags=set(),
            attributes=_ATTRIBUTES,
            attribute_filter=lambda tag, name, value: self._put_back(value, 1),
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener",
            # In a tab of its own: a grader comes back to a page with scores in it.
            set_tag_attribute_values={"a": {"target": "_blank"}},
        )
        return self._put_back(html, 0)

    def _keep(self, html: str, plain: str) -> str:
        token = f"kept{self._nonce}n{len(self._kept)}z"
        self._kept[token] = (html, plain)
        return token

    def _put_back(self, text: str, which: int) -> str:
        return re.sub(f"kept{self._nonce}n\\d+z", lambda found: self._kept[found[0]][which], text)

    def _formula(self, found: Formula) -> str:
        many = len(self._kept) >= MOST_FORMULAS
        shown = typed if many else formula
        html = shown(found.tex, found.display)
        if self.mathjax and not html.startswith("<math"):
            dollars = "$$" if found.display == "block" else "$"
            text = markupsafe.escape(f"{dollars}{found.tex}{dollars}")
            html = f'<span class="{MATHJAX_CLASS}">{text}</span>'
        return self._keep(html, f"${found.tex}$")

    def _take_pictures(self, token: Token) -> None:
        """Put tokens in the place of pictures, and make text of tags that are not known."""
        if token.type in ("html_inline", "html_block"):
            known = _NO_TAG.sub("&lt;", token.content)
            token.content = _IMG.sub(lambda tag: self._tag(tag[0]), known)
        for child in token.children or []:
            if child.type == "image":
                shown = self._picture(str(child.attrs["src"]), child.content, {})
                child.type, child.content = "text", shown
            else:
                self._take_pictures(child)

    def _tag(self, tag: str) -> str:
        found = _Attributes(tag).found
        return self._picture(found.get("src", ""), found.get("alt", ""), found)

    def _picture(self, source: str, alt: str, attributes: Mapping[str, str]) -> str:
        """Keep a picture of the cell's, or what is to be read in its place."""
        source, alt = self._put_back(source, 1), self._put_back(alt, 1)
        kind, _, name = source.partition(":")
        found = self.pictures.get(_same(name)) if kind == "attachment" else None
        if found is not None and found.startswith("data:"):
            return self._image(found, alt, attributes)
        if self.beside and _lies_beside(source):
            return self._image(source, alt, attributes)
        if kind in ("http", "https"):
            link = '<a href="{}" target="_blank" rel="noopener">{}</a>'
            return self._keep(markupsafe.Markup(link).format(source, alt or source), alt)
        if found is None:
            shown = one_line(unquote(name if kind == "attachment" else source), LONGEST_NAME)
            own_file = kind != "attachment" and _lies_beside(source)
            why = "is a file of its own, not shown here" if own_file else "is missing"
            found = f"[the picture {shown or alt} {why}]"
        return self._keep(markupsafe.Markup("<em>{}</em>").format(found), alt)

    def _image(self, address: str, alt: str, attributes: Mapping[str, str]) -> str:
        sizes = {
            name: value
            for name in ("width", "height")
            if _SIZE.fullmatch(value := attributes.get(name, ""))
        }
        named = {"src": address, "alt": alt, **sizes}
        html = " ".join(f'{name}="{markupsafe.escape(value)}"' for name, value in named.items())
        return self._keep(f"<img {html}>", alt)


def _lies_beside(source: str) -> bool:
    """Whether an address is that of a file in the page's folder or below."""
    parts = unquote(source).split("/")
    return bool(source) and not {"", ".."} & set(parts) and not re.search(r"[:\\?#]", parts[0])


class _Attributes(HTMLParser):
    """The attributes of a tag."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.feed(tag)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = {name: value or "" for name, value in attrs}
