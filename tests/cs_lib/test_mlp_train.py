"""``cs_lib.mlp.train``: what training keeps, records and decays."""

import numpy as np
import pytest
from cs_lib.mlp.layer_utils import cross_entropy, fc, leaky_relu, sequential
from cs_lib.mlp.optim import SGD
from cs_lib.mlp.train import MiniBatches, compute_acc, train_net


class Net:
    """Two features in, two classes out."""

    def __init__(self):
        self.net = sequential(fc(2, 8, 0.5, name="a"), leaky_relu(), fc(8, 2, 0.5, name="b"))
        self.trained_on = 0

    def forward(self, x, training=False):
        self.trained_on += len(x) * training
        return self.net.forward(x, training)

    def backward(self, dout):
        return self.net.backward(dout)


@pytest.fixture
def exclusive_or():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((300, 2))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    return {"data_train": (x[:200], y[:200]), "data_val": (x[200:], y[200:])}


def run(data_dict, epochs=20, lr=0.5, **options):
    np.random.seed(2)
    model = Net()
    optimizer = SGD(model.net, lr)
    results = train_net(data_dict, model, cross_entropy(), optimizer, 20, epochs, **options)
    return model, optimizer, results


def test_training_learns(exclusive_or):
    _, _, (_, losses, train_acc, val_acc) = run(exclusive_or, 60)
    assert len(losses) == 600
    assert len(train_acc) == len(val_acc) == 60
    assert losses[0] == pytest.approx(np.log(2), abs=0.3)
    assert np.mean(losses[-10:]) < 0.15
    assert val_acc[-1] > 0.9


def test_best_parameters_are_kept_as_copies(exclusive_or):
    _, _, (best, _, _, accuracies) = run(exclusive_or, 25, lr=3.0)
    epoch = int(np.argmax(accuracies)) + 1
    assert epoch < 25, "the run must get worse for the test to mean something"
    model, _, (_, _, _, again) = run(exclusive_or, epoch, lr=3.0)
    assert again == accuracies[:epoch]
    for name, value in model.net.params.items():
        np.testing.assert_array_equal(best[name], value)


def test_accuracies_are_those_of_the_whole_sets(exclusive_or):
    model, _, (_, _, train_acc, val_acc) = run(exclusive_or, 3)
    for name, history in (("data_train", train_acc), ("data_val", val_acc)):
        x, y = exclusive_or[name]
        assert history[-1] == np.mean(model.forward(x).argmax(axis=1) == y)


def test_learning_rate_decays_every_so_many_epochs(exclusive_or):
    _, optimizer, _ = run(exclusive_or, 7, lr=0.8, lr_decay=0.5, lr_decay_every=3)
    assert optimizer.lr == pytest.approx(0.8 * 0.5**2)


def test_training_mode_is_on_for_steps_and_off_for_accuracy(exclusive_or):
    model, _, _ = run(exclusive_or, 2)
    assert model.trained_on == 2 * 200


def test_verbose_prints_iterations_and_epochs(exclusive_or, capsys):
    run(exclusive_or, 2, show_every=10)
    assert capsys.readouterr().out == ""
    run(exclusive_or, 2, show_every=10, verbose=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(")")[0] for line in lines] == [
        "(Iteration 1 / 20", "(Epoch 1 / 2", "(Iteration 11 / 20", "(Epoch 2 / 2",
    ]  # fmt: skip


def test_mini_batches_take_every_case_at_most_once_an_epoch():
    x = np.arange(23.0)
    batches = MiniBatches(x, x, 5)
    assert batches.per_epoch == 4
    drawn = [batches.draw() for _ in range(8)]
    for epoch in (drawn[:4], drawn[4:]):
        seen = np.concatenate([inputs for inputs, _ in epoch])
        assert len(set(seen)) == 20
    for inputs, labels in drawn:
        np.testing.assert_array_equal(inputs, labels)
    assert not np.array_equal(drawn[0][0], drawn[4][0])


def test_a_batch_is_no_larger_than_the_set():
    batches = MiniBatches(np.zeros((3, 2)), np.arange(3), 100)
    assert batches.per_epoch == 1
    assert sorted(batches.draw()[1]) == [0, 1, 2]


def test_accuracy_counts_a_last_batch_that_is_not_full():
    class Fixed:
        def forward(self, x):
            return x

    scores = np.eye(3)[[0, 1, 2, 0, 0]]
    assert compute_acc(Fixed(), scores, np.array([0, 1, 2, 0, 1]), batch_size=2) == 0.8
