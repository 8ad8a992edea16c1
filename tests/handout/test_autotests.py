"""AUTOTEST lines: nbgrader makes the tests, and what it ran them in ends."""

import gc
import shutil
import warnings
from pathlib import Path

import nbformat
import nbgrader
import pytest
from jupyter_client import BlockingKernelClient
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import InstantiateTests

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.handout.nbgrader_app import with_autotests
from tests.tiny_course import ROOT, cell_metadata

FILES = Path(nbgrader.__file__).parent / "tests" / "apps" / "files"


@pytest.fixture
def ended(monkeypatch):
    """What kernels were told."""
    told = []
    for name in ("shutdown", "stop_channels"):
        own = getattr(BlockingKernelClient, name)
        monkeypatch.setattr(
            BlockingKernelClient,
            name,
            lambda client, own=own, name=name: (told.append(name), own(client)),
        )
    monkeypatch.setattr(InstantiateTests, "kc", None)  # nbgrader's own, whatever other tests did
    yield told
    with warnings.catch_warnings():  # nbgrader forgets a kernel that has failed before it is gone
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def written(root, code):
    (root / "source" / "ps").mkdir(parents=True)
    metadata = cell_metadata("test", grade=True, locked=True, points=1)
    cells = [
        new_code_cell(code, id="a"),
        new_code_cell("### AUTOTEST x", id="b", metadata=metadata),
    ]
    python = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=python), root / "source" / "ps" / "ps.ipynb")
    shutil.copy(FILES / "autotests.yml", root / "source" / "ps")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return Course(root).assignment("ps")


def test_tests_are_made_and_the_kernel_ends(tmp_path, ended):
    made = with_autotests(written(tmp_path, "x = 7"), "ps")
    assert "assert" in made.cells[1].source
    assert ended == ["shutdown", "stop_channels"]


def test_lines_that_nothing_can_be_made_of_are_told_and_the_kernel_ends(tmp_path, ended):
    with pytest.raises(InstructorError) as caught:
        with_autotests(written(tmp_path, "y = 7"), "ps")
    assert str(caught.value).startswith("source/ps/ps.ipynb: expected AUTOTEST lines that nbgrader")
    assert "got: NameError: name 'x' is not defined. Run" in str(caught.value)
    assert str(caught.value).endswith("and look at autotests.yml.")
    assert ended == ["shutdown", "stop_channels"]
