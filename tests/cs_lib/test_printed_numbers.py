"""What the course documents print, table by table, and what docs/figures.md says became of it."""

import ast
import re
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import scipy.optimize
from cs_lib.components import bce_loss, bce_loss_grad, relu, relu_grad, sigmoid, sigmoid_grad
from cs_lib.network import Linear, ReLU, Sigmoid

ROOT = Path(__file__).parents[2]
PRINTED = tomllib.loads((ROOT / "tests/cs_lib/published/printed.toml").read_text())["printed"]
SECTION = (ROOT / "docs/figures.md").read_text().split("\n## Every printed table and trace\n")[1]
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (\d+) \| (came out|cannot|replaced) \| (.+) \|$", re.M)
ROWS = ROW.findall(SECTION.split("\n## ")[0])
FIGURES = ROOT / "tests/cs_lib/figures"


def numbers(document, what):
    """The printed numbers of one table, as text."""
    (table,) = (t for t in PRINTED if (t["document"], t["what"]) == (document, what))
    return table["numbers"].split()


def test_the_document_has_a_row_for_each_table_with_its_count():
    counted = [(t["document"], t["what"], len(t["numbers"].split())) for t in PRINTED]
    assert [(document, what, int(count)) for document, what, count, _, _ in ROWS] == counted
    for table in PRINTED:
        np.array(table["numbers"].split(), dtype=float)  # they are numbers


def test_the_document_sums_them_up():
    total = Counter()
    for _, _, count, became, _ in ROWS:
        total[became] += int(count)
    words = " ".join(SECTION.split("\n|")[0].split())
    assert f"print {sum(total.values()):,} numbers in {len(ROWS)} tables and traces" in words
    for became, said in (("came out", ""), ("cannot", ""), ("replaced", "are ")):
        assert f"{total[became]:,} {said}{became}" in words


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}")
def test_what_came_out_names_its_test_and_all_else_a_reason(row):
    *_, became, why = row
    if became != "came out":
        assert len(why) > 8
        assert "::" not in why
        return
    path, _, test = why.strip("`").partition("::")
    tree = ast.parse((ROOT / path).read_text())
    assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


ARRAYS = [t for t in PRINTED if re.search("expected (array|scores)", t["what"])]


@pytest.mark.parametrize(("document", "what"), [(t["document"], t["what"]) for t in ARRAYS])
def test_expected_arrays_are_those_of_the_figures(document, what):
    """The difference between these arrays and the reference's is a figure of its own."""
    if document == "mlp_svhn":
        known = "".join(path.read_text() for path in ROOT.glob("tests/cs_lib/test_mlp_*.py"))
    else:
        known = "".join(path.read_text() for path in FIGURES.glob("*.py"))
    there = {float(number) for number in re.findall(r"-?\d+\.\d+(?:e-?\d+)?|\b1\.5\b", known)}
    assert {n for n in numbers(document, what) if "e" not in n and float(n) not in there} == set()


def rows(*columns):
    return np.concatenate([np.ravel(column) for column in columns])


def uniform(*args, **kwargs):
    return np.random.default_rng(12345).uniform(*args, **kwargs)


def difference(function, x, h=1e-5):
    return (function(x + h) - function(x - h)) / (2 * h)


def digits_arrays():
    """What the document of the digits prints beside its trainings, by table."""
    x, small = uniform(-10, 10, size=5), uniform(-2, 2, size=5)
    rng = np.random.default_rng(12345)
    y, y_hat = rng.integers(2, size=5), rng.uniform(0, 1, size=5)
    yield "x, sigmoid(x), sigmoid_grad(x)", rows(x, sigmoid(x), sigmoid_grad(x))
    both = rows(sigmoid_grad(small), difference(sigmoid, small))
    yield "derivative of the sigmoid, by formula and by differences", both
    four = rows(x, relu(x), relu_grad(x), difference(relu, x))
    yield "x, relu(x), relu_grad(x), by differences", four
    losses = rows(y, y_hat, bce_loss(y, y_hat), bce_loss_grad(y, y_hat))
    yield "y, y_hat, bce_loss, bce_loss_grad", losses
    yield from model_of_one_layer()
    yield from layers()


def model_of_one_layer():
    rng = np.random.default_rng(12345)
    w, b = rng.normal(size=5), rng.normal()

    def loss(x):
        return bce_loss(1, sigmoid(x @ w + b))

    def gradient(x):
        h = x @ w + b
        return bce_loss_grad(1, sigmoid(h)) * sigmoid_grad(h) * w

    x = rng.uniform(size=5)
    yield "model of one layer: loss, gradient", rows(loss(x), gradient(x))
    x = uniform(size=5)
    numeric = scipy.optimize.approx_fprime(x, loss, 1e-8)
    both = rows(gradient(x), numeric)
    yield "model of one layer: gradient by formula and by differences", both


def layers():
    rng = np.random.default_rng(12345)
    x = rng.uniform(size=(3, 5))
    layer = Linear(5, 7, rng)
    pair = rows(layer.forward(x)[1:], layer.backward(x, np.ones((3, 7))))
    yield "linear layer: y (its first row is lost), dx", pair
    x = np.random.default_rng(12345).normal(size=(3, 5))
    pair = rows(Sigmoid().forward(x), Sigmoid().backward(x, np.ones((3, 5))))
    yield "sigmoid layer: y, dx", pair
    x = uniform(-10, 10, size=(3, 5))
    y = ReLU().forward(x)
    pair = rows(y[y > 0], ReLU().backward(x, np.ones((3, 5))))
    yield "ReLU layer: y (what is left of it), dx", pair


COMPUTED = dict(digits_arrays())


@pytest.mark.parametrize("what", COMPUTED)
def test_digits_arrays(what):
    printed = np.array(numbers("gradient_descent_digits", what), dtype=float)
    np.testing.assert_allclose(COMPUTED[what], printed, rtol=0, atol=6e-7)


def error_of_input(layer, x):
    """Of the gradient by the layer's input, against SciPy's differences, as in the document."""

    def loss(flat):
        return 2 * np.sum(layer.forward(flat.reshape(x.shape)))

    def gradient(flat):
        dy = 2 * np.ones(layer.forward(x).shape)
        return layer.backward(flat.reshape(x.shape), dy).ravel()

    return scipy.optimize.check_grad(loss, gradient, x.ravel())


def error_of_parameter(layer, x, name, at):
    """Of the gradient by a parameter, which is put in the place of the layer's own."""

    def loss(flat):
        setattr(layer, name, flat.reshape(at.shape))
        return 2 * np.sum(layer.forward(x))

    def gradient(flat):
        setattr(layer, name, flat.reshape(at.shape))
        layer.backward(x, 2 * np.ones(layer.forward(x).shape))
        return getattr(layer, f"d{name}").ravel()

    return scipy.optimize.check_grad(loss, gradient, at.ravel())


def test_digits_layers_against_scipy():
    """The document draws for the linear layer from one generator, in this order."""
    rng = np.random.default_rng(12345)
    found = [error_of_input(Linear(5, 7, rng), rng.uniform(-10, 10, size=(3, 5)))]
    for name, shape in (("W", (5, 7)), ("b", (7,))):
        x, layer = rng.uniform(size=(3, 5)), Linear(5, 7, rng)
        found.append(error_of_parameter(layer, x, name, rng.uniform(-10, 10, size=shape)))
    found.append(error_of_input(Sigmoid(), uniform(-10, 10, size=5)))
    found.append(error_of_input(ReLU(), uniform(1, 10, size=5)))
    printed = numbers("gradient_descent_digits", "check_grad: errors of the layers")
    # Rounding, for the most part: its size is what comes out on every machine.
    np.testing.assert_allclose(found, np.array(printed, dtype=float), rtol=0.5, atol=5e-7)
