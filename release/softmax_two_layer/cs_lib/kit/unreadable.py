"""What a file is that should be a notebook, and how it is mended.

A copy goes into each release: students read the same sentence before and after handing in.
"""

from __future__ import annotations

import json
import re

_MARKER = re.compile(rb"^(<{7}|={7}|>{7})(?=[ \r\n]|$)", re.MULTILINE)
_STARTS = (
    (b"PK\x03\x04", "an archive", "Unpack it and take the notebook."),
    (b"%PDF-", "a PDF", "Take the notebook itself, the file that ends in .ipynb."),
    (b"version https://git-lfs", "a Git LFS pointer", "Run `git lfs pull` to get the file itself."),
    (b"\x1f\x8b", "a packed file", "Unpack it and take the notebook."),
)
_PAGE = re.compile(rb"\s*<(!doctype|html|head|\?xml|body|div)", re.IGNORECASE)
_DOWNLOAD = "Download the notebook itself (in Jupyter: File, Download; on GitHub: the button Raw)."
_SAVE = "Open it in Jupyter and save it; if that fails, go back to an older copy of yours."


def what_it_is(content: bytes) -> tuple[str, str]:
    """Return what an unreadable notebook is, and what to do about it.

    Returns
    -------
    tuple of str
        As ``("a web page", "Download the notebook itself …")``.
    """
    if not content.strip():
        return "an empty file", "Look where the work was saved, or go back to an older copy."
    for start, what, todo in _STARTS:
        if content.startswith(start):
            return what, todo
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[1:2] == b"\x00":
        return "a file saved as UTF-16", "Save it as UTF-8, in an editor that lets you choose."
    if _PAGE.match(content.removeprefix(b"\xef\xbb\xbf")):
        return "a web page", _DOWNLOAD
    if marker := _MARKER.search(content):
        line = content.count(b"\n", 0, marker.start()) + 1
        return (
            f"git conflict markers in line {line}",
            "Decide for one side, delete the lines of <<<<<<<, ======= and >>>>>>>, open it in "
            "Jupyter and save it.",
        )
    return _json(content)


def _json(content: bytes) -> tuple[str, str]:
    text = content.decode("utf-8-sig", errors="replace")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        if text.lstrip().startswith("{") and _is_at_end(text, error):
            return (
                f"a file that is cut off after line {text.rstrip().count(chr(10)) + 1}",
                "Save or download it once more; what is missing is in the notebook it came from.",
            )
        if not text.lstrip().startswith(("{", "[")):
            return "a text that is no notebook", _SAVE
        return f"a file with a mistake in line {error.lineno}", _SAVE
    except (RecursionError, ValueError) as error:
        return f"an unreadable file ({type(error).__name__})", _SAVE
    if isinstance(document, dict) and isinstance(document.get("worksheets"), list):
        return "a notebook of a very old version", _SAVE
    return "JSON without a notebook's cells", _SAVE


def _is_at_end(text: str, error: json.JSONDecodeError) -> bool:
    """Tell whether reading came to the end of the text, or to a string that has no end."""
    return error.pos >= len(text.rstrip()) or "Unterminated string" in error.msg
