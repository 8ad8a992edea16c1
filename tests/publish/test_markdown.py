"""Written answers as HTML: formulas become MathML, and nothing becomes a script."""

import re
import time
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup

from autograder.course.folder import Course
from autograder.course.notebooks import read_notebook
from autograder.publish.markdown import LONGEST_FORMULA, LONGEST_TEXT, as_html, formula
from tests.tiny_course import ROOT

PNG = "data:image/png;base64,AAAA"


def page(text):
    return as_html(text, {})


def shape(html):
    """Tags and texts of a formula, as (tag, text) in the order of reading."""
    return [
        (element.tag.split("}")[1], element.text)
        for element in ElementTree.fromstring(html).iter()
        if element.text or element.tag.endswith("mfrac")
    ]


def test_a_fraction():
    assert shape(formula(r"\frac{1}{N}", "inline")) == [("mfrac", None), ("mn", "1"), ("mi", "N")]


def test_it_stands_in_the_line_or_by_itself():
    soup = BeautifulSoup(page("the sum $x_1$ of\n\n$$\nW x\n$$\n"), "html.parser")
    inline, block = soup.find_all("math")
    assert (inline["display"], block["display"]) == ("inline", "block")
    assert inline.parent.name == "p"


def test_a_formula_goes_before_what_markdown_makes_of_its_lines():
    soup = BeautifulSoup(page("$$a\n+ b\n- c$$"), "html.parser")
    assert [tag.name for tag in soup.find_all(["li", "math"])] == ["math"]


def test_an_environment_is_a_formula():
    soup = BeautifulSoup(page("\\begin{align}a &= b\\end{align}"), "html.parser")
    assert soup.math["display"] == "block"


def test_a_pasted_picture_is_shown_and_another_is_not():
    html = as_html("![a](attachment:my%20scan.png) ![b](attachment:b.png)", {"my scan.png": PNG})
    assert [img["src"] for img in BeautifulSoup(html, "html.parser").find_all("img")] == [
        PNG, "#harmful-link",
    ]  # fmt: skip


@pytest.mark.parametrize("opener", [r"\begin{a}", "$$", "[", "**", "`", "<", "![", "$a "])
def test_a_text_that_is_hard_to_read_does_not_hang(opener):
    start = time.process_time()
    page(opener * (LONGEST_TEXT // len(opener)))
    assert time.process_time() - start < 30


def test_a_text_that_is_too_long_is_shown_as_it_was_typed():
    text = "**" + "x" * LONGEST_TEXT
    assert page(text) == f"<pre>{text}</pre>"


def test_what_stands_in_code_is_no_formula():
    assert page("`$x$`") == "<p><code>$x$</code></p>\n"


HOSTILE = [
    r"\text{<script>alert(1)</script>}",
    r"\href{javascript:alert(1)}{x}",
    r"\style{background:url(http://example.org)}{a}",
    'x" onclick="alert(1)',
    r"\class{a\" onclick=\"alert(1)}{b}",
    "</math><img src=x onerror=alert(1)>",
]


@pytest.mark.parametrize("tex", HOSTILE)
def test_nothing_in_a_formula_becomes_anything_but_a_formula(tex):
    soup = BeautifulSoup(page(f"see ${tex}$ there"), "html.parser")
    assert {tag.name for tag in soup.find_all(True)} - {"p", "code"} <= MATHML
    names = {name for tag in soup.find_all(True) for name in tag.attrs}
    assert names <= {"xmlns", "display", "mathvariant", "stretchy", "fence", "form"}


MATHML = {"math", "mrow", "mi", "mo", "mn", "mtext", "msub", "msup", "mspace", "mstyle", "mpadded"}


@pytest.mark.parametrize(
    "tex", ["{" * 1500, r"\frac" * 300, "x^y^z", r"\left(", "x" * LONGEST_FORMULA + "x"]
)
def test_what_is_no_tex_is_shown_as_it_was_typed(tex):
    assert BeautifulSoup(formula(tex, "inline"), "html.parser").get_text() == f"${tex}$"


def written_formulas():
    for assignment in Course(ROOT).assignments():
        for path in assignment.notebooks:
            for cell in read_notebook(path).cells:
                if cell.cell_type == "markdown":
                    yield from re.findall(r"\$\$(.+?)\$\$|\$(\S.*?)\$", cell.source, re.DOTALL)


def test_every_formula_of_the_course_can_be_read():
    found = [block or inline for block, inline in written_formulas()]
    assert len(found) > 400
    assert [tex for tex in found if not formula(tex, "inline").startswith("<math")] == []
    texts = [BeautifulSoup(formula(tex, "inline"), "html.parser").get_text() for tex in found]
    assert [text for text in texts if "\\" in text] == []
