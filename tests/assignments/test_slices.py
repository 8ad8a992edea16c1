"""Hand-ins are judged by what the checks need of their notebooks as by the whole notebooks."""

import ast
import random
import textwrap

import nbformat
import pytest
from cs_lib.datasets import synthesize

from autograder.audit.mutants import mutants
from autograder.audit.targets import targets
from autograder.audit.tasks import only
from autograder.checks import load_checks
from autograder.course.folder import Course
from autograder.grade.plan import load_plan
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.regions import without_markers
from autograder.kit.magics import without_magics
from tests.assignments.grading import handed_in
from tests.submissions import overlay
from tests.tiny_course import ROOT

SHORT = {
    "gradient_descent_digits": ("right", "half_done"),
    "backprop_a2": ("right", "reports_the_test_loss"),
    "mlp_trigrams": ("right",),
    "mlp_svhn": ("right",),
}
"""Of each assignment whose notebooks are run; the slow tests take every submission."""
SLICED = ("gradient_descent_digits", "backprop_a2", "mlp_trigrams")
"""Those with checks that look into notebooks."""
MUTANTS = 30


@pytest.fixture(scope="module")
def desks(request, released_copy):
    assignment = patient(released_copy(request.param))
    synthesize(assignment.config.data, assignment.course.datasets)
    fast, whole = (
        Grader(assignment, Settings(b"course key", whole=whole)) for whole in (False, True)
    )
    with fast, whole:
        yield fast, whole, overlay.Bases(assignment)


def patient(assignment):
    """Let cells take what a busy machine makes of their time: whole runs train for seconds."""
    path = assignment.folder / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    if "[limits]" not in text:
        path.write_text(f"{text}\n[limits]\ncell_seconds = 200\nsubmission_seconds = 1000\n")
    return Course(assignment.course.root).assignment(assignment.name)


def cases():
    for name in Course(ROOT).assignment_names():
        if Course(ROOT).assignment(name).config.notebooks.execute:
            for folder in overlay.folders(name):
                short = folder.name in SHORT.get(name, ())
                marks = () if short else pytest.mark.slow
                yield pytest.param(name, folder, id=f"{name}, {folder.name}", marks=marks)


def every_known_mistake(bases):
    """Yield the reference's files with each mistake that the course has seen."""
    known = load_plan(bases.assignment).known
    for number, mistake in enumerate((*known.mistakes, *known.conventions), start=1):
        yield (
            f"mistake {number}",
            edited(
                bases.reference, mistake.file, lambda text, m=mistake: text.replace(m.old, m.new)
            ),
        )


def some_mutants(bases):
    """Yield the reference's files with a mutant in a function of a module or notebook."""
    every = [mutant for target in targets(bases.assignment) for mutant in mutants(target)]
    for mutant in random.Random(0).sample(every, MUTANTS):
        target = mutant.target
        file = f"{target.place}.ipynb" if target.in_notebook else module_path(target.place)
        cell = target.cell if target.in_notebook else None
        files = edited(bases.reference, file, lambda text, m=mutant: put_in(text, m), cell)
        yield f"{target.label}: {mutant.diff}", files


def module_path(place):
    return place.replace(".", "/") + ".py"


def edited(files, path, edit, cell=None):
    """Return files with one of them edited; of a notebook a cell, or the one that it changes."""
    text = files[path].decode()
    if path.endswith(".ipynb"):
        notebook = nbformat.reads(text, as_version=4)
        cells = notebook.cells if cell is None else [notebook.cells[cell]]
        code = [each for each in cells if each.cell_type == "code"]
        (changed,) = (each for each in code if edit(each.source) != each.source)
        changed.source = edit(changed.source)
        text = nbformat.writes(notebook)
    else:
        assert edit(text) != text
        text = edit(text)
    return {**files, path: text.encode()}


def put_in(text, mutant):
    """Return code with a function exchanged for its mutant, where it has the function."""
    lines = text.split("\n")
    for node in definitions(ast.parse(without_magics(text)).body, mutant.target.name.split(".")):
        source = "\n".join(without_markers(mutant.source.splitlines()))
        lines[node.lineno - 1 : node.end_lineno] = [textwrap.indent(source, " " * node.col_offset)]
    return "\n".join(lines)


def definitions(body, name):
    """Yield what ``["Linear", "forward"]`` names among statements."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name[0]:
            yield from definitions(node.body, name[1:]) if name[1:] else [node]


@pytest.mark.parametrize(("desks", "folder"), list(cases()), indirect=["desks"], scope="module")
def test_the_same_verdicts(desks, folder, tmp_path):
    fast, whole, bases = desks
    work = handed_in(overlay.files(folder, bases), bases.assignment, tmp_path)
    found, expected = fast.grade(work, "student"), whole.grade(work, "student")
    assert verdicts(found) == verdicts(expected)
    if folder.name == "right":
        assert {(run.status, run.error) for run in expected.result.notebooks} == {("ok", None)}
        assert found.run_whole == []


def test_every_assignment_with_such_checks_is_listed():
    found = [
        name
        for name in Course(ROOT).assignment_names()
        if any(check.uses_notebook for check in load_checks(Course(ROOT).assignment(name)))
    ]
    assert found == sorted(SLICED)


@pytest.mark.slow
@pytest.mark.parametrize("change", [every_known_mistake, some_mutants])
@pytest.mark.parametrize("desks", SLICED, indirect=True, scope="module")
def test_the_same_verdicts_on_the_reference_with_a_change(desks, change, tmp_path):
    fast, whole, bases = desks
    in_notebooks = [check.name for check in fast.plan.checks if check.uses_notebook]
    differing, number = [], -1
    with only(fast, in_notebooks), only(whole, in_notebooks):
        for number, (what, files) in enumerate(change(bases)):
            work = handed_in(files, bases.assignment, tmp_path / str(number))
            found, expected = (verdicts(desk.grade(work, "student")) for desk in (fast, whole))
            differing += [
                f"{what}\n{name}: {found[name]}, of the whole run: {verdict}"
                for name, verdict in expected.items()
                if found[name] != verdict
            ]
    assert not differing, "\n\n".join(differing)
    assert number >= 4  # there were some


def verdicts(graded):
    """Return what matters of each check; a time that was used up is told in seconds."""
    return {
        check.name: (check.status, check.score, check.cause, [*check.explanations, *check.warnings])
        for check in graded.result.checks
    }
