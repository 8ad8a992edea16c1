"""What a student's notebook showed when it was handed in, kept for the people who judge it."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograder.intake.handed_in import MOST_OUTPUTS, MOST_TEXT, MOST_TEXT_IN_ALL, Keeper
from autograder.intake.marks import kind_of
from tests.drawing import png_base64

PLOT = png_base64()


def display(**data):
    return {"output_type": "display_data", "metadata": {}, "data": data}


def stands_for(name, **data):
    return display(**{"text/plain": f"<IPython.core.display.{name} object>"}, **data)


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def kept(*outputs):
    found = Keeper().kept(list(outputs))
    nbformat.validate(new_notebook(cells=[new_code_cell("1", outputs=found)]))
    return found


def texts(*outputs):
    return [(kind_of(output), output.data["text/plain"]) for output in kept(*outputs)]


def test_text_stays_text():
    error = new_output(
        "error", ename="E", evalue="no", traceback=["\x1b[31mline 1\x1b[0m", "E: no"]
    )
    table = display(**{"text/plain": "   a\n0  1", "text/html": "<table>"})
    assert texts(stream(["a\n", "b\n"]), stream("c", "stderr"), table, error) == [
        ("handed in", "a\nb\nc   a\n0  1\nline 1\nE: no\n")
    ]


def test_a_plot_keeps_its_place_among_the_text():
    plot = display(**{"text/plain": "<Figure size 640x480 with 1 Axes>", "image/png": PLOT})
    first, second, third = kept(stream("before"), plot, stream("after"))
    assert first.data["text/plain"] == "before"
    assert dict(second.data) == {"image/png": PLOT}
    assert third.data["text/plain"] == "after"


def test_of_markdown_and_latex_the_source_is_text():
    shown = texts(
        display(**{"text/plain": "<IPython.core.display.Markdown object>", "text/markdown": "|a|"}),
        display(
            **{"text/plain": "<IPython.core.display.Latex object>", "text/latex": r"$\def\x{1}$"}
        ),
    )
    assert shown == [("handed in", "|a|\n$\\def\\x{1}$\n")]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"text/plain": "<IPython.core.display.HTML object>", "text/html": "<b>x"}, "HTML"),
        ({"image/svg+xml": "<svg onload=alert(1)>"}, "SVG"),
        ({"application/javascript": "alert(1)"}, "JavaScript"),
        ({"application/vnd.jupyter.widget-view+json": {"model_id": "x"}}, "a widget"),
        ({"image/png": '"><script>'}, "a picture"),
        ({"<script>": "x"}, "another kind"),
    ],
)
def test_what_is_not_shown_is_named(data, named):
    assert texts(display(**data)) == [("note", f"[1 output is not shown: {named}]")]


def test_progress_bars_are_as_a_terminal_leaves_them():
    bar = "\r 10%|#   |\r100%|####|\nloss 0.1\r\n"
    assert texts(stream(bar, "stderr")) == [("handed in", "100%|####|\nloss 0.1\n")]


def test_too_many_outputs_are_counted():
    shown = kept(*[display(**{"image/png": PLOT}) for _ in range(10_000)])
    assert len(shown) == MOST_OUTPUTS + 1
    assert shown[-1].data["text/plain"] == "[9,950 outputs are left out: there are too many]"


def test_of_a_long_text_beginning_and_end_are_kept():
    ((_, text),) = texts(stream("begin" + "x" * 10 * MOST_TEXT + "end"))
    assert text.startswith("beginx")
    assert text.endswith("xend")
    assert "characters are left out" in text
    assert len(text) < MOST_TEXT + 100


def test_a_notebook_has_a_length_in_all():
    keeper = Keeper()
    cells = [keeper.kept([stream("x" * MOST_TEXT)]) for _ in range(100)]
    texts = [output.data["text/plain"] for cell in cells for output in cell]
    assert sum(map(len, texts)) < MOST_TEXT_IN_ALL + 100 * 100
    assert texts[-1] == "[1 output is left out: there are too many]"


@pytest.mark.parametrize(
    "outputs",
    [None, 3, "x", [3, None, []], [{}], [{"output_type": "stream", "text": {"a": 1}}],
     [{"output_type": "error", "traceback": 3}], [{"output_type": "display_data", "data": []}]],
)  # fmt: skip
def test_nonsense_is_no_reason_to_stop(outputs):
    assert all(kind_of(output) in ("handed in", "note") for output in Keeper().kept(outputs))


def test_nobody_marks_an_output_of_their_own():
    forged = display(**{"text/plain": "2 of 2 points"})
    forged["metadata"] = {"autograder": {"kind": "verdict", "status": "passed"}}
    assert [kind_of(output) for output in kept(forged)] == ["handed in"]
