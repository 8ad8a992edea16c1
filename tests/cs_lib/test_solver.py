"""``Solver``: steps, histories, best parameters, checkpoints."""

import numpy as np
import pytest
from cs_lib.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from cs_lib.solver import Solver


@pytest.fixture
def data():
    rng = np.random.default_rng(2)
    X, y = rng.standard_normal((60, 8)), rng.integers(0, 3, 60)
    X[np.arange(60), y] += 3
    return {"X_train": X[:40], "y_train": y[:40], "X_val": X[40:], "y_val": y[40:]}


def make(data, hidden=(10,), **settings):
    np.random.seed(4)
    model = FullyConnectedNet(
        hidden, input_dim=8, num_classes=3, weight_scale=0.1, dtype=np.float64
    )
    settings = {
        "update_rule": "adam",
        "optim_config": {"learning_rate": 1e-2},
        "batch_size": 10,
        "num_epochs": 6,
        "verbose": False,
        "seed": 0,
    } | settings
    return Solver(model, data, **settings)


def test_training_learns(data):
    solver = make(data, num_epochs=20)
    solver.train()
    assert solver.loss_history[0] == pytest.approx(np.log(3), abs=0.05)
    assert np.mean(solver.loss_history[-4:]) < 0.3
    assert solver.best_val_acc == max(solver.val_acc_history) > 0.8
    assert solver.check_accuracy(data["X_val"], data["y_val"]) == solver.best_val_acc


def test_histories(data):
    solver = make(data)
    solver.train()
    assert len(solver.loss_history) == 6 * 4
    assert len(solver.train_acc_history) == len(solver.val_acc_history) == 1 + 6


def test_a_step_of_sgd_by_hand(data):
    solver = make(data, update_rule="sgd", optim_config={"learning_rate": 0.5}, batch_size=40)
    solver.num_epochs = 1
    model, before = solver.model, {k: v.copy() for k, v in solver.model.params.items()}
    batch = np.random.default_rng((0, 0)).choice(40, 40)
    loss, grads = model.loss(data["X_train"][batch], data["y_train"][batch])
    solver.train()
    assert solver.loss_history == [loss]
    for name, parameter in model.params.items():
        np.testing.assert_allclose(parameter, before[name] - 0.5 * grads[name])


def test_learning_rate_decays_after_each_epoch_for_every_parameter(data):
    solver = make(data, lr_decay=0.5, num_epochs=3)
    solver.train()
    assert {c["learning_rate"] for c in solver.optim_configs.values()} == {1e-2 / 8}


def test_best_parameters_are_a_copy(data):
    solver = make(data, optim_config={"learning_rate": 1e-2}, num_epochs=3)
    solver.train()
    best = {name: value.copy() for name, value in solver.best_params.items()}
    solver.model.params["W1"] += 1
    np.testing.assert_array_equal(solver.best_params["W1"], best["W1"])


def test_a_seed_repeats_the_run(data):
    runs = []
    for seed in (0, 0, 1):
        solver = make(data, seed=seed)
        solver.train()
        runs.append(solver.loss_history)
    assert runs[0] == runs[1] != runs[2]


def test_training_from_a_checkpoint_is_the_same_run(data, tmp_path):
    whole = make(data, lr_decay=0.9, num_train_samples=20, checkpoint_name=str(tmp_path / "net"))
    whole.train()
    resumed = make(data, lr_decay=0.9, num_train_samples=20)
    resumed.load_checkpoint(tmp_path / "net_epoch_3.npz")
    assert resumed.epoch == 3
    resumed.train()
    assert resumed.loss_history == whole.loss_history
    assert resumed.train_acc_history == whole.train_acc_history
    for name, parameter in whole.model.params.items():
        np.testing.assert_array_equal(resumed.model.params[name], parameter)


def test_models_without_a_depth_train_too(data):
    np.random.seed(0)
    model = TwoLayerNet(input_dim=8, hidden_dim=10, num_classes=3, weight_scale=0.1)
    solver = Solver(
        model, data, update_rule="sgd_momentum", optim_config={"learning_rate": 0.1},
        num_epochs=10, batch_size=20, verbose=False,
    )  # fmt: skip
    solver.train()
    assert solver.best_val_acc > 0.8


def test_verbose_prints_losses_and_accuracies(data, capsys):
    make(data, num_epochs=1, verbose=True, print_every=2).train()
    out = capsys.readouterr().out
    assert out.count("(Iteration") == 2
    assert "(Epoch 1 / 1) train acc:" in out


def test_unknown_update_rule_is_refused(data):
    with pytest.raises(ValueError, match=r"cs_lib/optim.py, got 'adamw'"):
        make(data, update_rule="adamw")


def test_unknown_setting_is_refused(data):
    with pytest.raises(TypeError, match="learning_rate"):
        make(data, learning_rate=0.1)
