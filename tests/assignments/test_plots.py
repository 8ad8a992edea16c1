"""Every plot of the notebooks: drawn, titled, its axes labelled, and said in words."""

import json
import os
import re
import shutil

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course.folder import Course
from autograder.handout.solved import solved_files
from autograder.kit.datasets import synthesize
from tests.extras import marks_of
from tests.tiny_course import ROOT

COURSE = Course(ROOT)
NOTEBOOKS = [
    (assignment.name, path.stem)
    for assignment in COURSE.assignments()
    for path in assignment.notebooks
]
DRAWS = re.compile(r"\bplt\.(figure|plot|imshow)\(|\bsubplots\(|\b(plot_\w+|show_net_weights)\(")
DEFINES = re.compile(r"^def .*\n(?:(?: {4}.*)?\n)*", re.MULTILINE)

# What a figure has, in place of "<Figure size 640x480 with 1 Axes>".
DESCRIBE = """
import json
from matplotlib.figure import Figure


def _described(figure, printer, cycle):
    title = figure.get_suptitle()
    columns = "".join(axes.get_title() for axes in figure.axes)  # of a table of pictures
    plots = []
    for axes in figure.axes:
        shared = axes.get_shared_x_axes().get_siblings(axes)
        below = [other.get_xlabel() for other in shared if other.get_xlabel()]
        side = [other.get_ylabel() for other in axes.get_shared_y_axes().get_siblings(axes)]
        lines = [line for line in axes.lines if not line.get_label().startswith("_")]
        plots.append({
            "title": axes.get_title() or title or (columns if axes.images else ""),
            "x": "".join(below), "y": "".join(side),
            "picture": bool(axes.images), "bar": hasattr(axes, "_colorbar"), "lines": len(lines),
            "empty": not (axes.lines or axes.images or axes.collections),
            "drawn": all(len(line.get_xdata()) > 1 or line.get_marker() not in ("", "None")
                         for line in axes.lines),
        })
    legends = [axes.get_legend() for axes in figure.axes if axes.get_legend()] + figure.legends
    printer.text(json.dumps({"plots": plots, "legends": len(legends)}))


get_ipython().display_formatter.formatters["text/plain"].for_type(Figure, _described)
"""


@pytest.mark.parametrize(("assignment", "name"), NOTEBOOKS, ids=lambda value: value)
def test_a_cell_that_draws_says_so_in_words(assignment, name):
    notebook = COURSE.assignment(assignment).sources[name]
    released = nbformat.read(ROOT / "release" / assignment / f"{name}.ipynb", as_version=4)
    words = {cell.id: cell.metadata.get("alt") for cell in released.cells}
    for cell in notebook.cells:
        if cell.cell_type == "code" and DRAWS.search(DEFINES.sub("", f"{cell.source}\n")):
            assert len(cell.metadata.get("alt", "")) > 40, f"{cell.id}: say what the plot shows"
            assert words[cell.id] == cell.metadata["alt"]


def executed(assignment, name, folder, monkeypatch):
    """A notebook of the reference, run with the budget of grading and described plots."""
    synthesize(COURSE.assignment(assignment).config.data, folder / "data", size=600)
    for path, content in solved_files(COURSE.assignment(assignment)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    for document in (ROOT / "release" / assignment).glob("*.sh"):
        shutil.copy(document, folder)
    notebook = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    at = next(i for i, cell in enumerate(notebook.cells) if cell.id == "setup")
    notebook.cells.insert(at + 1, nbformat.v4.new_code_cell(DESCRIBE))
    monkeypatch.setenv("CS_LIB_BUDGET", "quick")
    monkeypatch.setenv("COURSEDATA", str(folder / "data"))
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    monkeypatch.delitem(os.environ, "PYTHONPATH", raising=False)
    resources = {"metadata": {"path": folder}}
    return NotebookClient(
        notebook, timeout=None, startup_timeout=600, resources=resources
    ).execute()


def problems(plot):
    """What a plot lacks; a picture needs no labels."""
    if plot["bar"]:
        return [] if plot["y"] else ["the colour bar says not of what"]
    needed = ["title"] if plot["picture"] else ["title", "x", "y"]
    lacking = [f"no {name}" for name in needed if not plot[name]]
    if plot["empty"] or not plot["drawn"]:
        lacking.append("nothing to be seen")
    return lacking


LIGHT = {"cats_and_cars", "gradient_descent_digits"}
PLOTTED = [
    pytest.param(
        *pair, marks=[marks_of(pair[0]), *([] if pair[1] in LIGHT else [pytest.mark.slow])]
    )
    for pair in NOTEBOOKS
]


@pytest.mark.parametrize(("assignment", "name"), PLOTTED, ids=lambda value: value)
def test_plots_have_titles_labels_and_something_to_see(assignment, name, tmp_path, monkeypatch):
    notebook = executed(assignment, name, tmp_path, monkeypatch)
    figures = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" not in output.get("data", {}):
                continue
            figures += 1
            assert cell.metadata.get("alt"), f"{cell.id}: a plot without words"
            figure = json.loads(output.data["text/plain"])
            for plot in figure["plots"]:
                assert problems(plot) == [], f"{cell.id}: {plot}"
            if any(plot["lines"] > 1 for plot in figure["plots"]):
                assert figure["legends"], f"{cell.id}: several lines and no legend"
    assert figures or name == "theory"


def test_a_plot_without_labels_or_lines_is_found():
    good = {"title": "t", "x": "epoch", "y": "loss", "picture": False, "bar": False,
            "lines": 1, "empty": False, "drawn": True}  # fmt: skip
    assert problems(good) == []
    assert problems({**good, "y": ""}) == ["no y"]
    assert problems({**good, "drawn": False}) == ["nothing to be seen"]
    assert problems({**good, "picture": True, "x": "", "y": ""}) == []
