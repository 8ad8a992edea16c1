"""nbgrader's metadata of a cell, as it must be; a mistake in it is told with its place."""

import re
from typing import Annotated

from nbformat.notebooknode import NotebookNode
from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from autograder.errors import InstructorError

VERSION = 3
_OWN_NAME = "Give each cell a name of its own."
_NAME = re.compile(r"[A-Za-z0-9_-]+")
Flag = Annotated[bool, Strict()]


class CellMetadata(BaseModel):
    """The metadata of schema version 3, which nbgrader 0.6 and later write."""

    model_config = ConfigDict(extra="forbid")

    schema_version: int
    grade: Flag
    locked: Flag
    solution: Flag
    task: Flag = False
    grade_id: Annotated[str, Strict()] = ""
    points: Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)] | None = None
    checksum: str | None = None
    cell_type: str | None = None


def check_cells(cells: list[NotebookNode], shown: str) -> None:
    """See that the nbgrader metadata of an instructor's notebook can be used.

    Parameters
    ----------
    shown : str
        The notebook's path, for the message.

    Raises
    ------
    InstructorError
        Names file, cell, what was expected and what stands there.
    """
    names: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        written = cell.metadata.get("nbgrader")
        if written is None:
            continue
        problem = _problem(cell, written)
        name = written.get("grade_id", "") if not problem else ""
        if name and name in names:
            problem = f'grade_id "{name}" stands already in cell {names[name]}. {_OWN_NAME}'
        if problem:
            raise InstructorError(f"{shown}, cell {number}: {problem}")
        names[name] = number


def _problem(cell: NotebookNode, written: object) -> str:
    """Return what is wrong with a cell's metadata and what to do, "" if nothing is."""
    if not isinstance(written, dict):
        return f"metadata.nbgrader: expected a table, got {written!r}. {_AGAIN}"
    if problem := _version(written.get("schema_version", 0)):
        return problem
    try:
        metadata = CellMetadata.model_validate(written)
    except ValidationError as error:
        return f"{_first(error)} {_AGAIN}"
    return _name(metadata) or _kind(cell, metadata)


_AGAIN = "Choose the cell's kind in nbgrader's toolbar once more."


def _version(version: object) -> str:
    if isinstance(version, int) and not isinstance(version, bool):
        if version < VERSION:
            return (
                f"expected nbgrader metadata of schema version {VERSION}, got {version}. "
                "Run `nbgrader update source`."
            )
        if version > VERSION:
            return (
                f"expected nbgrader metadata of schema version {VERSION}, got {version}. A newer "
                f"nbgrader wrote it; {_AGAIN[0].lower()}{_AGAIN[1:]}"
            )
        return ""
    return f"schema_version: expected {VERSION}, got {version!r}. {_AGAIN}"


def _first(error: ValidationError) -> str:
    item = error.errors()[0]
    key = str(item["loc"][0])
    if item["type"] == "missing":
        return f"{key}: expected this key of nbgrader's metadata, found none."
    if item["type"] == "extra_forbidden":
        return f"{key}: nbgrader's metadata has no such key."
    expected = {
        "points": "a number of points, 0 or more",
        "grade_id": "a name as text",
    }.get(key, "true or false")
    return f"{key}: expected {expected}, got {_json(item['input'])}."


def _json(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _name(metadata: CellMetadata) -> str:
    named = metadata.grade or metadata.solution or metadata.locked or metadata.task
    if named and not _NAME.fullmatch(metadata.grade_id):
        return (
            f'grade_id: expected letters, digits, _ and - alone, got "{metadata.grade_id}". '
            "Give the cell another ID in nbgrader's toolbar."
        )
    if metadata.grade and metadata.points is None:
        return f"points: expected a number of points, found none. {_AGAIN}"
    return ""


def _kind(cell: NotebookNode, metadata: CellMetadata) -> str:
    kind = cell.cell_type
    if metadata.task and kind != "markdown":
        return f"expected a Markdown cell for a manually graded task, got a {kind} cell. {_AGAIN}"
    if kind == "markdown" and not metadata.task and metadata.grade != metadata.solution:
        return (
            f"expected a manually graded answer or task in a Markdown cell, got another. {_AGAIN}"
        )
    if kind == "raw" and (metadata.grade or metadata.solution):
        return f"expected a code or Markdown cell, got a raw cell, which nothing grades. {_AGAIN}"
    return ""
