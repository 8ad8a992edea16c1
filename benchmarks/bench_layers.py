"""Fast layers against the naive loops, and against PyTorch where it is installed.

    python benchmarks/bench_layers.py [--repeats 30] [--naive-repeats 2]

One thread, float64, the shapes of the course document: convolution of x (100, 3, 31, 31) with
w (25, 3, 3, 3), stride 2, pad 1; 2×2 max pooling of (100, 3, 32, 32). The shortest of the
repeats counts, on both sides.
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
from cs_lib import fast_layers, layers  # noqa: E402

CONV = {"stride": 2, "pad": 1}
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}
PUBLISHED = {
    "convolution forward": 555,
    "convolution backward": 574,
    "pooling forward": 198,
    "pooling backward": 40,
}
GOALS = {
    "convolution forward": 1000,
    "convolution backward": 800,
    "pooling forward": 800,
    "pooling backward": 800,
}


def shortest(call, repeats):
    """Result of the call, and the seconds of its shortest run."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        result = call()
        best = min(best, time.perf_counter() - start)
    return result, best


def numpy_rows(repeats, naive_repeats):
    """Yield (layer, naive seconds, fast seconds, largest difference)."""
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((100, 3, 31, 31)), rng.standard_normal((25, 3, 3, 3))
    b, dout = rng.standard_normal(25), rng.standard_normal((100, 25, 16, 16))
    pairs = [
        ("convolution", layers.conv_forward_naive, layers.conv_backward_naive,
         fast_layers.conv_forward_fast, fast_layers.conv_backward_fast, (x, w, b, CONV), dout),
        ("pooling", layers.max_pool_forward_naive, layers.max_pool_backward_naive,
         fast_layers.max_pool_forward_fast, fast_layers.max_pool_backward_fast,
         (rng.standard_normal((100, 3, 32, 32)), POOL), rng.standard_normal((100, 3, 16, 16))),
    ]  # fmt: skip
    for name, naive_forward, naive_backward, fast_forward, fast_backward, inputs, dout in pairs:
        (out, cache), naive = shortest(lambda f=naive_forward, i=inputs: f(*i), naive_repeats)
        (ours, ours_cache), fast = shortest(lambda f=fast_forward, i=inputs: f(*i), repeats)
        yield f"{name} forward", naive, fast, np.abs(out - ours).max()
        expected, naive = shortest(lambda f=naive_backward, d=dout, c=cache: f(d, c), naive_repeats)
        actual, fast = shortest(lambda f=fast_backward, d=dout, c=ours_cache: f(d, c), repeats)
        if not isinstance(expected, tuple):
            expected, actual = (expected,), (actual,)
        difference = max(np.abs(e - a).max() for e, a in zip(expected, actual, strict=True))
        yield f"{name} backward", naive, fast, difference


def torch_seconds(repeats):
    """Seconds of PyTorch's CPU kernels by layer; empty where PyTorch is not installed."""
    try:
        import torch
    except ImportError:
        return {}
    torch.set_num_threads(1)

    def normal(*shape):
        return torch.randn(*shape, dtype=torch.float64, requires_grad=True)

    functional, seconds = torch.nn.functional, {}
    x, w, b, image = normal(100, 3, 31, 31), normal(25, 3, 3, 3), normal(25), normal(100, 3, 32, 32)
    for name, forward, inputs in (
        ("convolution", lambda: functional.conv2d(x, w, b, stride=2, padding=1), (x, w, b)),
        ("pooling", lambda: functional.max_pool2d(image, 2, stride=2), (image,)),
    ):
        out, seconds[f"{name} forward"] = shortest(forward, repeats)
        dout = torch.randn_like(out)
        _, seconds[f"{name} backward"] = shortest(
            lambda out=out, inputs=inputs, dout=dout: torch.autograd.grad(
                out, inputs, dout, retain_graph=True
            ),
            repeats,
        )
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=30, help="runs of a fast layer (30)")
    parser.add_argument("--naive-repeats", type=int, default=2, help="runs of a naive layer (2)")
    arguments = parser.parse_args()
    theirs = torch_seconds(arguments.repeats)
    print(
        f"{'layer':<22}{'naive':>10}{'fast':>10}{'ratio':>9}{'goal':>8}{'document':>10}"
        f"{'PyTorch':>10}{'to PyTorch':>12}{'difference':>12}"
    )
    for name, naive, fast, difference in numpy_rows(arguments.repeats, arguments.naive_repeats):
        torch_time = f"{theirs[name] * 1e3:.2f} ms" if theirs else "absent"
        to_torch = f"{fast / theirs[name]:.2f}x" if theirs else ""
        print(
            f"{name:<22}{naive:>8.3f} s{fast * 1e3:>7.2f} ms{naive / fast:>8.0f}x"
            f"{GOALS[name]:>7}x{PUBLISHED[name]:>9}x{torch_time:>10}{to_torch:>12}{difference:>12.1e}"
        )


if __name__ == "__main__":
    main()
