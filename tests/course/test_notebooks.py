import json

import nbformat
import pytest

from autograder.course.folder import Course
from autograder.course.notebooks import read_notebook
from autograder.errors import InstructorError
from tests.tiny_course import ROOT

CELL = {"cell_type": "markdown", "metadata": {}, "source": ["one\n", "two"]}
BOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}


@pytest.mark.parametrize(
    "path",
    [path for a in Course(ROOT).assignments() for path in a.notebooks],
    ids=lambda path: path.stem,
)
def test_a_notebook_is_read_as_nbformat_reads_it(path):
    assert read_notebook(path) == nbformat.read(path, as_version=4)


def read(folder, document):
    path = folder / "a.ipynb"
    path.write_text(json.dumps(document), encoding="utf-8")
    return read_notebook(path)


def test_each_cell_has_an_id_of_its_own(tmp_path):
    cells = [CELL | {"id": "one"}, CELL | {"id": "one"}, CELL]
    notebook = read(tmp_path, BOOK | {"cells": cells})
    assert [cell.id for cell in notebook.cells] == ["one", "cell-1", "cell-2"]
    assert {cell.source for cell in notebook.cells} == {"one\ntwo"}


def test_a_notebook_of_another_version_is_converted(tmp_path):
    sheet = {"cells": [CELL], "metadata": {}}
    document = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [sheet]}
    notebook = read(tmp_path, document)
    assert [(cell.cell_type, cell.source) for cell in notebook.cells] == [("markdown", "one\ntwo")]


@pytest.mark.parametrize("document", [[], {}, BOOK, {"nbformat": 99, "cells": []}])
def test_what_is_no_notebook_is_named(tmp_path, document):
    with pytest.raises(InstructorError, match=r"a\.ipynb: expected a Jupyter notebook, got"):
        read(tmp_path, document)
