"""How many attacks were tried, at which level and as whom, at the end of pytest's output."""

import os
import re
from collections import Counter

import pytest

from tests.attacks import claims

AT_EVERY_LEVEL = ("answer a shell", "run a command outside", "change a place before the first")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Leave false answers but at level A, as root, to the long run: the wire is the same in all."""
    slow = {attack.name for attack in claims.ATTACKS} - set(AT_EVERY_LEVEL)
    root = os.geteuid() == 0
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        attack = parameters.get("attack")
        here = root and parameters.get("arena") == "A"
        if attack is not None and attack.name in slow and not here:
            item.add_marker("slow")


def pytest_terminal_summary(terminalreporter):
    user = "root" if os.geteuid() == 0 else "an ordinary user"
    levels, elsewhere = Counter(), []
    for report in terminalreporter.stats.get("passed", []):
        if attack := re.search(r"test_attack\[.*level([ABC])", report.nodeid):
            levels[attack[1]] += 1
        elsewhere += re.findall(r"^attacks withstood: .*", report.capstdout, re.MULTILINE)
    for level, count in sorted(levels.items()):
        terminalreporter.write_line(f"attacks withstood: {count} at level {level}, as {user}")
    for line in elsewhere:
        terminalreporter.write_line(line)
