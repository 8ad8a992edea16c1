import base64
import time
from html.parser import HTMLParser

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes

from autograder.errors import InstructorError
from autograder.gradebook.entries import Entries
from autograder.gradebook.points import Standing
from autograder.gradebook.store import open_gradebook
from autograder.intake.marks import KEY
from autograder.publish.feedback import feedback, overview, render, written
from autograder.results import CheckResult, ManualCell, NotebookResult, Result

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def result(**changes):
    checks = [
        CheckResult(
            name="double", notebook="tiny", description="`double` returns twice its argument.",
            score=1, max_score=2, status="partial", explanations=[f"too large {EVIL}"],
            warnings=["changes its x in place"],
        ),
        CheckResult(name="other", notebook="second", score=1, max_score=1, status="passed"),
    ]  # fmt: skip
    values = {
        "assignment": "tiny", "student": "ada", "score": 2, "max_score": 3, "seconds": 0.1,
        "key": "a.b", "checks": checks,
        "notebooks": [NotebookResult(name="tiny", status="error", error=f"cell 4: {EVIL}")],
        "manual": [ManualCell(name="why", notebook="tiny", max_score=3)],
        "warnings": ["cs_lib/x.py: not in the submission."],
    }  # fmt: skip
    return Result.model_validate(values | changes)


def graded_notebook():
    why = {"nbgrader": {"grade_id": "why", "task": True, "points": 3, "locked": True}}
    test = {"nbgrader": {"grade_id": "double", "grade": True, "locked": True, "points": 2}}
    plot = new_output("display_data", data={"text/plain": "x", "image/png": PIXEL})
    return new_notebook(
        cells=[
            new_code_cell("assert double(1) == 2 # hidden 4711", metadata=test, outputs=[plot]),
            new_markdown_cell(
                f"Why **twice**? {EVIL}\n\n=== BEGIN MARK SCHEME ===\nBecause of 4711.\n"
                "=== END MARK SCHEME ===\n",
                metadata=why,
            ),
        ]
    )


def page(known=None, **changes):
    return Page(
        render(
            "A tiny assignment", result(**changes), "tiny", graded_notebook(), known or Standing()
        )
    )


def test_each_check_says_what_was_found():
    text = page().text
    assert "double double returns twice its argument. too large" in text
    assert "changes its x in place partial 1 / 2" in text
    assert "2 of 6 points so far automatic checks: 2 of 3" in text
    assert "cs_lib/x.py: not in the submission." in text


def test_checks_of_other_notebooks_are_on_their_own_page():
    assert "other" not in page().text.split()


def test_nothing_a_student_wrote_becomes_markup():
    shown = page(student=EVIL)
    assert "script" not in shown.tags
    assert shown.tags.count("img") == 1  # the plot
    assert not [name for name, _ in shown.attributes if name.startswith("on")]
    assert shown.text.count("<script>alert(1)</script>") >= 3


def test_no_script_may_run_even_so():
    assert any(
        "default-src 'none'" in value for name, value in page().attributes if name == "content"
    )


def test_mark_schemes_and_test_cells_are_not_shown():
    text = page().text
    assert "4711" not in text
    assert "MARK SCHEME" not in text


def test_plots_of_the_run_are_shown():
    assert ("src", f"data:image/png;base64,{PIXEL}") in page().attributes


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Loss over epoch.", "Loss over epoch."),
        (f'"> {EVIL}', f'"> {EVIL}'),
        ("x" * 600, "x" * 499 + "…"),
        (None, "A picture among the outputs"),
        (["a", "list"], "A picture among the outputs"),
    ],
)
def test_pictures_are_said_in_the_words_of_their_cell(said, shown):
    notebook = graded_notebook()
    notebook.cells[0].metadata["alt"] = said
    html = render("A tiny assignment", result(), "tiny", notebook, Standing())
    assert ("alt", shown) in Page(html).attributes


def test_written_questions_wait_for_their_grader():
    text = page().text
    assert "Not graded yet, of 3." in text
    assert "written questions: 0 of 3; 1 of 1 still to be graded" in text


def test_graded_answers_show_points_and_comment():
    text = page(Standing({"why": 2.5}, {"why": f"Well put. {EVIL}"})).text
    assert "2.5 of 3 points. Well put. <script>" in text
    assert "4.5 of 6 points automatic checks: 2 of 3 written questions: 2.5 of 3" in text


FILES = ["1.pdf", f"1 {EVIL}.png"]


def test_the_answer_is_shown_below_its_question():
    notebook = graded_notebook()
    notebook.cells += [
        new_markdown_cell(f"As *once* is too little. {EVIL}"),
        new_markdown_cell("[1](1.pdf)", metadata={KEY: {"kind": "beside", "files": FILES}}),
        new_code_cell("1 / 3"),
        new_markdown_cell("And twice is fun."),
        new_markdown_cell("## The next part"),
        new_markdown_cell("No answer."),
    ]
    shown = Page(
        render("Tiny", result(), "tiny", notebook, Standing(), released={"## The next part"})
    )
    assert "Why twice ?" in shown.text
    assert "As once is too little. <script>alert(1)</script>" in shown.text
    assert f"And twice is fun. Handed in beside the notebook: {', '.join(FILES)}" in shown.text
    assert "No answer." not in shown.text
    assert "script" not in shown.tags


def test_late_work_says_so():
    text = page(Standing(penalty=1.5)).text
    assert "0.5 of 6 points so far" in text
    assert "handed in late: 1.5 points less" in text


def test_what_a_person_gave_for_code_stands():
    text = page(Standing({"double": 1.75}, {"double": "Nearly."})).text
    assert "2.75 of 6 points so far automatic checks: 2.75 of 3" in text
    assert "A person gave 1.75 points; by itself the check gave 1. partial 1.75 / 2" in text
    assert "Comments on your code double Nearly." in text


def test_the_overview_counts_all_notebooks():
    known = Standing({"why": 2}, penalty=1)
    shown = Page(overview("A tiny assignment", result(student=EVIL), ["tiny", "a b"], known))
    assert "3 of 6 points" in shown.text
    assert "tiny.ipynb : 3 of 5 points The run of this notebook went wrong" in shown.text
    assert "double partial 1 / 2 why, written graded 2 / 3" in shown.text
    assert ("href", "a%20b.html") in shown.attributes
    assert "script" not in shown.tags


def test_a_notebook_that_was_not_read_has_the_reason_there():
    reason = "tiny.ipynb: expected a notebook, got an empty file."
    unread = NotebookResult(name="tiny", status="unreadable", error=reason)
    shown = Page(overview("A tiny assignment", result(notebooks=[unread]), ["tiny"], Standing()))
    assert f"tiny.ipynb : 1 of 5 points {reason} double" in shown.text
    assert "its page says where" not in shown.text


@pytest.mark.parametrize(
    "source",
    ["[x](javascript:alert(1))", "![x](javascript:alert(1))", "<javascript:alert(1)>",
     "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x]: javascript:alert(1)\n[x]"],
)  # fmt: skip
def test_links_in_answers_run_nothing(source):
    shown = Page(str(written(new_markdown_cell(source))))
    targets = [value for name, value in shown.attributes if name in ("href", "src")]
    assert not [value for value in targets if value.startswith(("javascript", "data:text"))]


def test_pasted_pictures_are_shown():
    cell = new_markdown_cell("![scan](attachment:scan.png)")
    cell.attachments = {"scan.png": {"image/png": PIXEL}}
    assert ("src", f"data:image/png;base64,{PIXEL}") in Page(str(written(cell))).attributes


def test_pages_lie_where_nbgrader_releases_them_from(released):
    course = released.course
    folder = course.autograded / "ada" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_text(writes(graded_notebook()))
    (folder / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
    released.results.mkdir(parents=True)
    (released.results / "ada.json").write_text(result().model_dump_json())
    with open_gradebook(course) as gradebook:
        Entries(gradebook, "tiny", ["ada"]).record(result(), lambda: {"tiny": graded_notebook()})
        grade = gradebook.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 2, False
        gradebook.find_comment("why", "tiny", "tiny", "ada").manual_comment = "Good."
    assert feedback(released) == ["feedback/ada/tiny/index.html"]
    text = Page((course.feedback / "ada" / "tiny" / "tiny.html").read_text()).text
    assert "2 of 3 points. Good." in text
    assert (course.feedback / "ada" / "tiny" / "timestamp.txt").exists()


def test_without_results_it_says_what_to_run(released):
    with pytest.raises(InstructorError, match=r"results/tiny: .*autograder grade tiny"):
        feedback(released)


def test_a_heading_made_to_be_slow_costs_no_time():
    notebook = new_notebook(
        cells=[
            new_markdown_cell("# " + " " * 300_000 + "x"),
            new_markdown_cell("## Part 2 ##"),
            new_code_cell("mine = 1"),
        ]
    )
    begin = time.process_time()
    shown = Page(render("Tiny", result(), "tiny", notebook, Standing()))
    assert time.process_time() - begin < 12  # it was 26 on a fast machine
    assert "under “Part 2”" in shown.text
