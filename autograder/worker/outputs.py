"""Outputs of notebook cells, as nbformat v4 has them, up to a number of bytes."""

import base64
import io
import json
from typing import Any

_TRACEBACK = 20_000  # characters of one traceback
_STREAM = 60  # bytes of a stream output besides its text
_ERRORS = 20  # that are kept when there is no room for more output


class Outputs:
    """The outputs of the running cell or call.

    Parameters
    ----------
    limit : int
        Bytes of text and pictures; what comes after them is dropped, and said so.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.start()

    def start(self) -> None:
        """Forget everything: a new cell."""
        self._items: list[dict[str, Any]] = []
        self._pieces: list[str] = []  # of the stream that is last in _items
        self._by_display_id: dict[str, dict[str, Any]] = {}
        self._clear_next = False
        self._left = self.limit
        self._errors = 0

    def finish(self) -> list[dict[str, Any]]:
        """Return what was printed and shown, within the limit."""
        self._join()
        return self._items

    def stream(self, name: str, text: str) -> None:
        """Add to a stream; neighbours of the same name are one output."""
        text = self._cut(text)
        if not text:
            return
        self._clear_if_asked()
        if not (self._pieces and self._items[-1]["name"] == name):
            self._join()
            self._left = max(self._left - _STREAM, 0)
            self._items.append({"output_type": "stream", "name": name, "text": ""})
        self._pieces.append(text)

    def add(self, item: dict[str, Any], display_id: str | None = None) -> None:
        """Add a display, a result or an error."""
        self._clear_if_asked()
        size = len(json.dumps(item))
        if size > self._left:
            self.stream("stderr", "[an output is left out: too much output]\n")
            return
        self._left -= size
        self._join()
        self._items.append(item)
        if display_id is not None:
            self._by_display_id[display_id] = item

    def error(self, name: str, text: str, traceback: list[str]) -> None:
        """Add an error; its name and text come through even after a flood."""
        lines = "\n".join(traceback)
        if len(lines) > _TRACEBACK:
            traceback = [lines[: _TRACEBACK // 2], "…", lines[-_TRACEBACK // 2 :]]
        item: dict[str, Any] = {"output_type": "error", "ename": name[:100]}
        item |= {"evalue": text[:2000], "traceback": traceback}
        self._errors += 1
        if self._errors <= _ERRORS and len(json.dumps(item)) > self._left:
            self._join()
            self._items.append(item | {"traceback": [f"{item['ename']}: {item['evalue']}"]})
        else:
            self.add(item)

    def update(self, display_id: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Replace what this cell has displayed under an id."""
        item = self._by_display_id.get(display_id)
        size = len(json.dumps(data))
        if item is not None and size <= self._left:
            self._left -= size
            item["data"], item["metadata"] = data, metadata

    def clear(self, wait: bool) -> None:
        """Drop what is there, at once or when the next output comes."""
        self._clear_next = True
        if not wait:
            self._clear_if_asked()

    def _clear_if_asked(self) -> None:
        if self._clear_next:
            left = self._left
            self.start()
            self._left = left

    def _join(self) -> None:
        if self._pieces:
            self._items[-1]["text"] = "".join(self._pieces)
            self._pieces = []

    def _cut(self, text: str) -> str:
        if len(text) <= self._left:
            self._left -= len(text)
            return text
        text, self._left = text[: self._left], 0
        return f"{text}\n[output cut: too much output]\n" if text else ""


class OutStream(io.TextIOBase):
    """``sys.stdout`` or ``sys.stderr`` of student code."""

    encoding = "UTF-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self.name = f"<{name}>"
        self._outputs = outputs
        self._stream = name

    def write(self, text: str) -> int:
        """Add text to the outputs of the cell that runs."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._outputs.stream(self._stream, text)
        return len(text)

    def writable(self) -> bool:
        """Say yes, as a text stream does."""
        return True


def as_json(bundle: dict[str, Any]) -> dict[str, Any]:
    """Return a mime bundle as a notebook file holds it."""
    plain = {
        str(key): base64.b64encode(value).decode() if isinstance(value, bytes) else value
        for key, value in bundle.items()
    }
    # JSON has no NaN and no infinity: they become text
    result: dict[str, Any] = json.loads(json.dumps(plain, default=repr), parse_constant=str)
    return result
