"""Who a worker is."""

import os

import pytest

from autograder.sandbox import identity
from autograder.sandbox.system import CAP_DAC_READ_SEARCH
from tests.sandbox.conftest import GUESTS


def test_a_worker_is_not_root_and_has_no_powers(walled):
    report = walled.run(
        """
import os
from autograder.sandbox import system
report["users"] = [*os.getresuid(), *os.getresgid()]
report["groups"] = os.getgroups()
"""
    )
    assert 0 not in report["users"]
    if os.geteuid() == 0:
        assert report["groups"] == []
        assert set(report["users"]) <= set(identity._UNUSED)
        assert len(set(report["users"])) == 1


def test_what_only_root_may_do_is_refused(walled):
    report = walled.run(
        """
import os, resource
report["user"] = attempt(os.setresuid, 0, 0, 0)
report["root"] = attempt(os.chroot, "/")
report["nice"] = attempt(os.nice, -1)
report["limit"] = attempt(resource.setrlimit, resource.RLIMIT_NOFILE, (4096, 4096))
"""
    )
    assert report["user"] == report["root"] == report["nice"] == "Operation not permitted"
    assert report["limit"] == "ValueError"  # Python's word for a refused higher limit


@pytest.mark.parametrize("as_root", [True, False])
def test_no_capability_is_left(monkeypatch, as_root):
    """At level D, where it can be asked; and for a root that cannot become somebody else."""
    if os.geteuid() != 0 and as_root:
        pytest.skip("an ordinary user cannot become another")
    monkeypatch.setattr(identity, "can_change", lambda: as_root)
    report = GUESTS["D"].run(
        "from autograder.sandbox import system\n"
        "report['capabilities'] = sorted(system.capabilities())"
    )
    # To read what is closed to others, where Python is.
    assert report["capabilities"] in ([], [CAP_DAC_READ_SEARCH] * as_root)


def test_workers_of_root_are_not_one_user():
    assert len({identity.pick() for _ in range(200)}) > 20
    assert all(number in identity._UNUSED for number in (identity.pick() for _ in range(50)))


def test_only_root_with_its_capabilities_can_change(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert identity.can_change() is False
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(identity, "capabilities", lambda: set())
    assert identity.can_change() is False
