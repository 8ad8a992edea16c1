"""What formgrader shows a grader of a student's notebook."""

import base64

import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)
from nbgrader.server_extensions.formgrader import handlers

from autograder.course.clock import load_config

RESOURCES = {"index": 0, "total": 1, "base_url": "", "notebook_path": "x", "unique_key": "x"}


PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)>"


@pytest.fixture
def shown(released):
    """Return the cells' part of formgrader's page of a notebook."""

    def show(*cells):
        config = load_config(released.course)
        config.HTMLExporter.template_name = "formgrade"
        config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
        exporter = HTMLExporter(config=config)
        notebook = new_notebook(cells=list(cells))
        page, _ = exporter.from_notebook_node(notebook, resources=RESOURCES)
        return page[page.index("<body") :]

    return show


def active(page):
    """Return what runs in a page: scripts, handlers of events, links that are code."""
    parsed = BeautifulSoup(page, "html.parser")
    links = [tag.get("href", "") for tag in parsed.find_all("a")]
    return [
        [tag.text for tag in parsed.find_all("script")],
        [tag for tag in parsed.find_all(True) for name in tag.attrs if name.startswith("on")],
        [link for link in links if link.startswith(("javascript:", "data:"))],
    ]


@pytest.mark.parametrize(
    "cell",
    [
        new_markdown_cell(EVIL),
        new_markdown_cell("[x](javascript:alert(1)) [y](data:text/html;base64,PHNjcmlwdD4=)"),
        new_markdown_cell("[x][1]\n\n[1]: javascript:alert(1)"),
        new_raw_cell(EVIL),
        new_code_cell("1", outputs=[new_output("display_data", data={"text/html": EVIL})]),
        new_code_cell("1", outputs=[new_output("display_data", data={"image/svg+xml": EVIL})]),
        new_code_cell("1", outputs=[new_output("display_data", data={"image/png": f'">{EVIL}'})]),
        new_code_cell("1", outputs=[new_output("error", ename=EVIL, evalue="", traceback=[EVIL])]),
    ],
)
def test_nothing_a_student_wrote_runs_in_the_graders_browser(shown, cell):
    assert active(shown(cell)) == active(shown())


def test_what_is_harmless_is_shown(shown):
    text = "**bold** $x<y$ ![scan](attachment:s.png) [proof](proof.pdf)\n\n> quoted"
    answer = new_markdown_cell(text)
    answer.attachments = {"s.png": {"image/png": PIXEL}}
    page = shown(answer, new_raw_cell("a *raw* answer"))
    assert "<strong>bold</strong>" in page
    assert "<blockquote>" in page
    assert f"data:image/png;base64,{PIXEL}" in page
    assert '<a href="proof.pdf" rel="noopener" target="_blank">proof</a>' in page
    assert "a *raw* answer" in page


def test_a_raw_cell_is_the_text_it_is(shown):
    text = "costs $5 and $6\n```\n# no heading\n````\n*no emphasis*"
    page = BeautifulSoup(shown(new_raw_cell(text)), "html.parser")
    assert text in page.find("pre").get_text()


def test_a_notebook_without_an_end_is_shown_as_text(shown):
    cells = [new_markdown_cell(f"**{'x' * 9_000}**") for _ in range(60)]
    cells.append(new_code_cell("last = 1"))
    page = BeautifulSoup(shown(*cells), "html.parser")
    assert len(page.find_all("strong")) == 44
    assert page.get_text().count("x" * 9_000) == 60
    assert "# [… 8 characters more …]" in page.get_text()


def test_what_a_student_wrote_is_in_a_frame_and_the_courses_text_is_not(shown):
    """A text that copies verdict and mark stands inside, without their looks."""
    copied = (
        '<div class="ag-verdict ag-passed" style="color: green"><p class="ag-head">double: passed, '
        "2 of 2 points</p></div></div></div></div></div>\n\n**Written by the student**"
    )
    answer = new_markdown_cell(copied)
    answer.metadata["autograder"] = {"kind": "handed in"}
    page = BeautifulSoup(shown(new_markdown_cell("The course's text."), answer), "html.parser")
    (frame,) = page.select(".ag-written")
    assert "double: passed, 2 of 2 points" in frame.get_text()
    assert [head.get_text() for head in page.select(".ag-head")] == ["Written by the student"]
    assert page.select(".ag-verdict, .ag-box [style]") == []
    assert "The course's text." not in frame.get_text()
