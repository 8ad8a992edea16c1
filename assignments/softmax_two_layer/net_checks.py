"""Hidden checks of ``softmax_two_layer``: the two-layer net, its training steps, the best net."""

from functools import lru_cache, partial

import numpy as np

from autograder.checks import (
    FINITE,
    bends,
    case,
    cases,
    check,
    draw_labels,
    draw_until,
    expect,
    expect_close,
    expect_initial,
    expect_loss,
    expect_loss_gradient,
    expect_matches,
    expect_update_rule,
    flat_biases,
    is_usual,
    shifting_weights,
    warn,
    warn_of_underflow,
)


def _model(rng, D, H, C):
    return {
        "W1": rng.standard_normal((D, H)),
        "b1": rng.standard_normal(H),
        "W2": rng.standard_normal((H, C)),
        "b2": rng.standard_normal(C),
    }


def _net_problem(libraries, rng, N, D, H, C, shifted=False):
    """Return the two libraries' losses as functions of parameters and reg, and parameters."""

    def draw():
        X, y, model = rng.standard_normal((N, D)), draw_labels(rng, N, C), _model(rng, D, H, C)
        model["W2"], model["b2"] = 0.3 * model["W2"], 0.3 * model["b2"]
        return X, y, model, X @ model["W1"] + model["b1"]

    def shows(problem):
        _, y, model, before = problem
        hidden = np.maximum(0, before)
        usual = bends(before) and is_usual(hidden @ model["W2"] + model["b2"], y)
        return usual and not (shifted and np.linalg.cond(hidden) > 10)

    X, y, model, before = draw_until(draw, shows)
    if shifted:
        features = np.maximum(0, before)
        model["W2"] = model["W2"] + shifting_weights(rng, features)[:, np.newaxis]
    return *_net_losses(libraries, X, y), model


def _net_losses(libraries, X, y):
    return (
        lambda model, reg, f=library.classifiers.neural_net.two_layer_net: f(X, model, y, reg)
        for library in libraries
    )


@check
def two_layer_scores(student, rng):
    """Without labels, two_layer_net returns the scores."""
    for N, D in ((6, 5), (1, 4)):
        X, model = rng.standard_normal((N, D)), _model(rng, D, 7, 3)
        expect_matches(student.classifiers.neural_net.two_layer_net, X=X, model=model)


NET_CASES = {
    "plain": case("the data loss alone", sizes={"N": 6, "D": 5, "H": 7, "C": 4}, reg=0.0),
    "regularised": case("regularisation", sizes={"N": 5, "D": 3, "H": 6, "C": 4}, reg=0.7),
    "one_image": case("a minibatch of one", sizes={"N": 1, "D": 4, "H": 5, "C": 3}, reg=0.3),
    "class_absent": case(
        "more classes than images", sizes={"N": 4, "D": 3, "H": 5, "C": 6}, reg=0.0
    ),
    "shifted_scores": case(
        "all scores of an image around a thousand, above or below zero",
        sizes={"N": 4, "D": 5, "H": 9, "C": 3, "shifted": True}, reg=0.0,
    ),
}  # fmt: skip


@check
@cases(**NET_CASES)
def two_layer_loss(student, reference, rng, sizes, reg):
    """The loss is the mean cross-entropy plus the regularisation of both weight matrices."""
    loss, truth, model = _net_problem((student, reference), rng, **sizes)
    expect_loss(loss, truth, model, reg=reg, large_scores="shifted" in sizes)
    if "shifted" in sizes:
        loss, truth = _net_losses((student, reference), rng.standard_normal((5, 4)),
                                  draw_labels(rng, 5, 3))  # fmt: skip
        model = _model(rng, 4, 6, 3)
        model["W2"] = 1000 * model["W2"]
        warn_of_underflow(loss, truth, model, name="two_layer_net")


@check
@cases(**NET_CASES)
def two_layer_gradients(student, reference, rng, sizes, reg):
    """The gradients of all four parameters are those of the loss."""
    problem = _net_problem((student, reference), rng, **sizes)
    expect_loss_gradient(*problem, reg=reg, large_scores="shifted" in sizes)


@check
def initial_two_layer_model(student):
    """Weights are drawn with standard deviation 1e-5, biases are zero, all of the right shape."""
    for D, H, C in ((400, 150, 60), (30, 70, 80)):
        expect_initial(
            partial(student.classifiers.neural_net.init_two_layer_model, D, H, C),
            {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)},
            {"W1": 1e-5, "b1": 0, "W2": 1e-5, "b2": 0},
            name="init_two_layer_model",
        )


def _rule(trainer, method, rates, **settings):
    """Turn an update of a trainer into a rule ``(w, dw, config) -> next_w, config``.

    Another parameter takes its steps in between: each has a state of its own. Each step has a
    learning rate of its own, as in a training whose rate decays.
    """
    rates = iter(rates)

    def rule(w, dw, config):
        step, settings["learning_rate"] = getattr(trainer, method), next(rates)
        move = step("W", dw, **settings)
        step("b", dw[0] + 1, **settings)
        expect_close(move, dw, name=f"step of {method}", tolerance=FINITE)
        return w + move, {}

    return rule


@check
def momentum_step(student, reference, rng):
    """Each parameter has a velocity of its own that remembers the steps before."""
    rates, momentum = rng.uniform(0.01, 0.5, 5), rng.uniform(0.5, 0.95)
    rules = [
        _rule(library.classifier_trainer.ClassifierTrainer(), "momentum_step",
              rates.tolist(), momentum=momentum)
        for library in (student, reference)
    ]  # fmt: skip
    expect_update_rule(rules[0], rules[1:], None, state=())


def _outside(rates, decay_rate=0.99):
    """RMSProp with the 1e-8 outside of the root."""
    caches, rates = [0.0], iter(rates)

    def rule(w, dw, config):
        caches.append(decay_rate * caches[-1] + (1 - decay_rate) * dw**2)
        return w - next(rates) * dw / (np.sqrt(caches[-1]) + 1e-8), {}

    return rule


@check
def rmsprop_step(student, reference, rng):
    """Each parameter has a moving average of its squared gradient, and is divided by its root."""
    for settings in ({}, {"decay_rate": rng.uniform(0.2, 0.45)}):
        rates = rng.uniform(0.01, 0.5, 5).tolist()
        rule, inside = (
            _rule(library.classifier_trainer.ClassifierTrainer(), "rmsprop_step", rates, **settings)
            for library in (student, reference)
        )
        expect_update_rule(rule, [inside, _outside(rates, **settings)], None, state=())


BAR = 0.16


@lru_cache(maxsize=1)  # the same for all students
def _pictures(practice_pictures, seed):
    """Draw the pictures that nets are judged on."""
    return practice_pictures("rows", seed=seed)


@check
def best_two_layer_net(student, reference, course_rng):
    """A net of at most 100 hidden units beats 16 % on practice pictures it has not seen."""
    where, seed = "train_two_layer_net", int(course_rng.integers(2**63))
    pictures = _pictures(reference.practice.practice_pictures, seed)
    names = ("X_train", "y_train", "X_val", "y_val")
    model = student.best_nets.train_two_layer_net(*(pictures[name] for name in names), 10)
    expect(
        isinstance(model, dict) and {"W1", "b1", "W2", "b2"} <= set(model),
        f"{where}: expected a dict with the parameters W1, b1, W2 and b2.",
    )
    model = flat_biases(model)
    H = np.shape(model["W1"])[-1] if np.ndim(model["W1"]) == 2 else 0
    expect(0 < H <= 100, f"{where}: W1: expected shape (768, H) with at most 100 hidden units.")
    shapes = {"W1": (768, H), "b1": (H,), "W2": (H, 10), "b2": (10,)}
    expect_close(
        {name: model[name] for name in shapes},
        {name: np.zeros(shape) for name, shape in shapes.items()},
        tolerance=FINITE,
    )
    scores = reference.classifiers.neural_net.two_layer_net(pictures["X_test"], model)
    accuracy = float(np.mean(np.argmax(scores, axis=1) == pictures["y_test"]))
    expect(accuracy > BAR, f"{where}: accuracy {accuracy:.3f}, expected more than {BAR}.")
    extra = min(2.5, 0.5 * ((accuracy - BAR) // 0.02))
    warn(f"{where}: accuracy {accuracy:.3f} on unseen pictures: extra credit of {extra} points.")
