"""Hidden checks of ``mlp_trigrams``: the network that predicts the next word."""

from functools import partial

import numpy as np

from autograder.checks import (
    LARGE_SCORES_TOLERANCE,
    TOLERANCE,
    any_of,
    by_own_parts,
    call_each,
    case,
    cases,
    check,
    draw_until,
    expect_close,
    expect_gradient,
    is_usual,
)

TELLING = (4, 6, 8)
"""Of the nine words those whose column, one less than the number, no other arithmetic gives by
luck: for an odd word ``word ^ 1`` does, for 1 and 2 ``word >> 1``."""


def random_words(rng, n, vocabulary):
    return rng.integers(1, vocabulary + 1, (n, 3)), rng.integers(1, vocabulary + 1, n)


def net_pair(student, reference, rng, vocabulary=9, D=4, P=6, std=0.8):
    """Make a net of the student's and one of the reference with the same parameters."""
    net = student.trigram_net.TrigramNet(vocabulary, D, P, std=std, seed=3)
    true = reference.trigram_net.TrigramNet(vocabulary, D, P, std=std, seed=3)
    draw_params(true, rng, std)
    net.params = copied(true.params)
    return net, true


def draw_params(net, rng, std):
    net.params = {name: std * rng.standard_normal(v.shape) for name, v in net.params.items()}


def copied(params):
    return {name: value.copy() for name, value in params.items()}


@check
@cases(one=case("a single word", n=1, vocabulary=4), many=case("many words", n=12, vocabulary=9))
def one_hot_rows(student, reference, rng, n, vocabulary):
    """Row by row a one stands at the place of the word."""
    words = rng.integers(1, vocabulary + 1, n)
    words[0] = vocabulary
    expect_close(
        student.trigram_net.one_hot(words, vocabulary),
        reference.trigram_net.one_hot(words, vocabulary),
    )


@check
@cases(
    one=case("a batch of one case", n=1, scale=None),
    many=case("many cases", n=11, scale=None),
    large_scores=case("scores in the thousands", n=8, scale=1e4),
)
def trigram_forward(student, reference, rng, n, scale):
    """The probabilities are those of the formula, for repeated words and large scores too."""
    net, true = net_pair(student, reference, rng)
    x, _ = random_words(rng, n, 9)
    x[0] = TELLING[rng.integers(3)]  # a word three times
    weights = [true.params["W3"]]
    if scale:
        # Far from row to row, where a maximum over all rows is none of most; then within rows.
        far = scale * rng.standard_normal((6, 1))
        weights = [far + weights[0], scale * rng.standard_normal((6, 9))]
    for W3 in weights:
        true.params["W3"] = W3
        net.params = copied(true.params)
        expect_close(
            net.forward(x), true.forward(x), name="TrigramNet.forward",
            tolerance=10 * LARGE_SCORES_TOLERANCE if scale else TOLERANCE,
        )  # fmt: skip


@check
def trigram_loss(student, reference, rng):
    """The loss is the mean of -log p of the words that came next."""
    for n in (1, 14):
        net, true = net_pair(student, reference, rng, vocabulary=5, std=0.5)
        x, d = draw_until(
            lambda n=n, true=true: (draw_params(true, rng, 0.5), random_words(rng, n, 5))[1],
            lambda words, true=true: is_usual(np.log(true.forward(words[0])), words[1] - 1),
        )
        net.params = copied(true.params)
        expect_close(net.loss(x, d), true.loss(x, d), name="TrigramNet.loss")


@check
@cases(one=case("a batch of one case", n=1), many=case("many cases", n=13))
def trigram_backward(student, reference, rng, n):
    """The gradient of every parameter matches differences of the loss."""
    net, true = net_pair(student, reference, rng)
    x, d = random_words(rng, n, 9)
    x[0, :2] = TELLING[rng.integers(3)]  # a word twice

    def loss(params):
        true.params = params
        return true.loss(x, d)

    expect_gradient(net.backward(x, d), of=loss, at=true.params)


STEPS = ((0.3, 0.5), (0.1, 0.9), (0.2, 0.0))


@check(requires="trigram_backward")
def trigram_step(student, reference, rng):
    """Three steps move the parameters as momentum says."""
    net, true = net_pair(student, reference, rng)
    start = copied(true.params)
    batches = [random_words(rng, 6, 9) for _ in STEPS]
    for step in (net.step, true.step):
        call_each(
            *(partial(step, *batch, *with_) for batch, with_ in zip(batches, STEPS, strict=True))
        )
    after = dict(net.params)

    def own_steps():
        """Take the steps by the student's own gradient, which its own check charges."""
        twin = twin_of(student, start)
        gradients = [twin.backward(*batch) for batch in batches]
        for batch, settings in zip(batches, STEPS, strict=True):
            reference.trigram_net.TrigramNet.step(twin, *batch, *settings)
        return gradients, dict(twin.params)

    def useful(result):
        first, second = result[0][:2]
        return set(first) == set(after) and all(tells(first[k], second[k]) for k in first)

    any_of(
        lambda: expect_close(after, true.params, name="TrigramNet.step"),
        lambda: expect_close(after, by_own_parts(own_steps, useful)[1], name="TrigramNet.step"),
    )


def twin_of(student, params):
    """Make another net of the student's, with these parameters."""
    twin = student.trigram_net.TrigramNet(9, 4, 6, std=0.8, seed=3)
    twin.params = copied(params)
    return twin


def tells(first, second):
    """Whether two results are finite, not zero, and not the same."""
    one, other = np.asarray(first), np.asarray(second)
    finite = np.isfinite(one).all() and np.isfinite(other).all()
    return bool(finite and np.any(one) and not np.array_equal(one, other))


@check(requires="trigram_step")
def trigram_fit(student, reference, rng):
    """Training on the same seed gives the losses and accuracies of the reference."""
    net, true = net_pair(student, reference, rng)
    x, d = random_words(rng, 53, 9)
    settings = {"learning_rate": 0.3, "momentum": 0.6, "batch_size": 10, "n_epochs": 3, "seed": 5}
    start = copied(true.params)
    _follow_loss(student.trigram_net.TrigramNet(9, 4, 6), true, x, d)
    actual = net.fit(x, d, x[:20], d[:20], **settings)
    if isinstance(actual, (tuple, list)) and len(actual) == 2 and isinstance(actual[0], list):
        actual = [_number(loss) for loss in actual[0]], actual[1]
    close = partial(expect_close, actual, names=("val_loss", "val_accuracy"), name="TrigramNet.fit")

    def own_fit():
        """Train by the student's own steps, which their own check charges."""
        nets = [twin_of(student, start) for _ in range(3)]
        for own, rows in zip(nets, (slice(10), slice(10, 20)), strict=False):
            own.step(x[rows], d[rows], 0.3, 0.6)
        moves = [{k: own.params[k] - v for k, v in start.items()} for own in nets[:2]]
        losses, accuracies = reference.trigram_net.TrigramNet.fit(
            nets[2], x, d, x[:20], d[:20], **settings
        )
        return ([_number(loss) for loss in losses], accuracies), moves

    def useful(result):
        (losses, _), (first, second) = result
        moves = all(tells(first[k], second[k]) for k in first)
        return moves and all(map(_is_number, losses)) and len(set(losses)) == len(losses)

    expected = true.fit(x, d, x[:20], d[:20], **settings)
    any_of(
        lambda: close(expected),
        lambda: close(by_own_parts(own_fit, useful)[0]),
    )


def _follow_loss(net, true, x, d):
    """Let the reference measure by the student's own loss: its own check charges that.

    One that does not depend on the net is not taken.
    """

    def own(x, d):
        net.params = copied(true.params)
        return _number(net.loss(x, d))

    start, at_start = true.params, own(x, d)
    true.params = {name: value / 2 for name, value in start.items()}
    halfway, true.params = own(x, d), start
    if _is_number(at_start) and _is_number(halfway) and at_start != halfway:
        true.loss = own


def _number(loss):
    """Turn a loss of shape (1,), which the check of the loss charges, into a number."""
    return float(loss.item()) if isinstance(loss, np.ndarray) and loss.size == 1 else loss


def _is_number(value):
    return isinstance(value, float) and bool(np.isfinite(value))


@check(requires="trigram_forward")
def trigram_top_k(student, reference, rng):
    """The list has the most probable words, the most probable first, numbered from 1."""
    for k in (1, 10, 300):
        net, true = net_pair(student, reference, rng, vocabulary=300)
        x, _ = random_words(rng, 7, 300)
        close = partial(
            expect_close, net.top_k(x, k), names=("words", "probabilities"), name="TrigramNet.top_k"
        )

        def own(x=x, k=k, net=net):
            """Choose by the student's own probabilities, whose mistake is charged already."""
            return net.forward(x), reference.trigram_net.TrigramNet.top_k(net, x, k)

        any_of(
            lambda close=close, x=x, k=k, true=true: close(true.top_k(x, k)),
            lambda close=close, own=own: close(by_own_parts(own, _orders)[1]),
        )


def _orders(found):
    """Whether the probabilities of each case are different ones, and others in each case."""
    probabilities, _ = found
    distinct = [len(np.unique(row)) for row in probabilities]
    return min(distinct) > 250 and len(np.unique(probabilities, axis=0)) == len(probabilities)


@check(requires="trigram_top_k")
def candidate_words(notebook, student, reference, rng):
    """The candidates are the words of the most probable numbers."""
    net, true = net_pair(student, reference, rng, vocabulary=300)
    x, _ = random_words(rng, 4, 300)
    words = [f"word{i}" for i in rng.permutation(300)]
    actual = notebook.candidates(net, x, words, k=10)
    close = partial(expect_close, actual, name="candidates")
    own = partial(reference.notebook.candidates, net, x, words, k=10)
    any_of(
        lambda: close(reference.notebook.candidates(true, x, words, k=10)),
        # By the student's own choice, whose mistake is charged already.
        lambda: close(by_own_parts(own, lambda found: len(set(map(tuple, found))) > 1)),
    )
