"""``make demo``: a course in a folder of its own, released, handed in by seven students, graded.

The real gradebook, submissions and results are left alone: everything happens in ``demo/``.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.course.folder import Course  # noqa: E402 - found from the repository's root
from tests.submissions import overlay  # noqa: E402

ASSIGNMENT = "gradient_descent_digits"
DEMO = ROOT / "demo"
COURSE_FILES = ("assignments", "source", "nbgrader_config.py", "requirements.txt")
STUDENTS = {
    "ada": "right",
    "ben": "half_done",
    "cleo": "wrong_in_several_ways",
    "dan": "hard_coded_visible_examples",
    "eve": "endless_loop_in_relu",
    "mallory": "hostile_reads_the_checks",
    "oscar": "hostile_patches_numpy",
}
"""Student to folder of tests/submissions."""
SECONDS = 2
"""For a check and a cell, so that the endless loop does not keep the demo waiting."""


def main() -> None:
    """Play the course and say where to look."""
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    for name in COURSE_FILES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, DEMO / name)
    config = DEMO / "assignments" / ASSIGNMENT / "assignment.toml"
    limits = re.compile(r"^(check|cell)_seconds = .*$", re.MULTILINE)
    config.write_text(limits.sub(rf"\1_seconds = {SECONDS}", config.read_text()))
    _autograder("release", ASSIGNMENT)
    course = Course(DEMO)
    for student, name in STUDENTS.items():
        folder = overlay.FOLDER / ASSIGNMENT / name
        overlay.write(folder, course.assignment(ASSIGNMENT).submitted(student), course)
        print(f"submitted/{student}: {overlay.read_expected(folder).about}")
    _autograder("grade", ASSIGNMENT)
    _autograder("feedback", ASSIGNMENT)
    _autograder("report", ASSIGNMENT)
    print(
        "\nThe course lies in demo/. Open in a browser\n"
        f"  demo/reports/{ASSIGNMENT}.html      the class\n"
        "  demo/feedback/*/*/index.html      what each student reads\n"
        "Written answers are graded with\n"
        "  cd demo && PATH=../.venv/bin:$PATH jupyter lab      (menu Nbgrader, Formgrader)"
    )


def _autograder(*arguments: str) -> None:
    print(f"\n$ autograder {' '.join(arguments)}", flush=True)
    environment = {**os.environ, "AUTOGRADER_KEY": "demo"}
    command = [sys.executable, "-m", "autograder", *arguments]
    subprocess.run(command, cwd=DEMO, env=environment, check=True)


if __name__ == "__main__":
    main()
