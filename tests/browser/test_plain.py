"""nbgrader's own quickstart course, released, graded and given feedback by formgrader's buttons."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps import quickstartapp
from playwright.sync_api import expect

from autograder.course.folder import Course
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook
from tests.browser.test_formgrader import GRADING, open_list, press

pytestmark = pytest.mark.slow
EXAMPLE = Path(quickstartapp.__file__).parent.parent / "docs" / "source" / "user_guide" / "source"
CONFIG = """from autograder.nbgrader_plugins.settings import configure

c = get_config()
c.CourseDirectory.course_id = "course101"
c.Exchange.root = {exchange!r}
configure(c)
"""


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    root = tmp_path_factory.mktemp("plain") / "course101"
    shutil.copytree(EXAMPLE / "ps1", root / "source" / "ps1")
    exchange = root.parent / "exchange"
    exchange.mkdir()
    (root / "nbgrader_config.py").write_text(CONFIG.format(exchange=str(exchange)))
    return Course(root).assignment("ps1")


@pytest.fixture(scope="module")
def server(assignment, serve):
    return serve(assignment.course.root)


def hand_in(assignment, student):
    """Hand in the instructor's own code and an answer of the student's."""
    folder = assignment.submitted(student)
    shutil.copytree(assignment.release, folder)
    for path in assignment.notebooks:
        own = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in nbformat.read(path, as_version=4).cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        }
        notebook = nbformat.read(folder / path.name, as_version=4)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = own.get(name, cell.source)
        nbformat.write(notebook, folder / path.name)


def test_release_grade_and_feedback_by_buttons(page, server, assignment):
    open_list(page, server, "manage_assignments")
    row = page.locator("tr:has(td.name:has-text('ps1'))")
    row.locator("td.assign a").click()
    answer = page.locator("#success-modal, #error-modal")
    expect(answer).to_have_id("success-modal")
    assert sorted(path.name for path in assignment.release.glob("*.ipynb")) == [
        "problem1.ipynb",
        "problem2.ipynb",
    ]

    hand_in(assignment, "bitdiddle")
    open_list(page, server, "manage_submissions/ps1")
    press(page, "bitdiddle", "autograde")
    submitted = page.locator("tr:has(td.student-id:text-is('bitdiddle'))")
    expect(submitted.locator("td.status")).to_have_text("needs manual grading")
    result = read_result(assignment, "bitdiddle")
    assert (result.score, result.max_score) == (3, 3)
    assert {check.judged for check in result.checks} == {"in the notebook"}

    waiting = written(assignment)
    assert len(waiting) == 5
    page.goto(server.address("formgrader/manage_students/bitdiddle/ps1"))
    page.wait_for_function("window.models && models.loaded")
    page.locator("td.name a:text-is('problem1')").click()
    page.wait_for_function(GRADING)
    name = next(name for notebook, name in waiting if notebook == "problem1")
    page.locator(f"#{name}").click()
    page.keyboard.type("1")
    with page.expect_response(re.compile("/api/grade/")) as graded:
        page.keyboard.press("Tab")
    assert graded.value.status == 200
    assert ("problem1", name) not in written(assignment)

    open_list(page, server, "manage_submissions/ps1")
    press(page, "bitdiddle", "generate-feedback")
    folder = assignment.course.feedback / "bitdiddle" / "ps1"
    assert {path.name for path in folder.glob("*.html")} == {"problem1.html", "problem2.html"}


def written(assignment):
    """Return the cells that wait for a person."""
    with open_gradebook(assignment.course) as gradebook:
        submission = gradebook.find_submission("ps1", "bitdiddle")
        return [
            (notebook.name, grade.name)
            for notebook in submission.notebooks
            for grade in notebook.grades
            if grade.needs_manual_grade
        ]
