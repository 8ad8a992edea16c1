"""``python -m cs_lib.check`` says of a wrong hand-in what grading says, known mistakes left out.

Where a visible test cannot, `whys.toml` holds what it says instead, and the reason.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from cs_lib.datasets import synthesize

from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from tests.assignments import grading
from tests.extras import marks_of
from tests.submissions import overlay
from tests.tiny_course import ROOT

FAST = (
    "affine_bias_gradient_is_a_mean",
    "affine_dx_flat",
    "conv_filter_flipped",
    "conv_dx_cut_at_minus_pad",
)
"""Of each kind of why one: the others are slow tests."""
PLACE = re.compile(
    r"(no entry is right|\d+ of \d+ entries (is|are) wrong[^;]*|the value is [^.]*)"
    r"(; the worst is [^.]*)?\.( Look for a constant or a small term[^.]*\.)?"
)
"""Says where a result is wrong, and not why."""


@dataclass(frozen=True)
class Otherwise:
    """What a visible test says in place of the why of grading, and the reason."""

    check: str
    mistakes: list[str]
    says: str
    because: str


@cache
def otherwise(name):
    """Return what the visible tests of an assignment say otherwise, by mistake and check."""
    text = Path(__file__).with_name("whys.toml").read_text("utf-8")
    entries = [Otherwise(**entry) for entry in tomllib.loads(text).get(name, [])]
    return {(mistake, entry.check): entry for entry in entries for mistake in entry.mistakes}


@pytest.fixture(scope="module")
def desk(request, released_copy, tmp_path_factory):
    root = tmp_path_factory.mktemp("without_mistakes") / request.param
    shutil.copytree(released_copy(request.param).course.root, root)
    assignment = Course(root).assignment(request.param)
    (assignment.folder / "mistakes.toml").unlink(missing_ok=True)
    synthesize(assignment.config.data, assignment.course.datasets)
    with Grader(assignment, Settings(b"course key", shown=False)) as grader:
        yield grading.Desk(grader, overlay.Bases(assignment))


def wrong_hand_ins(name):
    folders = overlay.folders(name)
    return [folder for folder in folders if not folder.name.startswith(("right", "hostile"))]


def cases():
    for name in Course(ROOT).assignment_names():
        for folder in wrong_hand_ins(name):
            slow = () if folder.name in FAST else (pytest.mark.slow,)
            marks = (marks_of(name), *slow)
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
    problems = [
        problem
        for name, reasons in wrong.items()
        if name in told and reasons
        for problem in differences(folder, name, reasons, told[name])
    ]
    assert problems == []


def differences(folder, name, reasons, told):
    """Go through what is not as it should be about the why of one check."""
    same = any(alike(why) in told for either in reasons for why in either)
    entry = otherwise(folder.parent.name).get((folder.name, name))
    if entry is None and not same:
        yield f"{name}: grading says {[either[0] for either in reasons]}, check {told!r}"
    if entry is not None and same:
        yield f"{name}: check says the why of grading: take it out of whys.toml"
    if entry is not None and alike(entry.says) not in told:
        yield f"{name}: expected check to say {entry.says!r}, got {told!r}"


def test_what_is_said_otherwise_is_of_hand_ins_and_checks():
    text = Path(__file__).with_name("whys.toml").read_text("utf-8")
    for name in tomllib.loads(text):
        notebooks = (ROOT / "release" / name).glob("*.ipynb")
        cells = "".join(path.read_text("utf-8") for path in notebooks)
        known = {folder.name for folder in wrong_hand_ins(name)}
        for (mistake, check), entry in otherwise(name).items():
            assert mistake in known, mistake
            assert f'"grade_id": "{check}"' in cells, check
            assert len(entry.says.split()) > 2, f"{mistake}, {check}: says too little"
            assert entry.because, f"{mistake}, {check}: why?"


def whys(explanations):
    """Go through the reasons that grading gives, each with and without the names before it."""
    for text in explanations:
        line = text.partition("\n")[0]
        if "it builds on " in line:
            continue  # where to look first, and not why
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
    assert "Traceback" not in done.stderr
    blocks = re.split(r"^(passed|FAILED|to do )  (\S+)", done.stdout, flags=re.MULTILINE)[1:]
    found = zip(blocks[::3], blocks[1::3], blocks[2::3], strict=True)
    return {name: alike(text) for status, name, text in found if status == "FAILED"}
