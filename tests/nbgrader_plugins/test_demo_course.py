"""The demo course that comes with nbgrader: our engine gives nbgrader's own scores."""

import shutil
from pathlib import Path

import nbformat
import nbgrader
import pytest

from autograder.course.folder import Course
from autograder.gradebook.store import open_gradebook
from tests.nbgrader_plugins.converters import autograde, generate, stock
from tests.tiny_course import ROOT

DEMO = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"


def demo_course(root):
    for folder in ("source/ps1", "submitted/bitdiddle/ps1", "submitted/hacker/ps1"):
        shutil.copytree(DEMO / folder, root / folder)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return Course(root)


def grades(course):
    """Of every student and graded cell: what the grader gave, and whether a person must look."""
    with open_gradebook(course) as gradebook:
        return {
            (submission.student.id, notebook.name, grade.name): (
                grade.auto_score,
                grade.needs_manual_grade,
            )
            for submission in gradebook.assignment_submissions("ps1")
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def comments(course):
    with open_gradebook(course) as gradebook:
        return {
            (submission.student.id, notebook.name, comment.name): comment.auto_comment
            for submission in gradebook.assignment_submissions("ps1")
            for notebook in submission.notebooks
            for comment in notebook.comments
        }


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The course graded by nbgrader as it comes, and by the kit."""
    courses = []
    for name, own in (("stock", False), ("kit", True)):
        course = demo_course(tmp_path_factory.mktemp(name) / "course")
        config = None if own else stock(course)
        generate(course, "ps1", config)
        autograde(course, "ps1", config)
        courses.append(course)
    return courses


def test_scores_are_the_same(both):
    by_nbgrader, by_kit = map(grades, both)
    assert len(by_nbgrader) == 2 * 9
    assert by_kit == by_nbgrader


def test_automatic_comments_are_the_same(both):
    by_nbgrader, by_kit = map(comments, both)
    verdicts = {cell: text for cell, text in by_kit.items() if text and "points\n" in text}
    assert {cell[1:] for cell in verdicts} == {
        ("problem1", "squares"), ("problem1", "sum_of_squares"),
    }  # fmt: skip
    assert by_kit == by_nbgrader | verdicts  # which says why a test failed, too
    assert "No response." in by_kit.values()


def test_graders_see_the_same_cells(both):
    sources = [
        {
            path.relative_to(course.root): [
                (cell.cell_type, cell.source) for cell in nbformat.read(path, as_version=4).cells
            ]
            for path in sorted(course.autograded.rglob("*.ipynb"))
        }
        for course in both
    ]
    assert len(sources[0]) == 4
    assert sources[0] == sources[1]
