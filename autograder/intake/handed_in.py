"""The outputs a student handed in: kept as text and pictures, for the people who judge them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from nbformat.notebooknode import NotebookNode

from autograder.intake.marks import marked, note
from autograder.intake.pictures import MOST_BYTES, safe_pictures
from autograder.text import plain

MOST_OUTPUTS = 50
"""Of one cell; text that follows text is one."""
MOST_TEXT = 40_000
"""Characters of one cell: its beginning and its end."""
MOST_TEXT_IN_ALL = 600_000

_NAMES = {
    "text/html": "HTML",
    "image/svg+xml": "SVG",
    "application/javascript": "JavaScript",
    "application/vnd.jupyter.widget-view+json": "a widget",
    "image/gif": "GIF",
    "image/png": "a picture",
    "image/jpeg": "a picture",
    "application/pdf": "PDF",
}
_SOURCES = ("text/markdown", "text/latex")
_STANDS_FOR = re.compile(r"<(IPython\.core\.display\.\w+ object|Figure size .*)>")


@dataclass
class Keeper:
    """Keeps the outputs of one notebook, up to a length of text in all."""

    room: int = MOST_TEXT_IN_ALL

    def kept(self, outputs: object) -> list[NotebookNode]:
        """Return a cell's outputs as they are shown, each marked as handed in.

        Text stays text, of rich outputs a picture or the text is left; what is left out is
        named.  Pictures are still the student's bytes: they are to be drawn anew.

        Parameters
        ----------
        outputs : object
            As a submitted notebook has them; anything.
        """
        found = _Found()
        for output in outputs if isinstance(outputs, list) else ():
            if isinstance(output, dict):
                found.add(output)
        found.end_text()
        shown = list(self._shown(found))
        if found.dropped:
            kinds = ", ".join(sorted(set(found.dropped)))
            shown.append(note(f"[{_counted(len(found.dropped))} not shown: {kinds}]"))
        if found.more:
            shown.append(note(f"[{_counted(found.more)} left out: there are too many]"))
        return shown

    def _shown(self, found: "_Found") -> Iterator[NotebookNode]:
        left = min(MOST_TEXT, self.room)
        for item in found.items:
            if isinstance(item, dict):
                yield marked("handed in", item)
                continue
            if left <= 0:
                found.more += 1
                continue
            text = _cut(item, left)
            left -= len(text)
            self.room -= len(text)
            yield marked("handed in", {"text/plain": text})


@dataclass
class _Found:
    """Texts and pictures of a cell in their order, and what is not among them."""

    items: list[str | dict[str, str]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    more: int = 0
    _pieces: list[str] = field(default_factory=list)

    def add(self, output: Mapping[str, object]) -> None:
        kind, data = output.get("output_type"), output.get("data")
        if kind == "stream":
            self._add_text(_joined(output.get("text")))
        elif kind == "error":
            self._add_text(_error(output))
        elif isinstance(data, dict):
            self._add_rich(data)

    def _add_rich(self, data: Mapping[str, object]) -> None:
        pictures = safe_pictures(data)
        small = {kind: text for kind, text in pictures.items() if len(text) < 1.4 * MOST_BYTES}
        if small:
            self.end_text()
            self._append(small)
        elif words := _words(data):
            self._add_text(f"{words}\n")
        else:
            kinds = [_NAMES.get(kind, "another kind") for kind in data if kind != "text/plain"]
            self.dropped += kinds[:1] or ["another kind"]

    def _add_text(self, text: str) -> None:
        if self._pieces or len(self.items) < MOST_OUTPUTS:
            self._pieces.append(text)
        else:
            self.more += 1

    def end_text(self) -> None:
        """Make one text of the pieces so far."""
        text = "".join(self._pieces)
        self._pieces = []
        if text.strip():
            self._append(text)

    def _append(self, item: str | dict[str, str]) -> None:
        if len(self.items) < MOST_OUTPUTS:
            self.items.append(item)
        else:
            self.more += 1


def _words(data: Mapping[str, object]) -> str:
    """Return what a rich output says in words: of Markdown and LaTeX, the source."""
    text = _joined(data.get("text/plain"))
    if text and not _STANDS_FOR.fullmatch(text):
        return text
    return next((_joined(data[kind]) for kind in _SOURCES if kind in data), "")


def _error(output: Mapping[str, object]) -> str:
    lines = output.get("traceback")
    if isinstance(lines, list) and lines:
        return "\n".join(map(_joined, lines)) + "\n"
    return f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}\n"


def _joined(text: object) -> str:
    """Return a text that nbformat allows to be a list of lines; "" for anything else."""
    if isinstance(text, list):
        return "".join(part for part in text if isinstance(part, str))
    return text if isinstance(text, str) else ""


def _cut(text: str, most: int) -> str:
    """Return a text as a terminal leaves it; of one that is too long, beginning and end."""
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n")]
    text = plain("\n".join(lines), len(text) + 1)
    if len(text) <= most:
        return text
    half = max(most // 2, 1)
    left_out = len(text) - 2 * half
    return f"{text[:half]}\n[… {left_out:,} characters are left out …]\n{text[-half:]}"


def _counted(number: int) -> str:
    return "1 output is" if number == 1 else f"{number:,} outputs are"
