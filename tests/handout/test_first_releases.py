"""A release of today gives what version 0.1.0 gave, but for what was changed on purpose."""

import os
import subprocess
import sys

import pytest

from tests.handout import first_releases
from tests.tiny_course import ROOT


def test_student_files_and_notebooks_are_as_they_were_or_their_change_has_a_reason():
    before, now = first_releases.first(), first_releases.digests(ROOT / "release")
    assert len(before) > 500
    differs = {name for name, digest in before.items() if now.get(name) != digest}
    listed = first_releases.changed()
    assert sorted(differs - listed.keys()) == [], "list them with a reason in changed.toml"
    assert sorted(listed.keys() - differs) == [], "these are as they were: take them off the list"
    assert all(listed.values())


@pytest.mark.parametrize("name", first_releases.imports())
def test_what_a_hand_in_of_then_imports_is_there_today(name):
    """Notebooks and modules of then may come in at any time: grading gives them today's library."""
    lines = first_releases.imports()[name]
    assert lines
    program = "import warnings; warnings.simplefilter('ignore')\n" + "\n".join(lines)
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT / "release" / name,
        env={**os.environ, "PYTHONPATH": "", "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
