"""Which level is chosen, and what is said of the others."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.errors import SandboxUnavailable
from autograder.sandbox import Level, choose, explain, features, landlock, probe
from autograder.sandbox.plan import make_plan


@pytest.fixture(autouse=True)
def _forget():
    """Nothing found under a changed machine may stay."""
    yield
    for cached in (probe.explain, probe._problem):
        getattr(cached, "cache_clear", lambda: None)()


@pytest.fixture
def machine(monkeypatch):
    """Return a function that makes up a machine on which only some levels work."""

    def make(**problems):
        found = {Level(name): text for name, text in problems.items()}
        monkeypatch.setattr(probe, "_problem", lambda level, bubblewrap: found.get(level))
        probe.explain.cache_clear()

    return make


def test_this_machine_gives_what_it_says():
    """Whatever it is, the trial of the level has succeeded, in a process of its own."""
    choice = explain()
    plan = make_plan(choice.level, bubblewrap=choice.bubblewrap, extra=[probe.PACKAGE])
    assert probe._try(plan) == {"error": None, "holes": []}
    assert choose() is choice.level or choice.level is Level.D


def test_the_best_that_works_is_chosen(machine):
    machine(A="no namespaces.", B="no Landlock.")
    choice = explain()
    assert choice.level is Level.C
    assert choice.reasons == ("A: no namespaces.", "B: no Landlock.")
    assert choice.features == features(Level.C) == ["seccomp", "rlimits"]
    assert choose() is Level.C


def test_a_lower_level_may_be_asked_for(machine):
    machine()
    assert explain().level is Level.A
    assert [choose(level) for level in "ABC"] == ["A", "B", "C"]


def test_a_better_level_than_there_is_says_why(machine):
    machine(A="user namespaces are switched off.")
    with pytest.raises(SandboxUnavailable, match="user namespaces are switched off") as caught:
        choose(Level.A)
    assert caught.value.exit_code == 4


def test_level_d_needs_leave(machine):
    machine(A="a.", B="b.", C="no libseccomp.")
    assert explain().level is Level.D
    with pytest.raises(SandboxUnavailable, match=r"no libseccomp.*--allow-unsafe"):
        choose()
    assert choose(allow_unsafe=True) is Level.D
    machine()
    with pytest.raises(SandboxUnavailable, match="--allow-unsafe"):
        choose(Level.D)
    assert choose(Level.D, allow_unsafe=True) is Level.D
    assert choose(allow_unsafe=True) is Level.A


def test_elsewhere_than_on_linux(monkeypatch):
    monkeypatch.setattr(probe.platform, "system", lambda: "Darwin")
    probe.explain.cache_clear()
    for attempt in (choose, lambda: choose(Level.D, allow_unsafe=True)):
        with pytest.raises(SandboxUnavailable, match="expected Linux, got Darwin") as caught:
            attempt()
        assert caught.value.exit_code == 4


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSYS, "Linux 5.13"),
        (errno.EOPNOTSUPP, "lsm="),
        (errno.EPERM, "container"),
        (errno.EINVAL, "does not work"),
    ],
)
def test_what_stands_in_the_way_of_landlock(monkeypatch, number, words):
    def refuse():
        raise OSError(number, "refused")

    monkeypatch.setattr(landlock, "abi", refuse)
    assert words in landlock.why_not()
    assert words in probe._problem.__wrapped__(Level.B, False)


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setattr(probe.seccomp, "available", lambda: False)
    assert "apt install libseccomp2" in probe._problem.__wrapped__(Level.C, False)


def test_a_missing_bubblewrap_is_named(monkeypatch):
    monkeypatch.setattr(probe.namespaces, "find_bubblewrap", lambda: None)
    assert probe._problem.__wrapped__(Level.A, True) == "bubblewrap is not installed."


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0", "sysctl user.max_user_namespaces"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "AppArmor"),
    ],
)
def test_what_stands_in_the_way_of_namespaces(monkeypatch, setting, value, words):
    monkeypatch.setattr(probe, "_reads", lambda name: value if name == setting else "")
    advice = probe._advice(Level.A, "unshare: Operation not permitted")
    assert words in advice
    assert "unshare: Operation not permitted" in advice


def test_a_container_is_recognised(monkeypatch):
    monkeypatch.setattr(probe, "_in_a_container", lambda: True)
    assert "--security-opt seccomp=unconfined" in probe._advice(Level.A, "refused")


def test_a_wall_with_a_hole_is_not_taken(monkeypatch):
    monkeypatch.setattr(probe, "_try", lambda plan: {"error": None, "holes": ["network"]})
    assert "it leaks here: network" in probe._problem.__wrapped__(Level.B, False)


def test_the_trial_finds_the_holes_of_a_missing_wall():
    """The tester tested: level D's settings under the name of a better level."""
    plan = make_plan(Level.D, bubblewrap=False)
    settings = json.loads(plan.settings) | {"level": "B"}
    broken = type(plan)(Level.B, [], json.dumps(settings).encode(), ())
    assert probe._try(broken) == {
        "error": None,
        "holes": ["files", "network", "processes"] + ["signals"] * (not settings["as_root"]),
    }


def test_a_trial_that_cannot_start_is_an_error():
    plan = make_plan(Level.D, bubblewrap=False)
    for prefix, words in ((("/no/such/program",), "No such file"), (("false",), "exit status 1")):
        report = probe._try(type(plan)(Level.A, [], plan.settings, prefix))
        assert words in report["error"]


def test_a_trial_that_does_not_end_makes_no_level_less(monkeypatch):
    """A busy machine is no reason to grade with a lower wall, nor for advice on containers."""
    monkeypatch.setattr(probe, "_TRIAL_SECONDS", 0.01)
    probe._problem.cache_clear()
    probe.explain.cache_clear()
    with pytest.raises(SandboxUnavailable, match=r"level A to end within.*overloaded") as caught:
        explain()
    assert "python" not in str(caught.value)
    assert caught.value.exit_code == 4


def on_a_lesser_machine(*kinds):
    script = Path(__file__).with_name("lesser_machine.py")
    ended = subprocess.run(
        [sys.executable, "-P", script, *kinds],
        capture_output=True,
        text=True,
        env={"PATH": os.defpath, "PYTHONPATH": str(probe.PACKAGE.parent)},
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_a_container_without_namespaces_gives_level_b():
    answer = on_a_lesser_machine("namespaces")
    assert (answer["level"], answer["chosen"]) == ("B", "B")
    assert answer["reasons"][0].startswith("A: namespaces are refused")
    assert "Operation not permitted" in answer["reasons"][0]


def test_an_old_kernel_gives_level_c():
    answer = on_a_lesser_machine("landlock")
    assert (answer["level"], answer["chosen"]) == ("C", "C")
    assert all("Linux 5.13" in reason for reason in answer["reasons"])


def test_a_machine_without_filters_gives_level_d_and_is_refused():
    answer = on_a_lesser_machine("landlock", "seccomp")
    assert answer["level"] == "D"
    assert "--allow-unsafe" in answer["error"]


def test_root_without_powers_is_told_what_is_closed():
    """As in a container: root, but without the capabilities to mount and to read everything."""
    if os.geteuid() != 0:
        pytest.skip("only root has capabilities to lose")
    answer = on_a_lesser_machine("capabilities")
    if answer["level"] == "B":  # Python is open to every user here
        assert "namespaces are refused" in answer["reasons"][0]
    else:
        assert answer["level"] == "C"
        assert "chmod o+rX" in answer["reasons"][1]
