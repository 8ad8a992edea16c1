"""Three small nbgrader courses, written after the forms of real ones: nothing in them is the kit's.

Each has ``source/<assignment>/``, nbgrader's own configuration, and some submissions.
"""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.tiny_course import cell_metadata

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "course"\n'


def answer(name, source):
    """An autograded answer."""
    return new_code_cell(source, id=name, metadata=cell_metadata(name, solution=True))


def graded_test(name, source, points):
    return new_code_cell(
        source, id=name, metadata=cell_metadata(name, grade=True, locked=True, points=points)
    )


def read_only(name, source):
    return new_code_cell(source, id=name, metadata=cell_metadata(name, locked=True))


def written(name, source, points, *, code=False):
    """A manually graded answer."""
    metadata = cell_metadata(name, grade=True, solution=True, points=points)
    return (new_code_cell if code else new_markdown_cell)(source, id=name, metadata=metadata)


def task(name, source, points):
    metadata = cell_metadata(name, task=True, locked=True, points=points)
    return new_markdown_cell(source, id=name, metadata=metadata)


def book(*cells):
    return new_notebook(cells=list(cells), metadata={"kernelspec": KERNEL})


# Two notebooks, ids made by nbgrader and the same in both, whole cells as answers.

LISTS = book(
    new_markdown_cell("# Lists", id="title"),
    read_only("cell-0a11c9de22ab3311", "import math"),
    answer("cell-212d71a3e76aea58", "def largest(values):\n    return max(values)"),
    graded_test("cell-5a6f3d1e0c9b8a77", "assert largest([3, 9, 2]) == 9", 2),
    graded_test(
        "cell-77c0ffee77c0ffee",
        "assert largest([-3, -1]) == -1\n### BEGIN HIDDEN TESTS\n"
        "assert largest([4.5, 4.25]) == 4.5, 'four and a half is larger'\n### END HIDDEN TESTS",
        3,
    ),
    answer("cell-9e107d9d372bb682", "def mean(values):\n    return sum(values) / len(values)"),
    graded_test(
        "cell-e4d909c290d0fb1c",
        "points = 0\nfor values, expected in [([1, 2], 1.5), ([5], 5), ([0, 0, 3], 1)]:\n"
        "    points += math.isclose(mean(values), expected)\npoints / 2",
        1.5,
    ),
    written("cell-a87ff679a2f3e71d", "Because the middle is not the mean.", 2),
)
STRINGS = book(
    answer("cell-212d71a3e76aea58", "def shout(text):\n    return text.upper() + '!'"),
    graded_test("cell-5a6f3d1e0c9b8a77", "assert shout('a') == 'A!'", 1),
    graded_test("zero", "assert shout('') == '!'", 0),
    written("why", "", 1, code=True),
)

# A module and a data file beside the notebook, a task with a mark scheme, tests that print.

HELPER = "def load():\n    return [float(line) for line in open('heights.csv').read().split()]\n"
HEIGHTS = "1.5 1.75 2.0\n"
SAMPLES = book(
    read_only("setup", "import numpy as np\nfrom helper import load\nheights = np.array(load())"),
    answer(
        "spread",
        "def spread(x):\n    ### BEGIN SOLUTION\n    return np.std(x)\n    ### END SOLUTION",
    ),
    graded_test("test_spread", "print('spread', spread(heights))\nassert spread(heights) > 0", 2),
    graded_test(
        "test_spread_again",
        "assert spread(np.ones(3)) == 0\n### BEGIN HIDDEN TESTS\n"
        "assert abs(spread(np.arange(5.0)) - 2 ** 0.5) < 1e-9\n### END HIDDEN TESTS",
        2,
    ),
    graded_test("number", "spread(heights) if spread(heights) > 100 else np.float64(0.5)", 1),
    graded_test("text", "'0.5'", 1),
    graded_test("quiet", "0.5;", 1),
    graded_test("below", "-1", 1),
    graded_test("truth", "spread(heights) > 0", 1),
    task("discuss", "Discuss.\n\n=== BEGIN MARK SCHEME ===\nOutliers.\n=== END MARK SCHEME ===", 4),
)

# A class with two solution regions, partial credit by a helper, a cell that awaits.

QUEUE = """class Queue:
    def __init__(self):
        self.items = []

    def push(self, item):
        ### BEGIN SOLUTION
        self.items.append(item)
        ### END SOLUTION

    def pop(self):
        ### BEGIN SOLUTION
        return self.items.pop(0)
        ### END SOLUTION"""
SCORE = """def share(*trials):
    good = 0
    for trial in trials:
        try:
            good += bool(trial())
        except Exception:
            pass
    return round(4 * good / len(trials), 2)"""
QUEUES = book(
    read_only("share", SCORE),
    answer("queue", QUEUE),
    graded_test("push", "q = Queue()\nq.push(1)\nassert q.items == [1]", 1),
    graded_test("order", "q.push(2)\nshare(lambda: q.pop() == 1, lambda: q.pop() == 2)", 4),
    graded_test(
        "environment", "import os\nassert os.environ['NBGRADER_EXECUTION'] == 'autograde'", 1
    ),
    graded_test("awaits", "import asyncio\nawait asyncio.sleep(0)\nassert q.items == []", 1),
    graded_test("leaves", "raise SystemExit", 1),
)

COURSES = {
    "lists": {"lists": LISTS, "strings": STRINGS},
    "samples": {"samples": SAMPLES},
    "queues": {"queues": QUEUES},
}
BESIDE = {"samples": {"helper.py": HELPER, "heights.csv": HEIGHTS}}


def write(root):
    """Write all three as the assignments of one course, and return it."""
    (root / "nbgrader_config.py").write_text(CONFIG)
    for name, notebooks in COURSES.items():
        folder = root / "source" / name
        folder.mkdir(parents=True)
        for notebook, content in notebooks.items():
            nbformat.write(content, folder / f"{notebook}.ipynb")
        for file, text in BESIDE.get(name, {}).items():
            (folder / file).write_text(text)
    return root


def without_last_return(source):
    """A wrong answer: its last `return` gives another value."""
    before, _, value = source.rpartition("return ")
    return f"{before}return 0 * ({value.splitlines()[0]})" if before else source


def solved(root, name, student, change=lambda cell: None):
    """Hand in the instructor's own work, each answer changed by `change`."""
    folder = root / "submitted" / student / name
    folder.mkdir(parents=True)
    for path in (root / "release" / name).iterdir():
        if path.suffix != ".ipynb":
            (folder / path.name).write_bytes(path.read_bytes())
            continue
        released = nbformat.read(path, as_version=4)
        answers = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in nbformat.read(root / "source" / name / path.name, as_version=4).cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        }
        for cell in released.cells:
            own = cell.metadata.get("nbgrader", {}).get("grade_id")
            if own in answers:
                cell.source = answers[own].replace("### BEGIN SOLUTION\n", "pass\n")
                change(cell)
        nbformat.write(released, folder / path.name)
