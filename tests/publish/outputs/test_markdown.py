import re
from html import unescape

import pytest
from markdown_it import MarkdownIt

from autograder.publish.outputs.markdown import markdown
from autograder.text import escape

render = MarkdownIt("gfm-like", {"linkify": False}).render


def test_table_has_a_row_for_each_check(result):
    html = render(markdown(result))
    assert html.count("<tr>") == 1 + len(result.checks)
    assert "1.5 / 3" in html
    assert "3.5 of 10 points" in html
    assert "why: graded by a person, worth 4" in html


def test_what_a_student_wrote_makes_no_markup(result):
    html = render(markdown(result))
    assert "<script" not in html
    assert "<a " not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; | [x](javascript:y)" in html
    assert "\x1b" not in html


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |", "*bold* _it_ ~no~ `code`", "# title", "[a](http://b.c)", "![a](b)", "<b>x</b>",
        "&lt;b&gt;", r"\*", "a_b", "__init__", "x_ _y", "_a_b_", "*_a_*", "é_è_à",
        "two\nlines", "$x^2$", "<!-- x -->",
    ],
)  # fmt: skip
def test_escaped_text_is_shown_as_it_was(text):
    shown = unescape(re.fullmatch(r"<p>(.*)</p>\n", render(escape(text)))[1])
    assert shown.replace("\u200b", "") == text.replace("\n", " ")


def test_names_of_functions_stay_readable():
    assert escape("affine_backward") == "affine_backward"


@pytest.mark.parametrize(
    "text", ["@everyone", "see https://evil.test", "www.evil.test", "a@b.test"]
)
def test_names_and_addresses_are_broken_up(text):
    assert re.search(r"@\w|://|www\.", escape(text)) is None
