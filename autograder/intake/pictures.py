"""Pictures in untrusted notebooks: drawn anew from their pixels, or named as left out.

Nothing of a student's file reaches a browser: a worker that holds no
submission decodes it, the grader checks the pixels and encodes them.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from nbformat.notebooknode import NotebookNode

from autograder.wall.replies import StudentError
from autograder.wall.supervised import Worker
from autograder.wire import Value

if TYPE_CHECKING:
    from PIL import Image

KINDS = ("image/png", "image/jpeg")
FILES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}
"""Kinds of pictures that lie beside a notebook, by the ending."""
MOST_BYTES = 10 << 20
MOST_PIXELS = 25_000_000
"""Of one picture: a photograph of a telephone has half as many."""
MOST_IN_ALL = 150_000_000
"""Of all pictures of a submission, before they are shrunk."""
MOST_PICTURES = 80
MOST_DEATHS = 3
"""Of workers, from pictures that a decoder hangs or dies of."""
SIDE = 2000
"""Pixels of the longest side as it is shown."""
MOST_IN_SCANS = 500_000_000
"""Of all files beside the notebooks: as many photographs as may be handed in."""
_NO_ANSWER = "its decoder did not answer as it should"
_JPEG_QUALITY = 85
_PNG_EFFORT = 3  # of zlib's 9: a third of the time, a tenth more bytes


def safe_pictures(bundle: Mapping[str, object]) -> dict[str, str]:
    """Return the pictures of a mime bundle, each as clean base64.

    A viewer writes the text between the quotes of an attribute: it must not be
    able to end them.
    """
    safe = {}
    for kind in KINDS:
        try:
            text = bundle[kind]
            text = "".join(map(str, text)) if isinstance(text, list) else str(text)
            content = base64.b64decode(text.replace("\n", ""), validate=True)
        except (KeyError, ValueError):
            continue
        safe[kind] = base64.b64encode(content).decode()
    return safe


def _has_picture(bundle: object) -> bool:
    return isinstance(bundle, dict) and not set(KINDS).isdisjoint(bundle)


def _holders(notebook: NotebookNode) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield what holds a picture of a notebook, and under which key."""
    for cell in notebook.cells:
        held = [(output, "data") for output in cell.get("outputs", [])]
        attachments = cell.get("attachments", {})
        held += [(attachments, name) for name in attachments]
        yield from ((holder, key) for holder, key in held if _has_picture(holder.get(key)))


def _first(bundle: Mapping[str, object]) -> tuple[str, bytes]:
    """Return the first picture of a mime bundle: its kind and content, empty where it is none."""
    safe = safe_pictures(bundle)
    kind = next((kind for kind in KINDS if kind in safe), KINDS[0])
    return kind, base64.b64decode(safe.get(kind, ""))


def pictures_of(notebooks: Iterable[NotebookNode]) -> frozenset[tuple[str, bytes]]:
    """Return the kind and content of every picture in notebooks."""
    every = (_first(holder[key]) for notebook in notebooks for holder, key in _holders(notebook))
    return frozenset((kind, content) for kind, content in every if content)


def is_picture(file: str) -> bool:
    """Whether a file beside a notebook is shown as a picture, by its ending."""
    return file.rpartition(".")[2].lower() in FILES


@dataclass
class Painter:
    """Draws the pictures of one submission anew; a context manager.

    Parameters
    ----------
    new_worker : callable
        Gives a worker that holds no submission; asked when the first picture comes.
    most_in_all : int
        Pixels of all pictures.
    given : set of (str, bytes)
        Pictures of the course's own, as `pictures_of` gives them: they stay as they are.
    """

    new_worker: Callable[[], Worker]
    most_in_all: int = MOST_IN_ALL
    given: frozenset[tuple[str, bytes]] = frozenset()
    _worker: Worker | None = field(default=None, init=False)
    _count: int = field(default=0, init=False)
    _pixels: int = field(default=0, init=False)
    _deaths: int = field(default=0, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._worker is not None:
            self._worker.close()

    def redraw_all(self, notebook: NotebookNode) -> None:
        """Draw every picture of a notebook anew, in its outputs and pasted into its text."""
        for holder, key in _holders(notebook):
            holder[key] = self.redraw(holder[key])

    def redraw(self, bundle: Mapping[str, str]) -> dict[str, str]:
        """Return the first picture of a mime bundle drawn anew, or a text that says why not.

        Parameters
        ----------
        bundle : dict of str to str
            With a picture.
        """
        kind, content = _first(bundle)
        if (kind, content) in self.given:
            return {kind: base64.b64encode(content).decode()}
        try:
            pixels = self._decoded(content, kind)
        except LeftOut as reason:
            return {"text/plain": f"[a picture is not shown: {reason}]"}
        return {kind: base64.b64encode(_encoded(pixels, kind)).decode()}

    def redraw_files(self, files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, str]]:
        """Return files that lie beside a notebook, the pictures among them drawn anew.

        Other kinds, as PDF, are as they came: they are only linked to.

        Returns
        -------
        files : dict of str to bytes
        left_out : dict of str to str
            Pictures that cannot be drawn, with the reason.
        """
        drawn, left_out = {}, {}
        for name, content in files.items():
            kind = FILES.get(name.rpartition(".")[2].lower(), "")
            try:
                drawn[name] = _encoded(self._decoded(content, kind), kind) if kind else content
            except LeftOut as reason:
                left_out[name] = str(reason)
        return drawn, left_out

    def _decoded(self, content: bytes, kind: str) -> Image.Image:
        self._count += 1
        if self._count > MOST_PICTURES or self._deaths == MOST_DEATHS:
            raise LeftOut(f"there are more than {MOST_PICTURES}" if self._count > MOST_PICTURES
                          else "others have ended the process that reads them")  # fmt: skip
        if len(content) > MOST_BYTES:
            raise LeftOut(f"it is larger than {MOST_BYTES >> 20} MB")
        most = min(MOST_PIXELS, self.most_in_all - self._pixels)
        if self._worker is None or not self._worker.alive:
            self._worker = self.new_worker()
        name = kind.partition("/")[2].upper()
        try:
            return self._checked(self._worker.pixels(content, name, most, SIDE), most)
        except StudentError:
            self._deaths += not self._worker.alive
            raise LeftOut(f"it cannot be read as {name}") from None

    def _checked(self, answer: Value, most: int) -> Image.Image:
        """Return the image that a worker's answer makes; it may be anything."""
        if type(answer) is not tuple or len(answer) != 3 or {*map(type, answer[:2])} != {int}:
            raise LeftOut(_NO_ANSWER)
        width, height, pixels = answer
        if pixels is None:
            raise LeftOut(f"{width:d} × {height:d} pixels are too many")
        fits = type(pixels) is np.ndarray and pixels.dtype == np.uint8 and pixels.ndim == 3
        if (
            not fits
            or pixels.shape[2] not in (3, 4)
            or min(pixels.shape) < 1
            or max(pixels.shape) > SIDE
        ):
            raise LeftOut(_NO_ANSWER)
        self._pixels += min(max(width * height, pixels.size // 4), most)
        from PIL import Image  # of use to submissions with pictures alone

        return Image.fromarray(pixels)


class LeftOut(Exception):
    """A picture is not shown; the text says why."""


def _encoded(image: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    if kind == "image/jpeg" and image.mode == "RGB":
        image.save(file, "JPEG", quality=_JPEG_QUALITY)
    elif kind == "image/gif":
        image.save(file, "GIF")
    else:
        image.save(file, "PNG", compress_level=_PNG_EFFORT)
    return file.getvalue()
