"""The pages of `make report-full`: formulas are shown, with what lies on this machine."""

from nbformat import write
from nbformat.v4 import new_markdown_cell, new_notebook
from playwright.sync_api import expect

from tools.notebook_report import report


def test_formulas_of_a_whole_notebook_are_shown(page, tmp_path):
    folder = tmp_path / "assignment"
    folder.mkdir()
    text = r"The derivative $f'(x)$ and the mean $\bar w$: $$\dot f = \lim_{h \to 0} f'(x + h)$$"
    write(new_notebook(cells=[new_markdown_cell(text)]), folder / "notebook.ipynb")
    report(tmp_path)
    page.goto((tmp_path / "pages" / "assignment-notebook.html").as_uri())
    expect(page.locator(".MathJax")).to_have_count(3)
    assert page.locator(".MathJax_Error, .merror").count() == 0
