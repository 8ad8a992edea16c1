"""Put a submitted notebook in order: the course's cells restored, the student's kept.

A submission is read as hostile and as worn: pasted through other tools, saved
in an old format, with cells doubled, deleted or stripped of their metadata.
Nothing of it is kept but sources, cell types, pasted pictures, and outputs as text and pictures.
"""

import itertools
import json
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import nbformat
from nbformat.notebooknode import NotebookNode

from autograder.course.notebooks import is_test, nbgrader_metadata
from autograder.errors import SubmissionError
from autograder.intake.handed_in import Keeper
from autograder.intake.pictures import safe_pictures
from autograder.kit.unreadable import what_it_is

REMAINS = 0.5
"""Share of a released cell's lines that must still stand in a cell to take it for the same."""


@dataclass
class Restored:
    """A notebook ready to run, and what had to be put right."""

    notebook: NotebookNode
    warnings: list[str] = field(default_factory=list)


def read_cells(content: bytes, name: str) -> list[NotebookNode]:
    """Read the cells of a submitted notebook, cleaned, as nbformat version 4 has them.

    Raises
    ------
    SubmissionError
        It is not a notebook; the message says why.
    """
    try:
        document = json.loads(content.decode("utf-8-sig", errors="replace"))
        if document.get("nbformat", 4) < 4:
            document = nbformat.convert(nbformat.from_dict(document), 4)
        cells = [cell for cell in document["cells"] if isinstance(cell, dict)]
    # A file may be wrong in ways nobody listed, from bad nesting to numbers too long to read.
    except Exception:
        what, todo = what_it_is(content)
        raise SubmissionError(f"{name}: expected a notebook, got {what}. {todo}") from None
    keeper = Keeper()
    return [_clean(cell, keeper) for cell in cells]


def _clean(cell: dict[str, object], keeper: Keeper) -> NotebookNode:
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    text = text.encode("utf-8", errors="replace").decode()
    kind = cell.get("cell_type")
    clean = NotebookNode(
        id=str(cell.get("id", "")),
        cell_type=kind if kind in ("code", "markdown") else "raw",
        metadata=NotebookNode(),
        source=text,
    )
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if isinstance(nbgrader, dict) and isinstance(nbgrader.get("grade_id"), str):
        clean.metadata["nbgrader"] = {"grade_id": nbgrader["grade_id"]}
    if kind == "code":
        clean.update(execution_count=None, outputs=keeper.kept(cell.get("outputs")))
    elif pictures := _pictures(cell.get("attachments")):
        clean.attachments = pictures
    return clean


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    """Return the pictures pasted into a cell, without any other kind of attachment."""
    if not isinstance(attachments, dict):
        return {}
    bundles = {name: bundle for name, bundle in attachments.items() if isinstance(bundle, dict)}
    return {name: safe_pictures(bundle) for name, bundle in bundles.items()}


MOST_TEXTS = 300
"""Cells of text that a submission may add to a notebook: each is rendered on the pages."""
TOO_MANY = (
    "expected at most {} cells of text beside the course's, got {}: the rest is left out. "
    "Put what belongs together into one cell."
)


def restore(submitted: list[NotebookNode], released: NotebookNode) -> Restored:
    """Match submitted cells with the released notebook and restore the course's cells.

    Test cells, read-only cells and questions get the course's source again; cells
    that are gone are put back; what else carries nbgrader's metadata loses it. Of more
    cells of text than anybody writes, the first are kept.
    """
    gone = {_name(cell) for cell in released.cells} - {_name(cell) for cell in submitted}
    names = [_name(cell) for cell in released.cells]
    tests = [
        _Test(cell, names[:index], names[index + 1 :], names[index] in gone)
        for index, cell in enumerate(released.cells)
        if is_test(cell)
    ]
    submitted = [part for cell in submitted for part in _taken_apart(cell, tests)]
    matches = _match(submitted, released.cells)
    empty = {"nbformat": 4, "nbformat_minor": 5, "metadata": released.metadata, "cells": []}
    result = Restored(NotebookNode(empty))  # `new_notebook` would validate it
    theirs = {position: index for index, position in matches.items()}
    own = [position for position in range(len(submitted)) if position not in theirs]
    texts = [position for position in own if submitted[position].cell_type != "code"]
    left_out = set(texts[MOST_TEXTS:])
    for position, cell in enumerate(submitted):
        if position in theirs:
            result.notebook.cells.append(_merge(cell, released.cells[theirs[position]], result))
        elif position not in left_out:
            cell.metadata = NotebookNode()
            result.notebook.cells.append(cell)
    if left_out:
        result.warnings.append(TOO_MANY.format(MOST_TEXTS, len(texts)))
    _put_back(result, matches, released.cells)
    _name_cells(result.notebook.cells)
    return result


class _Test:
    """A released test cell, with its lines, the names on either side, and whether it is gone."""

    def __init__(self, cell: NotebookNode, before: list[str], after: list[str], gone: bool) -> None:
        self.cell, self.name, self.gone = cell, _name(cell), gone
        self.sides = before, after
        self.lines = _normal(cell.source).splitlines()


def _taken_apart(cell: NotebookNode, tests: list[_Test]) -> list[NotebookNode]:
    """Take released tests out of a cell that was merged with them: the rest is the student's.

    Only where the cell has the name of the test, or none, or where no cell has it. Another
    name that the cell has stays with the part that stood on its side of the test.
    """
    if cell.cell_type != "code":
        return [cell]
    name, lines = _name(cell), cell.source.splitlines()
    bare = [line.rstrip() for line in lines]
    for test in tests:
        place = _place(test.lines, bare) if test.gone or name in ("", test.name) else None
        if place is None:
            continue
        rest = [lines[:place], lines[place + len(test.lines) :]]
        if not any(line.strip() for part in rest for line in part):
            continue
        others = [other for other in tests if other is not test]
        before, after = (
            _taken_apart(_with_source(cell, part, names), others)
            for part, names in zip(rest, test.sides, strict=True)
        )
        parts = [*before, nbformat.from_dict(test.cell), *after]
        return [part for part in parts if part.source.strip()]
    return [cell]


def _place(wanted: list[str], lines: list[str]) -> int | None:
    """Return where some lines stand in others, one below the other."""
    starts = range(len(lines) - len(wanted) + 1) if wanted else range(0)
    return next((i for i in starts if lines[i : i + len(wanted)] == wanted), None)


def _with_source(cell: NotebookNode, lines: list[str], names: list[str]) -> NotebookNode:
    """Return some lines of a cell, with its name if that is one of these."""
    part = nbformat.from_dict(cell)
    part.update(id="", source="\n".join(lines).strip("\n"))
    if _name(cell) not in names:
        part.metadata = NotebookNode()
    return part


def _merge(cell: NotebookNode, original: NotebookNode, result: Restored) -> NotebookNode:
    metadata = nbgrader_metadata(original)
    if not metadata:
        cell.metadata = NotebookNode()
        return cell
    merged = nbformat.from_dict(original)
    if original.cell_type == "code":
        # A test cell is judged by its check, which runs it; what others show, people judge.
        merged.outputs = [] if is_test(original) else cell.get("outputs", [])
    if metadata.get("solution"):
        merged.source = cell.source
        if original.cell_type == "markdown" and "attachments" in cell:
            merged.attachments = cell.attachments
    elif _normal(cell.source) != _normal(original.source):
        result.warnings.append(
            f"{metadata['grade_id']}: this cell was changed. The course's own was used instead."
        )
    return merged


def _put_back(result: Restored, matches: dict[int, int], originals: list[NotebookNode]) -> None:
    """Insert the course's cells that a submission lacks, each after the one it follows."""
    cells = result.notebook.cells
    places = {index: cells[position] for index, position in matches.items()}
    previous: NotebookNode | None = None
    for index, original in enumerate(originals):
        if index in places:
            previous = places[index]
            continue
        metadata = nbgrader_metadata(original)
        if not metadata:
            continue
        new = nbformat.from_dict(original)
        after = next((i for i, cell in enumerate(cells) if cell is previous), -1)
        cells.insert(after + 1, new)
        previous = new
        result.warnings.append(f"{metadata['grade_id']}: this cell was missing and was put back.")


def _match(cells: list[NotebookNode], originals: list[NotebookNode]) -> dict[int, int]:
    """Return {index of a released cell: position in the submission}.

    By nbgrader's name first, then cell id, then equal text, then the lines that
    are left of it, then the place next to a cell already found.  Of two cells with
    one name the last counts, as in nbgrader.
    """
    matches: dict[int, int] = {}
    for key in (_name, _id, _text):
        taken = set(matches.values())
        places: defaultdict[object, deque[int]] = defaultdict(deque)
        for position, cell in enumerate(cells):
            if position not in taken:
                places[key(cell)].append(position)
        for index, original in enumerate(originals):
            found = key(original)
            if index not in matches and found and places[found]:
                matches[index] = places[found].pop() if key is _name else places[found].popleft()
    _claim_remains(cells, originals, matches)
    _claim_neighbours(cells, originals, matches)
    return matches


def _name(cell: NotebookNode) -> str:
    return str(nbgrader_metadata(cell).get("grade_id", ""))


def _id(cell: NotebookNode) -> object:
    return cell.get("id") and (cell.cell_type, cell.id)


def _text(cell: NotebookNode) -> object:
    return cell.source.strip() and (cell.cell_type, _normal(cell.source))


def _claim_remains(
    cells: list[NotebookNode], originals: list[NotebookNode], matches: dict[int, int]
) -> None:
    """Match a cell by the released lines that still stand in it."""
    taken = set(matches.values())
    lines = {
        position: _lines(cell.source)
        for position, cell in enumerate(cells)
        if position not in taken
    }
    for index, original in enumerate(originals):
        wanted = {line for line in _lines(original.source) if "NotImplementedError" not in line}
        if index in matches or not nbgrader_metadata(original) or not wanted:
            continue
        for position, present in lines.items():
            same_type = cells[position].cell_type == original.cell_type
            if same_type and len(wanted & present) >= REMAINS * len(wanted):
                matches[index] = position
                del lines[position]
                break


def _claim_neighbours(
    cells: list[NotebookNode], originals: list[NotebookNode], matches: dict[int, int]
) -> None:
    """Match an answer, of which no released line need be left, by the cell before it."""
    taken = set(matches.values())
    for index, original in enumerate(originals):
        if index in matches or not nbgrader_metadata(original).get("solution"):
            continue
        position = matches.get(index - 1, -2 if index else -1) + 1
        fits = 0 <= position < len(cells) and position not in taken
        if fits and cells[position].cell_type == original.cell_type:
            matches[index] = position
            taken.add(position)


def _lines(source: str) -> set[str]:
    return {line.strip() for line in source.splitlines() if line.strip()}


def _normal(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _name_cells(cells: list[NotebookNode]) -> None:
    """Give every cell an id that is valid and unique, the same in every run."""
    seen = {cell.id for cell in cells if nbgrader_metadata(cell)}
    for number, cell in enumerate(cells):
        if nbgrader_metadata(cell):
            continue
        if cell.id in seen or not re.fullmatch(r"[\w-]{1,64}", cell.id, re.ASCII):
            cell.id = next(name for name in _numbered(number) if name not in seen)
        seen.add(cell.id)


def _numbered(number: int) -> Iterator[str]:
    yield f"cell-{number}"
    yield from (f"cell-{number}-{copy}" for copy in itertools.count(1))
