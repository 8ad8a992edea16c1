"""What CI pays: one submission graded by one command, from nothing, beside an older commit.

    python benchmarks/bench_start.py [--before COMMIT] [--runs N] [ASSIGNMENT ...]

Each run is `autograder grade NAME --submission DIR --json FILE` in a fresh clone of this
repository's last commit, without data and without what Python caches, with the reference solution
of that commit as the hand-in. CPU seconds of the whole process tree, one BLAS thread, the lowest
of N runs (2), in turn with the other commit, on the same packages.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST = "b8c0a06"
HAND_IN = """
import sys
from pathlib import Path
try:
    from autograder.course.folder import Course
    from autograder.handout.solved import solved_files
except ImportError:  # the first version
    from autograder.course import Course
    from autograder.solved import solved_files
for path, content in solved_files(Course.here().assignment(sys.argv[1])).items():
    file = Path(sys.argv[2], path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("assignments", nargs="*", metavar="ASSIGNMENT")
    parser.add_argument("--before", default=FIRST, metavar="COMMIT")
    parser.add_argument("--runs", type=int, default=2, metavar="N")
    options = parser.parse_args()
    names = options.assignments or sorted(path.name for path in ROOT.glob("source/*/"))
    print(f"{'assignment':24} {options.before:>9} {'now':>7} {'share':>6}", flush=True)
    for name in names:
        before, now = [], []
        for _ in range(options.runs):
            before.append(seconds(options.before, name))
            now.append(seconds("HEAD", name))
        shown = f"{_lowest(before):>9} {_lowest(now):>7} {_share(now, before):>6}"
        print(f"{name:24} {shown}", flush=True)


def seconds(commit: str, name: str) -> float | None:
    """Return the CPU seconds of grading the reference from nothing, None where there is none."""
    with tempfile.TemporaryDirectory() as scratch:
        clone, hand_in, result = (Path(scratch) / part for part in ("clone", "hand_in", "result"))
        subprocess.run(["git", "clone", "-q", ROOT, clone], check=True)
        subprocess.run(["git", "-C", clone, "checkout", "-q", commit], check=True)
        if not (clone / "release" / name).is_dir():
            return None
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(clone)}
        subprocess.run(
            [sys.executable, "-B", "-c", HAND_IN, name, hand_in],
            cwd=clone, env=environment, check=True,
        )  # fmt: skip
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-m", "autograder", "grade", name]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [*command, "--submission", hand_in, "--json", result],
            cwd=clone, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:  # of an assignment that is left out on this machine, too
            print(done.stderr.strip(), file=sys.stderr)
            return None
        graded = json.loads(result.read_text())
        if graded["score"] != graded["max_score"]:
            sys.exit(f"{name} at {commit}: expected all points, got {graded['score']}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _lowest(runs: list[float | None]) -> str:
    return "–" if None in runs else f"{min(runs):.1f} s"


def _share(now: list[float | None], before: list[float | None]) -> str:
    return "–" if None in now + before else f"{min(now) / min(before):.2f}"


if __name__ == "__main__":
    main()
