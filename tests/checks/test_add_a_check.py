"""The examples of docs/add_a_check.md run, against the library they are about."""

import re
import shutil
import tomllib
from pathlib import Path

import nbformat
import pytest

from autograder.checks import Context, load_checks, run_check
from autograder.checks.reference import Reference
from autograder.course.folder import Course
from autograder.wall.limits import Limits
from autograder.wall.zygote import Zygote, preload_for
from tests.checks.small_course import graded_cell
from tests.extras import needs_torch

ROOT = Path(__file__).parent.parent.parent
IMPORTS = "import numpy as np\n\nfrom autograder.checks import check, expect_close\n"
TEXT = (ROOT / "docs" / "add_a_check.md").read_text()
MODULES = [
    "layers.py",
    "optim.py",
    "network.py",
    "components.py",
    "fast_layers.py",
    "trigram_net.py",
]


@pytest.fixture
def assignment(tmp_path):
    return written(tmp_path, without_torch(), MODULES)


def without_torch():
    return re.sub(r"\n## PyTorch\n.*?(?=\n## )", "", TEXT, flags=re.S)


def written(tmp_path, text, modules, settings=""):
    """Write a course whose checks are the examples of a text."""
    checks = "\n".join(re.findall(r"```python\n(.*?)```", text, re.S))
    names = re.findall(r"^def (\w+)\(", checks, re.M)
    folder = tmp_path / "assignments" / "examples"
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "assignments" / "cs_lib", tmp_path / "assignments" / "cs_lib")
    (folder / "checks.py").write_text(checks)
    tables = "".join(f'[modules."{name}"]\ntodo = ["*"]\n' for name in modules)
    (folder / "assignment.toml").write_text(f'title = "Examples"\n{settings}\n{tables}')
    notebook = nbformat.v4.new_notebook(cells=[graded_cell(name, "") for name in names])
    (tmp_path / "source" / "examples").mkdir(parents=True)
    nbformat.write(notebook, tmp_path / "source" / "examples" / "examples.ipynb")
    return Course(tmp_path).assignment("examples")


def grade(zygote, assignment, sources):
    outcomes = {}
    reference = Reference(assignment)
    names = [name.removesuffix(".py").replace("/", ".") for name in assignment.config.modules]
    modules = {f"cs_lib.{name}" for name in names}

    def lend():
        return zygote.worker(reference.sources, Limits())

    for check in load_checks(assignment):
        with zygote.worker(sources, Limits()) as worker:
            outcomes[check.name] = run_check(
                check, Context(worker, reference, modules, 3, 10, outcomes, lend)
            ).outcome
    return outcomes


def test_the_reference_passes_every_example(zygote, assignment):
    outcomes = grade(zygote, assignment, Reference(assignment).sources)
    assert len(outcomes) == 9
    wrong = {name: outcome for name, outcome in outcomes.items() if outcome.status != "passed"}
    assert not wrong


def test_a_library_of_stubs_passes_none(zygote, assignment):
    stubs = re.sub(
        rb"### BEGIN SOLUTION.*?### END SOLUTION",
        b'raise NotImplementedError("to do")',
        b"\0".join(Reference(assignment).sources.values()),
        flags=re.S,
    )
    sources = dict(zip(Reference(assignment).sources, stubs.split(b"\0"), strict=True))
    outcomes = grade(zygote, assignment, sources)
    earning = [name for name, outcome in outcomes.items() if outcome.fraction > 0]
    assert earning == ["svm_loss"]  # given, in the library: it has no solution to take away
    assert "error" not in {outcome.status for outcome in outcomes.values()}


@needs_torch
def test_the_reference_passes_the_example_of_pytorch_and_a_stub_does_not(tmp_path):
    (section,) = re.findall(r"\n## PyTorch\n.*?(?=\n## )", TEXT, re.S)
    section = section.replace("```python\n", f"```python\n{IMPORTS}", 1)
    modules = ["models/softmax.py", "torch_check.py"]
    assignment = written(tmp_path, section, modules, 'requirements = ["numpy", "torch"]')
    right = Reference(assignment).sources
    wrong = dict(right)
    path = "cs_lib/models/softmax.py"
    wrong[path] = right[path].replace(b"self.fc(", b"2 * self.fc(")
    with Zygote(allow_unsafe=True, preload=preload_for(["torch"]), start_seconds=200) as zygote:
        ours, theirs = (grade(zygote, assignment, sources) for sources in (right, wrong))
    assert ours["softmax_scores"].status == "passed"
    assert theirs["softmax_scores"].status == "failed"


def test_the_known_mistake_and_the_convention_shown_are_ours():
    text = (ROOT / "docs" / "add_a_check.md").read_text()
    ours = tomllib.loads((ROOT / "assignments/fc_nets_dropout/mistakes.toml").read_text())
    for kind, block in zip(
        ("mistake", "convention"), re.findall(r"```toml\n(.*?)```", text, re.S), strict=True
    ):
        (shown,) = tomllib.loads(block)[kind]
        assert shown in ours[kind]
