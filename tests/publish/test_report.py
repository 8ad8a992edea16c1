from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from autograder.errors import InstructorError
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result, write_result
from autograder.gradebook.store import open_gradebook
from autograder.publish.feedback import feedback
from autograder.publish.report import report, summarise
from tests import tiny_course
from tests.course_run import KEY, hand_in


@pytest.fixture
def page(graded):
    """The report of the graded course, in which one student has an evil name and no work."""
    with open_gradebook(graded.course) as gradebook:
        gradebook.update_or_create_student("<script>alert(1)</script>")
    return BeautifulSoup(report(graded).read_text(), "html.parser")


def cells(page, title):
    """The table below a heading, as text."""
    table = page.find("h2", string=title).find_next("table")
    return [
        [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
        for row in table.find_all("tr")
    ][1:]


def test_it_tells_how_the_class_did(graded):
    found = summarise(graded)
    # ada 4, bob 0, cyd 2, dan 3, eve 0, fay 2 of 7 points
    assert found.mean == pytest.approx(11 / 6)
    assert found.median == 2
    assert [len(students) for students in found.bins] == [2, 0, 2, 0, 1, 1, 0, 0, 0, 0]
    assert found.pending == 4  # of dan and eve no answer could be read
    assert found.not_handed_in == []


def test_checks_are_listed_the_hardest_first(graded):
    checks = summarise(graded).checks
    assert [(check.name, round(check.earned, 2)) for check in checks] == [
        ("double", 0.33),
        ("triple", 0.5),
        ("shift", 0.67),
    ]
    assert {status: len(students) for status, students in checks[0].students.items()} == {
        "passed": 2, "failed": 4,
    }  # fmt: skip


def test_what_several_were_told_is_counted_whatever_the_numbers(graded):
    for student, factor in (("ada", "2.5"), ("bob", "1e-3"), ("cyd", "40")):
        result = read_result(graded, student)
        result.checks[0].explanations = [f"dw is {factor} times too large"]
        write_result(graded, result)
    counted = {(item.check, *item.students) for item in summarise(graded).explanations}
    assert ("double", "ada", "bob", "cyd") in counted


def test_who_left_which_question_blank_is_listed(graded):
    submission = tiny_course.solved()
    tiny_course.append_markdown(submission, "Because once is not enough.")
    hand_in(graded, "ada", submission)
    grade_course(graded, CourseSettings(KEY, jobs=1))
    (row,) = cells(BeautifulSoup(report(graded).read_text(), "html.parser"), "Left blank")
    assert row == ["why (3)", "5", "bob, cyd, dan, eve, fay"]


def test_the_page_shows_it_and_runs_nothing(page):
    assert page.find("script") is None
    assert [row[0] for row in cells(page, "Students")] == ["ada", "bob", "cyd", "dan", "eve", "fay"]
    assert cells(page, "Checks, the hardest first")[0][0].startswith("double (2)")
    assert "<script>alert(1)</script>" in page.get_text()


def test_similar_pairs_are_listed(graded):
    body = (
        "    total = 0.0 * np.asarray(x)\n    for _ in range(2):\n        total = total + x\n" * 3
    )
    for student in ("ada", "fay"):
        submission = tiny_course.solved()
        tiny_course.replace(submission, "    return SCALE *", f"{body}    return SCALE *")
        hand_in(graded, student, submission)
    page = BeautifulSoup(report(graded).read_text(), "html.parser")
    (row,) = cells(page, "Similar submissions")
    assert row[0] == "ada, fay"
    assert row[2].startswith("cs_lib/layers.py: lines ")


def test_the_folder_can_be_chosen(graded, tmp_path):
    assert report(graded, tmp_path / "out") == tmp_path / "out" / "tiny.html"


def test_without_grades_it_says_what_to_run(released):
    with pytest.raises(InstructorError, match=r"autograder grade tiny"):
        report(released)


def test_known_mistakes_are_counted(graded):
    mistake = 'says = "twice too large"\nchecks = ["double"]\nfile = "cs_lib/layers.py"\n'
    second = mistake.replace("twice", "thrice")
    edits = 'old = "SCALE = 2.0"\nnew = "SCALE = 4.0"\n'
    text = "".join(f"[[mistake]]\n{item}{edits}\n" for item in (mistake, second))
    (graded.folder / "mistakes.toml").write_text(text)
    for student, told in (("ada", "twice too large"), ("bob", "plain, wide: twice too large")):
        result = read_result(graded, student)
        result.checks[0].explanations = [told, told]
        write_result(graded, result)
    found = summarise(graded)
    assert [(item.says, item.students) for item in found.known] == [
        ("twice too large", ["ada", "bob"])
    ]
    assert found.unmet == 1
    soup = BeautifulSoup(report(graded).read_text(), "html.parser")
    assert cells(soup, "Known mistakes") == [["2 ada, bob", "double", "twice too large"]]
    assert "1 were made by nobody" in soup.get_text()


def test_figures_lead_to_the_feedback_of_those_they_count(graded):
    feedback(graded)
    path = report(graded, graded.course.root / "else where" / "reports")
    soup = BeautifulSoup(path.read_text(), "html.parser")
    table = soup.find("h2", string="Checks, the hardest first").find_next("table")
    links = table.find_all("a")
    assert {link.text for link in links} == {"ada", "bob", "cyd", "dan", "eve", "fay"}
    for link in soup.find_all("a"):
        assert (path.parent / unquote(link["href"])).resolve().is_file()
    bins = soup.find("summary", string="Who is where").find_next("table")
    assert bins.find("td").get_text() == "0–10 %"
