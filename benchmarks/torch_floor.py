"""The least that the module checks of ``pytorch_cifar`` can take of a submission.

    python benchmarks/torch_floor.py

CPU milliseconds of a fork of an interpreter that has imported PyTorch, and of one that then does
with the reference what the checks ask of a submission: no wall, no grader, nothing compared.
"""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "assignments")]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402 - one thread
from pytorch_cifar import checks, nets  # noqa: E402 - beside it

from autograder.sandbox import join_pages, own_memory  # noqa: E402
from autograder.wall.zygote import PRELOADS  # noqa: E402
from autograder.worker import tensors  # noqa: E402

FORKS = 20


def main() -> None:
    for module in PRELOADS["torch"]:
        __import__(module)
    tensors.warm_up()
    gc.collect()
    gc.freeze()
    join_pages(own_memory(os.pidfd_open(os.getpid())))
    print(f"a fork: {forked(lambda: None):.0f} ms")
    print(f"with the module work of the checks: {forked(module_work):.0f} ms")


def forked(work: Callable[[], object]) -> float:
    """Return the CPU milliseconds of some work in a forked child, and of its fork and end."""
    before = os.times()
    for _ in range(FORKS):
        child = os.fork()
        if child == 0:
            work()
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            sys.exit("the module work has failed")
    return 1000 * (sum(os.times()[:4]) - sum(before[:4])) / FORKS


def module_work() -> None:
    """Do what the checks ask of the modules, trainings left out."""
    from cs_lib.models import convnet, mymodel, softmax, twolayernn

    modules = {"softmax": softmax, "twolayernn": twolayernn, "convnet": convnet, "mymodel": mymodel}
    rng = np.random.default_rng(1)
    for table in (nets.SOFTMAX, nets.TWO_LAYERS, nets.CONVNETS, checks.FRESH, checks.STATES):
        for values in table.values():
            kind = getattr(modules[values["model"]], nets.CLASSES[values["model"]])
            of_a_model(kind, rng, **values)
    for settings in checks.OPTIMIZERS.values():
        of_training(rng, **settings)


def of_a_model(kind, rng, sizes, model, shapes=(), N=3):  # type: ignore[no-untyped-def]
    """Ask for scores and gradients by weights that are given, or for scores of fresh models."""
    import torch
    from cs_lib import torch_check

    images = rng.standard_normal((N, *sizes[0]))
    pictures = torch.tensor(np.float32(images))
    if shapes:
        weights, dout = [rng.standard_normal(shape) for shape in shapes], (N, sizes[-1])
        torch_check.scored(kind, sizes, weights, pictures)
        torch_check.differentiated(kind, sizes, weights, images, rng.standard_normal(dout))
    elif model in checks.FRESH and sizes == checks.FRESH[model]["sizes"]:
        many = rng.standard_normal((checks.PICTURES, *sizes[0]))
        torch_check.fresh_scores(kind, sizes, torch.tensor(np.float32(many)))
    else:
        torch_check.scores_of_two(kind, sizes, pictures)


def of_training(rng, settings):  # type: ignore[no-untyped-def]
    """Make an optimizer and take its steps, train for three steps, evaluate."""
    import torch
    from cs_lib import torch_check, train

    weight, bias = rng.standard_normal((4, 12)), rng.standard_normal(4)
    weights = {"weight": weight, "bias": bias}
    words = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
    words += ["--device=cpu", "--no-save"]
    make, parse = train.make_optimizer, train.parse_arguments
    torch_check.optimized(make, parse, words, weights, [weights] * 3)
    images = torch.tensor(rng.standard_normal((5, 2, 3, 2)))
    labels = torch.tensor([0, 1, 2, 3, 0])
    batches = [images] * 3, [labels] * 3
    torch_check.trained(train.train_step, weight, bias, 0.2, 0.5, *batches)
    torch_check.evaluated(train.evaluate, weight, bias, [(images, labels)] * 2)


if __name__ == "__main__":
    main()
