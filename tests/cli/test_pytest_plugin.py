"""The pytest plug-in: a submission's checks as pytest items."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from autograder.course.folder import Course
from autograder.grade.settings import Settings
from autograder.grade.single import grade_one
from autograder.publish.outputs.junit import junit
from tests import tiny_course

KEY = {"AUTOGRADER_KEY": "key"}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with a submission in which one check of three passes."""
    from autograder.handout.release import release

    root = tiny_course.write(tmp_path_factory.mktemp("plugged") / "course")
    assignment = Course(root).assignment("tiny")
    release(assignment)
    layers = tiny_course.LAYERS.replace("np.add(x, self.by)", "np.add(x, 7)")
    (root / "work" / "cs_lib").mkdir(parents=True)
    (root / "work" / "cs_lib" / "layers.py").write_text(layers)
    released = (assignment.release / "tiny.ipynb").read_bytes()
    (root / "work" / "tiny.ipynb").write_bytes(released)
    (root / "test_other.py").write_text("def test_other():\n    assert False\n")
    return root


def run(course, *options):
    """Run pytest in the course folder; return exit code, output and JUnit file."""
    report = course / "junit.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "-rA"]
    wanted = ["--autograder-assignment", "tiny", "--autograder-submission", "work"]
    ended = subprocess.run(
        [*command, *wanted, f"--junit-xml={report}", *options],
        cwd=course,
        env={**os.environ, **KEY},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr, report


def cases(document):
    return {
        (case.get("classname"), case.get("name")): sorted(
            child.tag for child in case if child.tag in ("failure", "error", "skipped")
        )
        for case in document.iter("testcase")
    }


def test_items_and_junit_equal_our_own(course):
    code, output, report = run(course)
    assert code == 1, output
    assert "shift: failed, 0 of 1 points" in output
    assert "test_other" not in output
    theirs = ElementTree.parse(report).getroot()
    kept = []
    assignment = Course(course).assignment("tiny")
    grade_one(assignment, course / "work", "work", Settings(b"key"), kept.append)
    ours = ElementTree.fromstring(junit(kept[0]))
    assert cases(theirs) == cases(ours)
    suite = theirs.find("testsuite")
    for count in ("tests", "failures", "errors", "skipped"):
        assert suite.get(count) == ours.find("testsuite").get(count)
    earned = [
        float(entry.get("value"))
        for entry in theirs.iter("property")
        if entry.get("name") == "points"
    ]
    assert sum(earned) == kept[0].score


@pytest.mark.parametrize(
    ("options", "ran"),
    [
        (("-k", "double"), {"double"}),
        (("-x",), {"double", "shift"}),
        pytest.param(("-n", "2"), {"double", "shift", "triple"}, marks=pytest.mark.slow),
    ],
)
def test_pytests_own_options_work(course, options, ran):
    _, output, report = run(course, *options)
    assert report.exists(), output
    assert {name for _, name in cases(ElementTree.parse(report).getroot())} == ran


def test_one_option_alone_is_refused(course):
    code, output, _ = run(course, "--autograder-submission", "")
    assert code == 4
    assert "expected both" in output
