"""What an attack is, and the honest work around it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

POINTS = {"double": 2, "shift": 1, "adder": 1, "codec": 1, "triple": 1, "mystery": 3}
"""`mystery` cannot be solved: its points are there only to be stolen."""
IN_MODULE = ("double", "shift", "adder", "codec")

MODULE = """
import numpy as np


def double(x):
    return 2.0 * np.asarray(x, dtype=float)


class Shift:
    def __init__(self, by):
        self.by = by

    def forward(self, x):
        return np.asarray(x, dtype=float) + self.by


def adder(by):
    return lambda x: np.asarray(x, dtype=float) + by


def codec():
    return (lambda x: repr(x), lambda text: [float(word) for word in text[1:-1].split(",")])


def mystery(x):
    raise NotImplementedError
"""

CELL = """
import numpy as np


def triple(x):
    return 3.0 * np.asarray(x, dtype=float)
"""


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    Words between ``@`` signs in its sources stand for what the test knows: ``@COURSE@`` the
    course's folder, ``@OUT@`` a folder open to all, ``@PID@`` the grader's process, ``@PORT@``,
    ``@SOCKET@`` and ``@ABSTRACT@`` listeners outside.  A source that finds a way through
    calls ``broken()``, which spoils the answer, or gives `mystery`'s.

    Attributes
    ----------
    line : int
        The kind of attack, as in docs/security.md.
    name, tries : str
    module : str
        Put after the honest module, or in its place where ``alone``.
    cell : str
        Put before the honest notebook code.
    more_cells : tuple of str
        Code cells after the first one.
    loses : tuple of str
        Checks that the submission does not earn; the others it does, exactly.
    says : str
        What the student reads of each of these checks, in part.
    files : dict of str to bytes
        More files in the submission's folder.
    change : callable, optional
        Gets the folder of the submission before it is handed in and may change it or return
        another path.
    """

    line: int
    name: str
    tries: str
    module: str = ""
    cell: str = ""
    more_cells: tuple[str, ...] = ()
    alone: bool = False
    loses: tuple[str, ...] = ()
    says: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    change: Callable[[Path], Path | None] | None = None

    @property
    def lost(self) -> set[str]:
        """Checks that give nothing: who loses function and class has lost the whole module."""
        module = IN_MODULE if {"double", "shift"} <= set(self.loses) else ()
        return {*self.loses, *module, "mystery"}

    @property
    def score(self) -> int:
        return sum(points for name, points in POINTS.items() if name not in self.lost)

    def write(self, folder: Path, words: dict[str, str]) -> Path:
        """Write the submission into an empty folder; return what is handed in."""
        import nbformat

        from tests.attacks.course import notebook

        (folder / "cs_lib").mkdir(parents=True)
        before = "" if self.alone else BROKEN + MODULE
        source = fill(before + self.module, words)
        (folder / "cs_lib" / "layers.py").write_text(source, encoding="utf-8")
        edited = notebook()
        cell = next(cell for cell in edited.cells if cell.id == "triple-code")
        cell.source = fill(BROKEN + self.cell + CELL, words)
        for source in self.more_cells:
            edited.cells.insert(2, nbformat.v4.new_code_cell(fill(BROKEN + source, words)))
        nbformat.write(edited, folder / "tiny.ipynb")
        for name, content in self.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        return (self.change(folder) if self.change else None) or folder


BROKEN = '''
def broken(what=""):
    """An attack has worked: end in a way that no check survives."""
    import os
    os._exit(66)
'''


def fill(source: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        source = source.replace(f"@{word}@", value)
    return source


HONEST = Attack(0, "honest work", "nothing")
