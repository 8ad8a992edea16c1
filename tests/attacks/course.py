"""The course that is attacked: the tiny one, with something worth stealing."""

import hashlib
from pathlib import Path

import nbformat

from autograder.course.folder import Course
from autograder.gradebook.store import make_rows
from autograder.handout.release import release
from tests import tiny_course

MARK = "marked-" + hashlib.sha256(b"never in the release").hexdigest()
"""Stands wherever a secret stands; who finds it behind the wall has found a hole."""

MYSTERY = f'''

def adder(by):
    """Return a function that adds a constant."""
    ### BEGIN SOLUTION
    return lambda x: np.asarray(x, dtype=float) + by
    ### END SOLUTION


def codec():
    """Return two functions: numbers to text, and back."""
    ### BEGIN SOLUTION
    return (lambda x: repr(x), lambda text: [float(word) for word in text[1:-1].split(",")])
    ### END SOLUTION


def mystery(x):
    """Return what only the course knows."""
    ### BEGIN SOLUTION
    return np.asarray(x, dtype=float) * 7.25193 - 0.31  # {MARK}
    ### END SOLUTION
'''

CHECK = f'''

@check
def adder(student, rng):
    """`adder` returns a function that adds a constant."""
    x = rng.standard_normal(5)
    expect_close(student.layers.adder(1.5)(x), x + 1.5)


@check
def codec(student, rng):
    """`codec` gives functions that write numbers as text, and read them."""
    x = rng.standard_normal(5).tolist()
    dump, load = student.layers.codec()
    expect_close(load(dump(x)), x)


@check
def mystery(student, reference, rng):
    """`mystery` returns what only the course knows."""
    mark = "{MARK}"
    x = rng.standard_normal(6)
    expected = reference.layers.mystery(x)
    expect_close(student.layers.mystery(x), expected)
'''

LIMITS = """
[limits]
check_seconds = 1
cell_seconds = 1
submission_seconds = 15
memory_mb = 256
disk_mb = 4
file_mb = 2
output_kb = 64
reply_mb = 8
"""


def notebook():
    made = tiny_course.notebook()
    for name, points in (("mystery", 3), ("adder", 1), ("codec", 1)):
        flags = {"grade": True, "locked": True, "points": points}
        metadata = tiny_course.cell_metadata(name, **flags)
        test = nbformat.v4.new_code_cell("assert True", id=name, metadata=metadata)
        made.cells.insert(4, test)
    return made


def write(root: Path):
    """Write the course, release it, and put secrets where courses have them."""
    tiny_course.write(root)
    library = root / "assignments" / "cs_lib" / "layers.py"
    library.write_text(library.read_text() + MYSTERY)
    folder = root / "assignments" / "tiny"
    config = folder / "assignment.toml"
    handed_out = config.read_text().replace(
        '["double", "Shift"]', '["double", "Shift", "adder", "codec", "mystery"]'
    )
    config.write_text('data = ["usps_digits"]\n' + handed_out + LIMITS)
    checks = folder / "checks.py"
    checks.write_text(checks.read_text() + CHECK)
    nbformat.write(notebook(), root / "source" / "tiny" / "tiny.ipynb")
    assignment = Course(root).assignment("tiny")
    make_rows(assignment)
    release(assignment)
    other = root / "submitted" / "alice" / "tiny" / "cs_lib"
    other.mkdir(parents=True)
    (other / "layers.py").write_text(f"# {MARK}")
    (root / "autograder.key").write_text(MARK)
    (root / "datasets").mkdir()
    (root / "datasets" / "toy.txt").write_text("1 2 3")
    return assignment


def fingerprint(root: Path) -> dict[str, str]:
    """Return a digest of every file of a folder."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
