"""What a person sees who judges a hand-in, and its student later."""

import time

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from playwright.sync_api import expect

from autograder.handout.nbgrader_app import load_config
from autograder.publish.feedback import feedback
from autograder.publish.report import report
from tests.browser import hand_in
from tests.browser.conftest import PATIENCE
from tests.browser.test_formgrader import GRADING, LISTED
from tests.nbgrader_plugins.test_formgrader_pages import RESOURCES

LOOKS = [
    pytest.param("light", 1280, marks=pytest.mark.slow),
    pytest.param("light", 390, marks=pytest.mark.slow),
    pytest.param("dark", 1280, marks=pytest.mark.slow),
    ("dark", 390),  # the narrow page in the colours that go wrong first
]
PLOTS = ".ag-handed-in > .ag-box > img"
FIRST_PIXEL = """image => {
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return Array.from(context.getImageData(0, 0, 1, 1).data).slice(0, 3);
}"""
CONTRASTS = """() => {
    const channels = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(value => value / 255)
        .map(value => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const found = channels(getComputedStyle(at).backgroundColor);
            if (found.length === 3 || found[3] === 1) return found;
        }
        return matchMedia("(prefers-color-scheme: dark)").matches ? [18, 18, 18] : [255, 255, 255];
    };
    return Array.from(document.querySelectorAll(
        ".passed, .partial, .failed, .skipped, .ag-head, .ag-code span, .ag-box pre, p, li, td, a"
    )).filter(element => element.innerText?.trim() && element.checkVisibility()).map(element => {
        const [a, b] = [channels(getComputedStyle(element).color), behind(element)].map(light);
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        return [contrast, element.className, element.innerText];
    });
}"""


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    root = tmp_path_factory.mktemp("people")
    assignment = hand_in.course(root / "course").assignment("tiny")
    (root / "exchange").mkdir()
    config = assignment.course.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.Exchange.root = {str(root / 'exchange')!r}\n")
    hand_in.hand_in(assignment)
    hand_in.hand_in(assignment, "eve", hand_in.hostile)
    hand_in.graded(assignment)
    feedback(assignment)
    return assignment


@pytest.fixture(scope="module")
def server(assignment, serve):
    return serve(assignment.course.root)


@pytest.fixture
def look(browser):
    """Open a page of a size and a colour scheme; it takes nothing from the web."""
    contexts = []

    def open_page(scheme="light", width=1280):
        view = {"width": width, "height": 900}
        contexts.append(browser.new_context(viewport=view, color_scheme=scheme))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
        return page

    yield open_page
    for context in contexts:
        context.close()


def formgrader(page, server, student):
    page.goto(server.address(f"formgrader/manage_students/{student}/tiny"))
    page.wait_for_function(LISTED)
    page.locator("td.name a").click()
    page.wait_for_function(GRADING)
    page.wait_for_function("MathJax.loaded")


def see_the_students_plots(page):
    """Each of the five in a box of its own, whose frame says whose it is."""
    expect(page.locator(PLOTS)).to_have_count(5)
    colours = [tuple(image.evaluate(FIRST_PIXEL)) for image in page.locator(PLOTS).all()]
    assert colours == hand_in.COLOURS
    heads = page.locator(".ag-handed-in > .ag-head")
    assert heads.all_inner_texts() == ["As handed in, not run by the grader"] * 5
    expect(page.locator(".ag-box .ag-head, .ag-box .ag-verdict")).to_have_count(0)
    expect(page.get_by_text("plot 4 after 300 epochs")).to_be_visible()
    expect(page.get_by_text("plot 4 by us", exact=True)).to_be_hidden()


def see_the_answers(page):
    expect(page.get_by_text("a rate of 0.1 is best")).to_be_visible()
    expect(page.locator("td math")).to_have_text("|x|")
    expect(page.get_by_text("[the picture lost.png is missing]")).to_be_visible()
    expect(page.get_by_alt_text("my sketch")).to_have_js_property("naturalWidth", 300)
    frames = page.locator(".ag-written")
    expect(frames.filter(has_text="a rate of 0.1 is best")).to_have_count(1)
    expect(frames.filter(has_text="What of the")).to_have_count(0)  # the course's question


def see_the_code(page):
    """The function stands with its verdict, in colours."""
    code = page.locator(".ag-code", has_text="return 10 * SCALE")
    expect(code).to_be_visible()
    assert code.locator("span.k").first.inner_text() == "def"


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_formgrader(look, server, scheme, width):
    page = look(scheme, width)
    formgrader(page, server, "ada")
    see_the_students_plots(page)
    see_the_answers(page)
    see_the_code(page)
    expect(page.get_by_alt_text("1.1.png")).to_have_js_property("naturalWidth", 60)
    expect(page.get_by_role("link", name="1.2.pdf")).to_have_count(1)
    expect(page.locator(".ag-course-formula .MathJax").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [url for url in page.asked if not url.startswith((server.url, "data:", "about:"))] == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_feedback(look, assignment, scheme, width):
    page = look(scheme, width)
    page.goto((assignment.course.feedback / "ada" / "tiny" / "tiny.html").as_uri())
    see_the_students_plots(page)
    see_the_answers(page)
    see_the_code(page)
    for scan in hand_in.SCANS:
        told = f"Handed in beside the notebook: {scan}"
        expect(page.get_by_text(told, exact=True)).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    contrasts = page.evaluate(CONTRASTS)
    assert len(contrasts) > 50
    assert [found for found in contrasts if found[0] < 4.5] == []


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_report(look, assignment, scheme, width):
    page = look(scheme, width)
    page.goto(report(assignment).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [found for found in page.evaluate(CONTRASTS) if found[0] < 4.5] == []
    page.locator("tr", has_text="double (2)").locator("summary").first.click()
    page.get_by_role("link", name="ada").first.click()
    expect(page.get_by_role("heading", name="A tiny assignment")).to_be_visible()
    assert page.url.endswith("/feedback/ada/tiny/index.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert [found for found in page.evaluate(CONTRASTS) if found[0] < 4.5] == []


def nothing_looks_like_a_verdict(page):
    """What an answer copies of our marks stands in the frame of what students write."""
    copied = page.locator(".ag-written .ag-box", has_text="line: passed, 99 of 99 points")
    expect(copied).to_have_count(1)
    expect(page.locator(".ag-verdict, .total", has_text="99 of 99")).to_have_count(0)
    expect(page.locator(".ag-box [class^=ag-]:not(.ag-note), .ag-box [style]")).to_have_count(0)


def nothing_ran(page):
    expect(page.get_by_text("As handed in</pre></div><script>")).to_be_visible()
    expect(page.get_by_text("[10,000 outputs are not shown: HTML]")).to_be_visible()
    expect(page.get_by_text("31623 × 31623 pixels are too many")).to_be_visible()
    assert page.evaluate("window.ran") is None
    expect(page.locator("svg, iframe, .ag-box script, .ag-box [onerror]")).to_have_count(0)


def test_a_hostile_hand_in_is_text(look, server, assignment):
    page = look()
    formgrader(page, server, "eve")
    nothing_ran(page)
    nothing_looks_like_a_verdict(page)
    page.goto((assignment.course.feedback / "eve" / "tiny" / "tiny.html").as_uri())
    nothing_ran(page)
    nothing_looks_like_a_verdict(page)


def test_a_hostile_hand_in_takes_no_time_to_render(assignment):
    config = load_config(assignment.course)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    exporter, seconds = HTMLExporter(config=config), {}
    for student in ("ada", "eve"):  # the first loads templates and lexers
        path = assignment.course.autograded / student / "tiny" / "tiny.ipynb"
        begin = time.process_time()
        exporter.from_filename(path, resources=RESOURCES)
        seconds[student] = time.process_time() - begin
    begin = time.process_time()
    feedback(assignment)
    seconds["feedback of both"] = time.process_time() - begin
    assert max(seconds["eve"], seconds["feedback of both"]) < 2, seconds


def test_the_graded_notebook_says_whose_each_output_is(assignment):
    path = assignment.course.autograded / "ada" / "tiny" / "tiny.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    plot = next(cell for cell in cells if cell.id == "plot-0")
    assert [output.get("data", {}).get("text/plain") for output in plot.outputs[:2]] == [
        "── As handed in, not run by the grader: ──", "plot 0 after 300 epochs\n",
    ]  # fmt: skip
