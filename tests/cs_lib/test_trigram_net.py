"""``cs_lib.trigram_net``: SciPy's softmax, differences, memory, a language that can be learnt."""

import os
import re
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import real_data
import scipy.special
from cs_lib.trigram_net import TrigramNet, one_hot

V = 11


def random_words(rng, n, vocabulary=V):
    return rng.integers(1, vocabulary + 1, (n, 3)), rng.integers(1, vocabulary + 1, n)


@pytest.fixture
def net():
    return TrigramNet(V, 4, 6, std=0.8, seed=1)


def test_one_hot_counts_from_one():
    assert one_hot(np.array([1, 3], dtype=np.uint16), 3).tolist() == [[1, 0, 0], [0, 0, 1]]


def test_parameters_start_with_the_given_spread():
    net = TrigramNet(250, 32, 256)
    shapes = {name: value.shape for name, value in net.params.items()}
    assert shapes == {
        "W1": (250, 32), "b1": (32,), "W2": (32, 256), "b2": (256,),
        "W3": (256, 250), "b3": (250,),
    }  # fmt: skip
    assert net.params["W3"].std() == pytest.approx(0.01, rel=0.02)
    assert np.any(net.params["b2"] != 0)


def test_forward_is_the_formula_of_the_hand_out(net):
    rng = np.random.default_rng(2)
    x, _ = random_words(rng, 9)
    p = net.params
    embedding = np.array([sum(p["W1"][w - 1] for w in row) for row in x]) + p["b1"]
    hidden = scipy.special.expit(embedding @ p["W2"] + p["b2"])
    expected = scipy.special.softmax(hidden @ p["W3"] + p["b3"], axis=1)
    np.testing.assert_allclose(net.forward(x), expected, rtol=1e-12)


def test_order_of_the_words_does_not_matter_but_repetition_does(net):
    first, *others = net.forward(np.array([[1, 2, 2], [2, 1, 2], [1, 1, 2]]))
    np.testing.assert_allclose(others[0], first, rtol=1e-12)
    assert np.abs(others[1] - first).max() > 1e-3


@pytest.mark.filterwarnings("error")
def test_large_scores_do_not_overflow(net):
    for name in ("W2", "b2", "W3", "b3"):
        net.params[name] *= 2000
    probabilities = net.forward(np.array([[1, 2, 3], [4, 5, 6]]))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_untrained_loss_is_the_logarithm_of_the_vocabulary():
    x, d = random_words(np.random.default_rng(3), 400, 250)
    assert TrigramNet(250, 8, 64).loss(x, d) == pytest.approx(np.log(250), abs=0.01)


@pytest.mark.parametrize("n", [1, 8])
def test_gradient_matches_differences(net, n):
    rng = np.random.default_rng(n)
    x, d = random_words(rng, n)
    for name, gradient in net.backward(x, d).items():
        value = net.params[name]
        assert gradient.shape == value.shape
        direction = rng.standard_normal(value.shape)
        losses = []
        for h in (1e-5, -1e-5):
            net.params[name] = value + h * direction
            losses.append(net.loss(x, d))
        net.params[name] = value
        expected = (losses[0] - losses[1]) / 2e-5
        assert np.sum(gradient * direction) == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_step_is_momentum_on_the_batch_gradient(net):
    x, d = random_words(np.random.default_rng(4), 5)
    start = {name: value.copy() for name, value in net.params.items()}
    velocity = {name: np.full_like(value, 0.3) for name, value in start.items()}
    net.velocity = dict(velocity)
    gradient = net.backward(x, d)
    net.step(x, d, 0.1, 0.5)
    for name in start:
        np.testing.assert_allclose(net.velocity[name], 0.15 + gradient[name])
        np.testing.assert_allclose(net.params[name], start[name] - 0.1 * net.velocity[name])


def test_evaluation_does_not_depend_on_the_block(net):
    x, d = random_words(np.random.default_rng(5), 50)
    whole, blocks = net.evaluate(x, d), net.evaluate(x, d, block=7)
    np.testing.assert_allclose(blocks, whole, rtol=1e-12)
    assert whole[0] == pytest.approx(net.loss(x, d), rel=1e-12)
    assert whole[1] == 100 * np.mean(net.forward(x).argmax(axis=1) == d - 1)


def test_top_words_are_sorted_and_numbered_from_one(net):
    x = np.array([[1, 2, 3], [7, 7, 11]])
    words, probabilities = net.top_k(x, 4)
    assert words.shape == probabilities.shape == (2, 4)
    for row, listed, distribution in zip(words, probabilities, net.forward(x), strict=True):
        assert sorted(distribution)[::-1][:4] == pytest.approx(listed)
        assert distribution[row - 1] == pytest.approx(listed)


def test_fit_learns_a_rule(net):
    rng = np.random.default_rng(6)
    x, _ = random_words(rng, 3000)
    d = x.min(axis=1)  # depends on the words but not on their order
    loss, accuracy = net.fit(
        x[:2500], d[:2500], x[2500:], d[2500:], learning_rate=0.3, momentum=0.9, batch_size=50,
        n_epochs=30,
    )  # fmt: skip
    assert len(loss) == len(accuracy) == 30
    assert accuracy[-1] > 80
    assert loss[-1] < loss[0] / 2


def test_fit_uses_every_case_once_an_epoch(net, monkeypatch):
    x, d = random_words(np.random.default_rng(8), 23)
    x[:, 0] = np.arange(23) % V + 1
    batches = []
    monkeypatch.setattr(net, "step", lambda x, d, *_: batches.append((x, d)))
    net.fit(x, d, x, d, batch_size=5, n_epochs=2)
    assert [len(words) for _, words in batches] == [5, 5, 5, 5, 3] * 2
    order = np.random.default_rng(7).permutation(23)
    np.testing.assert_array_equal(np.concatenate([b[0] for b in batches[:5]]), x[order])
    np.testing.assert_array_equal(np.concatenate([b[1] for b in batches[:5]]), d[order])


def test_memory_stays_small_on_a_set_of_the_real_size():
    x, d = random_words(np.random.default_rng(9), 372_500, 250)
    net = TrigramNet(250, 32, 256)
    tracemalloc.start()
    net.evaluate(x[:20_000], d[:20_000])
    net.fit(x, d, x[:1000], d[:1000], batch_size=100_000, n_epochs=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200e6  # one-hot rows of the whole set would take 745 MB


@pytest.mark.slow
@real_data.needs("raw_sentences.txt")
def test_largest_net_on_the_real_sentences():
    script = Path(__file__).with_name("train_trigrams.py")
    printed = subprocess.run(
        [sys.executable, script, real_data.FOLDER / "raw_sentences.txt"],
        env={**os.environ, "PYTHONPATH": str(real_data.ROOT / "assignments")},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert float(re.search(r"test accuracy ([\d.]+)", printed)[1]) >= 34
    assert float(re.search(r"peak memory (\d+)", printed)[1]) < 500
