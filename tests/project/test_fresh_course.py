"""``pip install`` anywhere, ``autograder init DIR``, and a course lives without this repository."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import nbformat
import pytest

from tests.tiny_course import ROOT

SOLUTIONS = {
    'raise NotImplementedError("first_steps: implement mean_squared_error")': (
        "return float(np.mean((np.asarray(y_hat) - np.asarray(y)) ** 2))"
    ),
    'raise NotImplementedError("first_steps: implement line")': "return slope * x + intercept",
}


def run(command, folder, **environment):
    """Run a command without anything of this repository in its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


def link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


def build_wheel(folder):
    """Build the kit's wheel from a copy of its sources: what a build left behind has no say."""
    sources = folder / "sources"
    sources.mkdir()
    for name in ("pyproject.toml", "requirements.txt", "README.md"):
        shutil.copy(ROOT / name, sources)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "autograder", sources / "autograder", ignore=ignored)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(folder)]
    run([*pip, "wheel", "--quiet", *options, str(sources)], folder)
    return next(folder.glob("*.whl"))


def fresh_environment(folder):
    """Make a virtual environment with the packages that pip would fetch, but without the kit."""
    home = folder / "environment"
    venv.create(home, with_pip=False)
    own = ("autograder*", "__editable__*", "__pycache__")
    for packages in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        shutil.copytree(
            packages,
            home / Path(packages).relative_to(sys.prefix),
            ignore=shutil.ignore_patterns(*own),
            copy_function=link_or_copy,
            dirs_exist_ok=True,
        )
    shutil.copytree(Path(sys.prefix) / "share", home / "share")  # nbconvert's pages
    alembic = home / "bin" / "alembic"  # pip would make it; nbgrader starts it
    alembic.write_text(f"#!{home / 'bin' / 'python'}\nfrom alembic.config import main\nmain()\n")
    alembic.chmod(0o755)
    return home


class Course:
    """A course made by the installed kit."""

    def __init__(self, root):
        self.bin = fresh_environment(root) / "bin"
        python = str(self.bin / "python")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python]
        run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(build_wheel(root))], root)
        self.root = root
        self.folder = root / "course"
        begin = block(ROOT / "README.md", "autograder init")
        assert "pip install .  " in begin
        self.began = self.shell(begin.replace("pip install .", "autograder --version #"), root)

    def run(self, *command, folder=None):
        path = os.pathsep.join([str(self.bin), os.environ["PATH"]])
        own = {"PATH": path, "HOME": str(self.root), "AUTOGRADER_KEY": "key", "COLUMNS": "200"}
        return run(command, folder or self.folder, **own)

    def shell(self, commands, folder=None):
        return self.run("sh", "-ec", commands, folder=folder)

    def autograder(self, *arguments, folder=None):
        return self.run(str(self.bin / "autograder"), *arguments, folder=folder)

    def hand_in(self, student):
        """Let a student solve the release, and hand it in."""
        work = self.folder / "submitted" / student / "first_steps"
        shutil.copytree(self.folder / "release" / "first_steps", work)
        module = work / "cs_lib" / "first_steps.py"
        module.write_text(solved(module.read_text()))
        notebook = nbformat.read(work / "first_steps.ipynb", as_version=4)
        for cell in notebook.cells:
            cell.source = solved(cell.source)
        nbformat.write(notebook, work / "first_steps.ipynb")
        return work


def block(page, telling):
    """Return the shell block of a page that has a command."""
    found = re.findall(r"^```sh\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    (wanted,) = (text for text in found if telling in text)
    return wanted


def solved(text):
    for stub, solution in SOLUTIONS.items():
        text = text.replace(stub, solution)
    return text


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course(tmp_path_factory.mktemp("fresh"))


def test_it_is_the_installed_kit_that_runs(course):
    where = "import autograder; print(autograder.__file__)"
    said = course.run(str(course.bin / "python"), "-c", where, folder=course.root)
    assert Path(said.strip()).is_relative_to(course.root / "environment")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert course.autograder("--version") == f"autograder {project['version']}\n"


def test_an_untouched_release_scores_nothing(course):
    assert "first_steps: 0 of 3 points" in course.began


def test_the_releases_are_up_to_date(course):
    """By the line of the course's CI file."""
    line = "autograder release --all --check"
    assert f"run: {line}\n" in (course.folder / ".github/workflows/grade.yml").read_text()
    assert course.shell(line) == ""


def test_a_student_works_hands_in_and_is_told(course):
    work = course.hand_in("ada")
    python = str(course.bin / "python")
    said = course.run(python, "-m", "cs_lib.check", folder=work)
    assert "2 of 2 tests pass: 3 of 3 points so far." in said
    course.run(python, "-m", "cs_lib.handin", "--names", "Ada", "--no-export", folder=work)
    course.shell(block(course.folder / "README.md", "autograder feedback"))
    result = json.loads((course.folder / "results/first_steps/ada.json").read_text())
    assert (result["score"], result["max_score"]) == (3, 3)
    page = (course.folder / "feedback/ada/first_steps/index.html").read_text()
    assert "mean_squared_error" in page
    assert (course.folder / "reports/first_steps.html").exists()


def test_one_more_assignment_with_data(course):
    course.autograder("new", "more")
    settings = course.folder / "assignments/more/assignment.toml"
    settings.write_text(settings.read_text().replace("\n\n", '\ndata = ["usps_digits"]\n\n', 1))
    course.autograder("release", "more")
    release = course.folder / "release/more"
    assert (release / "get_datasets.sh").exists()
    said = course.run(str(course.bin / "python"), "-m", "cs_lib.datasets", "list", folder=release)
    assert said.startswith("usps_digits: ")
    assert "cifar10" not in said


def test_source_works_with_the_reference_and_its_data(course):
    """What a kernel started by ``autograder lab`` finds."""
    code = (
        "from cs_lib.first_steps import mean_squared_error as mse; print(mse(1, 2));"
        "from cs_lib import budget; from cs_lib.datasets import find, folders;"
        "print(budget.epochs(9), folders.home_folder())"
    )
    paths = os.pathsep.join([".", str(course.folder / "assignments")])
    source = course.folder / "source/first_steps"
    said = run([str(course.bin / "python"), "-c", code], source, PYTHONPATH=paths)
    assert said == f"1.0\n9 {course.folder / 'datasets'}\n"
