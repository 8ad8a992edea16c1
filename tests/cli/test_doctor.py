"""What `autograder doctor` says."""

import io
import json

import pytest
from rich.console import Console

from autograder import sandbox
from autograder.cli import doctor
from autograder.cli.doctor import diagnose, rendered
from autograder.errors import SandboxUnavailable
from autograder.sandbox import Choice, Level


@pytest.fixture
def machine(monkeypatch):
    """Return a function that makes up what the machine gives."""
    return lambda choice: monkeypatch.setattr(sandbox, "explain", lambda: choice)


def text(diagnosis):
    console = Console(file=io.StringIO(), width=200, color_system=None)
    console.print(rendered(diagnosis))
    return console.file.getvalue()


def test_this_machine():
    diagnosis = diagnose()
    assert diagnosis.level == sandbox.explain().level
    assert diagnosis.features == sandbox.features(sandbox.explain().level)
    assert json.loads(json.dumps(diagnosis.as_json())) == diagnosis.as_json()
    assert f"Sandbox level {diagnosis.level}" in text(diagnosis)


def test_reasons_are_told(machine):
    machine(Choice(Level.C, False, ("A: no namespaces here.", "B: no Landlock here.")))
    told = text(diagnose())
    assert "Not A: no namespaces here." in told
    assert "Not B: no Landlock here." in told
    assert "outer wall" not in told


def test_who_builds_the_outer_wall_is_told(machine):
    machine(Choice(Level.A, True, ()))
    assert diagnose().facts["outer wall"] == "built by bubblewrap"
    machine(Choice(Level.A, False, ()))
    assert diagnose().facts["outer wall"] == "built by the autograder itself"


def test_without_a_sandbox(monkeypatch):
    def refuse():
        raise SandboxUnavailable("sandbox: expected Linux, got Darwin.")

    monkeypatch.setattr(doctor.sandbox, "explain", refuse)
    diagnosis = diagnose()
    assert diagnosis.level is None
    assert diagnosis.features == []
    assert "hidden checks cannot run" in text(diagnosis)
    assert "expected Linux, got Darwin" in text(diagnosis)
