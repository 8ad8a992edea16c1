"""Student-made text, made harmless before it is shown anywhere.

Names of errors, messages and file names come from a submission: they may carry
terminal escapes, characters that no XML may hold, or megabytes.
"""

import re
import unicodedata

LONGEST = 2000
LONGEST_CELL = 600
"""Of a table that people read."""

# The controls but tab and newline, the marks that turn the direction of writing around, lone
# surrogates (no UTF-8) and the two non-characters (no XML).
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_ESCAPE = re.compile("\x1b(\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b]*(\x07|\x1b\\\\)?|[@-Z\\\\-_])")

_INSTEAD = "\N{REPLACEMENT CHARACTER}"
_CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], _INSTEAD)
for _kept in "\b\t\n\r\x1b":  # progress bars and colours
    del _CONTROLS[ord(_kept)]
_SIGNS = re.compile(r"[&<>|*~`#\[\]!\\$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")


def plain(text: str, longest: int = LONGEST) -> str:
    """Return the text without escapes and control characters, cut to ``longest``."""
    kept = text[: 4 * longest].replace("\r\n", "\n")
    kept = _HIDDEN.sub("", _ESCAPE.sub("", kept))
    return kept if len(kept) <= longest else kept[: longest - 1] + "…"


def printable(text: str, limit: int, *, keep: str = "\n") -> str:
    """Return the text with a sign in the place of each character that cannot be printed.

    What a program printed or said stays as long as it was, but for what is over the limit.
    """
    if len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in keep else _INSTEAD for c in text)


def without_controls(text: str) -> str:
    """Return the output of a cell as a notebook may hold it: Jupyter reads its colours."""
    return text if text.isprintable() else text.translate(_CONTROLS)


def one_line(text: str, longest: int = LONGEST) -> str:
    """Return the text as ``plain`` gives it, on a single line."""
    return " ".join(plain(text, longest).split())


def escape(text: str) -> str:
    """Return text as Markdown that shows exactly this text, on one line.

    A character that can mean something becomes its HTML entity, which Markdown
    never takes for structure; inside a word an underscore means nothing.  A
    zero-width space keeps an address from becoming a link, and a name after @ from
    being notified.
    """
    text = one_line(text, LONGEST_CELL)
    text = re.sub(_SIGNS, lambda match: f"&#{ord(match[0])};", text)
    text = re.sub(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)", "\u200b", text)
    return text


def points(value: float) -> str:
    """Return a number of points as people write it: 2, 0.5, 1.33."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")  # + 0.0: no minus zero


def tidy(name: str) -> str:
    """Return a name without what nobody sees: marks of direction, doubled and outer spaces."""
    seen = "".join(sign for sign in one_line(name) if unicodedata.category(sign) != "Cf")
    return " ".join(unicodedata.normalize("NFC", seen).split())


def visible(name: str) -> str:
    """Return a name so that a person sees what is in it, in quotes where spaces matter."""
    shown = "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape", "surrogatepass").decode()
        for sign in name
    )
    return shown if shown == tidy(shown) else f'"{shown}"'
