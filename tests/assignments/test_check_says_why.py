"""``python -m cs_lib.check`` says of a wrong hand-in what grading says, known mistakes left out."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from cs_lib.datasets import synthesize

from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from tests.assignments import grading
from tests.submissions import overlay

FAST = (
    "affine_bias_gradient_is_a_mean",
    "affine_dx_flat",
    "conv_filter_flipped",
    "conv_dx_cut_at_minus_pad",
)
"""Of each kind of why one: the others are slow tests."""
PLACE = re.compile(
    r"(no entry is right|\d+ of \d+ entries (is|are) wrong[^;]*|the value is [^.]*)"
    r"(; the worst is [^.]*)?\.( Look for a constant or a small term\.)?"
)
"""Says where a result is wrong, and not why."""
OWN_WORDS = "the check has words of its own, for what it looks at besides a result"
OTHER_INPUTS = "the why shows only for inputs that the visible test does not have"
LESS = "the visible test compares less: a final loss, a difference of two"
OTHERWISE = {
    ("conv_square_only", "conv_forward_naive"): OTHER_INPUTS,
    ("convnet_initial_scale_ten_times_off", "initial_convnet"): OWN_WORDS,
    ("convnet_no_regularisation", "convnet_loss"): LESS,
    ("returns_zeros", "best_convnet"): OWN_WORDS,
    ("derivative_of_the_logistic_missing", "input_to_hid_gradient"): OTHER_INPUTS,
    ("softmax_twice", "hid_to_class_gradient"): OTHER_INPUTS,
    ("softmax_twice", "input_to_hid_gradient"): OTHER_INPUTS,
}
"""Where a visible test fails and cannot know what the hidden check knows, with the reason."""
COMPARED = ("backprop_a2", "layers_convnet")


@pytest.fixture(scope="module")
def desk(request, released_copy, tmp_path_factory):
    root = tmp_path_factory.mktemp("without_mistakes") / request.param
    shutil.copytree(released_copy(request.param).course.root, root)
    assignment = Course(root).assignment(request.param)
    (assignment.folder / "mistakes.toml").unlink()
    synthesize(assignment.config.data, assignment.course.datasets)
    with Grader(assignment, Settings(b"course key", shown=False)) as grader:
        yield grading.Desk(grader, overlay.Bases(assignment))


def cases():
    for name in COMPARED:
        for folder in overlay.folders(name):
            if not folder.name.startswith(("right", "hostile")):
                marks = () if folder.name in FAST else pytest.mark.slow
                yield pytest.param(name, folder, id=f"{name}, {folder.name}", marks=marks)


@pytest.mark.parametrize(("desk", "folder"), list(cases()), indirect=["desk"], scope="module")
def test_check_says_the_why_of_grading(desk, folder, tmp_path):
    whole = grading.is_about_notebooks(folder)
    graded = desk.grade(folder, tmp_path, with_notebooks=whole)
    judged = None if whole else grading.module_checks(desk)
    wrong = {
        check.name: list(whys(check.explanations))
        for check in graded.result.checks
        if check.status in ("failed", "partial") and (judged is None or check.name in judged)
    }
    told = visible(tmp_path, desk.bases.assignment.course.datasets, wrong)
    for name, reasons in wrong.items():
        if name in told and reasons and (folder.name, name) not in OTHERWISE:
            found = any(alike(why) in told[name] for either in reasons for why in either)
            assert found, f"{name}\n{reasons}\n{told[name]}"


def whys(explanations):
    """Go through the reasons that grading gives, each with and without the names before it."""
    for text in explanations:
        line = text.partition("\n")[0]
        rest = PLACE.sub("", line).strip()
        if rest != line:  # only a place, or a reason behind it
            rest = "" if rest.endswith(":") else rest.rpartition(": ")[2]
        parts = rest.split(": ")
        suffixes = [": ".join(parts[i:]) for i in range(len(parts))]
        if rest:
            yield [text for text in suffixes if len(text.split()) > 2] or [rest]


def alike(text):
    """Return a text without its numbers, which come from the inputs."""
    return " ".join(re.sub(r"\d[\d.e+-]*", "#", text).lower().split())


def visible(folder, datasets, names):
    """Run the visible tests; return what is told of each that fails."""
    done = subprocess.run(
        [sys.executable, "-m", "cs_lib.check", *names],
        cwd=folder,
        env={**os.environ, "COURSEDATA": str(datasets), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    blocks = re.split(r"^(passed|FAILED|to do )  (\S+)", done.stdout, flags=re.MULTILINE)[1:]
    found = zip(blocks[::3], blocks[1::3], blocks[2::3], strict=True)
    return {name: alike(text) for status, name, text in found if status == "FAILED"}
