"""Hand-ins are judged by what the checks need of their notebooks as by the whole notebooks."""

import pytest
from cs_lib.datasets import synthesize

from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.intake.select import read
from tests.submissions import overlay
from tests.tiny_course import ROOT

SHORT = {
    "gradient_descent_digits": ("right", "half_done"),
    "backprop_a2": ("right", "reports_the_test_loss"),
    "mlp_trigrams": ("right",),
    "mlp_svhn": ("right",),
}
"""Of each assignment whose notebooks are run; the slow tests take every submission."""


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


@pytest.mark.parametrize(("desks", "folder"), list(cases()), indirect=["desks"], scope="module")
def test_the_same_verdicts(desks, folder, tmp_path):
    fast, whole, bases = desks
    for path, content in overlay.files(folder, bases).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    work = read(tmp_path, bases.assignment)
    found, expected = fast.grade(work, "student"), whole.grade(work, "student")
    assert verdicts(found) == verdicts(expected)
    if folder.name == "right":
        assert {(run.status, run.error) for run in expected.result.notebooks} == {("ok", None)}
        assert found.run_whole == []


def verdicts(graded):
    """Return what matters of each check; a time that was used up is told in seconds."""
    return {
        check.name: (check.status, check.score, check.cause, [*check.explanations, *check.warnings])
        for check in graded.result.checks
    }
