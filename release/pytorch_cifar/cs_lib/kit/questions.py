"""Written questions: the numbers that students see, whose a scan is, what was left blank.

Only the standard library. A copy goes into each release, so that what a student
is told before handing in is what the person who grades will see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

Cell = Mapping[str, Any]
"""A cell as a notebook's JSON has it."""

_NUMBER = r"(\d+(?:[.\-]\d+)*)(?:\s*\(([a-z]{1,4})\)|([a-z])(?![^\W_]))?"
_PRINTED = re.compile(rf"\s*(?:(?:#+|\*\*|__)\s*(?:[^\W\d_]+\.?\s+)?)?{_NUMBER}", re.IGNORECASE)
"""A number that a text begins with, in a heading or in bold also after a word."""
UNANSWERED = "YOUR ANSWER HERE"
"""What nbgrader puts in the place of a solution in Markdown."""


@dataclass(frozen=True)
class Question:
    """A written question.

    Attributes
    ----------
    name : str
        Its cell's ``grade_id``, which students never see.
    number : str
        As printed, ``1.2 (a)``; empty where the question has none.
    notebook : str
        Without ``.ipynb``.
    given : dict of str to str
        Cells for the answer as they were handed out, text by id: what stands there answers nothing.
    """

    name: str
    number: str = ""
    notebook: str = ""
    given: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def label(self) -> str:
        """What to call it before a student."""
        return self.number or self.name

    @property
    def file_name(self) -> str:
        """A name for its scan, without the kind: ``1.2a``."""
        return re.sub(r"[\s()]", "", self.number) or self.name


def text_of(cell: Cell) -> str:
    """Return a cell's source, which a file may hold as one text or as lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(map(str, source))


def printed_number(text: str) -> str:
    """Return the number that a question or heading begins with, empty where there is none."""
    found = _PRINTED.match(text)
    if found is None:
        return ""
    number, bracketed, letter = found.groups()
    return f"{number} ({bracketed})" if bracketed else f"{number}{letter or ''}"


def places(cells: Iterable[Cell]) -> list[str]:
    """Return what a student would call the place of each cell: the number or heading above it.

    A numbered heading or task gives its number, ``2.1``; another heading its text in quotes.
    """
    found, here = [], ""
    for cell in cells:
        if cell.get("cell_type") == "markdown":
            for line in text_of(cell).splitlines():
                here = _place(line) or here
        found.append(here)
    return found


def _place(line: str) -> str:
    heading = re.match(r"\s*#+\s+(.*?)[\s#]*$", line)
    if not heading and not re.match(r"\s*(?:\*\*|__)", line):
        return ""
    return printed_number(line) or (f'"{heading[1]}"' if heading else "")


def metadata_of(cell: Cell) -> Mapping[str, Any]:
    """Return nbgrader's metadata of a cell, empty where there is none."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def is_written(cell: Cell) -> bool:
    """Whether a person grades a cell."""
    metadata = metadata_of(cell)
    return bool(metadata.get("task") or (metadata.get("grade") and metadata.get("solution")))


def questions_of(notebook: str, cells: Sequence[Cell]) -> list[Question]:
    """Return the written questions of a notebook as it is handed out, in its order."""
    return [
        Question(
            str(metadata_of(cell).get("grade_id", "")),
            printed_number(text_of(cell)),
            notebook,
            {str(own.get("id", "")): text_of(own).strip() for own in _below(cells, index)},
        )
        for index, cell in enumerate(cells)
        if is_written(cell)
    ]


def taken_for(file: str, questions: Sequence[Question]) -> list[Question]:
    """Return the questions that a file handed in beside the notebooks belongs to.

    Its name may begin with the question's ``grade_id``, or hold the printed
    number, whatever separates its parts: ``1.2a``, ``1_2_A``, ``Question 1.2 (a), page 3``.
    A number that only begins those of several questions means all of them; a
    notebook's name before it, only those of that notebook. The PDF of a whole
    notebook belongs to its first question.

    Returns
    -------
    questions : list of Question
        Empty where the name tells none: then it belongs to every one.
    """
    stem = PurePosixPath(file).stem
    if _is_page_of(file, questions):
        return [question for question in questions if question.notebook == stem][:1]
    parts = _parts(stem)
    by_name = [q for q in questions if _begins(parts, _parts(q.name))]
    if by_name:
        longest = max(len(_parts(question.name)) for question in by_name)
        return [question for question in by_name if len(_parts(question.name)) == longest]
    for notebook in sorted({q.notebook for q in questions}, key=len, reverse=True):
        if _begins(parts, _parts(notebook)):
            own = [question for question in questions if question.notebook == notebook]
            return _numbered(parts[len(_parts(notebook)) :], own)
    return _numbered(parts, questions)


def _parts(text: str) -> list[str]:
    """Return the numbers and words of a name."""
    return re.findall(r"\d+|[^\W\d_]+", text.casefold())


def _begins(parts: Sequence[str], start: Sequence[str]) -> bool:
    return bool(start) and list(parts[: len(start)]) == list(start)


def _numbered(parts: Sequence[str], questions: Sequence[Question]) -> list[Question]:
    first = next((index for index, part in enumerate(parts) if part.isdigit()), len(parts))
    parts = parts[first:]
    numbers = {question: _parts(question.number) for question in questions if question.number}
    exact = [question for question, number in numbers.items() if _begins(parts, number)]
    if exact:
        longest = max(len(numbers[question]) for question in exact)
        return [question for question in exact if len(numbers[question]) == longest]
    parts = parts[: _length_of_number(parts)]
    wider = [question for question, number in numbers.items() if _begins(number, parts)]
    joined = "".join(parts)
    return wider or [q for q, number in numbers.items() if "".join(number) == joined]


def _length_of_number(parts: Sequence[str]) -> int:
    """Return how many parts a number may have: digits, and one letter after them."""
    digits = next((i for i, part in enumerate(parts) if not part.isdigit()), len(parts))
    return digits + (digits < len(parts) and len(parts[digits]) == 1)


def blank(
    questions: Sequence[Question],
    notebooks: Mapping[str, Sequence[Cell]],
    files: Iterable[str] = (),
) -> list[Question]:
    """Return the questions that have an answer neither in a notebook nor in a scan of their own.

    Parameters
    ----------
    questions : sequence of Question
        All of the assignment.
    notebooks : dict of str to sequence of Cell
        The cells handed in.
    files : iterable of str
        Scans handed in beside the notebooks.
    """
    by_name = {(question.notebook, question.name): question for question in questions}
    scans = [file for file in files if not _is_page_of(file, questions)]
    answered = {question for file in scans for question in taken_for(file, questions)}
    for notebook, cells in notebooks.items():
        for index, cell in enumerate(cells):
            question = by_name.get((notebook, str(metadata_of(cell).get("grade_id", ""))))
            if question is not None and _is_answered(question, cells, index):
                answered.add(question)
    return [question for question in questions if question not in answered]


def _is_page_of(file: str, questions: Iterable[Question]) -> bool:
    """Whether a file is the PDF of a whole notebook."""
    path = PurePosixPath(file)
    whole = any(question.notebook == path.stem for question in questions)
    return whole and path.suffix.lower() == ".pdf"


def _is_answered(question: Question, cells: Sequence[Cell], index: int) -> bool:
    if metadata_of(cells[index]).get("task"):
        return any(_answers(cell, question.given) for cell in _below(cells, index))
    text = text_of(cells[index]).strip()
    return bool(text) and UNANSWERED not in text and "NotImplementedError" not in text


def _below(cells: Sequence[Cell], index: int) -> Iterator[Cell]:
    """Go through the cells below a task that may hold its answer."""
    if not metadata_of(cells[index]).get("task"):
        return
    for cell in cells[index + 1 :]:
        metadata = metadata_of(cell)
        if metadata.get("grade") or metadata.get("task") or metadata.get("solution"):
            return
        if not metadata.get("locked"):
            yield cell


def _answers(cell: Cell, given: Mapping[str, str]) -> bool:
    """Whether something stands in a cell that was not handed out there, nor changed code of it."""
    text = text_of(cell).strip()
    changed_code = cell.get("cell_type") == "code" and cell.get("id") in given
    return bool(text) and text not in given.values() and not changed_code
