"""The price of the process wall: ``python benchmarks/bench_wall.py [--repeats 100] [--level A …]``.

Prints, for each sandbox level this machine gives and for none (D: resource
limits only), milliseconds a submission with one module check, its parts, a call
across the wall and a notebook cell.  The levels take turns, and of all repeats
the fastest tenth counts, so that other work on the machine matters less.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import numpy as np

from autograder.errors import SandboxUnavailable
from autograder.sandbox import Level
from autograder.wall.limits import Limits
from autograder.wall.zygote import Worker, Zygote
from autograder.wire import Remote

MODULES = {
    "cs_lib/__init__.py": b"",
    "cs_lib/layers.py": b"import numpy as np\n\ndef affine_forward(x, w, b):\n"
    b"    return x.reshape(len(x), -1) @ w + b, (x, w, b)\n",
}
AFFINE = Remote("module:cs_lib.layers", (("attr", "affine_forward"),))
ARGUMENTS = [np.ones((10, 2, 3)), np.ones((6, 5)), np.ones(5)]
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"


class Timer:
    """Median times by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds.setdefault(name, []).append(time.perf_counter() - start)

    def milliseconds(self, name: str) -> float:
        times = sorted(self.seconds[name])
        return statistics.mean(times[: max(len(times) // 10, 1)]) * 1e3


def bench(levels: list[Level], repeats: int) -> dict[Level, Timer]:
    """Measure the levels this machine gives, each in its turn."""
    timers: dict[Level, Timer] = {}
    with ExitStack() as stack:
        zygotes = {}
        for level in levels:
            timer = Timer()
            try:
                with timer("zygote start"):
                    zygotes[level] = stack.enter_context(Zygote(level=level, allow_unsafe=True))
            except SandboxUnavailable as error:
                print(error)
                continue
            timers[level] = timer
        for _ in range(repeats):
            for level, zygote in zygotes.items():
                submission(zygote, timers[level])
        for level, zygote in zygotes.items():
            requests(zygote, timers[level], repeats)
    return timers


def requests(zygote: Zygote, timer: Timer, repeats: int) -> None:
    """What a worker is asked once it stands."""
    with zygote.worker(MODULES, Limits()) as worker:
        several(timer, "call", 20 * repeats, lambda: worker.call(AFFINE, ARGUMENTS))
        several(timer, "cell", repeats, lambda: worker.run_cell("x = 1", 10))
        several(timer, "cell that fails", repeats // 5, lambda: worker.run_cell("1 / 0", 10))
        several(timer, "cell with a figure", repeats // 5, lambda: worker.run_cell(PLOT, 10))


def submission(zygote: Zygote, timer: Timer) -> None:
    """One submission with one module check, from fork to grave."""
    with timer("submission"):
        with timer("  fork, lock, load"):
            worker: Worker = zygote.worker(MODULES, Limits())
        with timer("  import, first call"):
            worker.call(AFFINE, ARGUMENTS)
        with timer("  end"):
            worker.close()


def several(timer: Timer, name: str, count: int, action: Callable[[], object]) -> None:
    action()
    for _ in range(max(count, 3)):
        with timer(name):
            action()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=100)
    parser.add_argument("--level", action="append", choices=list(Level), type=Level)
    options = parser.parse_args()
    timers = bench(options.level or list(Level), options.repeats)
    columns = {
        level: {name: timer.milliseconds(name) for name in timer.seconds}
        for level, timer in timers.items()
    }
    names = dict.fromkeys(name for column in columns.values() for name in column)
    print("ms".ljust(24) + "".join(f"level {level}".rjust(10) for level in columns))
    for name in names:
        row = "".join(f"{column[name]:10.2f}" for column in columns.values())
        print(name.ljust(24) + row)
    if Level.D in columns:
        bare = columns[Level.D]["submission"]
        for level, column in columns.items():
            print(f"level {level}: {column['submission'] - bare:+.2f} ms a submission for the wall")


if __name__ == "__main__":
    main()
