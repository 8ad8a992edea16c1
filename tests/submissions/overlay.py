"""Submissions that differ a little from the reference or the release; see README.md here."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import nbformat
from pydantic import BaseModel, ConfigDict

from autograder.course.folder import Assignment, Course
from autograder.handout.solved import solved_files

FOLDER = Path(__file__).parent
EXPECTED = "expected.toml"


class Edit(BaseModel):
    """A replacement in a file of the base, or in one cell of a notebook."""

    model_config = ConfigDict(extra="forbid")

    file: str
    cell: str | None = None
    old: str | None = None
    new: str


class Expected(BaseModel):
    """An ``expected.toml``."""

    model_config = ConfigDict(extra="forbid")

    about: str
    base: Literal["reference", "release"] = "reference"
    without: list[str] = []
    untouched: list[str] = []
    edit: list[Edit] = []
    checks: dict[str, float] = {}
    says: dict[str, str] = {}

    def share(self, check: str) -> float:
        """Return the share of its points that a check is expected to give."""
        return self.checks.get(check, 1.0 if self.base == "reference" else 0.0)


@dataclass(frozen=True)
class Bases:
    """The two submissions that others are made from, read once."""

    assignment: Assignment
    reference: dict[str, bytes] = field(init=False)
    release: dict[str, bytes] = field(init=False)

    def __post_init__(self) -> None:
        folder = self.assignment.release
        release = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        object.__setattr__(self, "reference", solved_files(self.assignment))
        object.__setattr__(self, "release", release)


def folders(assignment: str) -> list[Path]:
    """Return the folders of an assignment's submissions, by name."""
    return sorted(path.parent for path in (FOLDER / assignment).glob(f"*/{EXPECTED}"))


def read_expected(folder: Path) -> Expected:
    """Read a folder's ``expected.toml``."""
    return Expected.model_validate(tomllib.loads((folder / EXPECTED).read_text(encoding="utf-8")))


def files(folder: Path, bases: Bases) -> dict[str, bytes]:
    """Return the files of a submission by path.

    Raises
    ------
    ValueError
        The description does not fit the base.
    """
    expected = read_expected(folder)
    result = dict(bases.reference if expected.base == "reference" else bases.release)
    result |= {path: bases.release[path] for path in expected.untouched}
    for path in expected.without:
        del result[path]
    for edit in expected.edit:
        result[edit.file] = _edited(result[edit.file].decode(), edit, folder.name).encode()
    for path in folder.rglob("*"):
        if path.is_file() and path.name != EXPECTED and path.suffix != ".pyc":
            result[path.relative_to(folder).as_posix()] = path.read_bytes()
    return result


def write(folder: Path, destination: Path, course: Course) -> None:
    """Write a submission into a folder."""
    assignment = course.assignment(folder.parent.name)
    for path, content in files(folder, Bases(assignment)).items():
        (destination / path).parent.mkdir(parents=True, exist_ok=True)
        (destination / path).write_bytes(content)


def _edited(text: str, edit: Edit, where: str) -> str:
    if edit.cell is None:
        return _replaced(text, edit, where)
    notebook = nbformat.reads(text, as_version=4)
    (cell,) = (cell for cell in notebook.cells if cell.id == edit.cell)
    cell.source = _replaced(cell.source, edit, where)
    return nbformat.writes(notebook)


def _replaced(text: str, edit: Edit, where: str) -> str:
    if edit.old is None:
        return edit.new
    if text.count(edit.old) != 1:
        raise ValueError(
            f"{where}: {edit.file}: expected {edit.old!r} once, found it {text.count(edit.old)} "
            "times. Make it fit the reference."
        )
    return text.replace(edit.old, edit.new)
