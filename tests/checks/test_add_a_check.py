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
from tests.checks.small_course import graded_cell

ROOT = Path(__file__).parent.parent.parent
MODULES = ["layers.py", "optim.py", "network.py", "components.py", "fast_layers.py"]


@pytest.fixture
def assignment(tmp_path):
    blocks = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "add_a_check.md").read_text(), re.S
    )
    checks = "\n".join(blocks)
    names = re.findall(r"^def (\w+)\(", checks, re.M)
    folder = tmp_path / "assignments" / "examples"
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "assignments" / "cs_lib", tmp_path / "assignments" / "cs_lib")
    (folder / "checks.py").write_text(checks)
    tables = "".join(f'[modules."{name}"]\ntodo = ["*"]\n' for name in MODULES)
    (folder / "assignment.toml").write_text(f'title = "Examples"\n{tables}')
    notebook = nbformat.v4.new_notebook(cells=[graded_cell(name, "") for name in names])
    (tmp_path / "source" / "examples").mkdir(parents=True)
    nbformat.write(notebook, tmp_path / "source" / "examples" / "examples.ipynb")
    return Course(tmp_path).assignment("examples")


def grade(zygote, assignment, sources):
    outcomes = {}
    reference = Reference(assignment)
    modules = {f"cs_lib.{name.removesuffix('.py')}" for name in MODULES}

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
    assert len(outcomes) == 8
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


def test_the_known_mistake_and_the_convention_shown_are_ours():
    text = (ROOT / "docs" / "add_a_check.md").read_text()
    ours = tomllib.loads((ROOT / "assignments/fc_nets_dropout/mistakes.toml").read_text())
    for kind, block in zip(
        ("mistake", "convention"), re.findall(r"```toml\n(.*?)```", text, re.S), strict=True
    ):
        (shown,) = tomllib.loads(block)[kind]
        assert shown in ours[kind]
