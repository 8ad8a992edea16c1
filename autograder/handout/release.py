"""Make a release: nbgrader's notebooks, and with them the ``cs_lib`` that a student gets.

The notebooks are nbgrader's own conversion; the modules are ours, because
nbgrader copies every ``.py`` file as it is, solutions included.
"""

import difflib
import re
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from autograder.course.extras import extras_of, pin_file
from autograder.course.folder import Assignment
from autograder.course.kit import has_files
from autograder.course.notebooks import kernel_problem
from autograder.errors import InstructorError
from autograder.handout import leaks
from autograder.handout.library import TEMPLATES, library_files

DATA_SCRIPT = "get_datasets.sh"


def release_files(assignment: Assignment) -> dict[str, bytes]:
    """Return all files of a release but its notebooks, by their path in it.

    Raises
    ------
    InstructorError
        ``assignment.toml``, a module or the hand-out is not as it must be.
    """
    if not assignment.has_library:
        return {}
    return {**library_files(assignment), **_documents(assignment)}


def check_checks(assignment: Assignment) -> None:
    """See that grading will take the assignment: what it refuses is not handed out.

    An assignment without a ``checks.py`` passes.

    Raises
    ------
    InstructorError
        A check without a cell, a graded cell without a check, or another mistake
        that can be seen without running a check.
    """
    from autograder.checks import load_checks  # what grading needs takes long to import
    from autograder.checks.known_mistakes import read_mistakes
    from autograder.checks.reference import Reference

    if assignment.checks.exists() or assignment.config.notebooks.judged_in_notebook is not None:
        read_mistakes(assignment, load_checks(assignment), Reference(assignment).sources)


def build(assignment: Assignment, destination: Path) -> None:
    """Write the release into a folder that does not exist yet, and scan it for leaks.

    Neither the gradebook nor ``release/`` is touched.

    Raises
    ------
    InstructorError
        Something in the assignment is not as it must be, or a secret would leak.
    """
    from autograder.handout import nbgrader_app  # takes seconds to import, and grading does without

    nbgrader_app.generate(assignment, destination)
    _normalise_modes(destination)
    leaks.scan(assignment, _tree(destination))


def release(assignment: Assignment) -> list[str]:
    """Make ``release/<assignment>`` anew; return the paths of its files.

    A failure leaves the old release as it was.
    """
    assignment.release.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=assignment.release.parent, prefix=".making-") as scratch:
        made = Path(scratch) / assignment.name
        build(assignment, made)
        old = Path(scratch) / "old"
        if assignment.release.exists():
            assignment.release.rename(old)
        made.rename(assignment.release)
    return sorted(_tree(assignment.release))


def kernel_warnings(assignment: Assignment) -> list[str]:
    """Return what students would meet with the kernels that the notebooks name."""
    return [
        f"{assignment.course.shown(path)}: {problem}"
        for path in assignment.notebooks
        if (problem := kernel_problem(assignment.sources[path.stem]))
    ]


def difference(assignment: Assignment) -> list[str]:
    """Return a unified diff from the committed release to a fresh one; empty if equal."""
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / assignment.name
        build(assignment, made)
        fresh, committed = _tree(made), _tree(assignment.release)
    return [
        line
        for path in sorted(fresh.keys() | committed.keys())
        if fresh.get(path) != committed.get(path)
        for line in difflib.unified_diff(
            committed.get(path, b"").decode(errors="replace").splitlines(),
            fresh.get(path, b"").decode(errors="replace").splitlines(),
            f"release/{assignment.name}/{path} (committed)",
            f"release/{assignment.name}/{path} (fresh)",
            lineterm="",
        )
    ]


def _normalise_modes(folder: Path) -> None:
    """Give every file mode 644 and every folder 755, so that a release is the same anywhere."""
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if stat.S_ISDIR(path.stat().st_mode) else 0o644)


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".ipynb_checkpoints" not in path.parts and path.suffix != ".pyc"
    }


def _documents(assignment: Assignment) -> dict[str, bytes]:
    course = assignment.course
    if not assignment.handout.exists():
        raise InstructorError(
            f"{course.shown(assignment.handout)}: expected the hand-out, found no such file. "
            "Write what the student reads first."
        )
    files = {
        "README.md": assignment.handout.read_bytes() + _policy(assignment),
        "requirements.txt": "".join(_pins(assignment)).encode(),
    }
    files |= _beside(assignment)
    if has_files(assignment.config.data):
        files[DATA_SCRIPT] = (TEMPLATES / "release" / DATA_SCRIPT).read_bytes()
    return files


def _beside(assignment: Assignment) -> dict[str, bytes]:
    """Return the files of the assignment's own folder that lie beside its notebooks."""
    files: dict[str, bytes] = {}
    for pattern in assignment.config.documents:
        found = [path for path in sorted(assignment.folder.glob(pattern)) if path.is_file()]
        secret = [path.name for path in found if path.suffix in (".py", ".toml")]
        if secret or not found:
            raise InstructorError(
                f"assignments/{assignment.name}/assignment.toml: documents: expected files to hand "
                f'out like "{pattern}", found {", ".join(secret) or "none"}. Correct the pattern.'
            )
        files |= {path.name: path.read_bytes() for path in found}
    return files


def _policy(assignment: Assignment) -> bytes:
    """Return the rules on collaboration and AI as the end of a hand-out."""
    text = assignment.policy.read_bytes().strip() if assignment.policy.exists() else b""
    return b"\n" + text + b"\n" if text else b""


def _pins(assignment: Assignment) -> Iterator[str]:
    """Yield the lines of the release's ``requirements.txt``: the course's pins of its packages."""
    course = assignment.course
    if not course.requirements.exists():
        raise InstructorError(
            f"{course.shown(course.requirements)}: expected the pins of students' packages, found "
            "no such file. Run `autograder init .` here: it adds what is missing."
        )
    extras = [course.root / pin_file(name) for name in extras_of(assignment.config.requirements)]
    pins = {
        re.split(r"[=<>~!;\[ ]", line, maxsplit=1)[0].lower(): line
        for file in (course.requirements, *(path for path in extras if path.exists()))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-"))
    }
    named = " or ".join(course.shown(path) for path in (course.requirements, *extras))
    for name in sorted({*assignment.config.requirements, "jupyterlab"}):
        if name.lower() not in pins:
            raise InstructorError(
                f"assignments/{assignment.name}/assignment.toml: requirements: expected a package "
                f'of {named}, got "{name}". Pin it there.'
            )
        yield pins[name.lower()] + "\n"
