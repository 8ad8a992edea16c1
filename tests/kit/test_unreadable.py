"""A file that should be a notebook: the student reads what it is, and what to do."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.intake.restore import read_cells
from autograder.kit import notebook_files
from autograder.kit.unreadable import what_it_is
from tests.intake.forms import solved, zipped

NOTEBOOK = solved()["tiny.ipynb"]
MERGED = NOTEBOOK.replace(b'   "source"', b'<<<<<<< HEAD\n   "source"', 1)  # as git leaves it
CASES = {
    "empty": (b" \n", "an empty file"),
    "utf-16": (NOTEBOOK.decode().encode("utf-16"), "a file saved as UTF-16"),
    "utf-16 without a mark": (NOTEBOOK.decode().encode("utf-16-le"), "a file saved as UTF-16"),
    "page": (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
    "page with a mark": (b"\xef\xbb\xbf\n<html>", "a web page"),
    "merged": (MERGED, "git conflict markers in line "),
    "cut off": (NOTEBOOK[: len(NOTEBOOK) // 2], "a file that is cut off after line "),
    "cut off in a text": (NOTEBOOK[: NOTEBOOK.index(b"import numpy") + 5], "cut off after line "),
    "zip": (zipped(solved()), "an archive"),
    "pdf": (b"%PDF-1.7", "a PDF"),
    "lfs": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "a Git LFS pointer"),
    "python": (b"import numpy as np\n", "a text that is no notebook"),
    "comma": (NOTEBOOK.replace(b",", b"", 1), "a file with a mistake in line "),
    "other json": (json.dumps({"name": "ada"}).encode(), "JSON without a notebook's cells"),
    "list": (b"[]", "JSON without a notebook's cells"),
    "deep": (b"[" * 100_000, "an unreadable file (RecursionError)"),
}


@pytest.mark.parametrize(("content", "what"), CASES.values(), ids=CASES)
def test_a_file_is_called_what_it_is(content, what):
    with pytest.raises(SubmissionError, match=r"^tiny\.ipynb: expected a notebook, got ") as error:
        read_cells(content, "tiny.ipynb")
    assert what in str(error.value)


@pytest.mark.parametrize("content", [content for content, _ in CASES.values()], ids=CASES)
def test_before_and_after_handing_in_it_is_the_same_sentence(content, tmp_path):
    (tmp_path / "tiny.ipynb").write_bytes(content)
    with pytest.raises(notebook_files.Unreadable) as told:
        notebook_files.read_cells(tmp_path / "tiny.ipynb")
    with pytest.raises(SubmissionError, match=re.escape(str(told.value))):
        read_cells(content, "tiny.ipynb")


@given(st.binary(max_size=200))
def test_of_any_bytes_something_is_said(content):
    what, todo = what_it_is(content)
    assert what
    assert todo.endswith(".")
