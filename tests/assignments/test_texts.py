"""What hand-outs and notebooks say of points agrees with what the cells are worth."""

import ast
import re

import pytest

from autograder.course.folder import Course
from autograder.course.notebooks import read_notebook
from tests.tiny_course import ROOT

COURSE = Course(ROOT)
POINTS = {  # all, and those for code
    "backprop_a2": (26, 12),
    "fc_nets_dropout": (50, 33),
    "gradient_descent_digits": (45, 22),
    "layers_convnet": (40, 25),
    "mlp_svhn": (41, 30),
    "mlp_trigrams": (56, 42),
    "pytorch_cifar": (44, 25),
    "softmax_two_layer": (63, 30),
}
QUESTIONS = {
    path.stem: path for assignment in COURSE.assignments() for path in assignment.notebooks
}


@pytest.mark.parametrize("name", COURSE.assignment_names())
def test_the_handout_names_the_points(name):
    assignment = COURSE.assignment(name)
    cells = assignment.graded_cells
    total = sum(cell.max_score for cell in cells)
    for_code = sum(cell.max_score for cell in cells if cell.kind == "check")
    assert (total, for_code) == POINTS[name]
    assert f"**{total:g} points**: {for_code:g} for code" in assignment.handout.read_text("utf-8")


@pytest.mark.parametrize("name", COURSE.assignment_names())
def test_the_handout_says_how_long_it_takes_what_to_read_and_what_is_allowed(name):
    text = (ROOT / "release" / name / "README.md").read_text("utf-8")
    section = text.partition("## Time, and what to read\n")[2].partition("\n## ")[0]
    assert re.search(r"\b\w+ to \w+ hours\b", section)
    assert re.search(r"^- .*<https?://", section, re.MULTILINE)
    policy = (ROOT / "assignments" / "policy.md").read_text("utf-8")
    assert policy.strip() in text


@pytest.mark.parametrize("name", [n for n in POINTS if n != "gradient_descent_digits"])
def test_headings_name_the_points_below_them(name):
    assignment = COURSE.assignment(name)
    for path in assignment.notebooks:
        said, counted = {}, {}
        section = ""
        points = points_by_cell(assignment, path)
        for index, cell in enumerate(read_notebook(path).cells):
            if heading := re.match(r"## (\d+) .*?(?:\((\d+) points?\))?$", cell.source, re.M):
                section = heading[1]
                said[section] = int(heading[2] or 0)
            if section:
                counted[section] = counted.get(section, 0) + points.get(index, 0)
        assert said == counted


def points_by_cell(assignment, path):
    cells = assignment.graded_cells
    return {cell.index: cell.max_score for cell in cells if cell.notebook == path.stem}


def test_sections_of_the_digits_have_the_points_of_the_course_document():
    """1.5 has none of its own."""
    assignment = COURSE.assignment("gradient_descent_digits")
    section, points = "", {}
    graded = points_by_cell(assignment, assignment.notebooks[0])
    for index, cell in enumerate(read_notebook(assignment.notebooks[0]).cells):
        if heading := re.match(r"## (1\.\d)", cell.source):
            section = heading[1]
        points[section] = points.get(section, 0) + graded.get(index, 0)
    points.pop("")
    assert points == {"1.1": 6, "1.2": 16, "1.3": 2, "1.4": 5, "1.5": 0, "1.6": 10, "1.7": 6}


@pytest.mark.parametrize("path", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_a_written_question_names_its_points_and_has_a_reference_answer(path):
    cells = read_notebook(path).cells
    ids = {cell.id for cell in cells}
    questions = [cell for cell in cells if cell.metadata.get("nbgrader", {}).get("task")]
    assert questions
    for cell in questions:
        (said,) = re.findall(r"\*\((\d+) points?\)\*", cell.source)
        assert int(said) == cell.metadata.nbgrader.points, cell.id
        _, _, scheme = cell.source.partition("=== BEGIN MARK SCHEME ===")
        assert "Reference answer:" in scheme, cell.id
        assert scheme.rstrip().endswith("=== END MARK SCHEME ==="), cell.id
        assert cell.id.replace("question", "answer") in ids


# What students are to find: gradients that they derive and program for points...
GRADIENTS = {
    "mlp_svhn": (r"d[xW] *= *(dy|x)", r"p_c - \[", r"\^\\top *dy"),
    "mlp_trigrams": (r"d[WZX] *= ", r"1 - A\^2", r"\(?p - y\)? *(/|\\odot)", r"\^\\?top"),
    "gradient_descent_digits": (r"\\sigma\(x\) *\\?,?\(1", r"\^\{?\\top\}?", r"\\hat y - y"),
    "backprop_a2": (r"h *\(1 - h\)", r"\\odot", r"\(p - t\)"),
}
# ... and settings that they tune, which a test cell might print beside what it expects.
SETTINGS = re.compile(r"\b(rate|mini-batch) \d")


@pytest.mark.parametrize("name", GRADIENTS)
def test_no_gradient_is_printed_that_the_points_ask_for(name):
    folder = ROOT / "release" / name
    texts = {"README.md": (folder / "README.md").read_text(encoding="utf-8")}
    for path in folder.glob("*.ipynb"):
        cells = read_notebook(path).cells
        texts |= {f"{path.stem}#{c.id}": c.source for c in cells if c.cell_type == "markdown"}
    for where, text in texts.items():
        for formula in GRADIENTS[name]:
            assert not re.search(formula, text), f"{where}: {formula}"


@pytest.mark.parametrize("name", COURSE.assignment_names())
def test_no_test_cell_prints_the_settings_to_be_found(name):
    for path in sorted((ROOT / "release" / name).glob("*.ipynb")):
        for cell in read_notebook(path).cells:
            if not cell.metadata.get("nbgrader", {}).get("grade") or cell.cell_type != "code":
                continue
            texts = [
                n.value for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Constant)
            ]
            said = " ".join(text for text in texts if isinstance(text, str))
            assert not SETTINGS.search(said), f"{path.stem}#{cell.id}: {said}"
