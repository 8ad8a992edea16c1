"""What a result came from, as a key: submission and course."""

import functools
import hashlib
import importlib.metadata
from collections.abc import Iterable
from pathlib import Path

import autograder
from autograder.course.folder import Assignment
from autograder.course.kit import data_files
from autograder.errors import SubmissionError
from autograder.intake.restore import read_cells
from autograder.intake.select import Submission

ENGINE = Path(autograder.__file__).parent
DECIDING = (
    "checks/", "grade/", "intake/", "kit/", "sandbox/", "slicing/", "wall/", "wire/", "worker/",
    "course/key.py", "course/notebooks.py", "course/settings.py", "handout/library.py",
)  # fmt: skip
"""Rooms and files of the kit by which a verdict is reached."""
TELLING = (
    "checks/status.py", "grade/annotate.py", "grade/cluster.py", "grade/course_report.py",
    "grade/course_run.py",
    "grade/parcel.py", "grade/pools.py", "grade/processes.py", "grade/regrade.py",
    "grade/remote.py", "grade/single.py", "intake/collect.py", "intake/downloads.py",
    "intake/handed_in.py", "intake/left.py", "intake/marks.py", "intake/people.py",
    "intake/pictures.py", "intake/platforms.py", "intake/student_code.py",
    "kit/check.py", "kit/explain/visible.py", "kit/handin.py", "kit/notebook_tests.py",
    "kit/questions.py", "kit/unreadable.py", "worker/pictures.py",
)  # fmt: skip
"""What of these only hands out work, tells of it, or runs where students run it."""
LIBRARIES = ("numpy", "scipy", "ipython")


def result_key(submission: Submission, course: str) -> str:
    """Return ``<submission>.<course>``: what is graded, and what by."""
    parts = [
        (f"{kind}/{name}", content)
        for kind, files in (
            ("module", submission.files),
            ("notebook", submission.notebooks),
            ("attachment", submission.attachments),
            ("beside", submission.beside),
        )
        for name, content in sorted(files.items())
    ]
    problems = "\n".join(submission.problems).encode(errors="replace")
    return f"{_digest([*parts, ('problems', problems)])}.{course}"


def code_digest(submission: Submission) -> str:
    """Return a digest of what of a submission is run: modules, and the code of notebooks.

    A notebook that was run again and saved is the same work.
    """
    own = {**submission.files, **submission.beside}
    parts = [(f"module/{name}", content) for name, content in sorted(own.items())]
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
    """Return a digest of all but the submission that a verdict comes from.

    What the course brings (checks, settings, library, notebooks as written and as released,
    which real data it has, the key), and what it is graded with.
    """
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
        if (path.suffix in _KINDS[folder == assignment.release] or folder == assignment.source)
        and not _ignored(path)
    ]
    parts += [("data", _real_data(name, course.datasets)) for name in assignment.config.data]
    return _digest([*parts, ("engine", engine_digest().encode()), ("key", key)])


def _real_data(name: str, folder: Path) -> bytes:
    """Return which files a real data set has, and their sizes; none where there is a stand-in.

    They are not read: that would take longer than to grade.
    """
    files = data_files(name, folder, "real")
    return repr([name, *((file.name, file.stat().st_size) for file in files)]).encode()


_KINDS = {False: (".py", ".toml", ".ipynb"), True: (".ipynb",)}
"""Files of a course that can change a verdict; of a release, which else is made of the others."""


def _ignored(path: Path) -> bool:
    hidden = "__pycache__" in path.parts or ".ipynb_checkpoints" in path.parts
    return hidden or not path.is_file() or path.name == "audit.toml"


@functools.cache
def engine_digest() -> str:
    """Return a digest of what of the kit can change a verdict, and of the libraries that compute.

    A page, a command or a report can be worded anew, and nobody is graded again.
    """
    paths = sorted(ENGINE.rglob("*.py"))
    names = [path.relative_to(ENGINE).as_posix() for path in paths]
    parts = [
        (name, path.read_bytes()) for name, path in zip(names, paths, strict=True) if decides(name)
    ]
    return _digest([*parts, *((name, _version(name).encode()) for name in LIBRARIES)])


def decides(name: str) -> bool:
    """Whether a file of the kit, as ``checks/run.py``, can change a verdict."""
    return name.startswith(DECIDING) and not name.startswith(TELLING)


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return "none"


def _digest(parts: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for name, content in parts:
        digest.update(f"{len(name)} {name} {len(content)} ".encode(errors="replace"))
        digest.update(content)
    return digest.hexdigest()
