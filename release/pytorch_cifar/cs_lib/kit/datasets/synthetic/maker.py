"""What makes a stand-in, and how large it is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Maker:
    """Writes the files of a stand-in.

    Attributes
    ----------
    write : callable
        ``write(folder, sizes, seed, origin)``.
    small, full : tuple of int
        Examples in each set, training first.
    write_text : callable, optional
        ``write_text(folder, text_file, seed, origin)``: the stand-in of a text.
    """

    write: Callable[[Path, tuple[int, ...], int, str], None]
    small: tuple[int, ...]
    full: tuple[int, ...]
    write_text: Callable[[Path, Path, int, str], None] | None = None
