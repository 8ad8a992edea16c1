"""The page of all plots: what each notebook took, found and drew, and each notebook whole."""

import base64

from bs4 import BeautifulSoup
from nbformat import write
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.notebook_report import report

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()


def kept(folder, name, *, error=""):
    loaded = "cats_cars: 1900 training, 1000 test images; real data, from /data\nand more\n"
    plot = new_output("display_data", data={"text/plain": "x", "image/png": PIXEL})
    cells = [
        new_markdown_cell("Let $x^2$ be **it**."),
        new_code_cell("load()", outputs=[new_output("stream", name="stdout", text=loaded)]),
        new_code_cell("plot()", metadata={"alt": 'A "line" <b>'}, outputs=[plot]),
        new_code_cell("plot()", outputs=[plot]),
    ]
    run = {"cpu_seconds": 12, "error": error}
    folder.mkdir(exist_ok=True)
    write(new_notebook(cells=cells, metadata={"run": run}), folder / f"{name}.ipynb")


def test_each_notebook_has_its_time_data_plots_and_a_page(tmp_path):
    kept(tmp_path / "one", "first")
    kept(tmp_path / "two", "second", error="ValueError: <no>")
    page = BeautifulSoup(report(tmp_path).read_text(), "html.parser")
    assert [h.text for h in page.find_all("h2")] == ["one/first", "two/second"]
    assert page.text.count("12 s of processor time") == 2
    assert page.text.count("ValueError: <no>") == 1
    data = [line.text for line in page.select("p.data")]
    assert data == ["cats_cars: 1900 training, 1000 test images; real data, from /data"] * 2
    assert [picture["alt"] for picture in page.find_all("img")] == ['A "line" <b>', ""] * 2
    assert [words.text for words in page.find_all("figcaption")][1] == "NOT SAID IN WORDS"
    for link in page.select("h2 a"):
        whole = (tmp_path / link["href"]).read_text()
        assert "<strong>it</strong>" in whole
        assert BeautifulSoup(whole, "html.parser").find("img")["alt"] == 'A "line" <b>'
        assert "//cdnjs" not in whole  # formulas come from this machine
