"""An assignment travels as bytes, and grades elsewhere as it does at home."""

import io
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade import parcel as room
from autograder.grade.parcel import KEPT, pack, unpack
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from autograder.intake.digest import course_digest
from autograder.kit.datasets.registry.usps_digits import USPS_DIGITS
from tests import tiny_course
from tests.course_run import KEY, hand_in_six


@pytest.mark.slow
def test_unpacked_elsewhere_it_grades_as_at_home(released, tmp_path):
    hand_in_six(released)
    (released.course.root / "autograder.key").write_text("secret")
    digest = course_digest(released, KEY)
    with Grader(released, Settings(KEY)) as grader:
        home = grader.grade(tiny_course.solved(), "ada").result
    packed = pack(released)
    shutil.rmtree(released.course.root)
    there = unpack(packed, tmp_path / "elsewhere")
    assert course_digest(there, KEY) == digest
    with Grader(there, Settings(KEY)) as grader:
        result = grader.grade(tiny_course.solved(), "ada").result
    assert result.score == 4
    assert [(c.name, c.score, c.explanations) for c in result.checks] == [
        (c.name, c.score, c.explanations) for c in home.checks
    ]
    names = {path.name for path in there.course.root.rglob("*")}
    assert not names & {"submitted", "autograder.key", "gradebook.db", "scan.png"}


def test_equal_courses_make_equal_parcels(released, tmp_path):
    copy = Course(shutil.copytree(released.course.root, tmp_path / "copy")).assignment("tiny")
    assert pack(copy) == pack(released)
    released.checks.write_text(released.checks.read_text() + "\n# changed\n")
    assert pack(copy).digest != pack(released).digest


@pytest.mark.parametrize("place", ["", "usps_digits", "exercise-09-data"])
def test_data_is_in_it_wherever_it_lies_and_no_cache_of_it(released, place):
    config = released.folder / "assignment.toml"
    config.write_text('data = ["usps_digits"]\n' + config.read_text())
    assignment = Course(released.course.root).assignment("tiny")
    bare = pack(assignment)
    folder = assignment.course.datasets / place
    folder.mkdir(parents=True, exist_ok=True)
    for file in USPS_DIGITS.files:
        (folder / file.name).write_bytes(b"MATLAB 5.0 MAT-file".ljust(128))
    packed = pack(assignment)
    with tarfile.open(fileobj=io.BytesIO(packed.content)) as archive:
        names = set(archive.getnames())
    with tarfile.open(fileobj=io.BytesIO(bare.content)) as archive:
        names -= set(archive.getnames())
    assert names == {
        str(Path("datasets", place, file.name).as_posix()) for file in USPS_DIGITS.files
    }
    (folder / ".cache").mkdir()
    (folder / ".cache/usps_digits-0of6.npy").write_bytes(b"arrays")
    assert pack(assignment) == packed


def test_solutions_can_be_read_by_their_owner_alone(released, tmp_path):
    there = unpack(pack(released), tmp_path / "cache")
    modes = {path.name: path.stat().st_mode & 0o077 for path in there.course.root.iterdir()}
    assert modes.pop("datasets", 0o055) == 0o055
    assert set(modes.values()) == {0}


def test_a_damaged_parcel_is_refused(released, tmp_path):
    whole = pack(released)
    with pytest.raises(InstructorError, match=r"^tiny: expected the parcel .* damaged on its way"):
        unpack(replace(whole, content=whole.content[:-1]), tmp_path)


def test_old_parcels_make_room(released, tmp_path):
    digests = []
    for number in range(KEPT + 2):
        (released.folder / "note.toml").write_text(f"number = {number}")
        unpack(packed := pack(released), tmp_path)
        digests.append(packed.digest)
    left = {path.name for path in tmp_path.iterdir()} & set(digests)
    assert len(left) == KEPT
    assert digests[-1] in left
    assert room.unpacked("tiny", digests[-1], tmp_path).config.title == "A tiny assignment"
