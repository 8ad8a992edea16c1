"""Whatever goes wrong in a hand-in, no message names a folder of the staff's machine."""

import sys
import sysconfig
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from tests import tiny_course
from tests.tiny_course import ROOT

FOLDERS = {
    str(ROOT),
    sys.prefix,
    sys.base_prefix,
    str(Path.home()) + "/",
    *(sysconfig.get_paths()[kind] for kind in ("stdlib", "purelib")),
    str(Path(np.__file__).parent),
    "site-packages",
}
BROKEN = {  # the top of a module, and what it does when it is called
    "a name that NumPy has not": ("from numpy import nothing_of_this_name", ""),
    "a package that is not there": ("import torch_of_another_name", ""),
    "a module of a package": ("import numpy.nothing_of_this_name", ""),
    "a name that the library has not": ("from cs_lib.layers import nothing", ""),
    "a module that the library has not": ("import cs_lib.nothing", ""),
    "a module of Python 2": ("from past.builtins import xrange", ""),
    "no Python": ("def (", ""),
    "a command of a notebook": ("%matplotlib inline", ""),
    "marks of git": ("<<<<<<< HEAD", ""),
    "a wrong type": ("", "np.zeros(2)['a']"),
    "shapes that do not fit": ("", "np.zeros((2, 3)) @ np.zeros((2, 3))"),
    "a file that is not there": ("", "np.load('weights.npz')"),
    "a folder of its own": ("", "open(__file__ + '/x')"),
    "where NumPy lies": ("", "raise ValueError(np.__file__)"),
    "a module of the standard library": ("", "import json; raise ValueError(json)"),
    "deep in a library": ("", "import json; json.loads('{')"),
    "a warning": ("", "np.log(np.zeros(2)); 1 / 0"),
}


@pytest.fixture(scope="module")
def grader(released_once):
    settings = Settings(b"course key", whole=True)
    with Grader(released_once.assignment("tiny"), settings) as grader:
        yield grader


@pytest.mark.parametrize(("top", "body"), BROKEN.values(), ids=BROKEN)
def test_no_folder_of_this_machine_is_named(grader, top, body):
    work = tiny_course.solved()
    tiny_course.replace(work, "SCALE = 2.0", f"SCALE = 2.0\n{top}")
    tiny_course.replace(work, "    return SCALE *", f"    {body}\n    return SCALE *")
    tiny_course.replace_cell(work, "triple-code", f"{top}\nimport numpy as np\n{body}")
    graded = grader.grade(work, "ada")
    assert graded.result.score < graded.result.max_score
    texts = graded.result.model_dump_json() + nbformat.writes(graded.notebooks["tiny"])
    told = [line for line in texts.split("\\n") if any(folder in line for folder in FOLDERS)]
    assert told == []


def test_utf_16_is_told_without_a_folder(grader):
    work = tiny_course.solved()
    text = work.files["cs_lib/layers.py"].decode()
    work.files["cs_lib/layers.py"] = text.encode("utf-16")
    told = grader.grade(work, "ada").result.model_dump_json()
    assert not any(folder in told for folder in FOLDERS)
