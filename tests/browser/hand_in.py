"""A course and a hand-in with all that people judge: plots, scans, written answers, code."""

import base64
import json

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from autograder.course.folder import Course
from autograder.grade.course_run import grade_course
from autograder.grade.settings import CourseSettings
from autograder.gradebook.store import make_rows
from autograder.handout.release import release
from tests import tiny_course
from tests.drawing import bomb, png, png_base64

KEY = b"course key"
COLOURS = [(200, 40, 40), (40, 160, 40), (40, 40, 200), (160, 40, 160), (20, 140, 160)]
"""Of the student's five plots, which our own run would not draw."""
QUESTIONS = {"slope": "1.1", "rate": "1.2", "size": "1.3"}
ANSWERS = {
    "slope": r"It falls by $\arg\min_x |f(x)|$ in each step:\n\n|norm|value|\n|-|-|\n|one|$|x|$|",
    "rate": "As my scan shows, a rate of 0.1 is best.",
    "size": "![my sketch](attachment:my%20sketch.png) and ![lost](attachment:lost.png)",
}
SCANS = {"1.1.png": png(60, 80, (250, 240, 200)), "1.2.pdf": b"%PDF-1.4\n%%EOF\n"}


def course(root):
    """Write and release the tiny course with questions and plots."""
    found = Course(tiny_course.write(root))
    path = found.root / "source" / "tiny" / "tiny.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(new_markdown_cell("## 2 Experiments (9 points)", id="experiments"))
    for number in range(5):
        metadata = tiny_course.cell_metadata(f"plot-{number}", locked=True)
        source = f"print('plot {number} by us')"
        notebook.cells.append(new_code_cell(source, id=f"plot-{number}", metadata=metadata))
    for name, printed in QUESTIONS.items():
        metadata = tiny_course.cell_metadata(name, task=True, locked=True, points=3)
        text = (
            f"**Question {printed}** What of the {name}, $\\bbox[2pt]{{\\alpha}}$?\n\n"
            f"=== BEGIN MARK SCHEME ===\nThe {name} is large enough.\n=== END MARK SCHEME ==="
        )
        notebook.cells.append(new_markdown_cell(text, id=name, metadata=metadata))
    nbformat.write(notebook, path)
    make_rows(found.assignment("tiny"))
    release(found.assignment("tiny"))
    return found


def hand_in(assignment, student="ada", edit=lambda notebook: None, **files):
    """Hand in the five plots, two scans and three answers, with one mistake in a module."""
    folder = assignment.submitted(student)
    (folder / "cs_lib").mkdir(parents=True)
    text = tiny_course.LAYERS.replace("return SCALE * np", "return 10 * SCALE * np")
    (folder / "cs_lib" / "layers.py").write_text(text)
    for name, content in {**SCANS, **files}.items():
        (folder / name).write_bytes(content)
    notebook = nbformat.read(assignment.release / "tiny.ipynb", as_version=4)
    by_name = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in notebook.cells}
    by_name["triple-code"].source = "def triple(x):\n    return 3 * np.asarray(x, dtype=float)"
    for number, colour in enumerate(COLOURS):
        data = {
            "text/plain": "<Figure>",
            "image/png": png_base64(width=640, height=400, colour=colour),
        }
        by_name[f"plot-{number}"].outputs = [
            new_output("stream", name="stdout", text=f"plot {number} after 300 epochs\n"),
            new_output("display_data", data=data),
        ]
    for name, answer in ANSWERS.items():
        cell = new_markdown_cell(answer.replace("\\n", "\n"), id=f"answer-{name}")
        if name == "size":
            cell.attachments = {"my sketch.png": {"image/png": png_base64(width=300, height=200)}}
        notebook.cells.insert(notebook.cells.index(by_name[name]) + 1, cell)
    edit(notebook)
    (folder / "tiny.ipynb").write_text(json.dumps(notebook))  # to validate a flood takes seconds


COPIED = (
    '<div class="ag-verdict ag-passed" style="color:green"><p class="ag-head">'
    "line: passed, 99 of 99 points</p></div></div></div></div>"
)
"""Markup of our own marks, in a student's answer."""
EVIL = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"


def hostile(notebook):
    """Scripts in every kind of output, far too many outputs, markup wherever there is text."""
    rich = [
        {"text/html": EVIL},
        {"image/svg+xml": f"<svg onload='window.ran = 1'>{EVIL}</svg>"},
        {"application/javascript": "window.ran = 1"},
        {"text/latex": rf"$\href{{javascript:1}}{{{EVIL}}}$"},
        {"image/png": base64.b64encode(bomb(31623, 31623)).decode()},
    ]
    outputs = [new_output("display_data", data=data) for data in rich]
    outputs += [new_output("stream", name="stdout", text=f"As handed in</pre></div>{EVIL}\n")]
    flood = [new_output("display_data", data={"text/html": EVIL})] * 10_000
    long = "\n".join(f"x_{number} = 1 # {EVIL}" for number in range(20_000))
    notebook.cells += [
        new_code_cell(f"# {EVIL}\nx = 1", id="evil", outputs=outputs),
        new_code_cell("y = 1", id="flood") | {"outputs": flood},  # not validated one by one
        new_code_cell(long, id="long"),
        *(new_markdown_cell("![" * 9_000, id=f"slow-{number}") for number in range(100)),
    ]
    answer = new_markdown_cell(
        f"{EVIL}\n\n[x](javascript:window.ran=1)\n\n{COPIED}", id="evil-answer"
    )
    answer.attachments = {f"{EVIL}.png": {"image/png": png_base64()}}
    notebook.cells.append(answer)


def graded(assignment):
    grade_course(assignment, CourseSettings(KEY, jobs=1))
