"""The driver, the data and the logs of `pytorch_cifar`."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from tests.tiny_course import ROOT

torch = pytest.importorskip("torch", reason="PyTorch is not installed: make test-torch")

from cs_lib import runs, torch_check, train  # noqa: E402 - only where there is PyTorch
from cs_lib.cifar10 import CIFAR10, COLOUR  # noqa: E402
from cs_lib.logs import diverged, read_log  # noqa: E402
from cs_lib.practice import practice_pictures  # noqa: E402

NUMBER = r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?"
PUBLISHED = [re.compile(f".*{name}: ({NUMBER})") for name in ("Train Loss", "Val Loss", "Val Acc")]
"""As the course document reads a log."""
QUICK = "--epochs 2 --batch-size 20 --log-interval 3 --device cpu --hidden-dim 6 --kernel-size 3"
MODELS = ["softmax", "twolayernn", "convnet", "mymodel"]


@pytest.fixture(scope="module")
def pictures():
    found = practice_pictures("NCHW", seed=3, sizes=(100, 40, 40))
    return {name: array + 128 if name[0] == "X" else array for name, array in found.items()}


@pytest.mark.parametrize("model", MODELS)
def test_a_run_writes_a_log_and_the_parameters(model, pictures, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = train.main(["--model", model, *QUICK.split()], pictures)
    lines = (tmp_path / f"{model}.log").read_text().splitlines()
    assert lines == done["log"]
    counts = [sum(bool(pattern.match(line)) for line in lines) for pattern in PUBLISHED]
    assert counts == [3, 2, 2]
    assert read_log(lines)["Train Loss"][0] == [3, 6, 9]
    assert read_log(lines)["Val Acc"][0] == [5, 10]
    state = torch.load(tmp_path / f"{model}.pt", weights_only=True)
    net = train.MODELS[model](train.parse_arguments(QUICK.split()), (3, 16, 16))
    net.load_state_dict(state)
    loader = train.make_loaders(
        {"test": CIFAR10(pictures["X_test"], pictures["y_test"])}, 20, "cpu"
    )
    loss, accuracy = train.evaluate(net, loader["test"])
    assert loss == pytest.approx(done["test_loss"])
    assert accuracy == pytest.approx(done["test_acc"])


def test_a_seed_gives_the_same_run_again_and_nothing_is_written_where_it_is_not_asked_for(
    pictures, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    words = ["--model", "convnet", "--no-save", *QUICK.split()]
    first, second, other = (
        train.main([*words, "--seed", seed], pictures)["log"][1:] for seed in ("1", "1", "2")
    )
    assert first == second
    assert first != other
    assert list(tmp_path.iterdir()) == []


def test_one_colour_is_subtracted_and_not_a_mean_picture():
    images = np.random.default_rng(0).integers(0, 256, (5, 3, 4, 6)).astype(np.uint8)
    data = CIFAR10(images, [3, 1, 4, 1, 5])
    image, label = data[2]
    assert (len(data), image.dtype, int(label)) == (5, torch.float32, 4)
    removed = images[2] / 255 - image.numpy()
    np.testing.assert_allclose(
        removed, np.broadcast_to(COLOUR[:, None, None], (3, 4, 6)), atol=1e-6
    )


def test_a_log_is_read_at_its_iterations_and_keeps_what_is_no_number():
    lines = [
        "Epoch: 1  Iteration: 10  Train Loss: 2.5e+00",
        "Epoch: 1  Iteration: 20  Train Loss: nan",
        "Epoch: 1  Iteration: 20  Val Loss: inf  Val Acc: .25",
        "something else",
    ]
    found = read_log(lines)
    assert found["Train Loss"][0] == [10, 20]
    assert np.array_equal(found["Train Loss"][1], [2.5, np.nan], equal_nan=True)
    assert found["Val Loss"] == ([20], [np.inf])
    assert found["Val Acc"] == ([20], [0.25])
    assert diverged(found["Train Loss"][1])
    assert not diverged([1.0])


@pytest.mark.parametrize("model", MODELS)
def test_the_scripts_hold_settings_of_the_driver(model):
    settings = runs.settings(model)
    args = train.parse_arguments(settings)
    assert args.model == model
    assert args.epochs == 6


def test_a_missing_script_or_log_is_named_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"run_other\.sh in the folder .* Copy it there"):
        runs.run_once("other")
    with pytest.raises(
        FileNotFoundError, match=r"other\.log beside .* Train first: bash run_other\.sh"
    ):
        runs.learning_curves("other", "Other")
    Path("other.log").write_text("")
    with pytest.raises(ValueError, match=r"an epoch in other\.log, .* Delete it"):
        runs.learning_curves("other", "Other")


@pytest.mark.parametrize("text", [b"", b"python cs_lib/train.py", b'"', b"\xe9"])
def test_a_script_that_cannot_be_read_is_named(tmp_path, monkeypatch, text):
    (tmp_path / "cs_lib").mkdir()
    (tmp_path / "run_own.sh").write_bytes(text)
    monkeypatch.setattr(runs, "__file__", str(tmp_path / "cs_lib/runs.py"))
    with pytest.raises(ValueError, match=r"cs_lib\.train` in run_own\.sh, .* Compare it with"):
        runs.settings("own")


def test_the_curves_are_drawn_and_saved(pictures, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    import matplotlib.pyplot as plt

    train.main(["--model", "softmax", *QUICK.split()], pictures)
    runs.learning_curves("softmax", "Softmax")
    loss, accuracy = (plt.figure(number).axes[0] for number in plt.get_fignums()[-2:])
    assert [list(line.get_xdata()) for line in loss.lines] == [[3, 6, 9], [5, 10]]
    assert accuracy.get_ylabel() == "accuracy"
    assert (tmp_path / "softmax_lossvstrain.png").stat().st_size > 5000
    assert (tmp_path / "softmax_valaccuracy.png").stat().st_size > 5000
    plt.close("all")


@pytest.mark.parametrize("model", MODELS)
def test_gradients_agree_with_differences(model):
    torch.manual_seed(0)
    net = train.MODELS[model](SimpleNamespace(hidden_dim=3, kernel_size=3, n_classes=4), (2, 8, 8))
    images = np.random.default_rng(0).standard_normal((2, 2, 8, 8))
    errors = torch_check.gradient_errors(net.eval(), images)
    assert max(errors.values()) < 1e-5


def test_the_driver_runs_from_a_release_as_from_the_command_line(tmp_path):
    """The untouched one stops at the first thing that is to do."""
    release = ROOT / "release" / "pytorch_cifar"
    run = subprocess.run(
        [sys.executable, "-B", "-m", "cs_lib.train", "--model", "softmax", "--no-save"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(release), "COURSEDATA": str(ROOT / "datasets")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "pytorch_cifar: implement Softmax.__init__" in run.stderr
