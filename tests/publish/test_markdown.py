"""Written answers as HTML: formulas become MathML, and nothing becomes a script."""

import re
import time
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_markdown_cell

from autograder.course.folder import Course
from autograder.course.notebooks import read_notebook
from autograder.publish.formulas import LONGEST_FORMULA, formula
from autograder.publish.markdown import LONGEST_TEXT, as_html, attached
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


def shown(text, pictures=None, **options):
    return BeautifulSoup(as_html(text, pictures or {}, **options), "html.parser")


@pytest.mark.parametrize(
    "text",
    [
        "![a](attachment:my%20scan.png)",
        '<img src="attachment:my%20scan.png" alt="a" onload="alert(1)">',
        'before <IMG alt="a" src="attachment:my scan.png"/> after',
        "![a](<attachment:my scan.png>)",
        "[![a](attachment:my%20scan.png)](https://example.org)",
        "|a|\n|-|\n|![a](attachment:my%20scan.png)|",
    ],
)
def test_a_pasted_picture_is_shown(text):
    (image,) = shown(text, {"my scan.png": PNG}).find_all("img")
    assert image.attrs == {"src": PNG, "alt": "a"}


def test_a_picture_may_be_resized():
    tag = '<img src="attachment:a.png" width="300" height="50%" style="position:fixed" class="x">'
    (image,) = shown(tag, {"a.png": PNG}).find_all("img")
    assert image.attrs == {"src": PNG, "alt": "", "width": "300", "height": "50%"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("![a](attachment:b%20c.png)", "[the picture b c.png is missing]"),
        ('<img src="attachment:b.png" width="300">', "[the picture b.png is missing]"),
        ("![a](b.png)", "[the picture b.png is a file of its own, not shown here]"),
        ("![a](/b.png)", "[the picture /b.png is missing]"),
        ("![a](attachment:c.png)", "[a picture is not shown: it cannot be read as PNG]"),
        ("![a](data:image/png;base64,AAAA)", "[the picture data:image/png;base64,AAAA is missing]"),
        ("![<b>](attachment:<script>)", "[the picture <script> is missing]"),
    ],
)
def test_a_picture_that_is_not_there_is_named(text, said):
    found = {"c.png": "[a picture is not shown: it cannot be read as PNG]"}
    soup = shown(text, found)
    assert soup.find_all("img") == []
    assert soup.get_text().strip() == said


def test_a_picture_of_the_web_is_a_link():
    soup = shown("![chart](https://example.org/a.png)")
    assert soup.find_all("img") == []
    assert (soup.a["href"], soup.a.text) == ("https://example.org/a.png", "chart")


@pytest.mark.parametrize(
    ("address", "there"),
    [("a.png", True), ("scans/a%20b.png", True), ("../a.png", False), ("/a.png", False),
     ("//example.org/a.png", False), ("javascript:a.png", False), ("\\\\host\\a.png", False)],
)  # fmt: skip
def test_pictures_beside_the_page_are_shown_where_it_has_them(address, there):
    assert bool(shown(f'<img src="{address}">', beside=True).find_all("img")) is there


def test_names_are_the_same_however_a_system_writes_them():
    cell = new_markdown_cell("![a](attachment:u%CC%88.png)")
    cell.attachments = {"ü.png": {"image/png": "AAAA"}}
    assert shown(cell.source, attached(cell)).img["src"] == PNG


def test_a_formula_in_a_table_keeps_its_bars():
    soup = shown("| norm | formula |\n|---|---|\n| one | $|x|$ |\n| two | $\\|x\\|_2$ |")
    assert [len(row.find_all(["td", "th"])) for row in soup.find_all("tr")] == [2, 2, 2]
    assert [cell.math.get_text() for cell in soup.find_all("td")[1::2]] == ["|x|", "‖x‖2"]


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\arg\min_x f(x)", "arg minxf(x)"),
        (r"\arg \max_x f", "arg maxxf"),
        (r"\arg z", "argz"),
        (r"a \notag", "a"),
        (r"\bigl\|x\bigr\|", "‖x‖"),
        (r"\Bigl\{x\Bigr\}", "{x}"),
        (r"\biggl\langle x, \bigl(y\bigr) \biggr\rangle", "⟨x,(y)⟩"),
        (r"\begin{gather} a \\ b \end{gather}", "ab"),
        (r"\begin{alignat*}{2} a &= b \\ c &= d \end{alignat*}", "a=bc=d"),
        (r"\begin{align} a &= b \nonumber \\ c &= d \label{eq:1} \end{align}", "a=bc=d"),
    ],
)
def test_numbers_of_equations_and_operators(tex, text):
    found = BeautifulSoup(formula(tex, "block"), "html.parser")
    assert found.math is not None
    assert found.get_text() == text


def test_a_limit_stands_below_its_operator():
    assert "<munder>" in formula(r"\arg\min_x f", "block")


def test_a_formula_in_an_attribute_stays_what_was_typed():
    soup = shown(
        '[a](b.pdf "$x$\\" onclick=alert(1)") <span title="$<b>$">c</span> ![$y$](https://a.b)'
    )
    assert soup.find_all("math") == []
    assert soup.a["title"].startswith("$x$")
    assert {name for tag in soup.find_all(True) for name in tag.attrs} <= {
        "href", "title", "rel", "target",
    }  # fmt: skip


def test_text_and_formulas_go_through_the_cleaner_together():
    soup = shown("The loss is $x+1$ per row. <b>Bold</b> <script>alert(1)</script>")
    assert soup.get_text().strip() == "The loss is x+1 per row. Bold <script>alert(1)</script>"
    assert (soup.math.get_text(), soup.b.text, soup.script) == ("x+1", "Bold", None)


@pytest.mark.parametrize(
    "text",
    [
        '<div class="panel panel-primary nbgrader_cell">2 of 2 points</div>',
        '<div style="position:fixed;top:0" id="x">full marks</div>',
        "<form><input><button>Full credit</button></form>",
        "<iframe src=//example.org></iframe><object data=x></object><style>*{color:red}</style>",
        "</div></div></section><h1>All points",
    ],
)
def test_no_markup_leaves_its_place_or_looks_like_the_page(text):
    soup = BeautifulSoup(f"<main>{as_html(text)}</main><footer></footer>", "html.parser")
    assert {name for tag in soup.find_all(True) for name in tag.attrs} == set()
    assert [tag.name for tag in soup.find_all(recursive=False)] == ["main", "footer"]
    assert not soup.find_all(["form", "input", "button", "iframe", "object", "style"])


def test_of_a_comment_no_markup_counts_but_formulas_do():
    soup = shown("And <b>classification</b>? See $x_1$", markup=False)
    assert soup.get_text().strip() == "And <b>classification</b>? See x1"


OPENERS = [
    r"\begin{a}", "$$", "[", "**", "`", "<", "![", "$a ", "> ", "- ", "a``", "*a_b ", "[a](",
    "<!--", "|a|b|\n|-|-|\n", "a\n",
]  # fmt: skip


@pytest.mark.parametrize("opener", OPENERS)
def test_a_text_that_is_hard_to_read_does_not_hang(opener):
    start = time.process_time()
    page(opener * (LONGEST_TEXT // len(opener)))
    assert time.process_time() - start < 10


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
