import shutil
from functools import cache

import pytest

from autograder.course.folder import Course
from autograder.handout.release import release
from tests.tiny_course import ROOT


@pytest.fixture(scope="session")
def released_copy(tmp_path_factory):
    """Return an assignment of the repository, freshly released in a course of its own."""

    @cache
    def make(name):
        root = tmp_path_factory.mktemp(name)
        folders = ("cs_lib", "shared_checks", name)
        for folder in [*(f"assignments/{folder}" for folder in folders), f"source/{name}"]:
            ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
            shutil.copytree(ROOT / folder, root / folder, ignore=ignored)
        for file in ("requirements.txt", "requirements-torch.txt", "nbgrader_config.py"):
            shutil.copy(ROOT / file, root)
        assignment = Course(root).assignment(name)
        release(assignment)
        return assignment

    return make
