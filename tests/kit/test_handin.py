"""``python -m cs_lib.handin``: is everything in the zip, and what is missing named?"""

import os
import subprocess
import sys
import zipfile

import pytest

from autograder.course.folder import Course
from autograder.intake import select
from tests.kit import student_folder


@pytest.fixture
def solved(tmp_path):
    return student_folder.write(tmp_path, solved=True)


def handin(folder, *options):
    names = ("--names", "Ada Lovelace, Alan Turing", "--group", "7")
    return student_folder.run(folder, "handin", *names, "--no-export", *options)


def test_the_zip_is_what_the_grader_takes_in(solved, tmp_path):
    result = handin(solved)
    assert (result.returncode, result.stderr) == (0, "")
    assert "warning" not in result.stdout
    archive = solved / "tiny_group_7.zip"
    taken = select.read(archive, Course(tmp_path / "course").assignment("tiny"))
    assert list(taken.files) == ["cs_lib/layers.py"]
    assert list(taken.notebooks) == ["tiny"]
    assert taken.problems == []


def test_the_same_files_make_the_same_zip(solved):
    handin(solved, "--out", str(solved / "one.zip"))
    handin(solved, "--out", str(solved / "two.zip"))
    assert (solved / "one.zip").read_bytes() == (solved / "two.zip").read_bytes()


def test_scans_are_handed_in_and_other_files_are_not(solved):
    (solved / "page.PDF").write_bytes(b"%PDF-1.4")
    (solved / "notes.txt").write_text("mine")
    handin(solved)
    with zipfile.ZipFile(solved / "tiny_group_7.zip") as archive:
        assert "page.PDF" in archive.namelist()
        assert "notes.txt" not in archive.namelist()


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("helper.py", "from helper import twice"),
        ("helper.py", "import helper"),
        ("cs_lib/own.py", "from .own import twice"),
        ("cs_lib/own.py", "from cs_lib import own"),
    ],
)
def test_a_file_of_ones_own_that_is_needed_is_named(solved, file, line):
    (solved / file).write_text("def twice(x):\n    return 2 * x\n")
    student_folder.edit(solved / "cs_lib" / "layers.py", "import numpy", f"{line}\nimport numpy")
    assert (
        f"warning: {file}: not handed in, though cs_lib/layers.py imports it. Only "
        "cs_lib/layers.py, tiny.ipynb are taken: put what is needed into one of them.\n"
    ) in handin(solved).stdout


def test_what_was_handed_out_need_not_be_handed_in(solved):
    line = "from cs_lib.kit import numeric\nfrom . import budget\nimport json"
    student_folder.edit(solved / "cs_lib" / "layers.py", "import numpy", f"{line}\nimport numpy")
    assert "warning" not in handin(solved).stdout


@pytest.mark.parametrize("environment", [".venv", "env"])
def test_pictures_of_packages_are_not_handed_in(solved, environment):
    logo = solved / environment / "lib" / "logo.png"
    logo.parent.mkdir(parents=True)
    logo.write_bytes(b"\x89PNG\r\n\x1a\n")
    (solved / environment / "pyvenv.cfg").touch()
    (solved / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    handin(solved)
    with zipfile.ZipFile(solved / "tiny_group_7.zip") as archive:
        assert [name for name in archive.namelist() if name.endswith(".png")] == ["scan.png"]


def test_what_would_score_zero_is_named(tmp_path):
    untouched = student_folder.write(tmp_path, solved=False)
    text = handin(untouched).stdout
    assert "cs_lib/layers.py: still to do: double, Shift.forward." in text
    assert 'tiny.ipynb, "A tiny assignment": still to do: triple.' in text


def test_a_question_without_an_answer_is_named(tmp_path):
    untouched = student_folder.write(tmp_path, solved=False)
    text = handin(untouched).stdout
    assert "tiny.ipynb, question 2.1, worth 3: no answer below it" in text
    (untouched / "2.1.pdf").write_bytes(b"%PDF-1.4")
    assert "no answer below it" not in handin(untouched).stdout


def test_it_says_which_question_a_scan_is_taken_for(solved):
    for name in ("Question 2_1.PDF", "page.png"):
        (solved / name).write_bytes(b"scan")
    text = handin(solved).stdout
    assert "Question 2_1.PDF: taken for question 2.1." in text
    assert "warning: page.png: its name tells no question" in text
    assert "Rename it, as 2.1.png." in text


FILLED_IN = [
    ("**Names:** Ada Lovelace, Alan T.\\n\\n**Group:** 7", "group_7"),
    ("**Names:** Ada Lovelace, Alan T.\\n\\n**Group:**", "Ada_Lovelace_Alan_T"),
    ("**Names:**\\n\\nAda Lovelace\\n\\n**Group:**", "Ada_Lovelace"),
    ("Name: Ada Lovelace", "Ada_Lovelace"),
]


@pytest.mark.parametrize(("text", "whose"), FILLED_IN)
def test_names_are_read_from_the_notebook(solved, text, whose):
    student_folder.edit(solved / "tiny.ipynb", "# A tiny assignment", text)
    result = student_folder.run(solved, "handin", "--no-export")
    assert (result.returncode, result.stderr) == (0, "")
    assert (solved / f"tiny_{whose}.zip").exists()


def test_without_names_anywhere_it_says_where_to_put_them(solved):
    student_folder.edit(solved / "tiny.ipynb", "# A tiny assignment", "**Names:**\\n\\n**Group:**")
    result = student_folder.run(solved, "handin", "--no-export")
    assert (result.returncode, result.stderr) == (1, "")
    assert 'Fill in the cell "Names:" at the top of the notebook' in result.stdout
    assert not list(solved.glob("*.zip"))


def test_at_a_terminal_it_asks_for_the_names(solved):
    main, terminal = os.openpty()
    command = [sys.executable, "-m", "cs_lib.handin", "--no-export"]
    with subprocess.Popen(command, cwd=solved, stdin=terminal, stdout=subprocess.PIPE) as process:
        os.write(main, b"Ada Lovelace\n")
        printed, _ = process.communicate(timeout=60)
    os.close(main)
    os.close(terminal)
    assert b"Your names, with commas between them:" in printed
    assert (solved / "tiny_Ada_Lovelace.zip").exists()


@pytest.mark.parametrize(
    ("old", "new", "warning"),
    [
        ('"execution_count": 1', '"execution_count": null', "5 cells were not run"),
        ('1,\n   "id": "imports"', 'null,\n   "id": "imports"', "1 cell was not run"),
        ('"grade_id": "shift"', '"grade_id": "other"', "shift, worth 1: its cell is gone"),
    ],
)
def test_a_notebook_that_would_lose_points_is_named(solved, old, new, warning):
    student_folder.edit(solved / "tiny.ipynb", old, new)
    assert warning in handin(solved).stdout


def test_a_file_that_python_cannot_read_is_named_with_its_line(solved):
    (solved / "cs_lib" / "layers.py").write_text("x = 1\ndef double(x:\n")
    assert "cs_lib/layers.py, line 2: Python cannot read this file" in handin(solved).stdout


def test_a_missing_module_is_named_and_the_rest_handed_in(solved):
    (solved / "cs_lib" / "layers.py").unlink()
    result = handin(solved)
    assert result.returncode == 0
    assert "cs_lib/layers.py: expected this file, found none" in result.stdout


def test_nothing_is_made_without_a_notebook(solved):
    (solved / "tiny.ipynb").unlink()
    result = handin(solved)
    assert result.returncode == 1
    assert "Not handed in" in result.stdout
    assert not list(solved.glob("*.zip"))


def test_the_notebook_is_exported_to_html(solved):
    result = student_folder.run(solved, "handin", "--names", "Ada")
    assert result.returncode == 0
    with zipfile.ZipFile(solved / "tiny_Ada.zip") as archive:
        assert b"<html" in archive.read("tiny.html").lower()
