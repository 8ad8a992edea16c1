"""A course of six students, to be graded."""

import io

from PIL import Image

from tests import tiny_course

KEY = b"course key"
PICTURE = io.BytesIO()
Image.new("RGB", (8, 8), "white").save(PICTURE, "png")


def hand_in(assignment, student, submission):
    """Write a submission to where the course collects them."""
    folder = assignment.submitted(student)
    for name, content in submission.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    for name, content in submission.notebooks.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.ipynb").write_bytes(content)
    return folder


def wrong(old, new):
    submission = tiny_course.solved()
    tiny_course.replace(submission, old, new)
    return submission


def hand_in_six(assignment):
    """Hand in: right, untouched, hanging, unreadable notebook, no folder, wrong, bad name."""
    folder = hand_in(assignment, "ada", tiny_course.solved())
    (folder / "timestamp.txt").write_text("2026-01-02 03:04:05 UTC")
    (folder / "scan.png").write_bytes(PICTURE.getvalue())
    hand_in(assignment, "bob", tiny_course.untouched(assignment))
    hangs = "__import__('time').sleep(1e6)"  # and leaves the processor to the others
    hand_in(assignment, "cyd", wrong("return SCALE *", f"{hangs}\n    return SCALE *"))
    unreadable = tiny_course.solved()
    unreadable.notebooks["tiny"] = b"{"
    hand_in(assignment, "dan", unreadable)
    assignment.submitted("eve").parent.mkdir(parents=True)
    assignment.submitted("eve").write_text("no folder")
    hand_in(assignment, "fay", wrong("SCALE = 2.0", "SCALE = 3.0"))
    hand_in(assignment, "\x1b[31m", tiny_course.solved())
