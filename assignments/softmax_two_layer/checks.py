"""Hidden checks of ``softmax_two_layer``: one for each cell that carries points.

All dimensions of a case differ, so that a mix-up of axes shows. Regularisation may be 0.5·reg or
reg times the squares, the same for a loss and its gradient.
"""

import numpy as np

from autograder.checks import (
    case,
    cases,
    check,
    draw_labels,
    draw_until,
    expect,
    expect_close,
    expect_faster_than,
    expect_loss,
    expect_loss_gradient,
    expect_matches,
    expect_training,
    is_usual,
    leave_out,
    shifting_weights,
    warn_of_underflow,
)

from .autodiff_checks import (
    autodiff_forward,
    jacobian_central_differences,
    jacobian_forward,
    jacobian_reverse,
    topological_order_of_a_graph,
)
from .net_checks import (
    best_two_layer_net,
    initial_two_layer_model,
    momentum_step,
    rmsprop_step,
    two_layer_gradients,
    two_layer_loss,
    two_layer_scores,
)

__all__ = [  # checks of the theory and of the net; the linear classifier follows
    "autodiff_forward",
    "best_two_layer_net",
    "initial_two_layer_model",
    "jacobian_central_differences",
    "jacobian_forward",
    "jacobian_reverse",
    "momentum_step",
    "rmsprop_step",
    "topological_order_of_a_graph",
    "two_layer_gradients",
    "two_layer_loss",
    "two_layer_scores",
]


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
    expect_loss(loss, truth, W, reg=reg, large_scores="shifted" in sizes)
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
    expect_loss_gradient(*problem, reg=reg, large_scores="shifted" in sizes)
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
    if type(result) not in (tuple, list) or len(result) != 2 or np.size(result[0]) != 1:
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
    expect(
        drawn[0].sum() >= 0,
        "LinearClassifier.train: W moves up the loss, not down. Look at the sign of the step.",
    )
    expect(abs(drawn[0].sum() - batch) < 0.1, f"{where}: expected batch_size images in a step.")
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
