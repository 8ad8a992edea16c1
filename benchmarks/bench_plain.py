"""CPU of grading plain nbgrader courses: the kit's, nbgrader's, and that of the cells alone.

    python benchmarks/bench_plain.py [--students 1 10]

nbgrader's quickstart and three small courses, handed in by classes of these sizes, all right. How
long the cells themselves take, in a bare interpreter that runs one after the other, is the same
for both. What is above that is overhead: for nbgrader kernels and a database, for the kit start-up
and the wall. Start-up counts in full; from the smallest and the largest class follows what it is,
and what one more student costs.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import nbgrader

from tests.plain import courses

QUICKSTART = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide" / "source"
CLASSES = (10, 30, 100, 300)
BARE = """
import ast, asyncio, inspect, os, sys, nbformat
os.environ["NBGRADER_EXECUTION"] = "autograde"
sys.path.insert(0, "")
books = {path: nbformat.read(path, as_version=4) for path in sys.argv[1:]}
ready = sum(os.times()[:2])
for path, book in books.items():
    os.chdir(os.path.dirname(path))
    names = {"__name__": "__main__"}
    for cell in book.cells:
        if cell.cell_type == "code":
            try:
                code = compile(cell.source, path, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
                if inspect.iscoroutine(found := eval(code, names)):
                    asyncio.run(found)
            except BaseException:
                pass
print(sum(os.times()[:2]) - ready, file=sys.stderr)
"""


def cpu(*command, folder):
    """Return user and system seconds of a command and all that it started."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # alembic's, too
    environment = {**os.environ, "PATH": path}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cells_alone(paths):
    """Return the seconds of the cells of notebooks, imports of IPython not counted."""
    ended = subprocess.run(
        [sys.executable, "-c", BARE, *map(str, paths)], capture_output=True, text=True, check=True
    )
    return float(ended.stderr.strip().splitlines()[-1])


def measure(root, name, students):
    """Return the cells' seconds, nbgrader's and the kit's."""
    tool = Path(sys.executable).parent
    cpu(tool / "nbgrader", "generate_assignment", name, "--force", folder=root)
    for number in range(students):
        courses.solved(root, name, f"student{number}")
    theirs = cpu(tool / "nbgrader", "autograde", name, "--force", folder=root)
    ours = cpu(tool / "autograder", "grade", name, "--jobs", "1", "--force", folder=root)
    bare = cells_alone(sorted(root.glob(f"submitted/*/{name}/*.ipynb")))
    return bare, theirs, ours


def measure_class(students):
    """Print the seconds of each course for a class; return the totals."""
    print(f"{students} students, CPU seconds; times: of what is above the cells' own")
    print(f"{'assignment':12} {'cells':>7} {'nbgrader':>9} {'kit':>7} {'times':>7}")
    measured = []
    with tempfile.TemporaryDirectory() as scratch:
        root = courses.write(Path(scratch))
        shutil.copytree(QUICKSTART / "ps1", root / "source" / "ps1")
        for name in ("ps1", *courses.COURSES):
            measured.append(measure(root, name, students))
            show(name, *measured[-1])
    totals = tuple(map(sum, zip(*measured, strict=True)))
    show("all", *totals)
    return totals


def show(name, bare, theirs, ours):
    times = (theirs - bare) / (ours - bare)
    print(f"{name:12} {bare:7.2f} {theirs:9.2f} {ours:7.2f} {times:7.1f}", flush=True)


def show_line(few, many, totals):
    """Print what start-up costs and what one more student does, all courses together."""
    above = {n: (theirs - bare, ours - bare) for n, (bare, theirs, ours) in totals.items()}
    slopes = [(b - a) / (many - few) for a, b in zip(above[few], above[many], strict=True)]
    starts = [a - few * slope for a, slope in zip(above[few], slopes, strict=True)]
    for name, start, slope in zip(("nbgrader", "kit"), starts, slopes, strict=True):
        print(f"{name}: start-up {start:.2f} s, one more student {1000 * slope:.0f} ms")
    print(f"one more student: {slopes[0] / slopes[1]:.1f} times less; by this a class of")
    for n in CLASSES:
        theirs, ours = (start + n * slope for start, slope in zip(starts, slopes, strict=True))
        print(f"{n:7}: {theirs / ours:.1f} times")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, nargs="+", default=[1, 10])
    sizes = sorted(set(parser.parse_args().students))
    totals = {students: measure_class(students) for students in sizes}
    if len(sizes) > 1:
        show_line(sizes[0], sizes[-1], totals)


if __name__ == "__main__":
    main()
