"""Bulk downloads of learning platforms: collected, graded, and every file accounted for."""

import shutil
import zipfile

import pytest

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.collected import collect
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook
from tests.course_run import KEY
from tests.intake.bulk import COLLECTED, DOWNLOADS, LEFT, ROSTER, STUDENTS
from tests.intake.forms import solved, wrong, zipped


def course_in(folder, released_once):
    shutil.copytree(released_once.root, folder)
    config = folder / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Exchange.timezone = "Europe/Berlin"\n')
    return Course(folder).assignment("tiny")


@pytest.fixture(scope="module")
def run(tmp_path_factory, released_once):
    """All downloads in one course, collected and graded."""
    root = tmp_path_factory.mktemp("collect")
    assignment = course_in(root / "course", released_once)
    (assignment.course.root / "roster.toml").write_text(ROSTER)
    with open_gradebook(assignment.course) as gradebook:
        for student, first, last, email, number in STUDENTS:
            gradebook.add_student(
                student, first_name=first, last_name=last, email=email, lms_user_id=number
            )
    for name, files in DOWNLOADS.items():
        (root / name).write_bytes(zipped(files))
    downloads = [root / name for name in DOWNLOADS]
    planned = collect(assignment, downloads, dry_run=True)
    assert not assignment.course.submitted.exists()
    done = collect(assignment, downloads, dry_run=False)
    summary = grade_course(assignment, CourseSettings(KEY, jobs=2))
    return assignment, planned, done, summary


@pytest.mark.parametrize("student", COLLECTED)
def test_a_student_has_the_score_of_the_work(run, student):
    assignment, _, done, _ = run
    score, when, told = COLLECTED[student]
    result = read_result(assignment, student)
    assert result is not None
    assert result.score == score
    stamp = assignment.submitted(student) / "timestamp.txt"
    assert (stamp.read_text() if stamp.exists() else "").startswith(when or "")
    assert stamp.exists() == (when is not None)
    said = "\n".join(note for note in done.notes if note.startswith(f"{student}: "))
    for part in told:
        assert part in said
    assert bool(said) == bool(told)


def test_nobody_else_has(run):
    assert {row.student for row in run[2].rows} == set(COLLECTED)
    assert sorted(result.student for result in run[3].results) == sorted([*COLLECTED, "t2"])


@pytest.mark.parametrize(("beginning", "reason"), LEFT)
def test_what_is_not_taken_is_named(run, beginning, reason):
    named = [left for left in run[2].left if left.path.startswith(beginning)]
    assert named
    assert all(reason in left.why for left in named)


def test_every_file_of_every_download_is_taken_or_named(run):
    _, planned, done, _ = run
    for plan in (planned, done):
        places = ", ".join([*(row.files for row in plan.rows), *(left.path for left in plan.left)])
        for download, files in DOWNLOADS.items():
            for name in files:
                assert f"{download}: {name}" in places
    assert len(planned.rows) == len(done.rows)
    assert [left.path for left in planned.left] == [left.path for left in done.left]
    beginnings = tuple(beginning for beginning, _ in LEFT)
    assert [left.path for left in done.left if not left.path.startswith(beginnings)] == []


def test_a_download_may_be_unpacked(tmp_path, released_once):
    assignment = course_in(tmp_path / "course", released_once)
    for name in ("moodle.zip", "gradescope.zip", "brightspace.zip", "canvas.zip"):
        download = tmp_path / name
        download.write_bytes(zipped(DOWNLOADS[name]))
        with zipfile.ZipFile(download) as archive:
            archive.extractall(tmp_path / "unpacked" / name.removesuffix(".zip"))
        packed = collect(assignment, [download], dry_run=True)
        folder = tmp_path / "unpacked" / name.removesuffix(".zip")
        unpacked = collect(assignment, [folder], dry_run=True)
        assert [row.student for row in unpacked.rows] == [row.student for row in packed.rows]
        assert len(unpacked.left) == len(packed.left)


OWN = {
    "ada.lovelace.zip": zipped(solved()),
    "ada.smith.tar.gz": b"",
    "tiny_bob.zip": zipped(solved("tiny/")),
    "cyd_2026-01-02.zip": zipped(wrong()),
    "cyd_2026-01-03.zip": zipped(solved()),
    "dan.zip": zipped(wrong()),
    "dan (1).zip": zipped(solved()),
    "eve_lee.zip": zipped(solved()),
    "eve_ray.zip": zipped(wrong()),
    "fay.zip": zipped(solved()),
    "fay_copy.zip": zipped(solved()),
    "gil.ipynb": solved()["tiny.ipynb"],
    "notes.txt": b"mine",
    "hal.rar": b"Rar!",
    "ian/tiny/tiny.ipynb": solved()["tiny.ipynb"],
    "all.zip": zipped(solved("jan/") | wrong("kim/tiny/") | {"README": b""}),
}


@pytest.fixture
def own(tmp_path, released_once):
    """A folder of archives with one a student, collected."""
    assignment = course_in(tmp_path / "course", released_once)
    folder = tmp_path / "archives"
    for name, content in OWN.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return assignment, folder, collect(assignment, [folder], dry_run=False)


def test_archives_are_the_students_whose_id_comes_first(own):
    assignment, _, done = own
    collected = {row.student: row.files for row in done.rows}
    assert collected == {
        "ada.lovelace": "ada.lovelace.zip",
        "bob": "tiny_bob.zip",
        "cyd": "cyd_2026-01-03.zip",
        "dan": "dan (1).zip",
        "fay": "fay_copy.zip",
        "gil": "gil.ipynb",
        "ian": "archives: ian/tiny/tiny.ipynb",
        "jan": "all.zip: jan/cs_lib/layers.py, all.zip: jan/tiny.ipynb",
        "kim": "all.zip: kim/tiny/cs_lib/layers.py, all.zip: kim/tiny/tiny.ipynb",
    }
    left = {item.path: item.why for item in done.left}
    assert "cyd_2026-01-02.zip" in left
    assert "which came last cannot be told" in left["eve_lee.zip"]
    assert "eve_lee.zip" in left["eve_ray.zip"]
    assert "damaged or unknown" in left["ada.smith.tar.gz"]
    assert set(left) >= {"dan.zip", "fay.zip", "notes.txt", "hal.rar", "all.zip: README"}
    assert (assignment.submitted("gil") / "tiny.ipynb").exists()


def test_a_second_time_nothing_changes_and_a_change_keeps_what_was_there(own):
    assignment, folder, _ = own
    again = collect(assignment, [folder / "bob.zip", folder / "gil.ipynb"][1:], dry_run=False)
    assert [row.what for row in again.rows] == ["there already"]
    (folder / "dan_2.zip").write_bytes(zipped(wrong()))
    collect(assignment, [folder / "dan_2.zip"], dry_run=False)
    kept = assignment.course.root / "downloaded" / "tiny" / "replaced" / "dan" / "1"
    assert (kept / "tiny.ipynb").read_bytes() == solved()["tiny.ipynb"]
    module = assignment.submitted("dan") / "cs_lib" / "layers.py"
    assert module.read_bytes() == wrong()["cs_lib/layers.py"]


def test_earlier_work_does_not_replace_later(tmp_path, released_once):
    assignment = course_in(tmp_path / "course", released_once)
    late, early = tmp_path / "late.zip", tmp_path / "early.zip"
    name = "T_ada_attempt_2026-10-{}-18-00-00_handin.zip"
    late.write_bytes(zipped({name.format(25): zipped(solved())}))
    early.write_bytes(zipped({name.format(24): zipped(wrong())}))
    collect(assignment, [late], dry_run=False)
    (row,) = collect(assignment, [early], dry_run=False).rows
    assert row.what.startswith("not taken: what is there was handed in later")
    assert (assignment.submitted("ada") / "tiny.ipynb").read_bytes() == solved()["tiny.ipynb"]


def test_a_time_stamp_in_a_hand_in_counts_for_nothing(tmp_path, released_once):
    assignment = course_in(tmp_path / "course", released_once)
    download = tmp_path / "ada.zip"
    download.write_bytes(zipped(solved() | {"timestamp.txt": b"2020-01-01 00:00 UTC"}))
    done = collect(assignment, [download], dry_run=False)
    assert not (assignment.submitted("ada") / "timestamp.txt").exists()
    assert [left.path for left in done.left] == ["ada.zip: timestamp.txt"]


def test_two_strangers_of_one_name_are_both_refused(tmp_path, released_once):
    assignment = course_in(tmp_path / "course", released_once)
    download = tmp_path / "canvas.zip"
    names = ("leewei_41_9001_a.zip", "leewei_42_9002_a.zip")
    download.write_bytes(zipped(dict.fromkeys(names, zipped(solved()))))
    done = collect(assignment, [download], dry_run=False)
    assert done.rows == []
    assert len(done.left) == 2
    assert all("roster.toml" in left.todo for left in done.left)


MONTHS = [
    ("Oct 24, 2026 612 PM", "2026-10-24 16:12:00.000000 UTC"),
    ("24 October 2026 1812", "2026-10-24 16:12:00.000000 UTC"),
    ("24 Nov 2026 1812", "2026-11-24 17:12:00.000000 UTC"),
    ("24 Oktober 2026 1812", "24 Oktober 2026 18:12"),
    ("24 oct. 2026 18 12", "24 oct. 2026 18 12"),
    ("24 octobre 2026 1812", "24 octobre 2026 18:12"),
    ("24 de octubre de 2026 612 PM", "24 de octubre de 2026 6:12 PM"),
    ("2026\u5e7410\u670824\u65e5 1812", "2026\u5e7410\u670824\u65e5 18:12"),
]


@pytest.mark.parametrize(("when", "stamp"), MONTHS)
def test_brightspace_months_are_english_and_others_refused_by_name(
    tmp_path, released_once, when, stamp
):
    assignment = course_in(tmp_path / "course", released_once)
    download = tmp_path / "brightspace.zip"
    download.write_bytes(zipped(solved(f"611-46 - 2330 Boole - {when}/")))
    done = collect(assignment, [download], dry_run=False)
    assert (assignment.submitted("2330") / "timestamp.txt").read_text() == f"{stamp}\n"
    told = [note for note in done.notes if "when it came: expected" in note]
    assert [stamp in note for note in told] == ([] if stamp.endswith("UTC") else [True])


def test_of_two_attempts_whose_times_cannot_be_read_none_is_taken(tmp_path, released_once):
    assignment = course_in(tmp_path / "course", released_once)
    download = tmp_path / "brightspace.zip"
    attempts = {"24 Oktober 2026 1812": solved, "24 Oktober 2026 1855": wrong}
    files = {}
    for when, make in attempts.items():
        files |= make(f"611-46 - 2330 Boole - {when}/")
    download.write_bytes(zipped(files))
    done = collect(assignment, [download], dry_run=False)
    assert done.rows == []
    assert all("which came last cannot be told" in left.why for left in done.left)
    assert len(done.left) == len(files)


def test_a_download_that_is_not_there_is_a_mistake_of_usage(tiny, tmp_path):
    with pytest.raises(InstructorError, match=r"^collect: .*missing\.zip: expected a downloaded"):
        collect(tiny, [tmp_path / "missing.zip"], dry_run=True)
