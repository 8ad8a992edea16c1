"""``autograder init``: a whole course in an empty folder, which releases and grades at once."""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.handout.library import TEMPLATES
from autograder.handout.scaffold import scaffold

FIRST = "first_steps"
PINNED = "course/requirements.txt"
COURSE = {
    "README.md": "course/README.md",
    "nbgrader_config.py": "course/nbgrader_config.py",
    "requirements.txt": "course/requirements.txt",
    "roster.toml": "course/roster.toml",
    ".gitignore": "course/gitignore",
    ".gitattributes": "course/gitattributes",
    ".github/workflows/grade.yml": "course/grade.yml",
    "datasets/README.md": "course/datasets.md",
    "assignments/policy.md": "course/policy.md",
    **{
        f"assignments/cs_lib/{name}": f"cs_lib/{name}"
        for name in (
            "__init__.py",
            "budget.py",
            "check.py",
            "datasets.py",
            "handin.py",
            "kit/__init__.py",
        )
    },
}
"""What is written, and the template of each."""
STUDENTS = (
    "filelock", "h5py", "ipywidgets", "jupyterlab", "matplotlib", "numpy", "pooch", "requests",
    "scikit-learn", "scipy", "tqdm",
)  # fmt: skip
"""The packages that students may use, of those that the kit runs on."""
ALLOWED = re.compile(r"\.|LICENSE|COPYING")
"""What may lie in a folder beside a new course: hidden files, a licence."""


def init(folder: Path) -> tuple[list[str], list[str]]:
    """Write what a course needs and the folder lacks; nothing that is there is changed.

    Returns
    -------
    written, kept : list of str
        Paths in the course: made now, and left as they were.

    Raises
    ------
    InstructorError
        The folder holds other things than a course, or cannot be written.
    """
    root = folder.resolve()
    _check_place(root)
    kept = [path for path in COURSE if (root / path).exists()]
    written = [path for path in COURSE if path not in kept]
    _write({root / path: _text(COURSE[path]) for path in written})
    course = Course.here(root)
    if not course.assignment_names():
        written += scaffold(course, FIRST)
    return written, kept


def _write(texts: Mapping[Path, str]) -> None:
    try:
        for place, text in texts.items():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InstructorError(
            f"{error.filename}: expected to write a course there, got: {error.strerror}. "
            "Name another folder."
        ) from None


def _check_place(root: Path) -> None:
    if root.exists() and not root.is_dir():
        raise InstructorError(f"{root}: expected a folder, got a file. Name another.")
    if not root.exists() or (root / "assignments").is_dir():
        return
    own = {path.partition("/")[0] for path in COURSE}
    others = [p.name for p in root.iterdir() if p.name not in own and not ALLOWED.match(p.name)]
    if others:
        raise InstructorError(
            f"{root}: expected an empty folder or a course, got {', '.join(sorted(others)[:3])}. "
            "Name a new folder: autograder init DIR."
        )


def _text(template: str) -> str:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    return text + "".join(_pins()) if template == PINNED else text


def _pins() -> Iterator[str]:
    """Yield the kit's own pins of the students' packages."""
    try:
        lines = requires("autograder") or []
    except PackageNotFoundError:
        raise InstructorError(
            "init: expected the autograder as an installed package, found it as a folder. "
            "Install it: pip install FOLDER."
        ) from None
    for line in lines:
        if re.split(r"[=<>~!;\[ ]", line, maxsplit=1)[0] in STUDENTS:
            yield f"{line}\n"
