"""The commands of docs/instructor.md and docs/student.md run, block by block."""

import csv
import os
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.course.clock import load_config
from autograder.course.folder import Course
from autograder.gradebook.record import read_result
from autograder.gradebook.store import open_gradebook
from autograder.handout.solved import solved_files
from autograder.nbgrader_plugins.late import LatePolicy
from tests.kit import student_folder
from tests.tiny_course import ROOT

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXCHANGE = "/srv/nbgrader/exchange"


def blocks(page):
    return BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))


def run(folder, commands):
    """Run shell commands in a folder; the first that fails ends them."""
    scratch = folder.parent
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    own = {"JUPYTER_CONFIG_DIR": str(scratch / "config"), "JUPYTER_DATA_DIR": str(scratch / "data")}
    done = subprocess.run(
        ["sh", "-ec", commands],
        cwd=folder,
        env={**os.environ, **own, "PATH": path, "AUTOGRADER_KEY": "key"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout}"
    return done.stdout


class Play:
    """A course that follows the page, and students who do their part in between."""

    def __init__(self, root):
        self.exchange = root / "exchange"
        self.exchange.mkdir()
        self.folder = root / "course"
        run(root, "autograder init course")
        self.assignment = None
        self.said = {}

    def follow(self, page):
        for block in blocks(page):
            if "nbgrader collect" in block:
                self.hand_in_by_exchange("cyd")
            if "autograder collect" in block:
                self.hand_in_by_platform("ada")
            if "autograder regrade" in block:
                self.mend_a_check()
            self.said[block] = run(self.folder, block.replace(EXCHANGE, str(self.exchange)))
            if self.assignment is None:
                self.assignment = Course(self.folder).assignment("first_steps")

    def hand_in_by_exchange(self, student):
        home = self.folder.parent / student
        home.mkdir()
        (home / "nbgrader_config.py").write_text(
            "c = get_config()\nc.CourseDirectory.course_id = 'course'\n"
            f"c.Exchange.root = {str(self.exchange)!r}\n"
        )
        run(home, f"nbgrader fetch_assignment first_steps --student {student}")
        run(home, f"nbgrader submit first_steps --student {student}")

    def hand_in_by_platform(self, student):
        folder = self.folder / "downloaded" / "first_steps" / "archive"
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / f"{student}_4711_handin.zip", "w") as archive:
            for name, content in solved_files(self.assignment).items():
                archive.writestr(name, content)

    def mend_a_check(self):
        text = self.assignment.checks.read_text()
        line = "    expect_close(notebook.line(x, slope, intercept), slope * x + intercept)\n"
        assert line in text
        self.assignment.checks.write_text(text.replace(line, ""))


@pytest.fixture(scope="module")
def play(tmp_path_factory):
    play = Play(tmp_path_factory.mktemp("instructor"))
    play.follow("instructor.md")
    return play


def test_an_untouched_release_scores_nothing(play):
    (said,) = (text for block, text in play.said.items() if "--submission" in block)
    assert "first_steps: 0 of 3 points" in said


SCORES = {"ada": 3, "bob": 3, "cyd": 1}
"""Bob is in ada's group; the mended check gives cyd, who wrote nothing, a point."""


def test_everybodys_work_is_graded(play):
    scores = {
        path.stem: read_result(play.assignment, path.stem).score
        for path in play.assignment.results.glob("*.json")
    }
    assert scores == SCORES


def test_a_regrade_says_what_changes_for_whom(play):
    (said,) = (text for block, text in play.said.items() if "autograder regrade" in block)
    assert said.count("line: 0 → 1") == 2  # before and with --apply
    assert "1 would change; --apply changes them, 2 stay as they are." in said
    assert "1 changed, 2 stay as they are." in said


def test_the_grades_are_exported(play):
    with (play.folder / "grades.csv").open() as file:
        exported = {row["student_id"]: float(row["raw_score"]) for row in csv.DictReader(file)}
    assert exported == SCORES
    with (play.folder / "first_steps.csv").open(encoding="utf-8-sig") as file:
        exported = {row["student"]: float(row["total"]) for row in csv.DictReader(file)}
    assert exported == SCORES
    text = (play.folder / "reports" / "first_steps-canvas.csv").read_text(encoding="utf-8-sig")
    assert '"Lovelace, Ada",1815,,ada,,3' in text


def test_the_policy_of_the_page_is_in_force(play):
    policy = load_config(play.assignment.course).LatePolicy
    assert set(policy) == set(LatePolicy.class_trait_names(config=True))
    with open_gradebook(play.assignment.course) as gradebook:
        submission = gradebook.find_submission("first_steps", "cyd")
        assert submission.extension == timedelta(hours=48)
        assert submission.duedate == datetime(2036, 10, 26, 18)


def test_feedback_reaches_the_exchange(play):
    home = play.folder.parent / "cyd"
    run(home, "nbgrader fetch_feedback first_steps --student cyd")
    (page,) = (home / "first_steps" / "feedback").rglob("*.html")
    assert "still to do: mean_squared_error" in page.read_text()


def test_a_student_checks_and_hands_in(play, tmp_path):
    home = tmp_path / "first_steps"
    shutil.copytree(play.assignment.release, home)
    for name, content in solved_files(play.assignment).items():
        if not (home / name).exists() or name.endswith(("first_steps.py", ".ipynb")):
            (home / name).write_bytes(content)
    student_folder.edit(home / "first_steps.ipynb", "Name: ", "Name: Ada Lovelace")
    _, check, handin = blocks("student.md")
    assert "2 of 2 tests pass: 3 of 3 points so far." in run(home, check)
    assert "Hand in this file." in run(home, handin.replace("handin ", "handin --no-export "))
    assert (home / "first_steps_Ada_Lovelace.zip").exists()
