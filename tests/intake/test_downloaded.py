"""What lies in ``downloaded/`` is collected, or named by the run that grades."""

import json

import pytest

from autograder.errors import InstructorError
from autograder.grade import course_report
from autograder.grade.course_run import Summary, grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.collected import collect
from autograder.intake.downloaded import not_collected
from tests.course_run import KEY
from tests.intake.bulk import DOWNLOADS
from tests.intake.forms import solved, wrong, zipped


def lay(tiny, **contents):
    """Put files below ``downloaded/tiny/``, names with ``/`` and ``.`` given by a mapping."""
    folder = tiny.course.root / "downloaded" / "tiny"
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder / "archive"


def named(tiny):
    return {left.path.removeprefix("downloaded/"): left for left in not_collected(tiny)}


def test_without_downloads_there_is_nothing_to_name(tiny):
    assert not_collected(tiny) == []


def test_what_nobody_has_collected_is_named(tiny):
    archive = lay(tiny, **{"archive/ada.zip": zipped(solved()), "archive/sub/bob.zip": b"PK"})
    (archive / "link.zip").symlink_to(archive / "ada.zip")
    found = named(tiny)
    assert set(found) == {f"tiny/archive/{name}" for name in ("ada.zip", "sub/bob.zip", "link.zip")}
    assert "autograder collect tiny downloaded/tiny/archive" in str(found["tiny/archive/ada.zip"])
    collect(tiny, [archive / "ada.zip"], dry_run=True)
    assert "tiny/archive/ada.zip" in named(tiny)
    collect(tiny, [archive / "ada.zip"], dry_run=False)
    assert set(named(tiny)) == {"tiny/archive/sub/bob.zip", "tiny/archive/link.zip"}


def test_what_a_collecting_run_had_to_leave_is_named_again(tiny):
    archives = {f"archive/eve_{name}.zip": zipped({f"{name}.ipynb": b"{}"}) for name in ("a", "b")}
    archive = lay(tiny, **archives, **{"archive/notes.txt": b"mine"})
    collect(tiny, [archive], dry_run=False)
    found = named(tiny)
    assert set(found) == {
        f"tiny/archive/{name}" for name in ("eve_a.zip", "eve_b.zip", "notes.txt")
    }
    assert "which came last cannot be told" in found["tiny/archive/eve_a.zip"].why
    collect(tiny, [archive / "eve_a.zip"], dry_run=False)  # as the message says
    assert set(named(tiny)) == {"tiny/archive/eve_b.zip", "tiny/archive/notes.txt"}


@pytest.mark.parametrize("name", DOWNLOADS)
def test_of_a_platforms_download_people_read_one_line_and_json_has_each(tiny, name):
    archive = lay(tiny, **{f"archive/{name}": zipped(DOWNLOADS[name])})
    told = [left for left in collect(tiny, [archive], dry_run=False).left if not left.expected]
    found = not_collected(tiny)
    inside = [left for left in found if ": " in left.path]
    assert [left.path for left in inside] == [f"downloaded/tiny/archive/{one.path}" for one in told]
    assert len([left for left in found if not left.expected]) == min(len(told), 1)


def test_what_lies_where_nobody_looks_is_named(tiny):
    lay(tiny, **{"canvas.zip": b"PK", "../moodle.zip": b"PK", "../tinny/archive/ada.zip": b"PK"})
    found = named(tiny)
    assert set(found) == {"tiny/canvas.zip", "moodle.zip", "tinny"}
    assert "not in downloaded/tiny/archive/" in found["moodle.zip"].why


@pytest.mark.parametrize("record", ["", "[]", '{"a": [{"colour": 1}]}', '{"a": 1}'])
def test_a_record_that_is_garbled_counts_for_nothing(tiny, record):
    lay(tiny, **{"archive/ada.zip": zipped(solved()), "collected.json": record.encode()})
    assert list(named(tiny)) == ["tiny/archive/ada.zip"]


def test_the_run_that_grades_tells_it(released):
    archive = lay(
        released, **{"archive/ada.zip": zipped(solved()), "archive/bob.zip": zipped(wrong())}
    )
    with pytest.raises(InstructorError, match=r"downloaded/tiny/archive/ada\.zip: a download that"):
        grade_course(released, CourseSettings(KEY, jobs=1))
    collect(released, [archive / "ada.zip"], dry_run=False)
    summary: Summary = grade_course(released, CourseSettings(KEY, jobs=1))
    assert [result.student for result in summary.results] == ["ada"]
    (line,) = course_report.lines(summary)
    assert line.startswith("not graded: downloaded/tiny/archive/bob.zip: a download that is not")
    assert "1 files or folders not graded" in course_report.counts(summary)
    ignored = json.loads(course_report.as_json("tiny", summary))["ignored"]
    assert [one["path"] for one in ignored] == ["downloaded/tiny/archive/bob.zip"]
