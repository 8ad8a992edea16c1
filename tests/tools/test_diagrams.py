"""The notebooks' diagrams: in their cells, said in words, and as the code draws them."""

import base64
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from tools.diagrams import drawings
from tools.diagrams.places import PLACES

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "source").glob("*/*.ipynb"))
PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(attachment:(?P<name>[^)]+)\)")


def cells(path):
    return {cell["id"]: cell for cell in json.loads(path.read_text())["cells"]}


def text(cell):
    return "".join(cell["source"])


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.name} {place.cell}")
@pytest.mark.parametrize("folder", ["source", "release"])
def test_diagram_is_in_its_cell_as_it_is_drawn(place, folder):
    cell = cells(ROOT / folder / place.notebook)[place.cell]
    embedded = base64.b64decode(cell["attachments"][f"{place.name}.png"]["image/png"])
    drawn = getattr(drawings, place.name)()
    np.testing.assert_array_equal(imread(io.BytesIO(embedded)), imread(io.BytesIO(drawn)))
    assert f"![{place.alt}](attachment:{place.name}.png)" in text(cell)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_notebook_has_a_picture_and_says_each_in_words(source):
    pictures = 0
    for cell in cells(source).values():
        found = list(PICTURE.finditer(text(cell)))
        pictures += len(found)
        assert {match["name"] for match in found} == set(cell.get("attachments", {}))
        for match in found:
            assert len(match["alt"]) > 40, f"{cell['id']}: say what the picture shows"
    assert pictures


def test_every_drawing_has_a_place():
    named = {
        name
        for name, value in vars(drawings).items()
        if getattr(value, "__module__", "") == drawings.__name__
    }
    assert named == {place.name for place in PLACES}
