"""The notebook and the hidden checks of ``gradient_descent_digits``, on right and wrong work."""

import re

import pytest

from autograder.cells import graded_cells, read_notebook
from autograder.checks import load_checks
from autograder.grade import Grader
from autograder.intake import read
from tests.submissions import overlay

NAME = "gradient_descent_digits"
FOLDERS = overlay.folders(NAME)


@pytest.fixture(scope="module")
def assignment(released_copy):
    return released_copy(NAME)


@pytest.fixture(scope="module")
def bases(assignment):
    return overlay.Bases(assignment)


@pytest.fixture(scope="module")
def grader(assignment):
    with Grader(assignment, b"course key") as grader:
        yield grader


@pytest.fixture(scope="module")
def module_checks(assignment):
    return {check.name for check in load_checks(assignment) if not check.uses_notebook}


def submission(folder, bases, destination):
    for path, content in overlay.files(folder, bases).items():
        (destination / path).parent.mkdir(parents=True, exist_ok=True)
        (destination / path).write_bytes(content)
    return read(destination, bases.assignment)


def needs_notebook(folder):
    """Whether a submission is about more than the functions of one module."""
    expected = overlay.read_expected(folder)
    in_notebook = any(edit.file.endswith(".ipynb") for edit in expected.edit)
    return in_notebook or expected.base == "release" or folder.name.startswith("right")


def cases():
    for folder in FOLDERS:
        whole = needs_notebook(folder)
        if not whole:
            yield pytest.param(folder, False, id=f"{folder.name}, modules")
        yield pytest.param(folder, True, id=folder.name, marks=() if whole else pytest.mark.slow)


@pytest.mark.parametrize(("folder", "with_notebook"), list(cases()))
def test_a_submission_earns_what_is_right_in_it(
    folder, with_notebook, grader, bases, module_checks, tmp_path
):
    work, expected = submission(folder, bases, tmp_path), overlay.read_expected(folder)
    if not with_notebook:
        work.notebooks.clear()
    graded = grader.grade(work, "student")
    judged = {
        check.name: check
        for check in graded.result.checks
        if with_notebook or check.name in module_checks
    }
    shares = {name: round(check.score / check.max_score, 4) for name, check in judged.items()}
    assert shares == {name: expected.share(name) for name in judged}
    assert graded.alerts == []
    for name in expected.says.keys() & judged.keys():
        texts = [*judged[name].explanations, *judged[name].warnings]
        assert any(expected.says[name] in text for text in texts), texts


def test_the_reference_runs_from_start_to_end(grader, bases, tmp_path):
    folder = next(folder for folder in FOLDERS if folder.name == "right")
    graded = grader.grade(submission(folder, bases, tmp_path), "another student")
    assert [(run.status, run.error) for run in graded.result.notebooks] == [("ok", None)]
    assert graded.result.warnings == []
    errors = [
        output
        for cell in graded.notebooks[NAME].cells
        for output in cell.get("outputs", [])
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert errors == []


def test_points_are_those_of_the_course(assignment):
    """By section, as the course's document gives them; 1.5 has none of its own."""
    section, points = "", {}
    graded = {cell.index: cell.max_score for cell in graded_cells(assignment)}
    for index, cell in enumerate(read_notebook(assignment.notebooks[0]).cells):
        if heading := re.match(r"## (1\.\d)", cell.source):
            section = heading[1]
        points[section] = points.get(section, 0) + graded.get(index, 0)
    points.pop("")
    assert points == {"1.1": 6, "1.2": 16, "1.3": 2, "1.4": 5, "1.5": 0, "1.6": 10, "1.7": 6}


def test_every_written_question_has_a_mark_scheme_with_an_answer(assignment):
    cells = {cell.id: cell for cell in read_notebook(assignment.notebooks[0]).cells}
    manual = [cell.name for cell in graded_cells(assignment) if cell.kind == "manual"]
    assert len(manual) == 18
    for name in manual:
        scheme = re.search(
            r"=== BEGIN MARK SCHEME ===(.*)=== END MARK SCHEME ===", cells[name].source, re.DOTALL
        )
        assert scheme, name
        assert "Reference answer:" in scheme[1], name
        assert name.replace("question", "answer") in cells


def test_points_in_the_text_agree_with_the_cells(assignment):
    """ "(2 points)" under a written question is what the cell is worth."""
    for cell in read_notebook(assignment.notebooks[0]).cells:
        metadata = cell.metadata.get("nbgrader", {})
        if metadata.get("task"):
            (said,) = re.findall(r"\*\((\d+) points?\)\*", cell.source)
            assert int(said) == metadata["points"], cell.id
