"""`autograder import otter`: an Otter assignment as a plain nbgrader one."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.otter import converted, import_otter
from autograder.handout.release import release
from autograder.intake.select import Submission
from tests.plain.courses import CONFIG, KERNEL

ANSWER = '''def square(x):
    """Return the square."""
    y = x * x # SOLUTION
    # BEGIN SOLUTION
    return y
    # END SOLUTION
'''
CONFIGURED = '''""" # BEGIN TEST CONFIG
points: 3
hidden: true
failure_message: Look at negative numbers.
""" # END TEST CONFIG
assert square(-4) == 16'''


def value(text):
    data = {"text/plain": text}
    return [new_output("execute_result", data=data, execution_count=1)]


def printed(text):
    return [new_output("stream", name="stdout", text=text)]


def question(config, answers, tests):
    marks = [new_raw_cell("# BEGIN TESTS"), *tests, new_raw_cell("# END TESTS")] if tests else []
    return [
        new_raw_cell(f"# BEGIN QUESTION\n{config}"),
        new_markdown_cell("What is to be done."),
        new_raw_cell("# BEGIN SOLUTION"),
        *answers,
        new_raw_cell("# END SOLUTION"),
        *marks,
        new_raw_cell("# END QUESTION"),
    ]


TESTS = [
    new_code_cell("square(3)", outputs=value("9")),
    new_code_cell("# HIDDEN\nsquare(12)", outputs=value("144")),
    new_code_cell(CONFIGURED),
    new_code_cell("for n in range(3):\n    print(square(n))", outputs=printed("0\n1\n4\n")),
]
NOTEBOOK = new_notebook(
    cells=[
        new_raw_cell("# ASSIGNMENT CONFIG\ngenerate: true\nfiles: [data.csv]"),
        new_code_cell("import math"),
        *question("name: q1\npoints: 4\nextra: 1", [new_code_cell(ANSWER)], TESTS),
        *question("name: q2\npoints: 2\nmanual: true", [new_markdown_cell("Because.")], []),
    ],
    metadata={"kernelspec": KERNEL},
)


@pytest.fixture
def otter(tmp_path):
    folder = tmp_path / "hw01"
    folder.mkdir()
    nbformat.write(NOTEBOOK, folder / "hw01.ipynb")
    (folder / "data.csv").write_text("1,2\n")
    return folder


@pytest.fixture
def assignment(otter, tmp_path):
    root = tmp_path / "course"
    (root / "source").mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(CONFIG)
    import_otter(Course(root), otter, "hw01")
    assignment = Course(root).assignment("hw01")
    release(assignment)
    return assignment


def graded(assignment, change):
    notebook = nbformat.read(assignment.release / "hw01.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            cell.source = change(cell.source)
    submission = Submission(notebooks={"hw01": nbformat.writes(notebook).encode()})
    with Grader(assignment, Settings(b"")) as grader:
        result = grader.grade(submission, "ada").result
    return {check.name: check.score for check in result.checks}, result


def test_right_and_wrong_answers_score_as_the_tests_say(assignment):
    right, result = graded(assignment, lambda text: "def square(x):\n    return x * x")
    assert right == {"q1-1": 1, "q1-2": 1, "q1-3": 3, "q1-4": 1}
    assert [(cell.name, cell.max_score) for cell in result.manual] == [("q2-answer-1", 2)]
    known = "def square(x):\n    return {0: 0, 1: 1, 2: 4, 3: 9}[x]"
    table, _ = graded(assignment, lambda text: known)
    assert table == {"q1-1": 1, "q1-2": 0, "q1-3": 0, "q1-4": 1}
    untouched, _ = graded(assignment, lambda text: text)
    assert set(untouched.values()) == {0}


def test_the_release_has_neither_solutions_nor_hidden_tests(assignment):
    text = (assignment.release / "hw01.ipynb").read_text()
    for secret in (
        "return y",
        "x * x",
        "square(12)",
        "square(-4)",
        "Because",
        "SOLUTION",
        "CONFIG",
    ):
        assert secret not in text
    assert "Return the square." in text
    assert (assignment.release / "data.csv").exists()


def test_what_is_not_carried_over_is_listed(otter):
    told = "\n".join(converted(otter).left)
    for key in ("generate", "files", "extra", "failure_message"):
        assert f"{key}: not carried over" in told


def asking(config, test):
    answer = [new_code_cell("x = 1 # SOLUTION")]
    return [
        new_raw_cell("# ASSIGNMENT CONFIG"),
        *question(f"name: q\n{config}", answer, [new_code_cell(test)]),
    ]


def test_pictures_in_a_text_and_tests_without_code_are_kept(tmp_path):
    picture = {"a.png": {"image/png": "iVBORw0KGgo="}}
    cells = asking("points: 1", "# nothing")
    cells[-3].outputs = printed("7")
    text = new_markdown_cell("![a](attachment:a.png)", attachments=picture)
    nbformat.write(new_notebook(cells=[*cells, text]), tmp_path / "x.ipynb")
    made = nbformat.reads(converted(tmp_path).files["x.ipynb"], as_version=4)
    assert made.cells[-1].attachments == picture
    assert "getvalue().strip() == '7'" in made.cells[-2].source


def test_two_notebooks_of_one_name_are_told(tmp_path):
    (tmp_path / "b").mkdir()
    for folder in (tmp_path, tmp_path / "b"):
        nbformat.write(new_notebook(cells=asking("points: 1", "assert x")), folder / "x.ipynb")
    with pytest.raises(InstructorError, match=r"got x\.ipynb twice"):
        converted(tmp_path)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ([], "expected a notebook with a cell"),
        ([new_raw_cell("# ASSIGNMENT CONFIG"), new_raw_cell("# BEGIN QUESTION")], "has no"),
        ([new_raw_cell("# ASSIGNMENT CONFIG"), new_raw_cell("# END TESTS")], "has no"),
        ([new_raw_cell("# ASSIGNMENT CONFIG\na: [")], "expected YAML below the mark"),
        (asking("points: many", "assert True"), 'points: expected a number, got "many"'),
        (asking("points: 1", CONFIGURED.replace("points: 3", "points: x")), 'number, got "x"'),
        (asking("points: 1", CONFIGURED.replace("points: 3", "points: [")), "expected YAML below"),
    ],
)
def test_what_is_no_otter_assignment_is_located(tmp_path, cells, problem):
    nbformat.write(new_notebook(cells=cells), tmp_path / "x.ipynb")
    with pytest.raises(InstructorError, match=problem):
        converted(tmp_path)
