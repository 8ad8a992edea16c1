"""Published figures come out on the reference, and docs/figures.md shows what comes out."""

import importlib
from pathlib import Path

import pytest
from figures.registry import Figure, table

DOCUMENT = Path(__file__).parents[2] / "docs" / "figures.md"
ASSIGNMENTS = ("softmax_two_layer", "layers_convnet", "fc_nets_dropout", "mlp_svhn")
HEADINGS = {"mlp_svhn": "mlp_svhn, the document's net with dropout"}


def figures_of(assignment):
    return importlib.import_module(f"figures.{assignment}").FIGURES


@pytest.mark.parametrize(
    "figure",
    [
        pytest.param(figure, id=f"{assignment}: {figure.name}")
        for assignment in ASSIGNMENTS
        for figure in figures_of(assignment)
    ],
)
def test_published_figure_comes_out(figure):
    assert figure.agrees, f"{figure.name}: expected {figure.published!r}, got {figure.value!r}"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_document_shows_what_comes_out(assignment):
    heading = HEADINGS.get(assignment, assignment)
    section = DOCUMENT.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    for row, printed in zip(rows, table(figures_of(assignment)).splitlines(), strict=True):
        *name_and_published, here = (cell.strip() for cell in row.strip("|").split("|"))
        *expected, computed = (cell.strip() for cell in printed.strip("|").split("|"))
        assert name_and_published == expected
        if "e-" in here:  # rounding errors differ from machine to machine
            assert 0.1 < float(here) / float(computed) < 10, row
        else:
            assert here == computed


def test_a_figure_a_digit_off_does_not_agree():
    assert Figure("", 1.2345, lambda: 1.23454, 5).agrees
    assert not Figure("", 1.2345, lambda: 1.2346, 5).agrees


def test_an_error_ten_times_the_published_one_does_not_agree():
    assert Figure("", 1e-9, lambda: 9e-9, None).agrees
    assert not Figure("", 1e-9, lambda: 1.1e-8, None).agrees
    assert not Figure("", 1e-9, lambda: float("nan"), None).agrees
