"""One submission alone: no more is started than it needs, and it loses no points by that."""

import pytest

from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.handout.solved import solved_files
from autograder.intake.select import Submission
from autograder.sandbox import Level, explain
from autograder.wire import Remote
from tests.tiny_course import ROOT

PROBE = b"\n\ndef has_ipython():\n    import sys\n    return 'IPy' + 'thon' in sys.modules\n"


@pytest.mark.parametrize(
    ("name", "module", "line", "there"),
    [
        ("softmax_two_layer", "cs_lib/classifiers/softmax.py", b"", False),
        ("softmax_two_layer", "cs_lib/classifiers/softmax.py", b"import IPython\n", True),
        ("softmax_two_layer", "cs_lib/classifiers/softmax.py", b"import matplotlib\n", True),
        (
            "softmax_two_layer",
            "cs_lib/classifiers/softmax.py",
            b"def show(x):\n    display(x)\n\n",
            True,
        ),
        ("gradient_descent_digits", "cs_lib/network.py", b"", True),
    ],
)
def test_ipython_is_there_where_cells_run_or_a_module_asks_for_it(name, module, line, there):
    if explain().level is Level.C:
        pytest.skip("at level C all is imported that may be wanted")
    assignment = Course(ROOT).assignment(name)
    files = dict(solved_files(assignment))
    files[module] = line + files[module] + PROBE
    place = f"module:{module.removesuffix('.py').replace('/', '.')}"
    with Grader(assignment, Settings(b"course key"), alone=Submission(files=files)) as grader:
        modules = {**grader.plan.reference.sources, **files}
        with grader.zygote.worker(modules, assignment.config.limits) as worker:
            assert worker.call(Remote(place).attribute("has_ipython")) is there


SHOWS = b"""

_right = softmax_loss_vectorized

def softmax_loss_vectorized(*args, **keywords):
    display("a loss")
    return _right(*args, **keywords)
"""


def test_a_module_that_shows_what_it_does_loses_no_points():
    """As in a notebook, where IPython gives every module `display`."""
    assignment = Course(ROOT).assignment("softmax_two_layer")
    files = dict(solved_files(assignment))
    files["cs_lib/classifiers/softmax.py"] += SHOWS
    alone = Submission(files=files)
    settings = Settings(b"course key", only=["softmax_vectorized"])
    with Grader(assignment, settings, alone=alone) as grader:
        (check,) = [
            item
            for item in grader.grade(alone, "ada").result.checks
            if item.name == "softmax_vectorized"
        ]
    assert (check.status, check.score) == ("passed", check.max_score)


@pytest.mark.parametrize("level", [Level.A, Level.B], ids=lambda level: f"level{level}")
def test_what_loads_data_earns_its_points_at_each_level_that_can(released_copy, level):
    """Level B has no folder that a worker may write to."""
    if level < explain().level:
        pytest.skip(f"level {level} is not to be had here: {explain().reasons}")
    assignment = released_copy("backprop_a2")
    files = solved_files(assignment)
    book = "backprop_a2.ipynb"
    work = Submission(files=files, notebooks={"backprop_a2": files[book]})
    with Grader(assignment, Settings(b"course key", level=level), alone=work) as grader:
        graded = grader.grade(work, "student")
    assert graded.alerts == []
    assert {check.name: check.score for check in graded.result.checks if check.score == 0} == {}
    assert graded.result.score > 0
