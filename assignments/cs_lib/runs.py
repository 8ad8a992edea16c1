"""Training runs of a notebook: their settings, their logs, their learning curves."""

import shlex
from pathlib import Path

from cs_lib import budget, train
from cs_lib.datasets import plot_title
from cs_lib.logs import diverged, read_log


def settings(name):
    """Return the arguments that ``run_NAME.sh`` gives to `cs_lib.train`.

    Raises
    ------
    FileNotFoundError
        If the script does not stand beside ``cs_lib``.
    ValueError
        If it does not call the driver as it was handed out.
    """
    folder = Path(__file__).resolve().parents[1]
    patterns = f"run_{name}.sh", f"*/run_{name}.sh"  # the second among the course's own files
    script = next((path for pattern in patterns for path in folder.glob(pattern)), None)
    if script is None:
        raise FileNotFoundError(
            f"runs: expected run_{name}.sh in the folder that holds cs_lib, found no such file. "
            "Copy it there from what was handed out."
        )
    try:
        text = script.read_text(encoding="utf-8").replace("\\\n", " ")
        words = shlex.split(text, comments=True)
        begin = words.index("cs_lib.train") + 1
    except ValueError as error:
        raise ValueError(
            f"runs: expected a call of `python -m cs_lib.train` in {script.name}, got what cannot "
            f"be read so ({error}). Compare it with what was handed out."
        ) from None
    return [word for word in words[begin:] if word != "$@"]


def run_once(name):
    """Train as ``bash run_NAME.sh`` does, unless NAME.log is there already."""
    if not Path(f"{name}.log").exists():
        quick = ["--epochs", "1"] if budget.quick else []
        train.main([*settings(name), *quick])


def learning_curves(name, title):
    """Draw the losses and the accuracy of a log at their iterations, and save both pictures.

    Parameters
    ----------
    name : str
        Of the log: NAME.log. Written are NAME_lossvstrain.png and NAME_valaccuracy.png.
    title : str

    Raises
    ------
    FileNotFoundError
        If there is no log yet.
    ValueError
        If it ends before the first epoch.
    """
    import matplotlib.pyplot as plt

    log = Path(f"{name}.log")
    if not log.exists():
        raise FileNotFoundError(
            f"runs: expected {log} beside the notebook, found no such file. "
            f"Train first: bash run_{name}.sh"
        )
    with log.open(encoding="utf-8") as file:
        found = read_log(file)
    if not found["Val Acc"][1]:
        raise ValueError(
            f"runs: expected an epoch in {log}, got none: the training was stopped. "
            f"Delete it and train again: bash run_{name}.sh"
        )
    figure, axes = plt.subplots()
    axes.plot(*found["Train Loss"], ".-", label="train", alpha=0.7)
    axes.plot(*found["Val Loss"], "o-", label="val")
    axes.set(xlabel="iteration", ylabel="loss", title=plot_title(f"{title} Learning Curve"))
    axes.legend()
    figure.savefig(f"{name}_lossvstrain.png")
    figure, axes = plt.subplots()
    axes.plot(*found["Val Acc"], "o-", label="val")
    axes.set(xlabel="iteration", ylabel="accuracy", ylim=(0, 1))
    axes.set(title=plot_title(f"{title} Validation Accuracy During Training"))
    axes.legend()
    figure.savefig(f"{name}_valaccuracy.png")
    if diverged(found["Train Loss"][1] + found["Val Loss"][1]):
        print(f"{name}.log: the loss went to NaN or infinity; the curve ends there.")
    print(f"{title}: validation accuracy {max(found['Val Acc'][1]):.3f} at best")
