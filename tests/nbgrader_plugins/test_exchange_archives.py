"""``nbgrader zip_collect``: archives from a learning platform become submissions."""

import io
import shutil
import tarfile
import zipfile

import pytest

from autograder.course.folder import Course
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.record import read_result
from autograder.intake import collect
from tests import tiny_course
from tests.nbgrader_plugins.commands import nbgrader


def files(submission, folder=""):
    """The files of a submission by path, in a folder if one is named."""
    notebooks = {f"{name}.ipynb": content for name, content in submission.notebooks.items()}
    return {folder + name: content for name, content in (submission.files | notebooks).items()}


def zipped(contents):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(contents):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def archives():
    """What lies in the folder of downloads, by path."""
    solved = files(tiny_course.solved())
    macos = {"__MACOSX/tiny/._tiny.ipynb": b"noise", "tiny/.DS_Store": b"noise"}
    return {
        "ada.zip": zipped(solved),
        "bob_12345_678_tiny_Bob_B.zip": zipped(files(tiny_course.solved(), "tiny/") | macos),
        "tiny_cyd.tar.gz": tarred(solved),
        "dan_77_assignsubmission_file_/handin.zip": zipped(files(tiny_course.solved(), "a/b/")),
        "eve_9.ipynb": solved["tiny.ipynb"],
        "mallory.zip": zipped(solved | {"../../../outside.txt": b"x", "/absolute.txt": b"x"}),
        "oscar.zip": b"PK\x03\x04 damaged",
    }


@pytest.fixture(scope="module")
def collected(tmp_path_factory, released_once):
    """The course after ``nbgrader zip_collect``, with what that logged."""
    root = tmp_path_factory.mktemp("archives") / "course"
    shutil.copytree(released_once.root, root)
    for name, content in archives().items():
        path = root / "downloaded" / "tiny" / "archive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    log = nbgrader(root, "zip_collect", "tiny")
    return Course(root).assignment("tiny"), log


def collected_files(assignment, student):
    folder = assignment.submitted(student)
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("student", ["ada", "bob", "cyd", "dan", "mallory"])
def test_a_whole_submission_is_collected_whatever_folder_it_is_in(collected, student):
    assert collected_files(collected[0], student) == files(tiny_course.solved())


def test_a_single_notebook_gets_the_name_of_the_assignments_only_one(collected):
    assert list(collected_files(collected[0], "eve")) == ["tiny.ipynb"]


def test_paths_that_lead_out_are_not_taken(collected):
    assignment, log = collected
    assert not [*assignment.course.root.parent.rglob("outside.txt")]
    assert not [*assignment.course.root.rglob("absolute.txt")]
    assert "mallory.zip: ../../../outside.txt: its path leads out of the submission" in log


def test_a_damaged_archive_is_named_and_stops_nobody(collected):
    assignment, log = collected
    assert "oscar.zip: expected a zip or tar archive, got a damaged or unknown file" in log
    assert not assignment.submitted("oscar").exists()


def test_what_was_collected_is_graded(collected):
    assignment, _ = collected
    summary = grade_course(assignment, CourseSettings(b"key", jobs=1))
    left = [item for item in summary.ignored if not item.expected]
    assert {item.path.partition(".zip")[0] for item in left if "downloaded/" in item.path} == {
        f"downloaded/tiny/archive/{name}" for name in ("mallory", "oscar")
    }
    scores = {
        path.stem: read_result(assignment, path.stem).score
        for path in assignment.results.glob("*.json")
    }
    whole = dict.fromkeys(["ada", "bob", "cyd", "dan", "mallory"], 4)
    assert scores == whole | {"eve": 1}  # of the notebook's own function


def test_an_archive_cannot_fill_the_disk(tmp_path, released_once, monkeypatch):
    monkeypatch.setattr(collect, "LARGEST_ARCHIVE", 100_000)
    root = tmp_path / "course"
    shutil.copytree(released_once.root, root)
    bomb = {f"{number}.py": bytes(40_000) for number in range(100)}
    folder = root / "downloaded" / "tiny" / "archive"
    folder.mkdir(parents=True)
    (folder / "ada.zip").write_bytes(zipped(bomb))
    log = nbgrader(root, "zip_collect", "tiny")
    assert len(collected_files(Course(root).assignment("tiny"), "ada")) == 2
    assert "ada.zip: 2.py: with it the hand-in would be larger than" in log


def test_the_instructor_says_where_the_id_stands(tmp_path, released_once):
    root = tmp_path / "course"
    shutil.copytree(released_once.root, root)
    config = root / "nbgrader_config.py"
    pattern = r"(?P<student_id>\d+) (?P<timestamp>[\d-]+)"
    own = f'\nc.SubmissionFolders.named_regexp = r"{pattern}"\n'
    config.write_text(config.read_text() + own)
    folder = root / "downloaded" / "tiny" / "archive"
    folder.mkdir(parents=True)
    (folder / "4711 2026-01-02 Ada.zip").write_bytes(zipped(files(tiny_course.solved())))
    nbgrader(root, "zip_collect", "tiny")
    taken = collected_files(Course(root).assignment("tiny"), "4711")
    assert taken.pop("timestamp.txt").decode().startswith("2026-01-02 00:00:00")
    assert taken == files(tiny_course.solved())


def test_ids_have_dots_and_a_second_attempt_stops_nobody(tmp_path, released_once):
    root = tmp_path / "course"
    shutil.copytree(released_once.root, root)
    folder = root / "downloaded" / "tiny" / "archive"
    folder.mkdir(parents=True)
    old = files(tiny_course.solved()) | {"cs_lib/layers.py": b"old"}
    for name, content in {
        "ada.lovelace.zip": files(tiny_course.solved()),
        "ada.smith.zip": files(tiny_course.solved()),
        "bob_attempt_2026-01-02_tiny.zip": old,
        "bob_attempt_2026-01-03_tiny.zip": files(tiny_course.solved()),
        "cyd_ross.zip": files(tiny_course.solved()),
        "cyd_lee.zip": old,
    }.items():
        (folder / name).write_bytes(zipped(content))
    log = nbgrader(root, "zip_collect", "tiny")
    assignment = Course(root).assignment("tiny")
    for student in ("ada.lovelace", "ada.smith", "bob"):
        assert collected_files(assignment, student) == files(tiny_course.solved())
    assert "bob_attempt_2026-01-02_tiny.zip: an earlier attempt of bob's" in log
    assert "cyd_lee.zip: cyd's by name, as cyd_ross.zip" in log
    assert sorted(path.name for path in assignment.course.submitted.iterdir()) == [
        "ada.lovelace",
        "ada.smith",
        "bob",
    ]
