"""Explanations: no result of a stranger breaks them, and hints for exceptions fit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.kit.explain import Opaque, compare, explain_error, still_to_do
from autograder.kit.explain.traces import explain_trace
from autograder.kit.explain.visible import explain_assertion

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**400), 10**400),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.builds(Opaque, st.text(max_size=8), st.booleans()),
    st.sampled_from([np.float64(1), np.float32(2), np.int8(3), np.bool_(True), np.complex128(1j)]),
    st.just(...),
    st.just(slice(1, 2)),
    st.just(np.dtype("float64")),
)
DTYPES = ["bool", "int8", "int64", "uint8", "uint64", "float16", "float32", "float64", "complex64"]
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(
        dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    )
)
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3),
    ),
    max_leaves=8,
)
RNG = np.random.default_rng(0)
EXPECTED = [
    1.5, 3, True, np.float64(0), None, "text",
    RNG.standard_normal((2, 3)), RNG.standard_normal(4), RNG.standard_normal((2, 2, 2, 2)),
    np.zeros((2, 2)), np.empty((0, 3)), np.array([0, 2, 1]), np.array([True, False]),
    np.array([np.nan, np.inf, 1.0]), np.array(2.0), np.array([1 + 1j, 2]),
    [1.0, 2.0, 3.0], [], (RNG.standard_normal((2, 3)), 2.0), (1.0, 2.0),
    {"W": RNG.standard_normal((3, 2)), "b": np.zeros(2)}, {"history": [1.0, 2.0]},
]  # fmt: skip
INPUTS = {
    "x": RNG.standard_normal((2, 3)), "y": np.array([0, 1]), "reg": 0.1,
    "params": {"W": np.ones(2)},
    "zero": np.zeros((2, 3)), "empty": np.empty((0, 2)), "name": "train", "n": 3,
}  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(actual=VALUES, expected=st.sampled_from(EXPECTED))
def test_no_result_breaks_a_comparison(actual, expected):
    parts = compare(actual, expected, name="out", inputs=INPUTS)
    quick = compare(actual, expected, name="out", explain=False)
    assert [bool(part.problem) for part in parts] == [bool(part.problem) for part in quick]
    assert all(part.problem is None or part.problem.strip() for part in parts)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), expected=st.sampled_from([e for e in EXPECTED if isinstance(e, np.ndarray)]))
def test_no_wrong_values_break_an_explanation(data, expected):
    dtype = data.draw(st.sampled_from(["float64", "float32", "int64", "bool", "uint8"]))
    actual = data.draw(hnp.arrays(dtype, expected.shape))
    (part,) = compare(actual, expected, inputs=INPUTS)
    with np.errstate(all="ignore"):
        right = np.array_equal(actual, expected, equal_nan=expected.dtype.kind == "f")
    assert part.problem is not None or right or np.allclose(actual, expected, 1e-3, 1e-3)


@pytest.mark.parametrize("expected", EXPECTED, ids=repr)
def test_the_expected_result_itself_is_right(expected):
    assert all(part.problem is None for part in compare(expected, expected, inputs=INPUTS))


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("float128", "expected float64 entries, got float128."),
        ("object", "Were lists of different lengths, or None, put into one array?"),
        ("StringDType()", "expected numbers, got entries of type StringDType()."),
    ],
)
def test_entries_of_another_type_are_told_as_what_they_are(kind, why):
    (part,) = compare(Opaque(f"ndarray of dtype {kind}"), np.ones(3))
    assert why in part.problem
    assert kind == "object" or "lists" not in part.problem


def test_a_float32_result_is_right_to_its_own_precision():
    expected = RNG.standard_normal((4, 5))
    (part,) = compare(expected.astype(np.float32), expected)
    assert part.problem is None
    (part,) = compare((expected * 1.001).astype(np.float32), expected)
    assert part.problem is not None


@settings(max_examples=300, deadline=None)
@given(
    actual=hnp.arrays(np.float64, 5), expected=hnp.arrays(np.float64, 5, elements=st.floats(-9, 9))
)
def test_no_trace_breaks_its_explanation(actual, expected):
    with np.errstate(all="ignore"):
        assert explain_trace(actual, expected, 1e-9)


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("np.ones((2, 3)) @ np.ones((2, 3))", "Print the shapes of both factors"),
        ("np.ones((2, 3)) + np.ones(2)", "keepdims=True"),
        ("np.ones(6).reshape(4, 2)", "number of entries must stay the same"),
        ("bool(np.ones(2) > 0)", "np.where"),
        ("(1, 2, 3)[np.ones(2)]", "Turn it into one with np.array"),
        ("[1, 2][np.array([0, 1])]", "Turn it into one with np.array"),
        ("np.ones(3)[1.5]", "Use // for sizes"),
        ("np.zeros(2.0)", "Use // instead of /"),
        ("np.ones(3)[5]", "Places count from 0"),
        ("np.ones(3)[0, 0]", "fewer axes"),
        ("[None][0][0]", "Something is None"),
        ("(lambda: 1)(2)", "def line"),
        ("1 / 0", "Which number is 0"),
        ("{}['W']", "no such key"),
        ("np.Inf", "NumPy 2"),
        ("undefined", "Is it spelled"),
        ("np.ones(2, int).__iadd__(0.5)", "array of floats"),
    ],
)
def test_an_exception_as_numpy_words_it_today_gets_its_hint(code, hint):
    with pytest.raises(Exception) as error:  # noqa: PT011
        eval(code, {"np": np})
    told = explain_error(type(error.value).__name__, str(error.value))
    assert hint in told


def explained(cell):
    namespace = {"np": np}
    with pytest.raises(AssertionError) as error:
        exec(compile_cell(cell), namespace)
    line = error.traceback[-1].lineno + 1
    if "numpy" in str(error.traceback[-1].path):
        line = next(entry.lineno + 1 for entry in error.traceback if str(entry.path) == "cell")
    return explain_assertion(cell, line, namespace)


def compile_cell(cell):
    return compile(cell, "cell", "exec")


TWICE = "x = np.arange(6.0)\nout = 2 * x\ncorrect = x * 1.0\n"


@pytest.mark.parametrize(
    "test",
    [
        "assert np.allclose(out, correct)",
        "assert np.allclose(correct, out)",
        "assert np.max(np.abs(out - correct)) < 1e-6",
        "error = np.max(np.abs(out - correct))\nprint('')\nassert error < 1e-6, 'no'",
        "def rel_error(a, b):\n    return abs(a - b).max()\nassert rel_error(out, correct) < 1e-8",
        "np.testing.assert_allclose(out, correct)",
        "for want in [correct]:\n    assert abs(out - want).max() < 1e-6",
        "e = abs(out - correct).sum()\nassert e <= 1e-3",
    ],
)  # fmt: skip
def test_the_compared_values_of_an_assert_are_found(test):
    assert explained(TWICE + test) == ["out: 2 times too large. Is a factor 2 too many?"]


@pytest.mark.parametrize("sums", ["p.sum(axis=1)", "np.sum(p, axis=1)"])
@pytest.mark.parametrize(
    ("scale", "told"), [("1", []), ("2", ["p: expected sums of 1 along axis 1"])]
)
def test_sums_that_are_to_be_1_are_told_as_such(sums, scale, told):
    test = f"p = {scale} * np.full((3, 4), 0.25)\nassert np.allclose({sums}, 1) and False"
    assert explained(test) == [f"{text}, got others." for text in told]


def test_shapes_that_an_assert_compares_are_told():
    (text,) = explained("out = np.ones((3, 2))\nassert out.shape == (2, 3)")
    assert text == "out: expected shape (2, 3), got (3, 2): transposed?"


@pytest.mark.parametrize(
    "test",
    [
        "assert out.mean() > 100",
        "assert False",
        "assert not np.isnan(np.nan)",
        "assert len(out) == 7",
    ],
)
def test_an_assert_on_something_else_is_left_to_its_message(test):
    assert len(explained(TWICE + test)) <= 1


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("tiny: implement double", "still to do: double."),
        ("layers_convnet: implement Linear.__init__", "still to do: Linear.__init__."),
        ("Softmax: define loss(X, y).", "still to do: Softmax: define loss(X, y)."),
        ("", "still to do: what raises NotImplementedError."),
    ],
)
def test_a_stub_reads_the_same_everywhere(message, told):
    assert still_to_do(message) == told


@pytest.mark.parametrize(
    ("comprehension", "why"),
    [
        ("max([abs(out - x).max() for name, out in outs.items()])", "b: 3 times too large."),
        ("max(abs(o - x).max() for each in ([x], [x, 3 * x]) for o in each)", "3 times too large."),
    ],
)
def test_the_values_of_a_comprehension_are_compared_turn_by_turn(comprehension, why):
    above = "x = np.arange(6.0)\nname = out = 'of a cell above'\nouts = {'a': x, 'b': 3 * x}\n"
    test = f"error = {comprehension}\nassert error < 1e-6"
    assert explained(above + test) == [f"{why} Compare the constants with the formula."]


@pytest.mark.parametrize(
    ("losses", "test", "why"),
    [
        ("[1, 2, 3]", "np.mean(losses[-2:]) < 1", "goes the wrong way. Look at the sign"),
        ("[3, 2, 1]", "losses[-1] >= 3", "goes the wrong way. Look at the sign"),
        ("[1, 1, 1]", "losses[-1] < 1", "never changes. Are the parameters updated"),
        ("[1, 1, 1]", "losses[-1] > 1", "all entries are the same number."),
        ("[1, np.nan, 1]", "losses[-1] < 1", "not finite from entry 1 on. Is a logarithm"),
        ("[3, 2, 1]", "losses[-1] < 1", None),
    ],
)
def test_a_trace_that_does_not_end_where_it_should_is_looked_at(losses, test, why):
    found = explained(f"losses = {losses}\nassert {test}")
    assert [text.startswith(f"losses: {why}") for text in found] == ([True] if why else [])
