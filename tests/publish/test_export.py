import csv
import io
import json
import zipfile

import pytest

from autograder.errors import InstructorError, NotFinal
from autograder.gradebook.points import final_grades
from autograder.gradebook.store import open_gradebook
from autograder.publish.export import FORMATS, export


@pytest.fixture
def known(graded):
    """The graded course; of two students names are known, one handed nothing in."""
    with open_gradebook(graded.course) as gradebook:
        gradebook.update_or_create_student(
            "ada", first_name="Ada", last_name="Lovelace", email="ada@course.test", lms_user_id="17"
        )
        gradebook.update_or_create_student("=cmd|'x'!A1", last_name="@SUM(1)", first_name="+1")
        grade = gradebook.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
    return graded


def rows(assignment, kind):
    path = export(assignment, kind)
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def test_grades_join_automatic_and_manual_points(known):
    grades = {grade.student: grade for grade in final_grades(known)}
    ada, bob, nobody = grades["ada"], grades["bob"], grades["=cmd|'x'!A1"]
    assert (ada.score, ada.max_score, ada.total, ada.pending) == (6.5, 7, 6.5, 0)
    assert (bob.total, bob.pending) == (0, 1)
    assert (nobody.score, nobody.total, nobody.result) == (None, None, None)


FORMATS_OF_PLATFORMS = ("canvas", "moodle", "brightspace", "gradescope", "csv")


@pytest.mark.parametrize("kind", FORMATS_OF_PLATFORMS)
def test_answers_that_wait_for_a_grader_are_told(known, kind):
    told = []
    assert export(known, kind, warn=told.append).exists()
    (text,) = told
    assert text.startswith(
        "tiny: 3 written answers of 3 students are not graded yet; they count 0."
    )


@pytest.mark.parametrize("kind", FORMATS_OF_PLATFORMS)
def test_grades_that_are_not_final_are_not_exported_as_final(known, kind, tmp_path):
    with pytest.raises(NotFinal, match="Nothing was written"):
        export(known, kind, tmp_path / "grades", final=True)
    assert not (tmp_path / "grades").exists()


def test_grades_are_final_when_all_answers_are_graded(known, tmp_path):
    with open_gradebook(known.course) as gradebook:
        for submission in gradebook.assignment_submissions("tiny"):
            for grade in (g for book in submission.notebooks for g in book.grades):
                grade.needs_manual_grade = False
    told = []
    export(known, "canvas", tmp_path / "grades", final=True, warn=told.append)
    assert (tmp_path / "grades").exists()
    assert told == []


def test_csv_has_a_column_for_each_check(known):
    table = {row[0]: row for row in rows(known, "csv")}
    assert table["student"] == [
        "student", "last_name", "first_name", "email", "score", "penalty", "total", "max_score",
        "pending", "note", "double", "shift", "triple",
    ]  # fmt: skip
    assert table["ada"] == [
        "ada", "Lovelace", "Ada", "ada@course.test", "6.5", "0", "6.5", "7", "0", "", "2", "1", "1",
    ]  # fmt: skip
    assert table["fay"][-3:] == ["0", "1", "1"]


def test_canvas_has_the_possible_points_in_the_second_line(known):
    head, possible, *students = rows(known, "canvas")
    assert head == [
        "Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A tiny assignment",
    ]  # fmt: skip
    assert possible == ["Points Possible", "", "", "", "", "7"]
    assert ["Lovelace, Ada", "17", "", "ada", "", "6.5"] in students
    assert ["bob", "", "", "bob", "", "0"] in students


def test_moodle_and_brightspace(known):
    assert rows(known, "moodle")[2] == ["ada", "Ada", "Lovelace", "ada@course.test", "6.5"]
    head, _, ada, *_ = rows(known, "brightspace")
    assert head == ["Username", "A tiny assignment Points Grade", "End-of-Line Indicator"]
    assert ada == ["ada", "6.5", "#"]


def test_gradescope_is_a_zip_of_results(known):
    with zipfile.ZipFile(export(known, "gradescope")) as archive:
        assert len(archive.namelist()) == 6
        assert json.loads(archive.read("ada/results.json"))["score"] == 4


@pytest.mark.parametrize("kind", [kind for kind, (suffix, _) in FORMATS.items() if suffix == "csv"])
def test_nothing_becomes_a_formula(known, kind):
    cells = [cell for row in rows(known, kind) for cell in row]
    assert any("cmd" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_same_grades_make_the_same_file(known, tmp_path):
    for kind in FORMATS:
        first = export(known, kind, tmp_path / "first").read_bytes()
        assert export(known, kind, tmp_path / "second").read_bytes() == first


def test_an_unknown_format_is_named(graded):
    with pytest.raises(InstructorError, match=r"expected one of csv, canvas, .*got \"xls\""):
        export(graded, "xls")


def test_without_grades_it_says_what_to_run(released):
    where = r"^(gradebook\.db|postgresql:.*): .*autograder grade tiny"
    with pytest.raises(InstructorError, match=where):
        export(released, "csv")
