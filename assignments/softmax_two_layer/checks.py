"""Hidden checks of ``softmax_two_layer``: one for each cell that carries points.

All dimensions of a case differ, so that a mix-up of axes shows. Regularisation may be 0.5·reg or
reg times the squares, the same for a loss and its gradient.
"""

from functools import lru_cache, partial

import numpy as np

from autograder.checks import (
    FINITE,
    case,
    cases,
    check,
    draw_labels,
    draw_until,
    expect,
    expect_close,
    expect_faster_than,
    expect_initial,
    expect_loss,
    expect_loss_gradient,
    expect_matches,
    expect_raises,
    expect_training,
    expect_update_rule,
    is_usual,
    leave_out,
    shifting_weights,
    warn,
    warn_of_underflow,
)

# theory.ipynb


def _points(rng):
    """Draw points on all sides at which exp(u) is not huge, and the hand-out's."""
    yield np.array([1.0, 2.0])
    for signs in ((1, -1), (-1, 1), (-1, -1)):
        yield signs * rng.uniform(0.2, 0.8, size=2)


@check
def autodiff_forward(student, rng):
    """The value of f is right: f1 and f2, at any point."""
    for w in _points(rng):
        expect_matches(student.autodiff.forward, w=w, robust=False)


@check
def jacobian_central_differences(student, rng):
    """jacobian_central takes central differences with the step that it is given."""
    for w, h in zip(_points(rng), (0.01, 0.2, 1e-3, rng.uniform(0.02, 0.1)), strict=True):
        expect_matches(student.autodiff.jacobian_central, w=w, h=h, robust=False)


EXACT = 1e-11
"""A formula is off by 2e-15 at these points; central differences, whatever their step, by 6e-10."""


@check
def jacobian_forward(student, rng):
    """jacobian_forward_mode is exact, with a row for each output."""
    for w in _points(rng):
        function = student.autodiff.jacobian_forward_mode
        expect_matches(function, w=w, robust=False, tolerance=EXACT)


@check
def jacobian_reverse(student, rng):
    """jacobian_reverse_mode is exact, with a row for each output."""
    for w in _points(rng):
        function = student.autodiff.jacobian_reverse_mode
        expect_matches(function, w=w, robust=False, tolerance=EXACT)


def _random_dag(rng, names):
    """Draw edges that lead forward in a secret order of the vertices."""
    places = rng.permutation(len(names))
    edges = [
        (names[places[i]], names[places[j]])
        for j in range(len(names))
        for i in range(j)
        if rng.random() < 0.3
    ]
    rng.shuffle(edges)
    return [tuple(edge) for edge in edges]


def _expect_order(student, edges):
    order = student.graph.topological_order(edges)
    expect(isinstance(order, (list, tuple)), "topological_order: expected a list of vertices.")
    vertices = {vertex for edge in edges for vertex in edge}
    expect(
        len(order) == len(vertices) and all(type(vertex) in (int, str) for vertex in order),
        "topological_order: expected every vertex once.",
    )
    expect(set(order) == vertices, "topological_order: expected the vertices of the edges.")
    place = {vertex: number for number, vertex in enumerate(order)}
    expect(
        all(place[edge[0]] < place[edge[1]] for edge in edges if len(edge) == 2),
        "topological_order: an edge leads backwards. A vertex comes after all that lead to it.",
    )


@check
@cases(
    numbers=case("vertices that are numbers", names=[3, 1, 4, 15, 9, 2, 6]),
    words=case("vertices that are words", names=["w1", "w2", "a", "b", "u", "f1", "f2", "loss"]),
)
def topological_order_of_a_graph(student, rng, names):
    """Every edge leads forward, isolated and doubled ones included; a cycle is a ValueError."""
    for _ in range(4):
        edges = _random_dag(rng, names)
        _expect_order(student, [*edges[:3], *edges])
    _expect_order(student, [(names[0],), (names[2], names[1]), (names[3],), (names[2],)])
    chain = [(k, k + 1) for k in range(300)]
    _expect_order(student, [chain[k] for k in rng.permutation(len(chain))])
    a, b, c, d, *_ = names
    for cycle in ([(a, b), (b, c), (c, a), (d, a)], [(a, b), (c, c)], [(d, a), (a, b), (b, a)]):
        expect_raises(
            ValueError, partial(student.graph.topological_order, cycle), when="there is a cycle"
        )


# softmax.ipynb


def _softmax_problem(libraries, rng, N, D, C, shifted=False):
    """Return the two libraries' losses as functions of weights and reg, and weights."""

    def draw():
        X, W = rng.standard_normal((D, N)), 0.4 * rng.standard_normal((C, D))
        return X, draw_labels(rng, N, C), W

    def shows(problem):
        X, y, W = problem
        return is_usual((W @ X).T, y) and not (shifted and np.linalg.cond(X) > 5)

    X, y, W = draw_until(draw, shows)
    if shifted:
        W = W + shifting_weights(rng, X.T)
    return *_softmax_losses(libraries, X, y), W


def _softmax_losses(libraries, X, y):
    return (
        lambda W, reg, f=library.classifiers.softmax.softmax_loss_vectorized: f(W, X, y, reg)
        for library in libraries
    )


SOFTMAX_CASES = {
    "plain": case("the data loss alone", sizes={"N": 6, "D": 5, "C": 4}, reg=0.0),
    "regularised": case("regularisation", sizes={"N": 5, "D": 7, "C": 3}, reg=0.8),
    "one_image": case("a minibatch of one", sizes={"N": 1, "D": 4, "C": 3}, reg=0.3),
    "class_absent": case("more classes than images", sizes={"N": 4, "D": 3, "C": 6}, reg=0.0),
    "shifted_scores": case(
        "all scores of an image around a thousand, above or below zero",
        sizes={"N": 4, "D": 5, "C": 3, "shifted": True}, reg=0.0,
    ),
}  # fmt: skip


@check
@cases(**SOFTMAX_CASES)
def softmax_loss(student, reference, rng, sizes, reg):
    """The mean cross-entropy plus the regularisation; all scores of an image may be thousands."""
    loss, truth, W = _softmax_problem((student, reference), rng, **sizes)
    expect_loss(loss, truth, W, reg=reg)
    if "shifted" in sizes:
        X, y = rng.standard_normal((4, 5)), draw_labels(rng, 5, 3)
        loss, truth = _softmax_losses((student, reference), X, y)
        W = 1000 * rng.standard_normal((3, 4))
        warn_of_underflow(loss, truth, W, name="softmax_loss_vectorized")


@check
@cases(**SOFTMAX_CASES)
def softmax_gradient(student, reference, rng, sizes, reg):
    """The gradient is that of the loss; all scores of an image may be thousands."""
    problem = _softmax_problem((student, reference), rng, **sizes)
    expect_loss_gradient(*problem, reg=reg, exact="shifted" in sizes)
    if sizes == SOFTMAX_CASES["plain"]["sizes"]:
        expect_matches(
            student.classifiers.softmax.softmax_loss_vectorized, names=("loss", "dW"), part=1,
            W=rng.standard_normal((3, 4)), X=rng.standard_normal((4, 6)), y=draw_labels(rng, 6, 3),
            reg=0.0,
        )  # fmt: skip


@check
def softmax_vectorized(student, rng):
    """Loss and gradient have no loop over images."""
    W, X = rng.standard_normal((10, 60)), rng.standard_normal((60, 4000))
    function = student.classifiers.softmax.softmax_loss_vectorized
    y = rng.integers(0, 10, 4000)
    expect_faster_than(function, 5, names=("loss", "dW"), W=W, X=X, y=y, reg=0.0)


def _classifier(student, W):
    classifier = student.classifiers.linear_classifier.Softmax()
    classifier.W = W
    return classifier


@check
@cases(
    steps=case("the course of the loss, and the weights at the end", part="steps"),
    regularised=case("reg reaches the loss", part="regularised"),
    minibatches=case("images are drawn at random, each with its label", part="minibatches"),
)
def linear_classifier_train(student, reference, rng, part):
    """Each step draws a random minibatch, keeps its loss, and moves the weights downhill."""
    if part == "minibatches":
        _expect_minibatches(student, reference, rng)
        return
    D, N, C = 5, 30, 3
    W, x = rng.standard_normal((C, D)), rng.standard_normal((D, 1))
    # All images are the same: the trace does not depend on which are drawn.
    X, y = np.tile(x, (1, N)), np.full(N, 2)
    reg = 0.0 if part == "steps" else 0.4
    classifier = _classifier(student, W)
    losses = classifier.train(X, y, learning_rate=0.3, reg=reg, num_iters=12, batch_size=7)
    true = reference.classifiers.linear_classifier.Softmax()
    true.W = W
    true.loss = _own_loss(student, true, reg)
    true_losses = true.train(X, y, 0.3, reg, 12, 7)
    expect_training(_plain(losses), true_trace=_plain(true_losses))
    expect_close(classifier.W, true.W, name="W after training")


def _own_loss(student, true, reg):
    """Return the student's loss for the reference to train by; what is wrong in it is charged
    by its own checks. One that is of no use is not taken.
    """
    own = student.classifiers.softmax.softmax_loss_vectorized

    def loss(X, y, reg):
        return own(true.W, X, y, reg)

    at_start = loss(np.ones((true.W.shape[1], 7)), np.full(7, 2), reg)
    return loss if _useful(at_start, true.W) else true.loss


def _useful(result, W):
    """Whether a result is a number and an array as a gradient is, not only zeros."""
    if type(result) is not tuple or len(result) != 2 or np.size(result[0]) != 1:
        return False
    gradient = result[1]
    plain = type(gradient) is np.ndarray and gradient.dtype.kind == "f"
    formed = plain and gradient.shape == W.shape and np.isfinite(gradient).all()
    return bool(formed and np.any(gradient))


def _plain(losses):
    """Turn losses of shape (1,), which the check of the loss charges, into numbers."""
    if isinstance(losses, list) and all(np.size(loss) == 1 for loss in losses):
        return [np.ravel(loss)[0] for loss in losses]
    return losses


def _expect_minibatches(student, reference, rng):
    """Expect two steps from zero weights on one-hot images to tell which images were drawn."""
    where = "LinearClassifier.train: minibatch"
    N, C, batch = 300, 3, 30
    y = rng.integers(0, C, N)
    at_zero = np.zeros((C, N)), np.eye(N), y, 0.0
    result = student.classifiers.softmax.softmax_loss_vectorized(*at_zero)
    _, gradient = reference.classifiers.softmax.softmax_loss_vectorized(*at_zero)
    if _useful(result, gradient) and not np.allclose(result[1], gradient):
        leave_out(f"{where}: not judged until the gradient of softmax_loss_vectorized is right.")
    drawn = []
    for _ in range(2):
        classifier = _classifier(student, np.zeros((C, N)))
        classifier.train(np.eye(N), y, learning_rate=1.0, reg=0.0, num_iters=1, batch_size=batch)
        W = classifier.W
        expect(
            type(W) is np.ndarray and W.shape == (C, N),
            "LinearClassifier.train: W: expected the shape that it had.",
        )
        # An image drawn k times moves the weight of its class by k/batch·(1 - 1/C), the others
        # by -k/batch/C.
        drawn.append(W[y, np.arange(N)] * batch / (1 - 1 / C))
        moved = drawn[-1] / batch * (np.eye(C)[:, y] - 1 / C)
        expect(np.allclose(W, moved), f"{where}: expected each image with its own label.")
    expect(abs(drawn[0].sum() - batch) < 1e-6, f"{where}: expected batch_size images in a step.")
    expect(
        np.count_nonzero(drawn[0]) >= batch / 2,
        f"{where}: few images, drawn many times.",
    )
    expect(
        not np.array_equal(drawn[0], drawn[1]), f"{where}: the same in every run. Draw at random."
    )
    expect(np.any(drawn[0][N // 2 :]), f"{where}: only from the start of the data.")


@check
def linear_classifier_predict(student, reference, rng):
    """Each image gets the class with the highest score."""
    for C, D, N in ((4, 3, 50), (7, 5, 1), (2, 6, 9)):
        W, X = rng.standard_normal((C, D)), rng.standard_normal((D, N))
        expected = np.argmax(W @ X, axis=0)
        expect_close(_classifier(student, W).predict(X), expected, name="labels")


# two_layer_net.ipynb


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
        return X, y, model, np.maximum(0, X @ model["W1"] + model["b1"])

    def shows(problem):
        _, y, model, hidden = problem
        usual = is_usual(hidden @ model["W2"] + model["b2"], y)
        return usual and not (shifted and np.linalg.cond(hidden) > 10)

    X, y, model, hidden = draw_until(draw, shows)
    if shifted:
        model["W2"] = model["W2"] + shifting_weights(rng, hidden)[:, np.newaxis]
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
    expect_loss(loss, truth, model, reg=reg)
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
    expect_loss_gradient(*problem, reg=reg, exact="shifted" in sizes)


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


def _rule(trainer, method, **settings):
    """Turn an update of a trainer into a rule ``(w, dw, config) -> next_w, config``.

    Another parameter takes its steps in between: each has a state of its own.
    """

    def rule(w, dw, config):
        step = getattr(trainer, method)
        move = step("W", dw, **settings)
        step("b", dw[0] + 1, **settings)
        expect_close(move, dw, name=f"step of {method}", tolerance=FINITE)
        return w + move, {}

    return rule


@check
def momentum_step(student, reference, rng):
    """Each parameter has a velocity of its own that remembers the steps before."""
    settings = {"learning_rate": rng.uniform(0.01, 0.5), "momentum": rng.uniform(0.5, 0.95)}
    rules = [
        _rule(library.classifier_trainer.ClassifierTrainer(), "momentum_step", **settings)
        for library in (student, reference)
    ]
    expect_update_rule(rules[0], rules[1:], None, state=())


def _outside(learning_rate, decay_rate=0.99):
    """RMSProp with the 1e-8 outside of the root."""
    caches = [0.0]

    def rule(w, dw, config):
        caches.append(decay_rate * caches[-1] + (1 - decay_rate) * dw**2)
        return w - learning_rate * dw / (np.sqrt(caches[-1]) + 1e-8), {}

    return rule


@check
def rmsprop_step(student, reference, rng):
    """Each parameter has a moving average of its squared gradient, and is divided by its root."""
    for settings in (
        {"learning_rate": 0.1},
        {"learning_rate": rng.uniform(0.01, 0.5), "decay_rate": rng.uniform(0.2, 0.45)},
    ):
        rule, inside = (
            _rule(library.classifier_trainer.ClassifierTrainer(), "rmsprop_step", **settings)
            for library in (student, reference)
        )
        expect_update_rule(rule, [inside, _outside(**settings)], None, state=())


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
