import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.errors import SubmissionError
from autograder.intake.restore import read_cells, restore

STUB = "def f(x):\n    # return the square\n    raise NotImplementedError('implement f')"
ANSWER = "def f(x):\n    # return the square\n    return x * x"
TEST = "assert f(3) == 9"


def nbgrader(name, **flags):
    return {"nbgrader": {"grade_id": name, "schema_version": 3, **flags}}


def released():
    """Prose, a solution, a test, a question's answer, a read-only cell."""
    solution = nbgrader("f", solution=True, grade=False, locked=False)
    test = nbgrader("f_test", solution=False, grade=True, locked=True, points=2)
    answer = nbgrader("why", solution=True, grade=True, locked=False, points=3)
    locked = nbgrader("setup", solution=False, grade=False, locked=True)
    return new_notebook(
        cells=[
            new_code_cell("import numpy as np", id="setup", metadata=locked),
            new_markdown_cell("Write f.", id="prose"),
            new_code_cell(STUB, id="f", metadata=solution),
            new_code_cell(TEST, id="f_test", metadata=test),
            new_markdown_cell("Why is f even?", id="question"),
            new_markdown_cell("YOUR ANSWER HERE", id="why", metadata=answer),
        ]
    )


def handed_in():
    notebook = released()
    notebook.cells[2].source = ANSWER
    notebook.cells[5].source = "Because."
    return notebook


def names(notebook):
    return [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]


def source(notebook, name):
    return next(
        cell.source
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def put_in_order(notebook):
    content = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    result = restore(read_cells(content, "n.ipynb"), released())
    nbformat.validate(result.notebook)
    return result


def test_an_honest_notebook_keeps_its_answers():
    result = put_in_order(handed_in())
    assert names(result.notebook) == ["setup", None, "f", "f_test", None, "why"]
    assert source(result.notebook, "f") == ANSWER
    assert source(result.notebook, "why") == "Because."
    assert result.warnings == []


def test_a_changed_test_cell_is_the_courses_again():
    notebook = handed_in()
    notebook.cells[3].source = "pass"
    notebook.cells[3].metadata.nbgrader.update(points=100, locked=False, solution=True)
    result = put_in_order(notebook)
    cell = result.notebook.cells[3]
    assert cell.source == TEST
    assert cell.metadata == released().cells[3].metadata
    assert result.warnings == ["f_test: this cell was changed. The course's own was used instead."]


@pytest.mark.parametrize("gone", [0, 2, 3, 5])
def test_a_deleted_cell_comes_back_in_its_place(gone):
    notebook = handed_in()
    name = notebook.cells.pop(gone).metadata.nbgrader.grade_id
    result = put_in_order(notebook)
    assert names(result.notebook) == ["setup", None, "f", "f_test", None, "why"]
    assert source(result.notebook, name) == source(released(), name)
    assert result.warnings == [f"{name}: this cell was missing and was put back."]


def test_of_a_doubled_cell_the_last_counts_and_the_first_still_runs():
    notebook = handed_in()
    notebook.cells.insert(2, nbformat.from_dict({**notebook.cells[2], "source": "f = None"}))
    result = put_in_order(notebook)
    assert names(result.notebook) == ["setup", None, None, "f", "f_test", None, "why"]
    assert result.notebook.cells[2].source == "f = None"
    assert source(result.notebook, "f") == ANSWER
    assert len({cell.id for cell in result.notebook.cells}) == 7


@pytest.mark.parametrize("name", ["f_test", ""])
@pytest.mark.parametrize("merged", [f"{ANSWER}\n\n{TEST}  ", f"{TEST}\n{ANSWER}"])
def test_an_answer_merged_into_the_test_cell_is_kept(merged, name):
    """What is left once the released test is taken out is the answer."""
    notebook = handed_in()
    del notebook.cells[2]
    notebook.cells[2].source = merged
    if not name:
        del notebook.cells[2]["metadata"]["nbgrader"]
        notebook.cells[2].id = "new"
    restored = put_in_order(notebook)
    assert source(restored.notebook, "f_test") == TEST
    assert ANSWER in [cell.source for cell in restored.notebook.cells]
    if merged.startswith(ANSWER):
        assert source(restored.notebook, "f") == ANSWER
        assert restored.warnings == []


@pytest.mark.parametrize("name", ["f", "f_test", "g", "g_test", ""])
def test_two_questions_merged_into_one_cell_are_taken_apart(name):
    """Each test runs behind its own answer, and before the next."""
    flags = {"solution": True, "grade": False, "locked": False}
    second = new_code_cell("raise NotImplementedError('g')", metadata=nbgrader("g", **flags))
    flags = {"solution": False, "grade": True, "locked": True, "points": 1}
    test = new_code_cell("assert g(2) == 4", metadata=nbgrader("g_test", **flags))
    original = released()
    original.cells[4:4] = [second, test]
    merged = f"{ANSWER}\n\n{TEST}\ng = f\n\nassert g(2) == 4"
    metadata = nbgrader(name) if name else {}
    kept = [original.cells[i] for i in (0, 1, 6, 7)]
    notebook = new_notebook(cells=[*kept[:2], new_code_cell(merged, metadata=metadata), *kept[2:]])
    restored = restore(read_cells(json.dumps(notebook).encode(), "n.ipynb"), original).notebook
    code = [cell.source for cell in restored.cells if cell.cell_type == "code"]
    assert code == ["import numpy as np", ANSWER, TEST, "g = f", "assert g(2) == 4"]
    assert [n for n in names(restored) if n] == ["setup", "f", "f_test", "g", "g_test", "why"]


def test_cells_without_metadata_are_known_by_their_ids():
    notebook = handed_in()
    for cell in notebook.cells:
        cell.metadata = {}
    result = put_in_order(notebook)
    assert names(result.notebook) == ["setup", None, "f", "f_test", None, "why"]
    assert source(result.notebook, "f") == ANSWER
    assert source(result.notebook, "why") == "Because."


def test_cells_without_metadata_and_ids_are_known_by_their_text_and_place():
    notebook = handed_in()
    for number, cell in enumerate(notebook.cells):
        cell.metadata = {}
        cell.id = f"other-{number}"
    notebook.cells[3].source += "  \n"
    result = put_in_order(notebook)
    assert names(result.notebook) == ["setup", None, "f", "f_test", None, "why"]
    assert source(result.notebook, "f") == ANSWER
    assert source(result.notebook, "why") == "Because."
    assert result.warnings == []


def test_a_test_cell_turned_into_text_runs_again():
    notebook = handed_in()
    notebook.cells[3] = new_markdown_cell(TEST, metadata=notebook.cells[3].metadata, id="f_test")
    result = put_in_order(notebook)
    assert result.notebook.cells[3].cell_type == "code"


def test_cells_of_an_invented_name_carry_no_points():
    notebook = handed_in()
    flags = nbgrader("bonus", solution=False, grade=True, locked=True, points=50)
    notebook.cells.append(new_code_cell("pass", metadata=flags))
    assert names(put_in_order(notebook).notebook)[-1] is None


def test_only_pictures_of_an_answer_are_kept():
    notebook = handed_in()
    notebook.cells[5].attachments = {
        "scan.png": {"image/png": "iVBORw0KGgo="},
        "x.html": {"text/html": "<script>"},
    }
    kept = put_in_order(notebook).notebook.cells[5].attachments
    assert kept["scan.png"] == {"image/png": "iVBORw0KGgo="}
    assert kept["x.html"] == {}


def test_invalid_and_doubled_ids_are_replaced_the_same_way_each_time():
    notebook = json.loads(nbformat.writes(handed_in()))
    for cell in notebook["cells"]:
        cell["id"] = "a b!"
    runs = [put_in_order(json.dumps(notebook).encode()).notebook for _ in range(2)]
    assert [cell.id for cell in runs[0].cells] == [cell.id for cell in runs[1].cells]
    assert len({cell.id for cell in runs[0].cells}) == len(runs[0].cells)


def test_old_formats_are_read():
    old = nbformat.v3.new_notebook(
        worksheets=[nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell(input=ANSWER)])]
    )
    result = put_in_order(nbformat.writes(old, version=3).encode())
    assert source(result.notebook, "f") == ANSWER


@pytest.mark.parametrize(
    "content",
    [
        b"", b"not json", b"[]", b"{}", b'"text"', b'{"cells": 3}', b'{"cells": null}',
        b"\xff\xfe\x00",
        b'{"nbformat": "4", "cells": []}', b'{"nbformat": 2}', b"[" * 100_000, b"9" * 10_000,
        b'{"nbformat": 3, "worksheets": 5}',
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_refused(content):
    with pytest.raises(SubmissionError, match=r"^n\.ipynb: expected a notebook, got "):
        read_cells(content, "n.ipynb")


@pytest.mark.parametrize(
    "cell",
    [
        {}, {"cell_type": "code"}, {"cell_type": 3, "source": None}, {"source": {"a": 1}},
        {"cell_type": "code", "source": ["a", 1], "metadata": [], "outputs": "x"},
        {"cell_type": "code", "source": "\ud800", "metadata": {"nbgrader": "x"}},
        {"cell_type": "markdown", "attachments": {"a": 3}},
        {"cell_type": "markdown", "metadata": {"nbgrader": {"grade_id": []}}},
    ],
)  # fmt: skip
def test_malformed_cells_become_valid_ones(cell):
    put_in_order(json.dumps({"cells": [cell, 5]}).encode())


def test_cells_of_text_are_bounded_and_code_is_not():
    submitted = handed_in()
    for number in range(400):
        submitted.cells.append(nbformat.v4.new_markdown_cell(f"text {number}"))
        submitted.cells.append(nbformat.v4.new_code_cell(f"code = {number}"))
    restored = put_in_order(submitted)
    sources = [cell.source for cell in restored.notebook.cells]
    assert sum(text.startswith("text ") for text in sources) == 300
    assert sum(text.startswith("code = ") for text in sources) == 400
    (warning,) = restored.warnings
    assert warning.startswith("expected at most 300 cells of text beside the course's, got 400")
