"""`autograder package`: what a CI service runs, run here as the service would."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.handout.package import FILES, RUN, package, package_files
from autograder.handout.release import release
from tests import tiny_course
from tests.tiny_course import ROOT

READ_ONLY = (
    'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && cd "$1" && shift && exec "$@"'
)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    root = tiny_course.write(tmp_path_factory.mktemp("packaged") / "course")
    (root / "autograder.key").write_text("secret")
    assignment = Course(root).assignment("tiny")
    release(assignment)
    return assignment


@pytest.fixture
def submission(assignment, tmp_path):
    """The reference's module in the notebook as it was released: three of four points."""
    folder = tmp_path / "submission"
    (folder / "cs_lib").mkdir(parents=True)
    (folder / "cs_lib" / "layers.py").write_text(tiny_course.LAYERS)
    (folder / "tiny.ipynb").write_bytes((assignment.release / "tiny.ipynb").read_bytes())
    return folder


def environment(**more):
    return {**{k: v for k, v in os.environ.items() if k != "AUTOGRADER_KEY"}, **more}


def test_a_read_only_clone_of_the_package_alone_grades(assignment, submission, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can mount the package read-only")
    place = package(assignment, "docker", tmp_path / "clone")
    assert not {"gradebook.db", "roster.toml", "autograder.key"} & {p.name for p in place.iterdir()}
    result = tmp_path / "result.json"
    grade = [sys.executable, "-m", "autograder", "grade", "tiny", "--submission", submission]
    ended = subprocess.run(
        ["unshare", "-m", "sh", "-c", READ_ONLY, "sh", place, *grade, "--json", result],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "no course key" in ended.stderr
    assert json.loads(result.read_text())["score"] == 3


def test_gradescopes_zip_runs_as_gradescope_runs_it(assignment, submission, tmp_path):
    base = tmp_path / "autograder"
    with zipfile.ZipFile(package(assignment, "gradescope", tmp_path / "tiny.zip")) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        archive.extractall(base / "source")
    assert all(modes[name] & 0o111 for name in RUN)
    submission.rename(base / "submission")
    users = {"users": [{"email": "ada@example.org"}]}
    (base / "submission_metadata.json").write_text(json.dumps(users))
    results = run_autograder(base)
    assert results["score"] == 3
    assert results["extra_data"]["sandbox"] in "ABC"
    assert results["leaderboard"][0] == {"name": "points", "value": 3}

    (base / "source" / "assignments" / "tiny" / "assignment.toml").write_text("title = 1")
    assert run_autograder(base)["score"] == 0


def run_autograder(base):
    """Run the script of the zip, and return what it leaves for Gradescope."""
    results = base / "results" / "results.json"
    results.unlink(missing_ok=True)
    more = {"AUTOGRADER_BASE": str(base), "AUTOGRADER_PYTHON": sys.executable}
    ended = subprocess.run(
        ["sh", base / "source" / "run_autograder"],
        env=environment(AUTOGRADER_KEY="key", **more),
        cwd=base,
        capture_output=True,
        text=True,
        check=True,
    )
    assert results.exists(), ended.stdout + ended.stderr
    return json.loads(results.read_text())


@pytest.mark.parametrize("service", ["github", "gitlab", "docker"])
def test_students_get_the_release_and_no_secret_that_opens_answers(assignment, service):
    files = package_files(assignment, service)
    released = {p.relative_to(assignment.release).as_posix() for p in assignment.release.rglob("*")}
    given = {path.removeprefix("student/") for path in files if path.startswith("student/")}
    assert given - released <= {
        ".github/workflows/submit.yml",
        ".devcontainer/devcontainer.json",
        ".gitlab-ci.yml",
    }
    assert not any(path.endswith("autograder.key") for path in files)
    texts = [files[path].decode() for path in files if path.startswith(("student/.", "inbox/"))]
    secrets = {name for text in texts for name in re.findall(r"secrets\.(\w+)", text)}
    assert secrets <= {"INBOX_TOKEN", "STAFF_TOKEN"}
    student = "".join(files[path].decode() for path in files if path.startswith("student/."))
    assert "STAFF_TOKEN" not in student
    assert "STUDENTS_TOKEN" not in student
    assert "AUTOGRADER_KEY" not in student


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_workflows_are_yaml_with_nothing_left_to_fill_in(assignment, service):
    files = package_files(assignment, service)
    workflows = {path: files[path].decode() for path in FILES[service] if path.endswith(".yml")}
    assert len(workflows) >= 2
    for path, text in workflows.items():
        document = yaml.safe_load(text)
        assert not re.search(r"@[A-Z]+@", text), path
        if service == "github":
            assert document["permissions"] in ({}, {"contents": "read"})
            # No input of a stranger is pasted into a command.
            for job in document["jobs"].values():
                assert not any("${{" in step.get("run", "") for step in job["steps"])
    if service == "github":
        pushed = yaml.safe_load(workflows["student/.github/workflows/submit.yml"])
        assert [step["run"].split()[:3] for step in pushed["jobs"]["submit"]["steps"]] == [
            ["gh", "workflow", "run"]
        ]


@pytest.fixture
def service(tmp_path):
    """Runs a step as a service does, with stand-ins for what would reach other machines."""
    log, programs = tmp_path / "asked", tmp_path / "bin"
    programs.mkdir()
    log.write_text("")
    for name in ("gh", "curl", "git", "apt-get", "pip", "sudo"):
        (programs / name).write_text(f'#!/bin/sh\necho {name} "$@" >> {log}\n')
        (programs / name).chmod(0o755)
    (programs / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (programs / "python").chmod(0o755)

    def run(script, folder=tmp_path, **variables):
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        command = ["bash", "-ec", script]
        ended = subprocess.run(
            command, cwd=folder, env=environment(PATH=path, PYTHONPATH="", **variables),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        asked, _ = log.read_text().strip(), log.write_text("")
        return ended.returncode, asked, ended.stdout + ended.stderr

    return run


def unpacked(assignment, name, place, submission):
    """Return the staff's repository as it is when a student's is graded."""
    staff = package(assignment, name, place) / "staff"
    submission.rename(staff / "submission")
    (staff / "submission" / ".git").mkdir()
    return staff


def test_github_a_push_asks_the_inbox_which_asks_staff_who_grade(
    assignment, submission, service, tmp_path
):
    files = package_files(assignment, "github")
    workflows = [yaml.safe_load(files[path]) for path in FILES["github"] if path.endswith(".yml")]
    steps = {step["name"]: step["run"] for flow in workflows for job in flow["jobs"].values()
             for step in job["steps"] if "run" in step}  # fmt: skip
    code, asked, told = service(steps["Ask for grading"], INBOX="cs/inbox", REPOSITORY="cs/ada")
    assert (code, asked) == (0, "gh workflow run forward.yml --repo cs/inbox -f repository=cs/ada")
    known = {"STAFF": "staff/course", "STUDENTS": "cs"}
    code, asked, told = service(steps["Start grading"], REPOSITORY="cs/ada", **known)
    assert (code, asked) == (
        0,
        "gh workflow run grade.yml --repo staff/course -f repository=cs/ada",
    )
    for strange in ("csx/ada", "other/cs/ada", "cs", "$(gh)"):
        code, asked, told = service(steps["Start grading"], REPOSITORY=strange, **known)
        assert (code, asked, told.strip()) == (1, "", "expected a repository of cs")

    staff, summary = unpacked(assignment, "github", tmp_path / "github", submission), "summary.md"
    code, asked, told = service(
        steps["Grade"], staff, REPOSITORY="cs/ada", AUTOGRADER_KEY="k", GITHUB_STEP_SUMMARY=summary
    )
    assert code == 0, told
    result = json.loads((staff / "result.json").read_text())
    assert (result["student"], result["score"]) == ("ada", 3)
    assert "3" in (staff / summary).read_text()
    assert (staff / "junit.xml").exists()


@pytest.mark.slow
def test_gitlab_a_push_triggers_staff_who_grade(assignment, submission, service, tmp_path):
    files = package_files(assignment, "gitlab")
    pushed = yaml.safe_load(files["student/.gitlab-ci.yml"])["submit"]
    variables = {"INBOX_TRIGGER": "t", "CI_PROJECT_PATH": "cs/ada", "CI_API_V4_URL": "https://x/v4"}
    code, asked, told = service("\n".join(pushed["script"]), STAFF_PROJECT_ID="7", **variables)
    assert (code, asked.split()[-1]) == (0, "https://x/v4/projects/7/trigger/pipeline"), told
    assert "variables[PROJECT]=cs/ada" in asked

    grade = yaml.safe_load(files["staff/.gitlab-ci.yml"])["grade"]
    known = {"STUDENTS": "cs", "STUDENTS_TOKEN": "t", "CI_SERVER_HOST": "x", "AUTOGRADER_KEY": "k"}
    before = "\n".join(grade["before_script"])
    staff = unpacked(assignment, "gitlab", tmp_path / "gitlab", submission)
    code, asked, told = service(before, staff, PROJECT="other/ada", **known)
    assert code == 1
    assert "expected a project of cs" in told
    assert "git clone" not in asked
    code, asked, told = service(
        "\n".join([before, *grade["script"]]), staff, PROJECT="cs/ada", **known
    )
    assert code == 0, told
    assert asked.splitlines()[-1].endswith("https://oauth2:t@x/cs/ada.git submission")
    result = json.loads((staff / "result.json").read_text())
    assert (result["student"], result["score"]) == ("ada", 3)


def test_the_image_runs_as_a_user_and_proves_its_sandbox(assignment, tmp_path):
    text = package_files(assignment, "docker")["Dockerfile"].decode()
    steps = [line.split()[0] for line in text.splitlines() if re.match(r"[A-Z]+ ", line)]
    assert steps.index("USER") < steps.index("ENTRYPOINT")
    proof = re.search(r"USER 10001\nRUN (.*?)\nENTRYPOINT", text, re.DOTALL)[1]
    ended = subprocess.run(
        [
            "sh",
            "-c",
            proof.replace("/tmp/", f"{tmp_path}/").replace("python ", f"{sys.executable} "),
        ],
        cwd=ROOT,
        check=False,
    )
    assert ended.returncode == 0
    nothing = {"level": "D"}
    lie = proof.replace("python -m autograder doctor --json", f"echo '{json.dumps(nothing)}'")
    lie = lie.replace("python ", f"{sys.executable} ").replace("/tmp/", f"{tmp_path}/")
    assert (
        subprocess.run(
            ["sh", "-c", lie], cwd=ROOT, check=False, stderr=subprocess.DEVNULL
        ).returncode
        != 0
    )
    devcontainer = json.loads(
        package_files(assignment, "docker")["student/.devcontainer/devcontainer.json"]
    )
    assert devcontainer["remoteUser"] != "root"


def test_scripts_are_of_the_shell(assignment, tmp_path):
    files = package_files(assignment, "gradescope")
    for name in RUN:
        (tmp_path / name).write_bytes(files[name])
        subprocess.run(["sh", "-n", tmp_path / name], check=True)


def linted(*command, text=None):
    """Return what a linter says, nothing where all is well."""
    program = Path(sys.executable).with_name(command[0])
    if not program.exists():
        pytest.skip(f"NOT linted: {command[0]} is not installed, see requirements-dev.txt")
    ended = subprocess.run(
        [program, *command[1:]], input=text, capture_output=True, text=True, check=False
    )
    return ended.stdout + ended.stderr if ended.returncode else ""


@pytest.mark.slow
def test_a_linter_finds_nothing_in_the_dockerfile(assignment):
    text = package_files(assignment, "docker")["Dockerfile"].decode()
    assert linted("hadolint", "-", text=text) == ""
    assert "DL3002" in linted("hadolint", "-", text=text.replace("USER 10001", "USER root"))


SCHEMAS = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}


@pytest.mark.slow
@pytest.mark.parametrize("service", SCHEMAS)
def test_workflows_are_what_the_service_says_they_are(assignment, service, tmp_path):
    files = package_files(assignment, service)
    for path in (path for path in FILES[service] if path.endswith(".yml")):
        file = tmp_path / path.replace("/", "-")
        for text, ok in ((files[path], True), (files[path] + b"jobs: 1\nstages: 1\n", False)):
            file.write_bytes(text)
            told = linted("check-jsonschema", "--builtin-schema", SCHEMAS[service], str(file))
            assert (told == "") is ok, told


@pytest.mark.slow
@pytest.mark.parametrize("service", FILES)
def test_a_linter_finds_nothing_in_the_scripts(assignment, service):
    files = package_files(assignment, service)
    scripts = [files[path].decode() for path in FILES[service] if path in RUN]
    for path in (path for path in FILES[service] if path.endswith(".yml")):
        document = yaml.safe_load(files[path])
        jobs = document.get("jobs", document).values()
        jobs = [job for job in jobs if isinstance(job, dict)]
        steps = [step for job in jobs for step in job.get("steps", [])]
        scripts += [f"#!/bin/bash\n{step['run']}" for step in steps if "run" in step]
        scripts += ["#!/bin/sh\n" + "\n".join(job["script"]) for job in jobs if "script" in job]
    assert bool(scripts) is (service != "docker")
    for script in scripts:
        assert linted("shellcheck", "-", text=script) == "", script


def test_what_is_there_is_not_overwritten(assignment, tmp_path):
    with pytest.raises(InstructorError, match="expected nothing there yet"):
        package(assignment, "docker", tmp_path)
