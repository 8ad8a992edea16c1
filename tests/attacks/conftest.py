"""How many attacks were tried, at which level and as whom, at the end of pytest's output."""

import os
import re
from collections import Counter


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
