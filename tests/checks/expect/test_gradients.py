"""The tester tested, as in HIPS/autograd: what is wrong must fail, what is right must pass."""

import pytest

LAYERS = """
    import numpy as np

    def affine_forward(x, w, b):
        return x.reshape(len(x), -1) @ w + b, (x, w, b)

    def affine_backward(dout, cache):
        x, w, b = cache
        dx = (dout @ w.T).reshape(x.shape)
        dw = x.reshape(len(x), -1).T @ dout
        db = dout.sum(axis=0)
        return dx, dw, db
"""

CHECKS = """
    @check
    def affine_backward(student, reference, rng):
        "dx, dw and db match central differences."
        expect_gradients(
            student.layers.affine_forward, student.layers.affine_backward,
            x=rng.standard_normal((10, 2, 3)), w=rng.standard_normal((6, 5)),
            b=rng.standard_normal(5), dout=rng.standard_normal((10, 5)),
        )
"""

WRONG = {
    "times_1_001": ("dw = x", "dw = 1.001 * x", 2 / 3),
    "one_element": ("return dx, dw, db", "dw[3, 2] += 1e-3\n        return dx, dw, db", 2 / 3),
    "tensor_missing": ("return dx, dw, db", "return dx, dw", 0),
    "all_nan": ("return dx, dw, db", "return dx * np.nan, dw * np.nan, db * np.nan", 0),
    "one_nan": ("return dx, dw, db", "dw[0, 0] = np.nan\n        return dx, dw, db", 2 / 3),
    "all_zero": ("return dx, dw, db", "return 0 * dx, 0 * dw, 0 * db", 0),
    "sum_over_nothing": ("dout.sum(axis=0)", "dout[0]", 2 / 3),
    "scalar": ("dout.sum(axis=0)", "dout.sum()", 2 / 3),
    "broadcastable": ("dout.sum(axis=0)", "dout.sum(axis=0, keepdims=True)", 2 / 3),
    "broadcastable_number": ("return dx, dw, db", "return dx, dw, db[:1]", 2 / 3),
    "transposed": (".T @ dout", ".T @ dout\n        dw = dw.T", 2 / 3),
    "flat": (".reshape(x.shape)\n        dw", "\n        dw", 2 / 3),
    "exchanged": ("return dx, dw, db", "return dw, dx, db", 1 / 3),
    "one_infinite": ("return dx, dw, db", "dx[0] = np.inf\n        return dx, dw, db", 2 / 3),
    "none_for_one": ("return dx, dw, db", "return dx, None, db", 2 / 3),
    "a_list_for_one": ("return dx, dw, db", "return dx, dw.tolist(), db", 2 / 3),
    "an_object_for_one": ("return dx, dw, db", "return dx, np.matrix(dw), db", 2 / 3),
    "a_shape_and_a_value": ("return dx, dw, db", "return dx, dw.T, 2 * db", 1 / 3),
    "all_shapes": ("return dx, dw, db", "return dx[0], dw[0], db[:2]", 0),
    "infinite": ("return dx, dw, db", "return dx * np.inf, dw * np.inf, db * np.inf", 0),
}

RIGHT = {
    "float32": ("return dx, dw, db", "return tuple(g.astype(np.float32) for g in (dx, dw, db))"),
    "fortran_order": (
        "return dx, dw, db",
        "return np.asfortranarray(dx), np.asfortranarray(dw), db",
    ),
    "a_list": ("return dx, dw, db", "return [dx, dw, db]"),
    "float32_throughout": ("x, w, b = cache", "x, w, b = (a.astype(np.float32) for a in cache)"),
    "views": ("return dx, dw, db", "return dx[:], dw[::-1][::-1], db"),
    "other_cache": (
        "(x, w, b)\n\n    def affine_backward(dout, cache):\n        x, w, b = cache",
        "{'x': x, 'rest': [w, b]}\n\n    def affine_backward(dout, cache):\n"
        "        x, (w, b) = cache['x'], cache['rest']",
    ),
    "object_cache": (
        "(x, w, b)\n\n    def affine_backward(dout, cache):\n        x, w, b = cache",
        "Cache(x, w, b)\n\n    class Cache:\n        def __init__(self, *all):\n"
        "            self.all = all\n\n    def affine_backward(dout, cache):\n"
        "        x, w, b = cache.all",
    ),
}


def changed(old, new):
    assert old in LAYERS
    return LAYERS.replace(old, new)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_gradient_fails(grade, name):
    old, new, fraction = WRONG[name]
    outcome = grade(LAYERS, CHECKS, changed(old, new))["affine_backward"]
    assert outcome.status == ("partial" if fraction else "failed")
    assert outcome.fraction == pytest.approx(fraction)
    assert outcome.explanations


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_gradient_of_another_form_passes(grade, name):
    outcome = grade(LAYERS, CHECKS, changed(*RIGHT[name]))["affine_backward"]
    assert (outcome.status, outcome.explanations) == ("passed", [])


def test_zero_forward_with_zero_backward_gets_nothing(grade):
    student = """
        import numpy as np

        def affine_forward(x, w, b):
            return np.zeros((len(x), len(b))), (x, w, b)

        def affine_backward(dout, cache):
            return tuple(np.zeros_like(a) for a in cache)
    """
    outcome = grade(LAYERS, CHECKS, student)["affine_backward"]
    assert (outcome.fraction, outcome.status) == (0.0, "failed")


def test_values_of_very_different_size_are_compared_entry_by_entry(grade):
    reference = """
        import numpy as np

        def scale(x):
            return x * np.array([1e25, 1.0]), x

        def scale_backward(dout, cache):
            return dout * np.array([1e25, 1.0])
    """
    checks = """
        @check
        def scale_backward(student, reference, rng):
            "The gradient matches."
            expect_gradients(
                student.layers.scale, student.layers.scale_backward,
                x=rng.standard_normal(2), dout=rng.standard_normal(2), entrywise=ENTRYWISE,
            )
    """
    wrong = reference.replace("dout * np.array([1e25, 1.0])", "dout * np.array([1e25, 2.0])")
    by_norm = grade(reference, checks.replace("ENTRYWISE", "False"), wrong)["scale_backward"]
    by_entry = grade(reference, checks.replace("ENTRYWISE", "True"), wrong)["scale_backward"]
    assert by_norm.status == "passed"  # why entrywise is there
    assert by_entry.status == "failed"
    right = grade(reference, checks.replace("ENTRYWISE", "True"))["scale_backward"]
    assert right.status == "passed"


RELU = """
    import numpy as np

    def relu_forward(x):
        return np.maximum(x, 0), x

    def relu_backward(dout, cache):
        return dout * (cache > 0)
"""


@pytest.mark.parametrize("comparison", ["cache > 0", "cache >= 0", "np.heaviside(cache, 0.5)"])
def test_inputs_at_a_kink_are_drawn_again(grade, comparison):
    # Every third draw has an input within 1e-6 of the kink, where differences cannot judge.
    checks = """
        draws = []

        @check
        def relu_backward(student, reference, rng):
            "dx matches."
            draws.append(1)
            x = rng.standard_normal((3, 4))
            if len(draws) % 3:
                x[1, 2] = rng.choice([-1, 1]) * 1e-6
            expect_gradients(
                student.layers.relu_forward, student.layers.relu_backward,
                x=x, dout=rng.standard_normal((3, 4)),
            )
            assert len(draws) == 3
    """
    student = RELU.replace("(cache > 0)", f"({comparison})")
    assert grade(RELU, checks, student)["relu_backward"].status == "passed"


def test_a_check_that_always_draws_a_kink_is_an_error_of_the_check(grade):
    checks = """
        @check
        def relu_backward(student, reference, rng):
            "dx matches."
            expect_gradients(
                student.layers.relu_forward, student.layers.relu_backward,
                x=np.full(3, 1e-6), dout=np.ones(3),
            )
    """
    outcome = grade(RELU, checks)["relu_backward"]
    assert outcome.status == "error"
    assert "checks.py, line" in outcome.explanations[0]


def test_eight_points_judge_smooth_functions(grade):
    reference = """
        import numpy as np

        def tanh(x):
            return np.tanh(x), x

        def tanh_backward(dout, cache):
            return dout * (1 - np.tanh(cache) ** 2)
    """
    checks = """
        @check
        def tanh_backward(student, reference, rng):
            "dx matches."
            expect_gradients(
                student.layers.tanh, student.layers.tanh_backward, points=8, tolerance=1e-9,
                x=rng.standard_normal(5), dout=rng.standard_normal(5),
            )
    """
    assert grade(reference, checks)["tanh_backward"].status == "passed"
    wrong = reference.replace("1 - np", "1.0000001 - np")
    assert grade(reference, checks, wrong)["tanh_backward"].status == "failed"


LOSS = """
    import numpy as np

    def loss(X, model, reg):
        scores = X @ model["W"] + model["b"]
        value = 0.5 * np.sum(scores**2) / len(X) + 0.5 * reg * np.sum(model["W"] ** 2)
        grads = {"W": X.T @ scores / len(X) + reg * model["W"], "b": scores.mean(axis=0)}
        return value, grads
"""
LOSS_CHECKS = """
    @check
    def loss(student, reference, rng):
        "The loss and its gradients match."
        X, W = rng.standard_normal((6, 4)), rng.standard_normal((4, 5))
        model = {"W": W, "b": rng.standard_normal(5)}
        value, grads = student.layers.loss(X, model, 0.3)
        expect_close(value, reference.layers.loss(X, model, 0.3)[0], name="loss")
        expect_gradient(grads, of=lambda model: reference.layers.loss(X, model, 0.3)[0], at=model)
"""


@pytest.mark.parametrize(
    ("old", "new", "fraction", "words"),
    [
        ("+ reg * model", "+ 0 * model", 0.5, "W: right but for the regularisation"),
        (
            "+ reg * model",
            "+ 2 * reg * model",
            0.5,
            "regularisation term reg·model['W'] counts twice",
        ),
        ("scores.mean(axis=0)", "scores.sum(axis=0)", 0.5, "b: 6 times too large; N is 6"),
        (
            '"b": scores',
            '"B": scores',
            0.5,
            "b: not among the keys; expected 'W', 'b'. You have 'B'",
        ),
        ('"b": scores.mean(axis=0)', "", 0.5, "b: not among the keys; expected 'W', 'b'."),
        (
            "return value, grads",
            "return value, {}",
            0,
            "expected a dict with 'W', 'b', got an empty one.",
        ),
        (
            "return value, grads",
            "return value, None",
            0,
            "expected a dict with 'W', 'b', got None.",
        ),
        (
            "return value, grads",
            "return value, {**grads, 'reg': 0.0}",
            1,
            "",
        ),
        ("axis=0)}", "axis=0, keepdims=True)}", 0.5, "b: expected shape (5,), got (1, 5)"),
        ("scores.mean(axis=0)", "scores.mean()", 0.5, "b: expected an array, got a number."),
        ("scores.mean(axis=0)", "None", 0.5, "b: expected an array, got None."),
        ("X.T @ scores", "np.nan * X.T @ scores", 0.5, "W: all entries are NaN."),
        ("return value, grads", "return value, {'W': grads['b'], 'b': grads['W']}", 0, "W: "),
        ("/ len(X) + 0.5", "/ len(X) + 0 * 0.5", 0, "loss: right but for the regularisation"),
    ],
)
def test_gradients_of_a_loss_by_name(grade, old, new, fraction, words):
    assert grade(LOSS, LOSS_CHECKS)["loss"].status == "passed"
    outcome = grade(LOSS, LOSS_CHECKS, LOSS.replace(old, new))["loss"]
    assert outcome.fraction == fraction
    assert words in "".join(outcome.explanations)
