"""``autograder init``: a course where nothing was, and nothing overwritten where something was."""

import re

import pytest
import yaml
from traitlets.config.loader import PyFileConfigLoader

from autograder.course.folder import Course
from autograder.course.roster import Roster, read_roster
from autograder.errors import InstructorError
from autograder.handout.course_folder import COURSE, init
from autograder.handout.release import release_files
from tests.project.test_ci_templates import autograder_calls
from tests.tiny_course import ROOT


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "course"
    written, kept = init(folder)
    return folder, written, kept


def test_it_says_what_it_wrote(made):
    folder, written, kept = made
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(written) == files
    assert kept == []
    assert Course(folder).assignment_names() == ["first_steps"]


def test_its_files_are_read_by_those_they_are_for(made):
    folder, _, _ = made
    assert read_roster(Course(folder)) == Roster()
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    assert config == PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    assert "autograder.nbgrader_plugins.release.AddLibrary" in (
        config.GenerateAssignment.preprocessors
    )
    workflow = folder / ".github/workflows/grade.yml"
    assert set(yaml.safe_load(workflow.read_text())["jobs"]) == {"releases", "grade"}
    assert {call[0] for call in autograder_calls(workflow)} == {"release", "doctor", "grade"}


def test_secrets_and_students_work_stay_out_of_git(made):
    ignored = (made[0] / ".gitignore").read_text().splitlines()
    for name in ("autograder.key", "submitted/", "gradebook.db", "results/", "feedback/"):
        assert f"/{name}" in ignored


def test_the_students_packages_are_pinned_as_the_kit_is_tested_with_them(made):
    first_block = (ROOT / "requirements.txt").read_text().split("\n\n")[1]
    pins = [line for line in first_block.splitlines() if not line.startswith("#")]
    own = (made[0] / "requirements.txt").read_text().splitlines()
    assert [line for line in own if not line.startswith("#")] == pins


def test_its_page_names_what_there_is(made):
    folder, _, _ = made
    page = (folder / "README.md").read_text()
    table = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    for name in table:
        path = name.replace("NAME", "first_steps").replace("STUDENT", "ada")
        if not path.startswith(("release/", "submitted/")):
            assert (folder / path).exists(), name


def test_its_releases_say_what_students_may_do_together_and_with_ai(made):
    course = Course(made[0])
    rules = course.policy.read_text()
    assert "AI" in rules
    readme = release_files(course.assignment("first_steps"))["README.md"].decode()
    assert readme.endswith("\n\n" + rules)


def test_what_is_there_is_kept(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "LICENSE").write_text("ours")
    (tmp_path / "README.md").write_text("ours")
    written, kept = init(tmp_path)
    assert kept == ["README.md"]
    assert "README.md" not in written
    assert (tmp_path / "README.md").read_text() == "ours"


def test_a_course_gets_what_it_lacks(tmp_path):
    init(tmp_path)
    (tmp_path / "assignments/cs_lib/kit/__init__.py").unlink()
    written, kept = init(tmp_path)
    assert written == ["assignments/cs_lib/kit/__init__.py"]
    assert len(kept) == len(COURSE) - 1


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("")
    with pytest.raises(InstructorError, match=r"expected an empty folder or a course, got thesis"):
        init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InstructorError, match=r"file/course.*: expected to write a course there"):
        init(tmp_path / "file" / "course")


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "course").write_text("")
    with pytest.raises(InstructorError, match="expected a folder, got a file"):
        init(tmp_path / "course")
