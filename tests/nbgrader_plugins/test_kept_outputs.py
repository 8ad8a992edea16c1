"""nbgrader's own commands show what was handed in as ours do."""

import nbformat
from bs4 import BeautifulSoup
from nbformat.v4 import new_output

from tests import tiny_course
from tests.course_run import hand_in
from tests.drawing import png_base64
from tests.nbgrader_plugins.converters import autograde, generate_feedback


def test_autograde_keeps_the_outputs_and_feedback_shows_them(released):
    submission = tiny_course.solved()
    tiny_course.insert_cell(submission, 4, "print('run by us')")
    notebook = nbformat.reads(submission.notebooks["tiny"].decode(), as_version=4)
    notebook.cells[4].outputs = [
        new_output("stream", name="stdout", text="after 300 epochs\n"),
        new_output("display_data", data={"image/png": png_base64()}),
        new_output("display_data", data={"text/html": "<script>alert(1)</script>"}),
    ]
    submission.notebooks["tiny"] = nbformat.writes(notebook).encode()
    hand_in(released, "ada", submission)
    autograde(released.course, "tiny")
    generate_feedback(released.course, "tiny")
    page = (released.course.feedback / "ada" / "tiny" / "tiny.html").read_text()
    soup = BeautifulSoup(page, "html.parser")
    part = soup.find(class_="ag-handed-in")
    assert part.find(class_="ag-head").get_text() == "As handed in, not run by the grader"
    box = part.find(class_="ag-box")
    assert box.pre.get_text() == "after 300 epochs\n"
    assert box.img["src"].startswith("data:image/png;base64,")
    assert box.find(class_="ag-note").get_text() == "[1 output is not shown: HTML]"
    assert "run by us" not in part.get_text()
    verdict = soup.find(class_="ag-verdict")
    assert verdict.find(class_="ag-head").get_text() == "double: passed, 2 of 2 points"
    assert "def double" in verdict.find(class_="ag-code").get_text()
    assert "alert(1)" not in page
