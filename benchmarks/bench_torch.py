"""How long a submission of PyTorch modules takes, beside nbgrader; and does the lesson hold?

    python benchmarks/bench_torch.py

CPU milliseconds a submission, on one core: the checks of modules from a warm zygote, without and
with the two that train, and ``nbgrader autograde`` on the same folder, with its kernel. Then the
four models are trained on the synthetic pictures as their scripts say.
"""

import contextlib
import io
import os
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "assignments")]

from autograder.checks import load_checks  # noqa: E402
from autograder.course.extras import left_out  # noqa: E402
from autograder.course.folder import Assignment, Course  # noqa: E402
from autograder.grade.settings import Settings  # noqa: E402
from autograder.grade.submission import Grader  # noqa: E402
from autograder.intake.select import Submission, read  # noqa: E402
from benchmarks.bench_course import course_of, hand_in, spent, stock, tree_cpu  # noqa: E402

NAME = "pytorch_cifar"
TRAIN = ("training_run", "best_model")
RUNS = 10
MOST_MS, LEAST_RATIO = 150, 20


def main() -> None:
    warnings.simplefilter("ignore")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if reason := left_out(Course(ROOT).assignment(NAME).config.requirements):
        print(f"{NAME}: left out, as it {reason}")
        return
    with tempfile.TemporaryDirectory() as folder:
        assignment = course_of(Path(folder), NAME)
        hand_in(assignment)
        ours = _ours(assignment)
        os.environ["CS_LIB_BUDGET"] = "quick"
        os.environ["COURSEDATA"] = str(assignment.course.datasets)
        theirs = 1000 * spent(lambda: stock(assignment, "right"))
        ratio = theirs / ours
        print(f"nbgrader autograde, quick budget: {theirs:.0f} ms, {ratio:.0f} times as much")
        os.environ.pop("CS_LIB_BUDGET")
        lesson = _lesson()
    verdict = "holds" if lesson == sorted(lesson) else "DOES NOT HOLD"
    print(f"softmax < two layers < ConvNet: {verdict}")
    if ours > MOST_MS or ratio < LEAST_RATIO or verdict != "holds":
        sys.exit(f"expected at most {MOST_MS} ms, {LEAST_RATIO} times less, and the lesson to hold")


def _ours(assignment: Assignment) -> float:
    """Return the CPU milliseconds of a submission without the checks that train."""
    quick = tuple(item.name for item in load_checks(assignment) if item.name not in TRAIN)
    work = Submission(files=read(assignment.submitted("right"), assignment).files)
    found = {}
    for what, only in (("module checks", quick), ("with two trainings", ())):
        begin = time.process_time()
        with Grader(assignment, Settings(b"benchmark", only=only)) as grader:
            zygote = grader.zygote._process.pid
            result = grader.grade(work, "warm").result
            print(f"start-up {1000 * (time.process_time() - begin + tree_cpu(zygote)):.0f} ms")
            times = []
            for _ in range(RUNS):
                before = time.process_time() + tree_cpu(zygote)
                grader.grade(work, "student")
                times.append(time.process_time() + tree_cpu(zygote) - before)
        found[what] = 1000 * statistics.mean(times)  # of ticks of 10 ms, so no median
        score = f"{result.score:g} of {result.max_score:g}, level {result.sandbox.level}"
        print(f"{what}: {found[what]:.0f} ms a submission ({score})")
    return found["module checks"]


def _lesson() -> list[float]:
    """Train the models as their scripts say; return the test accuracies of the first three."""
    import torch
    from cs_lib import runs, train

    torch.set_num_threads(1)
    accuracies = []
    for model in ("softmax", "twolayernn", "convnet", "mymodel"):
        begin = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            done = train.main([*runs.settings(model), "--no-save", "--device=cpu"])
        seconds = time.process_time() - begin
        print(
            f"{model}: validation {done['val_acc']:.3f}, test {done['test_acc']:.3f} on the "
            f"synthetic pictures, {seconds:.0f} s"
        )
        accuracies.append(done["test_acc"])
    return accuracies[:3]


if __name__ == "__main__":
    main()
