"""Run the visible tests of this assignment: ``python -m cs_lib.check [function ...]``.

Without a name, all tests are run and what is still to do is listed with its
points. With the name of a function or of a test, only the tests of it are run,
with what they print. A test runs on what the cells above it define, as in the
notebook; cells that it does not need are left out.

The hidden checks draw other inputs than these tests: passing here is the
beginning. A failed test is explained as they would explain it.
"""

import argparse
import difflib
import json
import os
import sys
from pathlib import Path

from .notebook_files import Unreadable
from .notebook_tests import FAILED, PASSED, TODO, Notebook

MARKS = {PASSED: "passed", FAILED: "FAILED", TODO: "to do "}


def main(arguments=None):
    """Run the tests and print what became of them.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the command line by default.

    Returns
    -------
    int
        Exit code: 0 if all tests passed, 1 if not, 2 if a name is unknown.
    """
    names = _names(arguments)
    _prepare()
    paths = _notebooks(_folder())
    if not paths:
        print(f"{_folder()}: expected notebooks here, found none. Change to the assignment.")
        return 2
    notebooks, unread = _read(paths)
    if unread:
        print("\n".join(unread))
    if not notebooks:
        return 1
    unknown = [name for name in names if not any(book.tests_of(name) for book in notebooks)]
    if unknown:
        _suggest(unknown[0], notebooks)
        return 2
    passed = _run(notebooks, names)
    return 0 if passed and not unread else 1


def _run(notebooks, names):
    """Run tests and print what became of them; return whether all passed."""
    results = [result for book in notebooks for result in book.run(names)]
    for result in results:
        _show(result, with_output=bool(names))
    if not names:
        _sum_up(results, notebooks)
    return all(result.status == PASSED for result in results)


def _names(arguments):
    parser = argparse.ArgumentParser(prog="python -m cs_lib.check", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="function", help="run only its tests")
    return parser.parse_args(arguments).names


def _prepare():
    """Let a notebook's cells run here: no windows, little training, plain text."""
    os.environ.setdefault("MPLBACKEND", "agg")
    os.environ.setdefault("CS_LIB_BUDGET", "quick")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _folder():
    """Return the assignment's folder: the current one, or the one around cs_lib."""
    here = Path.cwd()
    return here if list(here.glob("*.ipynb")) else Path(__file__).resolve().parents[2]


def _notebooks(folder):
    """Return the assignment's notebooks, in the order in which its hand-out names them."""
    manifest = Path(__file__).with_name("assignment.json")
    if not manifest.exists():  # among the course's own files
        return sorted(folder.glob("*.ipynb"))
    return [folder / name for name in json.loads(manifest.read_text("utf-8"))["notebooks"]]


def _read(paths):
    """Return the notebooks, and a sentence for each that cannot be tested."""
    notebooks, unread = [], []
    for path in paths:
        try:
            notebooks.append(Notebook.read(path))
        except Unreadable as reason:
            unread.append(str(reason))
        except FileNotFoundError:
            unread.append(f"{path.name}: expected this notebook, found none. Put it back.")
    return notebooks, unread


def _suggest(name, notebooks):
    known = sorted({word for book in notebooks for word in book.known_names()})
    close = difflib.get_close_matches(name, known, 1)
    hint = f" Did you mean {close[0]}?" if close else ""
    tests = ", ".join(test.name for book in notebooks for test in book.tests)
    print(f"{name}: expected a function that is tested, or a test.{hint}\nTests: {tests}")


def _show(result, with_output):
    test = result.test
    points = _counted(test.points, "point")
    print(f"{MARKS[result.status]}  {test.name:28s} {points:>10s}   {test.place}")
    if with_output and result.output.strip():
        print(_indented(result.output))
    for text in result.explanations:
        print(_indented(text))


def _counted(number, noun):
    return f"{number:g} {noun}{'' if number == 1 else 's'}"


def _indented(text):
    return "\n".join(f"        {line}" for line in text.strip().splitlines())


def _sum_up(results, notebooks):
    passed = [result for result in results if result.status == PASSED]
    points = sum(result.test.points for result in passed)
    total = sum(result.test.points for result in results)
    print(f"\n{len(passed)} of {len(results)} tests pass: {points:g} of {total:g} points so far.")
    left = [result for result in results if result.status == TODO]
    if left:
        missing = _counted(sum(result.test.points for result in left), "point")
        print(f"Still to do, worth {missing}: {', '.join(r.test.name for r in left)}")
    written = sum(book.written_points for book in notebooks)
    if written:
        more = _counted(written, "more point")
        print(f"Written questions are worth {more}; a person reads them.")
    print("The hidden checks use other inputs: shapes, sizes and numbers of their own.")


if __name__ == "__main__":
    sys.exit(main())
