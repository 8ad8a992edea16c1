"""Hidden checks of backprop_a2."""

from functools import cache

import numpy as np

from autograder.checks import (
    StudentError,
    any_of,
    case,
    cases,
    check,
    draw_until,
    expect,
    expect_close,
    expect_form,
    expect_gradient,
    item_of,
    reference_call,
)

FEW_AND_MANY = {
    "one_case": case("one case", n=1, n_hid=4),
    "one_hidden_unit": case("an axis of length 1 that must stay", n=9, n_hid=1),
    "many_cases": case("many cases", n=23, n_hid=6),
}


def random_problem(reference, rng, n, n_hid):
    """Draw a model and cases; units are neither dead nor all alike.

    Some hidden units are below one half and some above, some gradients of theirs negative and some
    positive: what is right on one side alone shows, whoever hands it in.
    """

    def draw():
        model = {
            "input_to_hid": 0.15 * rng.standard_normal((n_hid, 256)),
            "hid_to_class": rng.standard_normal((10, n_hid)),
        }
        target = np.zeros((10, n))
        target[rng.integers(0, 10, n), np.arange(n)] = 1
        return model, {"inputs": rng.random((256, n)), "target": target}

    def shows(problem):
        model, data = problem
        before = model["input_to_hid"] @ data["inputs"]
        gradient = reference.a2.d_loss_by_d_model(model, data, 0)["input_to_hid"]
        return all(values.min() < 0 < values.max() for values in (before, gradient))

    return draw_until(draw, shows)


def expect_right(student, reference, model, data, wd_coefficient, name):
    """Compare one matrix of the student's gradient with differences of the reference's loss."""
    gradient = student.a2.d_loss_by_d_model(model, data, wd_coefficient)
    expect(
        isinstance(gradient, dict) and name in gradient,
        f'd_loss_by_d_model: expected a dictionary with the key "{name}".',
    )
    expect_gradient(
        gradient[name],
        of=lambda weights: reference.a2.loss({**model, name: weights}, data, wd_coefficient),
        at=model[name],
        name=name,
    )


@check
@cases(**FEW_AND_MANY)
def hid_to_class_gradient(student, reference, rng, n, n_hid):
    """The gradient of hid_to_class matches differences of the loss, without weight decay."""
    model, data = random_problem(reference, rng, n, n_hid)
    expect_right(student, reference, model, data, 0, "hid_to_class")


@check
@cases(**FEW_AND_MANY)
def input_to_hid_gradient(student, reference, rng, n, n_hid):
    """The gradient of input_to_hid matches differences of the loss, without weight decay."""
    model, data = random_problem(reference, rng, n, n_hid)
    expect_right(student, reference, model, data, 0, "input_to_hid")


@check
@cases(
    hid_to_class=case("the matrix behind the hidden units", name="hid_to_class"),
    input_to_hid=case("the matrix before them", name="input_to_hid"),
)
def weight_decay_gradient(student, reference, rng, name):
    """Weight decay adds its own gradient, whatever the number of cases."""
    model, data = random_problem(reference, rng, 8, 3)
    expect_right(student, reference, model, data, float(rng.uniform(0.2, 2)), name)


@cache
def _digits():
    """Load the course's digits as a submission does: what became of a notebook's is not asked."""
    return reference_call("datasets.load_usps_digits")


_runs = {}


def run(reference, *settings):
    """Train the reference on the course's digits, each run once for all submissions."""
    if settings not in _runs:
        options = {"check_gradient": False, "verbose": False}
        _runs[settings] = reference.a2.a2(*settings, _digits(), **options)
    return _runs[settings]


def expect_loss(notebook, actual, expected, name, tolerance):
    """Compare a loss with the reference's; where it is another, the digits may be, too."""
    if not (isinstance(actual, float) and abs(actual - expected) <= tolerance):
        unchanged = _are_as_loaded(notebook)
        expect(unchanged, "digits: expected the sets as loaded. Do not change them.")
    expect_close(actual, expected, name=name, tolerance=tolerance)


def _are_as_loaded(notebook):
    """Whether the sets that losses come from are; the test data is large, and in none."""
    for name in ("train", "val"):
        try:
            found = item_of(notebook, "digits", name)
        except StudentError as error:
            if error.cause not in ("missing", "exception"):
                raise
            return False
        for key, array in _digits()[name].items():
            same = isinstance(found, dict) and type(found.get(key)) is np.ndarray
            if not (same and np.array_equal(found[key], array)):
                return False
    return True


def losses_of(notebook):
    """Return validation_loss, if it is an array of the right form."""
    losses = notebook.validation_loss
    expect(
        type(losses) is np.ndarray and losses.shape == (7, 2) and losses.dtype == np.float64,
        "validation_loss: expected an array of shape (7, 2), as it was made.",
    )
    return losses


@check(requires=("hid_to_class_gradient", "input_to_hid_gradient"))
def reported_loss(notebook, student, reference):
    """The variable reported_loss is the training data's classification loss after 30 steps."""
    expected = run(reference, 0, 10, 30, 0.01, 0, False, 10)
    losses, actual = expected.classification_losses, notebook.reported_loss
    for name in ("validation", "test"):
        expect(
            not (isinstance(actual, float) and abs(actual - losses[name]) < 1e-9),
            f"reported_loss: this is the loss on the {name} data. The training data is asked for.",
        )

    def followed():
        run_30 = {"steps": 30, "size": 10, "part": "train"}
        return followed_losses(student, reference, [(0.01, 0)], **run_30)[0]

    any_of(
        lambda: expect_loss(notebook, actual, losses["training"], "reported_loss", 1e-9),
        lambda: expect_loss(notebook, actual, followed(), "reported_loss", 1e-9),
    )


RATES, MOMENTA = (0.002, 0.01, 0.05, 0.2, 1.0, 5.0, 20.0), (0, 0.9)
LEARNT, LEARNS_AT = np.log(10) - 0.2, ((1.0, 0), (0.2, 0), (0.05, 0), (0.05, 0.9), (0.01, 0.9))
"""Loss that says that a gradient is of some use: one that is not moves no loss so far. And the runs
that say it, the same for each student."""


def _right_loss(reference, rate, momentum):
    """Return the validation loss at the end of a run of the sweep."""
    return run(reference, 0, 10, 70, rate, momentum, False, 4).losses["validation"]


def _followed_loss(student, reference, rate, momentum, steps=70, size=4, part="val"):
    """Return the same of a run by the student's own gradient: its mistake is charged already.

    The steps are taken here: what a notebook has put in the place of `a2` could say anything.
    """
    a2, train = reference.a2, _digits()["train"]
    theta = a2.model_to_theta(a2.initial_model(10))
    speed = np.zeros_like(theta)
    for step in range(steps):
        columns = slice(start := size * step % train["inputs"].shape[1], start + size)
        cases_of_step = {name: array[:, columns] for name, array in train.items()}
        model = a2.theta_to_model(theta)
        gradient = student.a2.d_loss_by_d_model(model, cases_of_step, 0)
        expect_form(gradient, model, name="d_loss_by_d_model")
        speed = speed * momentum - a2.model_to_theta(gradient)
        theta = theta + speed * rate
        if not np.all(np.isfinite(theta)):
            return np.inf
    return a2.loss(a2.theta_to_model(theta), _digits()[part], 0)


def followed_losses(student, reference, pairs, **run):
    """Return the losses of runs by the student's own gradient, if it is of some use."""
    try:
        with np.errstate(all="ignore"):
            learns = any(_followed_loss(student, reference, *at) < LEARNT for at in LEARNS_AT)
            losses = [_followed_loss(student, reference, *pair, **run) for pair in pairs if learns]
    except StudentError:
        learns, losses = False, []
    expect(learns, "d_loss_by_d_model: no loss falls far below ln 10 by it.")
    return losses


@check(requires=("hid_to_class_gradient", "input_to_hid_gradient"))
def sweep(notebook, student, reference, rng):
    """The array validation_loss has the final validation losses of the fourteen runs."""
    actual = losses_of(notebook)
    columns = rng.integers(2, size=5)
    pairs = [(rate, MOMENTA[j]) for rate, j in zip(RATES, columns, strict=False)]

    def agree(losses):
        for i, (pair, expected) in enumerate(zip(pairs, losses, strict=True)):
            # Rounding grows in a run; another learning rate or batch size is far outside.
            name = f"validation_loss at learning rate {pair[0]}, momentum {pair[1]}"
            found = float(actual[i, columns[i]])
            expect_loss(notebook, found, expected, name, 1e-6)

    def right():
        agree([_right_loss(reference, *pair) for pair in pairs])
        expect(
            bool(np.all(np.abs(actual[5:] - np.log(10)) < 0.05)),
            "validation_loss: learning rates 5 and 20 end close to ln 10.",
        )

    any_of(right, lambda: agree(followed_losses(student, reference, pairs)))


def _lowest(losses):
    """Return the pair of the lowest of all losses."""
    return min(zip(losses, PAIRS, strict=True))[1]


PAIRS = [(rate, momentum) for rate in RATES for momentum in MOMENTA]


@check(requires="sweep")
def best(notebook, student, reference):
    """The pair `best` has the lowest validation loss."""
    losses = losses_of(notebook)
    expect(bool(np.ptp(losses) > 0.1), "validation_loss: the runs must differ before one is best.")
    i, j = np.unravel_index(np.argmin(losses), losses.shape)
    actual = notebook.best
    expect(
        isinstance(actual, (tuple, list)) and len(actual) == 2,
        "best: expected a pair (learning_rate, momentum).",
    )
    k, m = np.unravel_index(np.argmax(losses), losses.shape)
    expect(
        tuple(actual) != (RATES[k], MOMENTA[m]),
        "best: this is the pair of the highest entry of validation_loss. argmin, not argmax?",
    )
    expected = RATES[i], MOMENTA[j]
    for name, value, right in zip(("learning rate", "momentum"), actual, expected, strict=True):
        expect(
            isinstance(value, (int, float)) and abs(value - right) < 1e-9,
            f"best: {name}: not that of the lowest entry of validation_loss.",
        )
    # A table can be invented, or be of other runs: then its lowest entry is of no worth.
    other = "best: another pair has the lowest loss. Are all of the runs as they should be?"
    any_of(
        lambda: expect(expected == _lowest([_right_loss(reference, *p) for p in PAIRS]), other),
        lambda: expect(expected == _lowest(followed_losses(student, reference, PAIRS)), other),
    )
