"""Names that the course documents use, and that people's work therefore uses."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from cs_lib import gradient_check, optim
from cs_lib.data_utils import get_CIFAR10_data, load_CIFAR10
from cs_lib.mlp.train import Progress
from cs_lib.network import Linear

ROOT = Path(__file__).parents[2]


def in_release(assignment, code):
    """Run a line of a student's in a release."""
    return subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=ROOT / "release" / assignment,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
    )


def test_linear_makes_a_generator_of_its_own():
    assert Linear(5, 7).W.shape == (5, 7)
    assert np.any(Linear(5, 7).W != Linear(5, 7).W)


def test_load_cifar10_gives_all_pictures_as_they_are_stored():
    X_train, y_train, X_test, y_test = load_CIFAR10("cs231n/datasets/cifar-10-batches-py")
    assert X_train.shape[1:] == X_test.shape[1:] == (32, 32, 3)
    assert len(X_train) == len(y_train)
    assert len(X_test) == len(y_test)
    data = get_CIFAR10_data(100, 0, 10, layout="NHWC")
    difference = X_train[:100] - data["X_train"]  # the mean training picture, the same for all
    np.testing.assert_allclose(difference, np.broadcast_to(difference[0], difference.shape))
    assert X_train.min() >= 0


@pytest.mark.parametrize(
    ("assignment", "code"),
    [
        ("softmax_two_layer", "from cs_lib.load_cifar10_tvt import load_cifar10_train_val"),
        ("softmax_two_layer", "from cs_lib.data_utils import load_CIFAR10"),
        ("fc_nets_dropout", "from cs_lib.data_utils import load_CIFAR10"),
        ("mlp_svhn", "from cs_lib.grad_check import eval_numerical_gradient, rel_error"),
    ],
)
def test_published_names_are_in_the_release(assignment, code):
    run = in_release(assignment, code)
    assert run.returncode == 0, run.stderr


def test_grad_check_is_gradient_check():
    from cs_lib import grad_check

    assert grad_check.rel_error is gradient_check.rel_error


@pytest.mark.parametrize("name", ["SGD", "SGDM", "RMSProp", "Adam"])
def test_a_name_of_two_documents_says_where_it_stands(name):
    run = in_release("mlp_svhn", f"from cs_lib.optim import {name}")
    assert f"import {name} from there" in run.stderr.splitlines()[-1]
    assert "cs_lib.mlp.optim" in run.stderr
    with pytest.raises(ImportError, match=r"cs_lib\.mlp\.optim"):
        getattr(optim, name)


def test_a_name_of_nobody_is_just_missing():
    with pytest.raises(AttributeError, match="has no attribute 'nesterov'"):
        optim.nesterov  # noqa: B018


def test_progress_tells_of_how_many(capsys):
    Progress(3, 10, True, 21_000).iteration([2.5])
    Progress(3, 10, True).iteration([2.5])
    assert capsys.readouterr().out == "(Iteration 1 / 21000) loss: 2.5\n(Iteration 1) loss: 2.5\n"
