"""``ClassifierTrainer``: the loop that is given, and its updates."""

import numpy as np
import pytest
from cs_lib.classifier_trainer import ClassifierTrainer
from cs_lib.classifiers.neural_net import two_layer_net
from figures.softmax_two_layer import toy_net


def train(trainer=None, **settings):
    X, y, model = toy_net()
    settings = {
        "reg": 0.001,
        "learning_rate": 0.1,
        "learning_rate_decay": 1,
        "update": "sgd",
        "sample_batches": False,
        "num_epochs": 5,
    } | settings
    trainer = ClassifierTrainer() if trainer is None else trainer
    return trainer.train(X, y, X, y, model, two_layer_net, **settings)


def quadratic(X, model, y=None, reg=0.0):
    """Loss whose gradient is 1 everywhere; the scores always say class 0."""
    if y is None:
        return np.tile([1.0, 0.0], (len(X), 1))
    return model["w"].sum(), {"w": np.ones_like(model["w"])}


def path(**settings):
    """Where one parameter goes from 0 under a gradient of 1."""
    X, y = np.zeros((4, 1)), np.zeros(4, dtype=int)
    settings = {"learning_rate_decay": 1, "sample_batches": False, **settings}
    _, losses, _, _ = ClassifierTrainer().train(
        X, y, X, y, {"w": np.zeros(1)}, quadratic, num_epochs=4, **settings
    )
    return losses


def test_updates_by_hand():
    np.testing.assert_allclose(path(update="sgd", learning_rate=0.1), [0, -0.1, -0.2, -0.3])
    # Velocities -0.1, -0.15, -0.175.
    np.testing.assert_allclose(
        path(update="momentum", learning_rate=0.1, momentum=0.5), [0, -0.1, -0.25, -0.425]
    )
    caches = np.array([0.01, 0.0199, 0.029701])
    np.testing.assert_allclose(
        path(update="rmsprop", learning_rate=0.1),
        [0, *-np.cumsum(0.1 / np.sqrt(caches + 1e-8))],
    )


def test_the_other_place_of_epsilon_gives_the_documents_other_figure():
    class Outside(ClassifierTrainer):
        def rmsprop_step(self, name, gradient, learning_rate, decay_rate=0.99):
            super().rmsprop_step(name, gradient, learning_rate, decay_rate)
            return -learning_rate * gradient / (np.sqrt(self.step_cache[name]) + 1e-8)

    _, losses, _, _ = train(Outside(), update="rmsprop", num_epochs=100)
    assert f"{losses[-1]:.6f}" == "0.429848"


def test_learning_rate_decays_after_each_epoch():
    np.testing.assert_allclose(
        path(update="sgd", learning_rate=0.1, learning_rate_decay=0.5), [0, -0.1, -0.15, -0.175]
    )


def test_the_starting_model_is_not_changed():
    X, y, model = toy_net()
    before = {name: parameter.copy() for name, parameter in model.items()}
    ClassifierTrainer().train(X, y, X, y, model, two_layer_net, num_epochs=3, sample_batches=False)
    for name, parameter in before.items():
        np.testing.assert_array_equal(model[name], parameter)


def test_best_model_is_a_copy_from_the_best_moment():
    # The accuracy is highest at the start, and the loss goes on moving the parameter.
    X, y = np.zeros((4, 1)), np.zeros(4, dtype=int)

    def worse_and_worse(X, model, y=None, reg=0.0):
        if y is None:
            return np.tile([model["w"][0] + 0.25, 0.0], (len(X), 1))
        return 0.0, {"w": np.ones(1)}

    best, _, _, val_acc = ClassifierTrainer().train(
        X, y, X, y, {"w": np.zeros(1)}, worse_and_worse,
        learning_rate=0.1, learning_rate_decay=1, update="sgd", sample_batches=False, num_epochs=6,
    )  # fmt: skip
    assert val_acc[0] == 1
    assert val_acc[-1] == 0
    np.testing.assert_allclose(best["w"], -0.1)


def test_histories_have_an_entry_for_each_step_and_each_evaluation():
    X, y, model = toy_net()
    X, y = np.tile(X, (8, 1)), np.tile(y, 8)  # 40 images, 4 steps an epoch
    trainer = ClassifierTrainer()
    _, losses, train_acc, val_acc = trainer.train(
        X, y, X, y, model, two_layer_net, batch_size=10, num_epochs=3
    )
    assert len(losses) == 12
    assert len(train_acc) == len(val_acc) == 1 + 3
    _, _, train_acc, _ = trainer.train(
        X, y, X, y, model, two_layer_net, batch_size=10, num_epochs=3, acc_frequency=2
    )
    assert len(train_acc) == 6 + 3  # steps 0, 2, … 10, and the ends of epochs: steps 3, 7, 11


def test_a_seed_repeats_the_run_and_a_used_trainer_starts_afresh():
    settings = {"sample_batches": True, "batch_size": 2, "update": "momentum", "momentum": 0.9}
    trainer = ClassifierTrainer()
    _, first, _, _ = train(trainer, seed=1, **settings)
    _, second, _, _ = train(trainer, seed=1, **settings)
    _, other, _, _ = train(trainer, seed=2, **settings)
    assert first == second
    assert first != other


def test_verbose_tells_each_epoch(capsys):
    train(verbose=True, num_epochs=2)
    out = capsys.readouterr().out
    assert "epoch 2 / 2" in out
    assert "val" in out


def test_unknown_update_is_refused():
    with pytest.raises(ValueError, match="got 'adam'"):
        train(update="adam")
