"""IPython's own lines in the code of a cell: ``%matplotlib inline``, ``!ls``, ``%%time``."""

import ast
import re

MAGIC = re.compile(r"^(\s*)(%%?|!)\s*(\w*)(.*)$")
"""Indent, sign, name and the rest of a line that is no Python."""
AROUND = ("capture", "prun", "time", "timeit")
"""Cell magics that run the cell's code as it stands."""


def without_magics(source: str) -> str:
    """Return a cell's code with ``pass`` in the place of each line that only IPython knows.

    Of a cell in another language nothing is left.

    Parameters
    ----------
    source : str

    Returns
    -------
    str
        Of as many lines, where it is Python.
    """
    if _is_python(source):  # a line in a formula may begin with %, too
        return source
    first = MAGIC.match(source.lstrip().partition("\n")[0])
    if first and first[2] == "%%" and first[3] not in AROUND:
        return ""
    return "\n".join(_without_magic(line) for line in source.splitlines())


def _is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _without_magic(line: str) -> str:
    found = MAGIC.match(line)
    return f"{found[1]}pass" if found else line
