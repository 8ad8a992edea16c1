"""Notebooks as files: their cells, or a sentence on why there are none."""

import json
from pathlib import Path

from .unreadable import what_it_is


class Unreadable(Exception):
    """A file is no notebook, or lacks what this one needs; the text says what to do."""


def read_cells(path):
    """Return the cells of a notebook as its JSON has them.

    Parameters
    ----------
    path : Path

    Raises
    ------
    FileNotFoundError
    Unreadable
        There is something else than a notebook.
    """
    path = Path(path)
    if path.is_dir():
        got, advice = "a folder", "Put the notebook itself in its place."
        raise Unreadable(f"{path.name}: expected a notebook, got {got}. {advice}")
    content = path.read_bytes()
    try:
        cells = json.loads(content.decode("utf-8-sig", errors="replace"))["cells"]
        return [cell for cell in cells if isinstance(cell, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        got, advice = what_it_is(content)
        raise Unreadable(f"{path.name}: expected a notebook, got {got}. {advice}") from None
