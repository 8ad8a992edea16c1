"""The log of a training run: how its lines are written, and read again."""

import math
import re

NUMBER = r"[-+]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|nan|inf)"
"""As ``0.25``, ``1e-3``; also what a diverged training prints."""
NAMES = ("Train Loss", "Val Loss", "Val Acc")


class Log:
    """Lines that go to the screen and, with a path, into a file, at once.

    Parameters
    ----------
    path : path, optional
        Written anew.
    """

    def __init__(self, path=None):
        self.lines = []
        self.file = None if path is None else open(path, "w", encoding="utf-8")  # noqa: SIM115

    def write(self, line):
        """Add a line."""
        self.lines.append(line)
        print(line, flush=True)
        if self.file is not None:
            self.file.write(line + "\n")
            self.file.flush()

    def close(self):
        """Close the file."""
        if self.file is not None:
            self.file.close()


def read_log(lines):
    """Read the losses and accuracies of a log.

    Parameters
    ----------
    lines : iterable of str
        A log, or an open file.

    Returns
    -------
    dict of str to tuple of list
        For ``'Train Loss'``, ``'Val Loss'`` and ``'Val Acc'`` the iterations at which it was
        logged, and its values; NaN and infinity stay in.
    """
    found = {name: ([], []) for name in NAMES}
    for line in lines:
        at = re.search(r"Iteration: (\d+)", line)
        for name, (iterations, values) in found.items():
            value = re.search(rf"{name}: ({NUMBER})", line)
            if value:
                iterations.append(int(at[1]) if at else len(values))
                values.append(float(value[1]))
    return found


def diverged(values):
    """Whether a training went to NaN or infinity."""
    return not all(map(math.isfinite, values))
