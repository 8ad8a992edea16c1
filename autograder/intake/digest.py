"""What a result came from, as a key: submission and course."""

import hashlib
import importlib.metadata
from collections.abc import Iterable
from pathlib import Path

from autograder.course.folder import Assignment
from autograder.errors import SubmissionError
from autograder.intake.restore import read_cells
from autograder.intake.select import Submission


def result_key(submission: Submission, course: str) -> str:
    """Return ``<submission>.<course>``: what is graded, and what by."""
    parts = [
        (f"{kind}/{name}", content)
        for kind, files in (
            ("module", submission.files),
            ("notebook", submission.notebooks),
            ("attachment", submission.attachments),
        )
        for name, content in sorted(files.items())
    ]
    problems = "\n".join(submission.problems).encode(errors="replace")
    return f"{_digest([*parts, ('problems', problems)])}.{course}"


def code_digest(submission: Submission) -> str:
    """Return a digest of what of a submission is run: modules, and the code of notebooks.

    A notebook that was run again and saved is the same work.
    """
    parts = [(f"module/{name}", content) for name, content in sorted(submission.files.items())]
    for name, content in sorted(submission.notebooks.items()):
        parts += [(f"notebook/{name}", code) for code in _code(content)]
    return _digest(parts)


def _code(notebook: bytes) -> list[bytes]:
    try:
        cells = read_cells(notebook, "notebook")
    except SubmissionError:
        return [notebook]
    sources = (cell.source for cell in cells if cell.cell_type == "code")
    return [source.encode(errors="replace") for source in sources]


def course_digest(assignment: Assignment, key: bytes) -> str:
    """Return a digest of all that the course brings: checks, configuration, library, seed."""
    course = assignment.course
    folders = (
        assignment.folder,
        course.shared_checks,
        course.library,
        assignment.source,
        assignment.release,
    )
    parts = [
        (course.shown(path), path.read_bytes())
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _ignored(path)
    ]
    version = importlib.metadata.version("autograder").encode()
    return _digest([*parts, ("version", version), ("key", key)])


def _ignored(path: Path) -> bool:
    return "__pycache__" in path.parts or ".ipynb_checkpoints" in path.parts


def _digest(parts: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name, content in parts:
        digest.update(f"{len(name)} {name} {len(content)} ".encode(errors="replace"))
        digest.update(content)
    return digest.hexdigest()
