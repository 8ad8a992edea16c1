"""What diagrams are drawn of: boxes, arrows, grids, in units of one text line."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

# Okabe and Ito's colours, which are told apart with every kind of colour vision.
INK, FORWARD, BACKWARD, PARAMETER = "#222222", "#0072B2", "#D55E00", "#009E73"
PAPER, PALE, WARM, GREEN = "#ffffff", "#dcebf5", "#fbe3d6", "#d9f0e8"
UNIT = 0.28
"""Inches a unit."""


class Sketch:
    """A white sheet of `width` × `height` units, the origin at the lower left."""

    def __init__(self, width: float, height: float) -> None:
        self.figure = Figure(figsize=(width * UNIT, height * UNIT), facecolor=PAPER)
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, width), ylim=(0, height))
        self.axes.axis("off")

    def text(self, x: float, y: float, text: str, *, color: str = INK, size: float = 9,
             ha: str = "center", va: str = "center", style: str = "normal") -> None:  # fmt: skip
        self.axes.text(x, y, text, color=color, fontsize=size, ha=ha, va=va, style=style)

    def box(self, x: float, y: float, width: float, height: float, text: str = "",
            *, face: str = PALE, edge: str = INK, size: float = 9) -> None:  # fmt: skip
        self.axes.add_patch(
            FancyBboxPatch((x, y), width, height, boxstyle="round,pad=0,rounding_size=0.25",
                           facecolor=face, edgecolor=edge, linewidth=1)
        )  # fmt: skip
        self.text(x + width / 2, y + height / 2, text, size=size)

    def arrow(self, start: tuple[float, float], end: tuple[float, float], text: str = "",
              *, color: str = INK, above: bool = True, dashed: bool = False,
              bend: float = 0.0) -> None:  # fmt: skip
        self.axes.add_patch(
            FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=9, color=color,
                            linewidth=1.2, linestyle="--" if dashed else "-", shrinkA=0, shrinkB=0,
                            connectionstyle=f"arc3,rad={bend}")
        )  # fmt: skip
        x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        self.text(x, y + (0.55 if above else -0.6), text, color=color, size=8)

    def grid(
        self,
        x: float,
        y: float,
        rows: Sequence[Sequence[str]],
        *,
        cell: float = 1.0,
        face: str = PAPER,
        faces: dict[tuple[int, int], str] | None = None,
    ) -> None:
        """Draw a matrix of small squares, its first row on top; (x, y) is the lower left."""
        for i, row in enumerate(rows):
            for j, text in enumerate(row):
                corner = x + j * cell, y + (len(rows) - 1 - i) * cell
                color = (faces or {}).get((i, j), face)
                self.axes.add_patch(
                    Rectangle(corner, cell, cell, facecolor=color, edgecolor=INK, linewidth=0.8)
                )
                self.text(corner[0] + cell / 2, corner[1] + cell / 2, text, size=8)

    def png(self) -> bytes:
        """Return the picture; equal bytes for equal drawings and packages."""
        stream = io.BytesIO()
        self.figure.savefig(stream, format="png", dpi=110, metadata={"Software": None})
        return stream.getvalue()


@contextmanager
def sheet(width: float, height: float) -> Iterator[Sketch]:
    """Give a sheet to draw on, whatever style the user's matplotlib has."""
    with mpl.rc_context():
        mpl.rcdefaults()
        yield Sketch(width, height)


def chain(
    layers: Sequence[tuple[str, str]],
    forward: Sequence[str],
    backward: Sequence[str],
) -> bytes:
    """Draw layers in a row, what goes forward above and what comes back below.

    Parameters
    ----------
    layers : list of (name, parameters)
        Parameters in green below the box; "" where there are none.
    forward, backward : list of str
        One more than layers: what enters each layer, and what leaves the last.
    """
    step = 6.6 if len(layers) < 5 else 5.4  # in a page's column signs stay as large
    width = step * (len(layers) + 1) + 0.4
    with sheet(width, 7.2) as sketch:
        for i, (name, parameters) in enumerate(layers):
            x = (i + 1) * step - 2.4
            sketch.box(x, 2.7, 3.6, 2.2, name)
            if parameters:
                sketch.text(x + 1.8, 1.95, parameters, color=PARAMETER, size=8)
        for i, (there, back) in enumerate(zip(forward, backward, strict=True)):
            left = 0.5 if i == 0 else i * step + 1.3
            right = (i + 1) * step - 2.5 if i < len(layers) else width - 0.3
            sketch.arrow((left, 4.3), (right, 4.3), color=FORWARD)
            sketch.text((left + right) / 2, 5.75, there, color=FORWARD, size=8)
            if back:
                sketch.arrow((right, 3.3), (left, 3.3), color=BACKWARD, dashed=True)
                sketch.text((left + right) / 2, 0.95, back, color=BACKWARD, size=8)
        sketch.text(0.5, 6.8, "forward: values and their shapes", color=FORWARD, size=8, ha="left")
        sketch.text(0.5, 0.3, "backward: gradients of the loss, each of the shape of its value",
                    color=BACKWARD, size=8, ha="left")  # fmt: skip
        return sketch.png()
