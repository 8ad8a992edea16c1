"""Do the assignments' lessons show on the synthetic data sets?

    python benchmarks/bench_synthetic.py [LESSON ...]

Trains the assignments' reference nets on the small stand-ins, which are made first if they are
not there, and prints the figures of each lesson and whether it holds. Some three minutes of one
core; exit code 1 if a lesson does not hold.
"""

import argparse
import os
import sys
import time
from pathlib import Path

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"
sys.path.insert(0, str(Path(__file__).parents[1] / "assignments"))

import numpy as np  # noqa: E402
from cs_lib.a2 import a2  # noqa: E402
from cs_lib.classifiers.convnet import init_two_layer_convnet, two_layer_convnet  # noqa: E402
from cs_lib.classifiers.fc_net import FullyConnectedNet  # noqa: E402
from cs_lib.datasets import (  # noqa: E402
    load_cats_cars,
    load_cifar10,
    load_svhn,
    load_usps_digits,
    open_trigrams,
)
from cs_lib.mlp_tanh import MLP, HiddenLayer  # noqa: E402
from cs_lib.optim import adam, sgd, sgd_momentum  # noqa: E402
from cs_lib.trigram_net import TrigramNet  # noqa: E402

BATCH = 100


class FullyConnected:
    """A fully connected net of the assignments; without hidden layers a linear classifier."""

    def __init__(self, hidden, keep=1, reg=0.0, weight_scale=0.02):
        np.random.seed(0)
        self._net = FullyConnectedNet(hidden, dropout=keep, reg=reg, weight_scale=weight_scale)
        self.params, self.loss, self.scores = self._net.params, self._net.loss, self._net.loss


class ConvNet:
    """The two-layer ConvNet of the assignments, in float32."""

    def __init__(self, filters, reg=0.0):
        np.random.seed(0)
        drawn = init_two_layer_convnet(1e-2, num_filters=filters)
        self.params = {name: value.astype(np.float32) for name, value in drawn.items()}
        self._reg = reg

    def loss(self, X, y):
        return two_layer_convnet(X, self.params, y, self._reg)

    def scores(self, X):
        return two_layer_convnet(X, self.params)


def train(net, X, y, epochs, update=sgd_momentum, **config):
    """Train in mini-batches; mean loss of each epoch."""
    rng, states, losses = np.random.default_rng(0), {}, []
    for _ in range(epochs):
        total = []
        for batch in np.array_split(rng.permutation(len(y)), max(1, len(y) // BATCH)):
            loss, grads = net.loss(X[batch], y[batch])
            total.append(loss)
            for name, value in net.params.items():
                state = states.setdefault(name, dict(config))
                net.params[name], states[name] = update(value, grads[name], state)
        losses.append(float(np.mean(total)))
    return losses


def accuracy(net, X, y):
    """Percentage of right classes."""
    parts = np.array_split(np.arange(len(y)), max(1, len(y) // 500))
    return 100 * float(np.mean(np.concatenate([net.scores(X[p]).argmax(1) == y[p] for p in parts])))


def ranking(load, filters, hidden):
    """A linear classifier < a two-layer net < a ConvNet, on the test set."""
    sets = load(layout="NCHW", dtype=np.float32, source="synthetic")
    X, X_test = (part / part.std() for part in (sets.X_train, sets.X_test))
    found = {}
    for name, net, epochs, rate in (
        ("linear", FullyConnected([], reg=0.1), 10, 1e-3),
        ("two-layer", FullyConnected([hidden], reg=1e-3), 20, 1e-2),
        ("ConvNet", ConvNet(filters, reg=1e-3), 8, 5e-3),
    ):
        train(net, X, sets.y_train, epochs, learning_rate=rate)
        found[name] = accuracy(net, X_test, sets.y_test)
        print(f"  {name:<10} test {found[name]:5.1f} %")
    return found["linear"] + 5 < found["two-layer"] and found["two-layer"] + 5 < found["ConvNet"]


def ranking_cifar10():
    """CIFAR-like: a linear classifier < a two-layer net < a ConvNet."""
    return ranking(load_cifar10, filters=32, hidden=100)


def ranking_svhn():
    """SVHN-like: a linear classifier < a two-layer net < a ConvNet."""
    return ranking(load_svhn, filters=32, hidden=50)


def momentum():
    """Momentum beats plain SGD at the same learning rate: CIFAR-like and USPS-like."""
    sets = load_cifar10(4000, 1000, 1000, dtype=np.float32, layout="rows", source="synthetic")
    X = sets.X_train / sets.X_train.std()
    last = {}
    for update in (sgd, sgd_momentum):
        net = FullyConnected([100, 100], weight_scale=0.05)
        losses = train(net, X, sets.y_train, 5, update, learning_rate=1e-2)
        last[update.__name__] = losses[-1]
        print(f"  CIFAR-like {update.__name__:<12} loss " + " ".join(f"{x:.3f}" for x in losses))
    digits = load_usps_digits(source="synthetic")
    final = {}
    for multiplier in (0.0, 0.9):
        run = a2(0, 10, 70, 0.2, multiplier, False, 4, digits, check_gradient=False, verbose=False)
        final[multiplier] = run.training_losses[-1]
        print(f"  USPS-like  momentum {multiplier}  training loss {final[multiplier]:.3f}")
    return last["sgd_momentum"] < 0.9 * last["sgd"] and final[0.9] < 0.9 * final[0.0]


def dropout():
    """Dropout narrows the gap between training and validation accuracy: CIFAR-like."""
    sets = load_cifar10(2000, 1000, 10, dtype=np.float32, layout="rows", source="synthetic")
    scale = sets.X_train.std()
    gaps = {}
    for keep in (1, 0.25):
        net = FullyConnected([500], keep)
        train(net, sets.X_train / scale, sets.y_train, 10, adam, learning_rate=5e-4)
        training = accuracy(net, sets.X_train / scale, sets.y_train)
        validation = accuracy(net, sets.X_val / scale, sets.y_val)
        gaps[keep] = training - validation
        print(f"  keep {keep:<4} training {training:5.1f} %, validation {validation:5.1f} %")
    return gaps[0.25] < gaps[1] - 5


def overfitting():
    """Too many hidden units overfit: validation loss of USPS-like digits rises again."""
    digits = load_usps_digits(source="synthetic")
    ratios = {}
    for hidden in (10, 200):
        run = a2(
            0, hidden, 1000, 0.35, 0.9, False, 100, digits, check_gradient=False, verbose=False
        )
        lowest, last = min(run.validation_losses), run.validation_losses[-1]
        ratios[hidden] = last / lowest
        print(
            f"  {hidden:>3} hidden: training {run.training_losses[-1]:.3f}, validation lowest "
            f"{lowest:.3f} (step {np.argmin(run.validation_losses) + 1}), last {last:.3f}"
        )
    return ratios[200] > 1.05 and run.training_losses[-1] < lowest / 3


def cats_and_cars():
    """Cat/car-like: 4 hidden units are too few; 20 do better, and overfit."""
    data = load_cats_cars(source="synthetic")
    X, X_test = (part.reshape(len(part), -1) for part in (data.X_train, data.X_test))
    y, y_test = (2.0 * part[:, None] - 1 for part in (data.y_train, data.y_test))
    best, gap = {}, 0
    for hidden in (4, 20):
        net = MLP()
        net.add_layer(HiddenLayer(X.shape[1], hidden))
        net.add_layer(HiddenLayer(hidden, 1))
        history = net.fit(X, y, X_test, y_test, learning_rate=0.35, n_epochs=100)
        best[hidden] = max(history["test_mce"])
        gap = history["train_mce"][-1] - history["test_mce"][-1]
        print(
            f"  {hidden:>3} hidden: train {history['train_mce'][-1]:5.1f} %, test "
            f"{history['test_mce'][-1]:5.1f} %, best test {best[hidden]:5.1f} %"
        )
    return best[4] + 2 < best[20] and gap > 5


def words():
    """Trigrams: a net beats the most frequent word, a larger net the smaller one."""
    with open_trigrams("synthetic") as file:
        names = ("trainx", "traind", "valx", "vald")
        x, d, x_val, d_val = (file[name][:].astype(int) for name in names)
    frequent = 100 * np.bincount(d_val).max() / len(d_val)
    print(f"  most frequent word      validation {frequent:4.1f} %")
    found = {}
    for D, P in ((8, 64), (32, 256)):
        net = TrigramNet(250, D, P)
        _, percent = net.fit(x, d, x_val, d_val, n_epochs=15)
        found[D] = percent[-1]
        print(f"  (D, P) = ({D}, {P})".ljust(26) + f"validation {found[D]:4.1f} %")
    return frequent + 5 < found[8] < found[32]


LESSONS = (ranking_cifar10, ranking_svhn, momentum, dropout, overfitting, cats_and_cars, words)


def main():
    """Print each lesson with its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [lesson.__name__ for lesson in LESSONS]
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help=", ".join(names))
    chosen = parser.parse_args().lessons or names
    if unknown := set(chosen) - set(names):
        parser.error(f"expected lessons of {', '.join(names)}, got {', '.join(sorted(unknown))}")
    failed = []
    for lesson in (lesson for lesson in LESSONS if lesson.__name__ in chosen):
        print(f"{lesson.__name__}: {lesson.__doc__}")
        begin = time.perf_counter()
        holds = lesson()
        print(f"  {'holds' if holds else 'DOES NOT HOLD'} ({time.perf_counter() - begin:.0f} s)\n")
        failed += [] if holds else [lesson.__name__]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
