"""Hidden checks of ``pytorch_cifar``: one for each cell that carries points.

What a model computes is held against NumPy, from weights that are drawn here. PyTorch runs in
workers alone; what `cs_lib.torch_check` reads there of a model comes over as arrays.
"""

import math
import re
from functools import lru_cache

import numpy as np

from autograder.checks import (
    FINITE,
    Tensor,
    called,
    case,
    cases,
    check,
    draw_labels,
    draw_until,
    expect,
    expect_close,
    type_name,
    warn,
)

from .model_checks import (
    asked,
    convnet_gradients,
    convnet_scores,
    softmax_gradients,
    softmax_scores,
    two_layer_gradients,
    two_layer_scores,
)
from .nets import CLASSES, dense

__all__ = [  # checks of the models; those of a training follow
    "convnet_gradients",
    "convnet_scores",
    "softmax_gradients",
    "softmax_scores",
    "two_layer_gradients",
    "two_layer_scores",
]


FRESH = {
    "softmax": case("the linear classifier", model="softmax", sizes=((3, 32, 32), 10)),
    "twolayernn": case("the hidden layer", model="twolayernn", sizes=((3, 32, 32), 50, 10)),
    "convnet": case("the ConvNet", model="convnet", sizes=((3, 32, 32), 8, 5, 10)),
}
PICTURES = 10
"""That a fresh model is shown: the loss that is allowed is ten times as far as theirs varies."""


@check(requires=("softmax_scores", "two_layer_scores", "convnet_scores"))
@cases(**FRESH)
def initial_losses(student, rng, model, sizes):
    """A fresh model knows nothing: its loss is close to that of equal probabilities."""
    images = np.float32(0.25 * rng.standard_normal((PICTURES, *sizes[0])))
    (scores,) = asked(student, "fresh_scores", model, sizes, images=Tensor(images))
    expect_close(scores, Tensor(np.zeros((PICTURES, 10))), name="scores", tolerance=FINITE)
    loss = _loss(np.float64(scores.array), rng.integers(0, 10, PICTURES))
    expect(
        loss - np.log(10) < 0.5,
        f"{CLASSES[model]}: the loss of a fresh model is far above ln 10. Are the initial weights "
        "much larger than those of torch.nn's layers?",
    )
    expect(np.ptp(scores.array) > 0, f"{CLASSES[model]}: a fresh model gives the same everywhere.")


def _log_probabilities(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _loss(scores, labels):
    return float(-_log_probabilities(scores)[np.arange(len(labels)), labels].mean())


# --- training ---

OPTIMIZERS = {
    "plain": case("the learning rate alone", settings={"lr": 0.3}),
    "momentum": case("momentum over several steps", settings={"lr": 0.05, "momentum": 0.8}),
    "weight_decay": case(
        "weight decay, which momentum carries on",
        settings={"lr": 0.1, "momentum": 0.6, "weight_decay": 0.2},
    ),
}


@check
@cases(**OPTIMIZERS)
def optimizer(student, rng, settings):
    """The optimizer moves all parameters, by the learning rate, momentum and weight decay given."""
    weights = {"weight": rng.standard_normal((3, 4)), "bias": rng.standard_normal(3)}
    lr, momentum, decay = (settings.get(key, 0.0) for key in ("lr", "momentum", "weight_decay"))
    slopes = [
        {key: rng.standard_normal(weight.shape) for key, weight in weights.items()}
        for _ in range(3)
    ]
    ask = called(student.torch_check.optimized, "make_optimizer")
    make, parse = student.train.make_optimizer, student.train.parse_arguments
    name, moved = ask(make, parse, _words({"momentum": 0.0, **settings}), weights, slopes)
    other = name if name != "SGD" else "a class of another module"
    expect(
        name == "SGD" and len(moved) == 3,
        f"make_optimizer: expected an optimizer SGD of torch.optim, got {other}.",
    )
    speed = {key: np.zeros(weight.shape) for key, weight in weights.items()}
    for step in (1, 2, 3):
        for key in weights:
            speed[key] = momentum * speed[key] + slopes[step - 1][key] + decay * weights[key]
            weights[key] = weights[key] - lr * speed[key]
        _expect_moved(moved[step - 1], weights, f"make_optimizer: {{}} after step {step}")


def _expect_moved(moved, expected, name):
    """Compare parameters; `name` says what to call each."""
    ours, theirs = (
        {name.format(key): arrays[key] for key in expected} for arrays in (expected, moved)
    )
    expect_close(theirs, ours)


def _words(settings):
    """Return settings as the command line has them."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
    return [*words, "--device=cpu", "--no-save"]


class _Descent:
    """The linear classifier `Seen` trained by SGD, in NumPy; its scores are doubled in training."""

    def __init__(self, weight, bias, lr, momentum):
        self.lr, self.momentum = lr, momentum
        self.weights = {"weight": weight, "bias": bias}
        self.speed = {"weight": np.zeros(weight.shape), "bias": np.zeros(bias.shape)}

    def step(self, images, labels):
        """Update the parameters once; return the loss before."""
        x = images.reshape(len(images), -1)
        scores = 2 * dense(x, **self.weights)
        dscores = np.exp(_log_probabilities(scores))
        dscores[np.arange(len(labels)), labels] -= 1
        dscores *= 2 / len(labels)
        for name, slope in (("weight", dscores.T @ x), ("bias", dscores.sum(axis=0))):
            self.speed[name] = self.momentum * self.speed[name] + slope
            self.weights[name] = self.weights[name] - self.lr * self.speed[name]
        return _loss(scores, labels)


STEPS = {
    "plain": case("a mini-batch, three steps", N=5, momentum=0.0),
    "momentum": case("an optimizer that remembers the steps before", N=8, momentum=0.7),
    "one_picture": case("a mini-batch of one", N=1, momentum=0.0),
}


@check
@cases(**STEPS)
def train_step(student, rng, N, momentum):
    """Three training steps change the parameters as three steps by hand, and return the losses."""
    C, size = 4, (2, 3, 2)
    weight, bias = rng.standard_normal((C, 12)), rng.standard_normal(C)
    batches = [(rng.standard_normal((N, *size)), draw_labels(rng, N, C)) for _ in range(3)]
    ask = called(student.torch_check.trained, "train_step")
    images, labels = ([Tensor(array) for array in arrays] for arrays in zip(*batches, strict=True))
    settings = {"weight": weight, "bias": bias, "lr": 0.2, "momentum": momentum}
    losses, moved = ask(student.train.train_step, **settings, images=images, labels=labels)
    truth = _Descent(weight, bias, lr=0.2, momentum=momentum)
    for step, batch in enumerate(batches, 1):
        before = truth.weights.copy()
        expected = truth.step(*batch)
        expect(
            any(np.any(moved[step - 1][key] != before[key]) for key in before),
            f"train_step: the parameters after step {step} are those before it. Is there a "
            "gradient when the optimizer takes its step?",
        )
        _expect_moved(moved[step - 1], truth.weights, f"train_step: {{}} after step {step}")
        expect_close(losses[step - 1], expected, name=f"loss of step {step}")


BATCHES = {
    "equal": case("mini-batches of the same size", sizes=(4, 4)),
    "smaller_last": case("a last mini-batch that is smaller than the others", sizes=(6, 6, 1)),
    "one": case("all pictures at once", sizes=(5,)),
}


@check
@cases(**BATCHES)
def evaluate(student, rng, sizes):
    """Mean loss and accuracy over all pictures, in evaluation mode, without recording gradients."""
    C, shape = 3, (2, 2, 3)
    weight, bias = rng.standard_normal((C, 12)), rng.standard_normal(C)

    def draw():
        images, labels = rng.standard_normal((sum(sizes), *shape)), rng.integers(0, C, sum(sizes))
        return images, labels, dense(images, weight, bias)

    images, labels, scores = draw_until(draw, lambda drawn: _counts_differ(*drawn[1:], sizes[-1]))
    loader = zip(*(np.split(part, np.cumsum(sizes)[:-1]) for part in (images, labels)), strict=True)
    loader = [(Tensor(x), Tensor(y)) for x, y in loader]
    ask = called(student.torch_check.evaluated, "evaluate")
    given = {"weight": weight, "bias": bias, "loader": loader}
    result, recorded, parameters = ask(student.train.evaluate, **given)
    accuracy = float(np.mean(scores.argmax(axis=1) == labels))
    expect_close(result, (_loss(scores, labels), accuracy), names=("loss", "accuracy"))
    expect(
        not any(recorded),
        "evaluate: gradients are recorded, which costs time and memory. Compute the scores below "
        "`with torch.no_grad():`.",
    )
    expect_close(parameters, {"weight": weight, "bias": bias}, name="evaluate: parameters")


def _counts_differ(labels, scores, last):
    """Whether some pictures are right, and no other count of them comes to as many.

    Of several mini-batches, not that of the last one either.
    """
    best, worst = scores.argmax(axis=1), scores.argmin(axis=1)
    right = best == labels
    sides = [int(np.sum(side)) for side in (best < labels, best > labels)]
    others = {*sides, sum(sides), int(np.sum(worst == labels))}
    before = right[:-last]
    differ = right.any() and all(sides) and int(right.sum()) not in others
    return bool(differ and (before.any() or not before.size))


COLOUR = np.array([0.4914, 0.4822, 0.4465], np.float32)
"""What cs_lib.cifar10 subtracts, which needs PyTorch to be imported."""
PATTERN = r".*{}: ([-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?)"
"""As the notebook of the course reads a log."""
RUNS = {
    "softmax": case(
        "the linear classifier", model="softmax", options=("--lr=0.02",), falls=0.05
    ),
    "twolayernn": case(
        "the hidden layer", model="twolayernn",
        options=("--hidden-dim=40", "--lr=0.04"), falls=0.05,
    ),
    "convnet": case(
        "the ConvNet", model="convnet",
        options=("--hidden-dim=8", "--kernel-size=3", "--lr=0.06"), falls=0.02,
    ),
}  # fmt: skip
"""By `falls` at least the loss on the training pictures is below that of equal probabilities.

At most half of what it falls by with a rate of 0.01, which some write into the code, and without
momentum: these are charged by `optimizer` alone.
"""


@lru_cache(maxsize=4)
def _pictures(practice_pictures, seed, sizes):
    """Draw pictures, the same for all students."""
    return practice_pictures("NCHW", seed=seed, sizes=sizes)


@check(requires=("optimizer", "train_step", "evaluate"))
@cases(**RUNS)
def training_run(student, reference, course_rng, model, options, falls):
    """A short run of train.py lowers the loss, and logs it in lines that can be read."""
    seed = int(course_rng.integers(2**63))
    pictures = _pictures(reference.practice.practice_pictures, seed, (100, 10, 10))
    data = {name: np.float32(x + 128) if name[0] == "X" else x for name, x in pictures.items()}
    words = [f"--model={model}", *options, "--epochs=3", "--batch-size=10", "--log-interval=1"]
    done = student.train.main([*words, "--device=cpu", "--no-save"], data)
    log = {
        name: [float(found[1]) for line in done["log"] if (found := _match(name, line))]
        for name in ("Train Loss", "Val Loss", "Val Acc")
    }
    expect(
        [len(values) for values in log.values()] == [30, 3, 3],
        "train.main: expected a line with the training loss after every step, and one with the "
        "validation loss and accuracy after each epoch, all of them numbers.",
    )
    images = data["X_train"] / 255 - COLOUR[:, None, None]
    scores = done["model"].eval()(Tensor(images))
    expect_close(scores, Tensor(np.zeros((100, 10))), name="scores", tolerance=FINITE)
    loss = _loss(np.float64(scores.array), data["y_train"])
    expect(
        loss < np.log(10) - falls,
        "train.main: the loss on the training pictures has not gone down. Is the model updated?",
    )


def _match(name, line):
    return re.match(PATTERN.format(name), line)


# --- the own model ---

STATES = {
    "softmax": case("the linear classifier", model="softmax", sizes=((3, 4, 6), 5)),
    "twolayernn": case("the hidden layer", model="twolayernn", sizes=((3, 4, 6), 7, 5)),
    "convnet": case("the ConvNet", model="convnet", sizes=((3, 8, 6), 4, 3, 5)),
    "mymodel": case("the own net", model="mymodel", sizes=((3, 16, 16), 8, 3, 10)),
}


@check
@cases(**STATES)
def state_dict(student, rng, model, sizes):
    """A second model that loads the state_dict of a first one computes the same."""
    images, C = np.float32(rng.standard_normal((3, *sizes[0]))), sizes[-1]
    found = asked(student, "scores_of_two", model, sizes, images=Tensor(images))
    fresh, scores, copied = found
    expect_close(fresh, Tensor(np.zeros((3, C))), name="scores", tolerance=FINITE)
    expect(
        np.any(scores.array != fresh.array),
        f"{CLASSES[model]}: two fresh models compute the same. Let torch.nn draw the weights.",
    )
    expect_close(copied, scores, name="scores after load_state_dict")


BAR = 0.18
LARGEST = 100_000
"""Parameters."""


@check
def best_model(student, reference, course_rng):
    """A net of at most 100,000 parameters beats 18 % on practice pictures it has not seen."""
    where, seed = "train_my_model", int(course_rng.integers(2**63))
    pictures = _pictures(reference.practice.practice_pictures, seed, (400, 100, 500))
    names = ("X_train", "y_train", "X_val", "y_val")
    net = student.best_model.train_my_model(*(pictures[name] for name in names), 4)
    expect(type_name(net) == "MyModel", f"{where}: expected a MyModel, got a {type_name(net)}.")
    ask = called(student.torch_check.scores_of, "MyModel")
    shapes, scores = ask(net, Tensor(np.float32(pictures["X_test"])))
    size = sum(math.prod(shape) for shape in shapes)
    expect(size <= LARGEST, f"{where}: expected at most {LARGEST} parameters, got {size}.")
    expect_close(scores, Tensor(np.zeros((500, 10))), name="scores", tolerance=FINITE)
    accuracy = float(np.mean(np.argmax(scores.array, axis=1) == pictures["y_test"]))
    expect(accuracy > BAR, f"{where}: accuracy {accuracy:.3f}, expected more than {BAR}.")
    extra = max(0.0, min(2.5, 0.5 * ((accuracy - 0.18) // 0.03)))
    warn(f"{where}: accuracy {accuracy:.3f} on unseen pictures: extra credit of {extra} points.")
