"""An instructor's day in formgrader, by mouse and keyboard."""

import base64
import re

import nbformat
import pytest
from playwright.sync_api import expect

from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook
from autograder.handout.solved import solved_files
from autograder.publish.feedback import feedback

LISTED = "window.models && models.loaded"
GRADING = (
    "window.formgrader && formgrader.loaded && formgrader.grades.loaded "
    "&& formgrader.comments.loaded"
)
KEY = b"course key"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
SCANS = {"page 1.png": PIXEL, "proof.pdf": b"%PDF-1.4\n%%EOF\n"}


@pytest.fixture(scope="module")
def assignment(new_course, wherever):
    """Work of two students: of ada nothing is graded yet, of bob what a machine can grade."""
    assignment = wherever(new_course.assignment("first_steps"))
    hand_in(assignment, "bob", answer="Where one outlier would rule.", **SCANS)
    grade_course(assignment, CourseSettings(KEY, jobs=1))
    hand_in(assignment, "ada", answer="Never.")
    return assignment


def hand_in(assignment, student, answer, **scans):
    folder = assignment.submitted(student)
    for path, content in {**solved_files(assignment), **scans}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    notebook = nbformat.read(folder / "first_steps.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_markdown_cell(answer, id="answer"))
    nbformat.write(notebook, folder / "first_steps.ipynb")


@pytest.fixture(scope="module")
def server(assignment, serve):
    return serve(assignment.course.root)


def open_list(page, server, path):
    page.goto(server.address(f"formgrader/{path}"))
    page.wait_for_function(LISTED)


def press(page, student, button):
    """Press a button in a student's row, and close the answer."""
    page.locator(f"tr:has(td.student-id:text-is('{student}')) td.{button} a").click()
    answer = page.locator("#success-modal, #error-modal")
    expect(answer).to_be_visible()
    expect(answer).to_have_id("success-modal")
    answer.get_by_role("button", name="Close").last.click()
    expect(answer).to_be_hidden()


def test_it_lists_our_assignments(page, server):
    open_list(page, server, "manage_assignments")
    row = page.locator("tr:has(td.name:has-text('first_steps'))")
    expect(row.locator("td.num-submissions")).to_have_text("2")


def test_its_autograde_button_runs_the_engine(page, server, assignment):
    open_list(page, server, "manage_submissions/first_steps")
    row = page.locator("tr:has(td.student-id:text-is('ada'))")
    expect(row.locator("td.status")).to_have_text("needs autograding")
    press(page, "ada", "autograde")
    expect(row.locator("td.status")).to_have_text("needs manual grading")
    expect(row.locator("td.score")).to_have_text("3 / 4")
    result = read_result(assignment, "ada")
    assert {check.name: check.status for check in result.checks} == {
        "mean_squared_error": "passed",
        "line": "passed",
    }
    assert result.sandbox.level in ("A", "B")


def see_what_was_handed_in_beside(page):
    """The scan is shown between question and answer; links give the files as they came."""
    places = [
        page.get_by_text(text).bounding_box()["y"]
        for text in (
            "When is the mean squared error",
            "page 1.png",
            "Where one outlier would rule.",
        )
    ]
    assert places == sorted(places)
    picture = page.get_by_alt_text("page 1.png")
    expect(picture).to_have_js_property("naturalWidth", 1)
    for name, content in SCANS.items():
        link = page.get_by_role("link", name=name)
        answer = page.request.get(link.evaluate("link => link.href"))
        assert answer.status == 200
        assert (answer.body() == content) == name.endswith(".pdf")  # a picture is drawn anew
        expect(link).to_have_attribute("target", "_blank")  # scores typed here are not left


def test_a_written_answer_is_graded_by_mouse_and_keyboard(page, server, assignment):
    open_list(page, server, "manage_students")
    page.locator("tr:has(td.id:text-is('bob')) td.name a").click()
    page.wait_for_url("**/manage_students/bob")
    page.locator("td.name a").click()
    page.wait_for_url("**/manage_students/bob/first_steps")
    page.locator("td.name a").click()
    page.wait_for_function(GRADING)
    expect(page.get_by_text("Where one outlier would rule.")).to_be_visible()
    expect(page.get_by_text("1 point: for classification")).to_be_visible()  # the mark scheme
    see_what_was_handed_in_beside(page)
    page.locator("#question").click()
    page.keyboard.type("0.5")
    with page.expect_response(re.compile("/api/grade/")) as graded:
        page.locator("#question-comment").click()
    page.keyboard.type("And <b>classification</b>?")
    with page.expect_response(re.compile("/api/comment/")) as commented:
        page.keyboard.press("Escape")
    assert (graded.value.status, commented.value.status) == (200, 200)

    with open_gradebook(assignment.course) as gradebook:
        grade = gradebook.find_grade("question", "first_steps", "first_steps", "bob")
        comment = gradebook.find_comment("question", "first_steps", "first_steps", "bob")
        assert (grade.manual_score, grade.needs_manual_grade) == (0.5, False)
        assert comment.manual_comment == "And <b>classification</b>?"

    folder = assignment.course.feedback / "bob" / "first_steps"
    open_list(page, server, "manage_submissions/first_steps")
    expect(page.locator("tr:has(td.student-id:text-is('bob')) td.score")).to_have_text("3.5 / 4")
    press(page, "bob", "generate-feedback")
    assert "(Score: 3.5 / 4.0)" in (folder / "first_steps.html").read_text()
    feedback(assignment)
    page.goto((folder / "first_steps.html").as_uri())
    expect(page.get_by_text("And <b>classification</b>?")).to_be_visible()
    expect(page.locator("body")).to_contain_text("0.5 of 1")
    expect(page.get_by_text("1 point: for classification")).to_have_count(0)
