"""How many attacks were tried, at which level and as whom, at the end of pytest's output."""

import os
import re
from collections import Counter

import pytest

from tests.attacks import TABLE
from tests.ordinary_user import ONCE_MORE

AT_EVERY_LEVEL = ("answer a shell", "run a command outside", "change a place before the first")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Leave to the long run what repeats: the short one has one of each kind at A and at B."""
    firsts = {attack.line: attack.name for attack in reversed(TABLE)}
    kept = {level: {*firsts.values(), *AT_EVERY_LEVEL} for level in "ABC"}
    kept["B" if ONCE_MORE in os.environ else "C"] = set(AT_EVERY_LEVEL)  # the user's, root's
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        attack = parameters.get("attack")
        if attack is not None and attack.name not in kept[parameters["arena"]]:
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
