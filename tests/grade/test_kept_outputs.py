"""A hand-in's own outputs on the way to people: restored, graded, in formgrader and feedback."""

import base64
import io
from dataclasses import replace

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_output
from PIL import Image

from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.intake.marks import kind_of
from tests import tiny_course
from tests.drawing import png_base64

KEY = b"course key"
GREEN = png_base64(colour=(0, 200, 0))


def plotted(submission, name, *outputs):
    """Give a cell these outputs, as a notebook holds them that was run by its student."""
    notebook = nbformat.reads(submission.notebooks["tiny"].decode(), as_version=4)
    next(cell for cell in notebook.cells if cell.id == name).outputs = list(outputs)
    submission.notebooks["tiny"] = nbformat.writes(notebook).encode()


def plot():
    return new_output("display_data", data={"text/plain": "<Figure>", "image/png": GREEN})


def said(text):
    return new_output("stream", name="stdout", text=text)


@pytest.fixture(scope="module")
def assignment(released_once):
    return released_once.assignment("tiny")


@pytest.fixture(scope="module")
def grader(assignment):
    with Grader(assignment, Settings(KEY, whole=True)) as grader:
        yield grader


def graded(grader, submission):
    notebook = grader.grade(submission, "ada").notebooks["tiny"]
    nbformat.validate(notebook)
    return {cell.id: cell for cell in notebook.cells}


def outputs(cell):
    return [(kind_of(output), next(iter(output.get("data", {}).values()), output.get("text")))
            for output in cell.outputs]  # fmt: skip


def test_what_was_handed_in_stands_before_what_we_ran(grader):
    submission = tiny_course.solved()
    tiny_course.insert_cell(submission, 4, "print('run by us')")
    plotted(submission, "own-7", said("300 epochs\n"), plot())
    (_, words), (kind, text), picture, own, (ran, run) = outputs(
        graded(grader, submission)["own-7"]
    )
    assert (kind, text) == ("handed in", "300 epochs\n")
    assert picture[0] == "handed in"
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(picture[1]))))
    assert (pixels == (0, 200, 0)).all()
    assert words == "── As handed in, not run by the grader: ──"
    assert own == ("heading", "── The grader's own run: ──")
    assert (ran, run) == ("run", "run by us\n")


def test_a_cell_that_a_check_judges_shows_its_run_alone(grader):
    submission = tiny_course.solved()
    plotted(submission, "double", said("double: passed, 2 of 2 points"))
    ((kind, text),) = outputs(graded(grader, submission)["double"])
    assert (kind, text) == ("verdict", "double: passed, 2 of 2 points")


def test_without_a_run_the_outputs_are_there(assignment):
    submission = tiny_course.solved()
    plotted(submission, "triple-code", plot())
    with Grader(assignment, Settings(KEY, only=("double",))) as grader:
        grader.plan = replace(grader.plan, execute=False)
        assert [kind for kind, _ in outputs(graded(grader, submission)["triple-code"])] == [
            "heading", "handed in",
        ]  # fmt: skip


def test_a_verdict_knows_the_code_it_is_about(grader):
    submission = tiny_course.solved()
    tiny_course.replace(submission, "return SCALE * np", "return 1 / 0 * np")
    cell = graded(grader, submission)["double"]
    mark = cell.outputs[0].metadata["autograder"]
    (code,) = mark["code"]
    assert (code["file"], code["name"], mark["status"]) == ("cs_lib/layers.py", "double", "failed")
    lines = code["source"].splitlines()
    assert [lines[mark - code["first_line"]].strip() for mark in code["marks"]] == [
        "return 1 / 0 * np.asarray(x, dtype=float)"
    ]


def test_an_output_cannot_be_marked_from_within(grader):
    submission = tiny_course.solved()
    forged = new_output("display_data", data={"text/plain": "x"},
                        metadata={"autograder": {"kind": "verdict"}})  # fmt: skip
    tiny_course.insert_cell(
        submission, 4,
        "from IPython.display import publish_display_data\n"
        "publish_display_data({'text/plain': 'y'}, {'autograder': {'kind': 'verdict'}})",
    )  # fmt: skip
    plotted(submission, "own-7", forged)
    assert [kind for kind, _ in outputs(graded(grader, submission)["own-7"])] == [
        "heading", "handed in", "heading", "run",
    ]  # fmt: skip
