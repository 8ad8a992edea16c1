"""The command line: what it prints, writes and exits with."""

import json
import os
import shutil
import subprocess
import sys
import types

import jsonschema
import pytest

from autograder.course.folder import Course
from autograder.errors import SandboxUnavailable
from autograder.grade import single
from autograder.handout.solved import solved_files


@pytest.fixture
def course(tmp_path, released_once, monkeypatch):
    """A released tiny course, and in it the current folder."""
    root = tmp_path / "course"
    shutil.copytree(released_once.root, root)
    monkeypatch.chdir(root)
    return Course(root)


@pytest.fixture
def solved(course, tmp_path):
    folder = tmp_path / "ada"
    for name, content in solved_files(course.assignment("tiny")).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def test_release_check_exits_1_with_a_diff_when_the_release_differs(course, run):
    assert run("release", "--all", "--check")[0] == 0
    (course.root / "release/tiny/README.md").write_text("# Another\n")
    code, out, _ = run("release", "tiny", "--check")
    assert code == 1
    assert "-# Another" in out.splitlines()
    assert run("release", "tiny")[0] == 0
    assert run("release", "tiny", "--check")[0] == 0


def test_an_untouched_release_scores_zero_and_prints_json(course, run):
    code, out, _ = run("grade", "tiny", "--submission", "release/tiny", "--json", "-")
    result = json.loads(out)
    assert code == 0
    assert result["score"] == 0
    assert {check["score"] for check in result["checks"]} == {0}


def test_the_reference_scores_full_in_every_format(course, run, solved, tmp_path):
    files = {name: tmp_path / "out" / name for name in ("json", "junit", "gradescope", "markdown")}
    options = [word for name, path in files.items() for word in (f"--{name}", path)]
    code, _, _ = run("grade", "tiny", "--submission", solved, *options, "--fail-under", 100)
    assert code == 0
    result = json.loads(files["json"].read_text())
    assert result["student"] == "ada"
    assert result["score"] == result["max_score"] == 4
    schema = json.loads(run("schema")[1])
    jsonschema.validate(result, schema)
    assert json.loads(files["gradescope"].read_text())["score"] == 4
    assert 'failures="0"' in files["junit"].read_text()
    assert "4 of 4 points" in files["markdown"].read_text()


def test_a_score_below_the_bar_exits_1(course, run):
    code, out, _ = run("grade", "tiny", "--submission", "release/tiny", "--fail-under", 50)
    assert code == 1
    assert "0 of 4 points" in out


def test_single_checks_can_be_chosen(course, run, solved):
    _, out, _ = run("grade", "tiny", "--submission", solved, "--checks", "shift", "--json", "-")
    assert [check["name"] for check in json.loads(out)["checks"]] == ["shift"]


def test_an_unreadable_submission_exits_3_and_writes_its_zero(course, run, tmp_path):
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04 not a zip")
    written = tmp_path / "result.json"
    code, _, err = run("grade", "tiny", "--submission", broken, "--json", written)
    result = json.loads(written.read_text())
    assert code == 3
    assert "broken.zip" in err
    assert result["score"] == 0
    assert result["warnings"]


def test_a_machine_without_sandbox_exits_4_and_writes_a_result(
    course, run, solved, tmp_path, monkeypatch
):
    def unavailable(*_, **__):
        raise SandboxUnavailable("sandbox: expected level A to C, got D. Enable Landlock.")

    monkeypatch.setattr(single, "Grader", unavailable)
    written = tmp_path / "result.json"
    code, _, err = run("grade", "tiny", "--submission", solved, "--json", written)
    assert code == 4
    assert "Enable Landlock" in err
    assert {check["status"] for check in json.loads(written.read_text())["checks"]} == {"skipped"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["release"], "expected an ASSIGNMENT or --all"),
        (["release", "nope"], 'expected an assignment, got "nope". There are: tiny'),
        (["grade", "tiny", "--submission", "release/tiny", "--checks", "duble"], '"duble"'),
        (
            ["grade", "tiny", "--submission", "release/tiny", "--fail-under", "120"],
            "less than or equal to 100",
        ),
        (["grade", "tiny", "--junit", "-"], "--submission"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_was_expected(course, run, arguments, message):
    code, out, err = run(*arguments)
    assert code == 2
    assert message in err
    assert out == ""


def test_a_mistake_in_a_check_exits_2_with_its_file_and_line(course, run, solved):
    checks = course.root / "assignments/tiny/checks.py"
    checks.write_text(checks.read_text().replace("x + 1.5)", "x + 1.5 + 1 / 0)"))
    code, _, err = run("grade", "tiny", "--submission", solved)
    assert code == 2
    assert "assignments/tiny/checks.py, line 17, shift: " in err
    assert "ZeroDivisionError" in err


def test_outside_a_course_the_message_says_where_to_go(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run("release", "--all")
    assert code == 2
    assert "expected a course folder with assignments/" in err


def test_a_fault_of_the_kit_exits_70(course, run, monkeypatch):
    monkeypatch.setattr("autograder.handout.release.release", lambda _: 1 / 0)
    code, _, err = run("release", "tiny")
    assert code == 70
    assert "ZeroDivisionError" in err


def test_seeds_repeat_a_run(course, run, solved):
    results = [
        json.loads(run("grade", "tiny", "--submission", solved, "--seed", 7, "--json", "-")[1])
        for _ in range(2)
    ]
    assert results[0]["score"] == results[1]["score"] == 4
    assert not (course.root / "autograder.key").exists()


def test_doctor_reports_the_level_for_people_and_programs(course, run):
    found = json.loads(run("doctor", "--json")[1])
    assert found["level"] in ("A", "B", "C", "D")
    assert f"level {found['level']}" in run("doctor")[1]


def test_profile_says_where_the_time_goes(course, run, solved):
    code, _, err = run("grade", "tiny", "--submission", solved, "--profile")
    assert code == 0
    for what in ("the zygote", "check triple", "tiny, cell 4", "in the grader", "behind the wall"):
        assert what in err
    assert "checks on notebook code: 1, of which judged after a whole run: 0" in err
    code, _, err = run("grade", "tiny", "--profile")
    assert code == 2
    assert "--profile" in err


def test_ctrl_c_while_it_starts_leaves_no_traceback(run, monkeypatch):
    class Slow(types.ModuleType):
        def __getattr__(self, name):
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "autograder.cli.app", Slow("autograder.cli.app"))
    assert run("grade", "tiny") == (130, "", "")


HEAVY = (
    "scipy",
    "sklearn",
    "matplotlib",
    "IPython",
    "nbgrader",
    "sqlalchemy",
    "distributed",
    "arrow",
)


def test_to_grade_one_submission_nothing_heavy_is_imported():
    rooms = "autograder.cli.app, autograder.grade.single, autograder.publish.outputs.files"
    code = f"import sys, {rooms}; print(*(set({HEAVY}) & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_to_grade_one_submission_no_schema_is_compiled(course, run, solved, monkeypatch):
    monkeypatch.delattr("nbformat.validator.get_validator")
    assert run("grade", "tiny", "--submission", solved)[0] == 0


@pytest.mark.parametrize(("given", "threads"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_blas_has_one_thread_unless_somebody_says_otherwise(given, threads):
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    environment = {name: value for name, value in os.environ.items() if name not in names} | given
    code = (
        "import os, sys, autograder.__main__ as entry\n"
        "assert 'numpy' not in sys.modules\n"
        "entry.spare_work()\n"
        "print(os.environ['OPENBLAS_NUM_THREADS'], os.environ['OMP_NUM_THREADS'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.split() == [threads, "1"]
