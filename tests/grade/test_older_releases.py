"""Hand-ins of releases made when the kit's files lay among the assignment's still grade."""

import pytest

from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.library import library_files
from autograder.intake.select import read
from tests import tiny_course

OF_OLD = {
    "cs_lib/check.py": b"from cs_lib.notebook_tests import Notebook\n",
    "cs_lib/numeric.py": b"raise RuntimeError('the grader has its own')\n",
    "cs_lib/explain/__init__.py": b"raise RuntimeError('the grader has its own')\n",
    "cs_lib/datasets/__init__.py": b"raise RuntimeError('the grader has its own')\n",
    "cs_lib/assignment.json": b"{}",
}


@pytest.fixture
def assignment(released_once):
    return released_once.assignment("tiny")


@pytest.fixture
def handed_in(tmp_path):
    """The folder of a student who solved all, and used what lay there."""
    submission = tiny_course.solved()
    tiny_course.replace(
        submission,
        "    return SCALE * np.asarray(x, dtype=float)",
        "    from cs_lib.numeric import relative_error\n"
        "    assert relative_error(np.ones(2), np.ones(2)) == 0\n"
        "    return SCALE * np.asarray(x, dtype=float)",
    )
    tiny_course.insert_cell(submission, 2, "import cs_lib.explain\nfrom cs_lib import numeric")
    files = {**OF_OLD, **submission.files, "tiny.ipynb": submission.notebooks["tiny"]}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_such_a_hand_in_gets_its_points(assignment, handed_in):
    with Grader(assignment, Settings(b"key")) as grader:
        result = grader.grade(read(handed_in, assignment), "ada").result
    assert (result.score, result.max_score) == (4, 4), result


def test_a_new_release_has_one_folder_for_the_kit(assignment):
    names = {name.split("/")[1] for name in library_files(assignment)}
    assert names == {"__init__.py", "layers.py", "budget.py", "check.py", "handin.py", "kit"}
