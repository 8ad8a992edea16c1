"""Notebooks as files: their cells, or a sentence on why there are none."""

import json
import re
from pathlib import Path


class Unreadable(Exception):
    """A file is no notebook, or lacks what this one needs; the text says what to do."""


def read_cells(path):
    """Return the cells of a notebook as its JSON has them.

    Parameters
    ----------
    path : Path

    Raises
    ------
    Unreadable
        The file is not a notebook.
    """
    path = Path(path)
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    try:
        cells = json.loads(text)["cells"]
        return [cell for cell in cells if isinstance(cell, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        got, advice = _what_is_wrong(text, error)
        raise Unreadable(f"{path.name}: expected a notebook, got {got}. {advice}") from None


def _what_is_wrong(text, error):
    again = "Open it in Jupyter and save it; if that fails, go back to an older copy of yours."
    if not text.strip():
        return "an empty file", "Go back to an older copy of yours."
    conflict = re.search(r"^(<<<<<<<|>>>>>>>)", text, re.MULTILINE)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        return f"git conflict markers in line {line}", (
            "Settle the merge: `git checkout --ours` or `--theirs` with the file's name keeps "
            "one of the two."
        )
    if text.lstrip().startswith("<"):
        return "a web page", "Download the notebook itself (on GitHub: Raw)."
    if isinstance(error, json.JSONDecodeError):
        return f"a file that breaks off or is garbled in line {error.lineno}", again
    return "a file without cells", again
