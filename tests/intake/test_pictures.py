"""Pictures of students: their pixels, and nothing else of their files."""

import base64
import io

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

from autograder.intake.pictures import MOST_PICTURES, SIDE, Painter, pictures_of, safe_pictures
from autograder.wall.limits import Limits
from autograder.wall.replies import StudentError
from autograder.wall.zygote import Zygote
from tests.drawing import bomb, jpeg, png

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()


def test_a_picture_is_kept_and_line_breaks_go():
    assert safe_pictures({"image/png": f"{PIXEL[:8]}\n{PIXEL[8:]}\n"}) == {"image/png": PIXEL}


@pytest.mark.parametrize(
    "bundle",
    [
        {"image/png": '"><script>alert(1)</script>'},
        {"image/png": PIXEL + '" onload="x'},
        {"image/png": "ünïcode"},
        {"image/png": {"a": 1}},
        {"image/svg+xml": "<svg onload=alert(1)>"},
        {"text/html": "<b>"},
        {},
    ],
)
def test_all_else_goes(bundle):
    assert safe_pictures(bundle) == {}


@pytest.fixture(scope="module")
def zygote():
    with Zygote(preload=()) as zygote:
        yield zygote


@pytest.fixture
def painter(zygote):
    with Painter(lambda: zygote.worker({}, Limits(), figures=False)) as painter:
        yield painter


def bundle(content, kind="png"):
    return {f"image/{kind}": base64.b64encode(content).decode()}


def drawn(painter, content, kind="png"):
    """Return the picture drawn anew: its file and its pixels."""
    ((found, text),) = painter.redraw(bundle(content, kind)).items()
    assert found == f"image/{kind}"
    file = base64.b64decode(text)
    return file, np.asarray(Image.open(io.BytesIO(file)))


def test_the_pixels_are_the_students_and_the_file_is_not(painter):
    content = png(40, 30, (10, 20, 200)) + b"<script>behind the picture</script>"
    file, pixels = drawn(painter, content)
    assert pixels.shape == (30, 40, 3)
    assert (pixels == (10, 20, 200)).all()
    assert b"script" not in file


def test_the_courses_own_pictures_stay_as_they_are(painter):
    own, students = png(4, 3, (1, 2, 3)), png(4, 3, (3, 2, 1))
    released = new_notebook(cells=[new_markdown_cell("", attachments={"a.png": bundle(own)})])
    painter.given = pictures_of([released])
    cells = [new_markdown_cell("", attachments={"b.png": bundle(x)}) for x in (own, students)]
    notebook = new_notebook(cells=cells)
    painter.redraw_all(notebook)
    shown = [cell.attachments["b.png"] for cell in notebook.cells]
    assert shown[0] == bundle(own)
    assert shown[1] not in (bundle(own), bundle(students))
    with Painter(None, given=painter.given) as alone:  # no worker is asked for
        assert alone.redraw(bundle(own)) == bundle(own)


def test_transparency_is_kept(painter):
    file = io.BytesIO()
    Image.new("RGBA", (3, 2), (1, 2, 3, 0)).save(file, "PNG")
    assert (drawn(painter, file.getvalue())[1] == (1, 2, 3, 0)).all()


def test_a_photograph_stands_as_it_was_held_and_is_shrunk(painter):
    _, pixels = drawn(painter, jpeg(3000, 2400, turned=True), "jpeg")
    assert pixels.shape == (SIDE, SIDE * 2400 // 3000, 3)
    assert pixels[:100].mean() < 50 < 200 < pixels[-100:].mean()  # the dark side is up


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (bomb(31623, 31623), "31623 × 31623 pixels are too many"),
        (bomb(3000, 3000, b"\0" * 100), "it cannot be read as PNG"),
        (b"\x89PNG\r\n\x1a\n picture", "it cannot be read as PNG"),
        (b"<svg onload='alert(1)'/>", "it cannot be read as PNG"),
        (jpeg(), "it cannot be read as PNG"),
        (b"\0" * (11 << 20), "it is larger than 10 MB"),
    ],
)
def test_what_cannot_be_drawn_says_why(painter, content, why):
    assert painter.redraw(bundle(content)) == {"text/plain": f"[a picture is not shown: {why}]"}


def test_the_next_one_is_drawn_all_the_same(painter):
    painter.redraw(bundle(bomb(31623, 31623)))
    assert drawn(painter, png())[1].shape == (30, 40, 3)


def test_there_is_an_end_to_them(painter):
    last = [painter.redraw(bundle(b"x")) for _ in range(MOST_PICTURES + 1)][-1]
    assert last == {"text/plain": f"[a picture is not shown: there are more than {MOST_PICTURES}]"}


class Lying:
    """A worker whose decoder was taken over."""

    alive = True

    def __init__(self, answer):
        self.answer = answer

    def pixels(self, *_):
        if isinstance(self.answer, Exception):
            self.alive = False
            raise self.answer
        return self.answer

    def close(self):
        pass


@pytest.mark.parametrize(
    "answer",
    [
        None, "x", (), (1, 2), (1, 2, "x"), ("1", 2, np.zeros((1, 2, 3), np.uint8)),
        (9, 9, np.zeros((9, 9, 3))), (9, 9, np.zeros((9, 9), np.uint8)),
        (9, 9, np.zeros((9, 9, 5), np.uint8)), (9, 9, np.zeros((0, 0, 3), np.uint8)),
        (9, 9, np.zeros((0, 9, 3), np.uint8)), (9, 9, np.zeros((1, SIDE + 1, 3), np.uint8)),
    ],
)  # fmt: skip
def test_a_decoder_that_lies_is_not_believed(answer):
    why = "its decoder did not answer as it should"
    with Painter(lambda: Lying(answer)) as painter:
        assert painter.redraw(bundle(png())) == {"text/plain": f"[a picture is not shown: {why}]"}


def test_pictures_that_kill_their_decoder_are_given_up():
    made = []

    def new_worker():
        made.append(Lying(StudentError("timeout", "no result after 10 s")))
        return made[-1]

    with Painter(new_worker) as painter:
        last = [painter.redraw(bundle(png())) for _ in range(10)][-1]
    assert len(made) == 3
    assert "others have ended the process" in last["text/plain"]


def test_every_picture_of_a_notebook_is_drawn_anew(painter):
    plot = new_output("display_data", data={"text/plain": "x", **bundle(png(5, 4))})
    answer = new_markdown_cell("![a](attachment:a.png)")
    answer.attachments = {
        "a.png": bundle(png(6, 4)), "b.png": bundle(b"no picture"), "c.png": {"image/png": "<b>"},
    }  # fmt: skip
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[plot]), answer])
    before = nbformat.writes(notebook)
    painter.redraw_all(notebook)
    nbformat.validate(notebook)
    assert list(notebook.cells[0].outputs[0].data) == ["image/png"]
    assert notebook.cells[0].outputs[0].data["image/png"] not in before
    assert list(answer.attachments["a.png"]) == ["image/png"]
    for name in ("b.png", "c.png"):
        assert "cannot be read" in answer.attachments[name]["text/plain"]
