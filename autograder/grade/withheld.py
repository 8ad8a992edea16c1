"""Modules of the course that a check takes away: they do what the student is to write."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.checks.handle import PACKAGE

_SOURCE = '''"""Stands where {module} is; it is not at hand in this check."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)

    def withheld(*args, **keywords):
        raise RuntimeError(
            f"{module}.{{name}} is not at hand where your own work is judged. "
            "Write it yourself, without the ready-made one."
        )

    return withheld
'''


def withheld(modules: Iterable[str]) -> dict[str, bytes]:
    """Return files that stand in for modules: imports go through, calls raise.

    Parameters
    ----------
    modules : iterable of str
        Dotted, below ``cs_lib``.
    """
    return {
        f"{PACKAGE}/{name.replace('.', '/')}.py": _SOURCE.format(
            module=f"{PACKAGE}.{name}"
        ).encode()
        for name in modules
    }
