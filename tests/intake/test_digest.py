"""Results are keyed by all that can change a verdict, and by nothing else."""

import subprocess
import sys

import pytest

from autograder.course.folder import Course
from autograder.intake import digest
from autograder.intake.digest import ENGINE, course_digest, decides, engine_digest
from autograder.kit.datasets import synthesize
from autograder.kit.datasets.registry.usps_digits import USPS_DIGITS

NOT_DECIDING = {
    "errors.py": "texts",
    "results.py": "the form of a result",
    "text.py": "cleans what is shown",
    "write.py": "writes files whole, or not at all",
    "course/cell_metadata.py": "refuses notebooks that cannot be graded",
    "course/extras.py": "refuses to grade where a package is missing",
    "course/folder.py": "where things lie",
    "course/kit.py": "where the kit lies",
    "course/toml.py": "reads settings, or refuses them",
    "handout/manifest.py": "for students' tools",
    "handout/regions.py": "cuts the library, which is digested whole",
    "handout/skeleton.py": "the same",
}
"""What grading imports, too, and why no verdict depends on it."""
IMPORTED = """
import sys
import autograder.grade.submission, autograder.worker.__main__, autograder.worker.kernel
import autograder.worker.loop, autograder.worker.cells
for name, module in sorted(sys.modules.items()):
    if name.partition(".")[0] == "autograder" and module.__file__:
        print(module.__file__)
"""


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """A copy of the kit's files that may be changed."""
    for path in ENGINE.rglob("*.py"):
        copy = tmp_path / path.relative_to(ENGINE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(digest, "ENGINE", tmp_path)
    engine_digest.cache_clear()
    yield tmp_path
    engine_digest.cache_clear()


def test_all_that_grading_imports_is_digested_or_listed():
    ended = subprocess.run(
        [sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True
    )
    files = [line.removeprefix(f"{ENGINE}/") for line in ended.stdout.splitlines()]
    names = {name for name in files if not name.endswith("__init__.py")}
    assert len(names) > 60
    assert {name for name in names if not decides(name)} - set(digest.TELLING) - set(
        NOT_DECIDING
    ) == set()


def test_what_is_listed_is_there():
    names = [path.relative_to(ENGINE).as_posix() for path in ENGINE.rglob("*.py")]
    for listed in (*digest.DECIDING, *digest.TELLING, *NOT_DECIDING):
        assert any(name.startswith(listed) for name in names), listed


@pytest.mark.parametrize(
    ("file", "again"),
    [
        ("checks/expect/basics.py", True),
        ("kit/numeric.py", True),
        ("wire/decode.py", True),
        ("worker/loop.py", True),
        ("wall/limits.py", True),
        ("publish/feedback.py", False),
        ("cli/app.py", False),
        ("kit/handin.py", False),
        ("grade/course_run.py", False),
    ],
)
def test_a_change_grades_again_where_it_can_change_a_verdict(engine, file, again):
    before = engine_digest()
    engine_digest.cache_clear()
    (engine / file).write_text((engine / file).read_text() + "\n# changed\n")
    assert (engine_digest() != before) == again


@pytest.mark.parametrize("library", digest.LIBRARIES)
def test_another_version_of_a_library_grades_again(engine, library, monkeypatch):
    before, true = engine_digest(), digest._version
    engine_digest.cache_clear()
    monkeypatch.setattr(digest, "_version", lambda name: true(name) + "x" * (name == library))
    assert engine_digest() != before


@pytest.mark.parametrize(
    ("file", "again"),
    [
        ("assignments/tiny/checks.py", True),
        ("assignments/tiny/assignment.toml", True),
        ("assignments/cs_lib/layers.py", True),
        ("source/tiny/tiny.ipynb", True),
        ("release/tiny/tiny.ipynb", True),
        ("assignments/tiny/README.md", False),
        ("release/tiny/README.md", False),
        ("assignments/tiny/audit.toml", False),
    ],
)
def test_a_change_of_the_course_grades_again_where_it_can_change_a_verdict(released, file, again):
    path = released.course.root / file
    path.touch()
    before = course_digest(released, b"key")
    path.write_text(path.read_text() + "\n")
    assert (course_digest(released, b"key") != before) == again
    assert course_digest(released, b"other") != before


def test_real_data_in_place_of_a_stand_in_grades_again(released):
    config = released.folder / "assignment.toml"
    config.write_text('data = ["usps_digits"]\n' + config.read_text())
    assignment = Course(released.course.root).assignment("tiny")
    without = course_digest(assignment, b"key")
    synthesize(["usps_digits"], assignment.course.datasets)
    assert course_digest(assignment, b"key") == without  # each process would have made it
    for file in USPS_DIGITS.files:
        (assignment.course.datasets / file.name).write_bytes(b"MATLAB 5.0 MAT-file".ljust(128))
    real = course_digest(assignment, b"key")
    assert real != without
    (assignment.course.datasets / USPS_DIGITS.files[0].name).write_bytes(b"MATLAB".ljust(200))
    assert course_digest(assignment, b"key") not in (real, without)
