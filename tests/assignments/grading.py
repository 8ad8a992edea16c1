"""What the tests of an assignment's grading share: its submissions, graded and compared."""

import re
from dataclasses import dataclass

import pytest

from autograder.cells import graded_cells, read_notebook
from autograder.grade import Graded, Grader
from autograder.intake import read
from tests.submissions import overlay


@dataclass
class Desk:
    """An assignment with its grader, ready for submissions."""

    grader: Grader
    bases: overlay.Bases

    def grade(self, folder, destination, *, with_notebooks=True) -> Graded:
        for path, content in overlay.files(folder, self.bases).items():
            (destination / path).parent.mkdir(parents=True, exist_ok=True)
            (destination / path).write_bytes(content)
        work = read(destination, self.bases.assignment)
        if not with_notebooks:
            work.notebooks.clear()
        return self.grader.grade(work, "student")


def cases(name):
    """Every submission of an assignment; notebooks run only where it is about them.

    What is wrong in a module is seen without the notebooks, which take seconds each; the slow
    tests run them all.
    """
    for folder in overlay.folders(name):
        expected = overlay.read_expected(folder)
        files = [edit.file for edit in expected.edit] + expected.untouched
        whole = any(file.endswith(".ipynb") for file in files) or folder.name.startswith("right")
        if not whole:
            yield pytest.param(folder, False, id=f"{folder.name}, modules")
        yield pytest.param(folder, True, id=folder.name, marks=() if whole else pytest.mark.slow)


def expect_what_is_right(desk, folder, with_notebooks, destination):
    """Grade a submission and compare points and explanations with its ``expected.toml``."""
    graded = desk.grade(folder, destination, with_notebooks=with_notebooks)
    expected = overlay.read_expected(folder)
    judged = {
        check.name: check
        for check in graded.result.checks
        if with_notebooks or check.name in module_checks(desk)
    }
    shares = {name: round(check.score / check.max_score, 3) for name, check in judged.items()}
    assert shares == {name: round(expected.share(name), 3) for name in judged}
    assert graded.alerts == []
    for name in expected.says.keys() & judged.keys():
        texts = [*judged[name].explanations, *judged[name].warnings]
        assert any(expected.says[name] in text for text in texts), texts
    return graded


def module_checks(desk):
    return {check.name for check in desk.grader.plan.checks if not check.uses_notebook}


def expect_clean_run(graded):
    """Every notebook ran from start to end without an error, and no question was changed."""
    assert [(run.status, run.error) for run in graded.result.notebooks] == [
        ("ok", None) for _ in graded.notebooks
    ]
    assert graded.result.warnings == []


def expect_consistent_texts(assignment, total, automatic):
    """Points in headings, questions and the hand-out are those of the cells."""
    cells = graded_cells(assignment)
    assert sum(cell.max_score for cell in cells) == total
    assert sum(cell.max_score for cell in cells if cell.kind == "check") == automatic
    assert f"**{total} points**: {automatic} for code" in assignment.handout.read_text("utf-8")
    for path in assignment.notebooks:
        points = {cell.index: cell.max_score for cell in cells if cell.notebook == path.stem}
        _expect_headings(read_notebook(path), points)
        _expect_questions(read_notebook(path))


def _expect_headings(notebook, points):
    said, counted = {}, {}
    section = ""
    for index, cell in enumerate(notebook.cells):
        if heading := re.match(r"## (\d+) .*?(?:\((\d+) points?\))?$", cell.source, re.MULTILINE):
            section = heading[1]
            said[section] = int(heading[2] or 0)
        if section:
            counted[section] = counted.get(section, 0) + points.get(index, 0)
    assert said == counted


def _expect_questions(notebook):
    ids = {cell.id for cell in notebook.cells}
    for cell in notebook.cells:
        metadata = cell.metadata.get("nbgrader", {})
        if metadata.get("task"):
            (said,) = re.findall(r"\*\((\d+) points?\)\*", cell.source)
            assert int(said) == metadata["points"], cell.id
            scheme = cell.source.partition("=== BEGIN MARK SCHEME ===")[2]
            assert "Reference answer:" in scheme, cell.id
            assert cell.id.replace("question", "answer") in ids
