"""``autograder package``: one assignment with its grader, as a CI service runs it.

What comes out holds the answers and is the staff's alone, but for the folder ``student/``.
"""

import io
import sys
import zipfile
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Literal

import autograder
from autograder.course.folder import Assignment
from autograder.course.key import KEY_FILE
from autograder.errors import InstructorError
from autograder.handout.library import TEMPLATES
from autograder.write import write_atomically, write_files

Service = Literal["gradescope", "github", "gitlab", "docker"]
START_SECONDS = 120
"""What a service's time limit has to leave for start-up, beside the submission's own limit."""
FILES: dict[Service, dict[str, str]] = {
    "gradescope": {"setup.sh": "setup.sh", "run_autograder": "run_autograder"},
    "github": {
        "staff/.github/workflows/grade.yml": "github_staff.yml",
        "inbox/.github/workflows/forward.yml": "github_inbox.yml",
        "student/.github/workflows/submit.yml": "github_student.yml",
        "student/.devcontainer/devcontainer.json": "devcontainer.json",
    },
    "gitlab": {
        "staff/.gitlab-ci.yml": "gitlab_staff.yml",
        "student/.gitlab-ci.yml": "gitlab_student.yml",
    },
    "docker": {
        "Dockerfile": "Dockerfile",
        ".dockerignore": "dockerignore",
        "student/.devcontainer/devcontainer.json": "devcontainer.json",
    },
}
"""What is written for each service beside the assignment, and the template of each."""
STAFF: dict[Service, str] = {"gradescope": "", "github": "staff/", "gitlab": "staff/", "docker": ""}
"""Where the assignment and the grader go."""
RUN = ("setup.sh", "run_autograder")
"""What the service starts as programs."""


def package(assignment: Assignment, service: Service, out: Path | None = None) -> Path:
    """Write the package of an assignment for a service, and return its path.

    Parameters
    ----------
    out : Path, optional
        By default ``package/<assignment>-<service>`` in the course; Gradescope's is a zip.

    Raises
    ------
    InstructorError
        The assignment is not released, or there is something at the place already.
    """
    suffix = ".zip" if service == "gradescope" else ""
    name = f"{assignment.name}-{service}{suffix}"
    place = out or assignment.course.root / "package" / name
    files = package_files(assignment, service)
    if suffix:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(place, _zipped(files))
        return place
    if place.exists():
        raise InstructorError(
            f"{assignment.course.shown(place)}: expected nothing there yet. Take it away, or name "
            "another place: --out DIR."
        )
    place.mkdir(parents=True)
    write_files(place, files)
    return place


def package_files(assignment: Assignment, service: Service) -> dict[str, bytes]:
    """Return the files of a package by their path in it."""
    top = STAFF[service]
    files = {f"{top}{path}": content for path, content in _grader_files(assignment).items()}
    for path, template in FILES[service].items():
        text = (TEMPLATES / "package" / template).read_text(encoding="utf-8")
        files[path] = _filled(text, assignment).encode()
    if any(path.startswith("student/") for path in files):
        files |= {f"student/{path}": content for path, content in _tree(assignment.release).items()}
    return dict(sorted(files.items()))


def _grader_files(assignment: Assignment) -> dict[str, bytes]:
    """Return what grading one submission needs: the assignment, its library, the kit."""
    course = assignment.course
    if not any(assignment.release.glob("*.ipynb")):
        raise InstructorError(
            f"{course.shown(assignment.release)}: expected the release, found none. "
            f"Run `autograder release {assignment.name}`."
        )
    folders = [assignment.folder, course.library, course.shared_checks]
    folders += [assignment.source, assignment.release]
    files = {
        f"{folder.relative_to(course.root).as_posix()}/{path}": content
        for folder in folders
        for path, content in _tree(folder).items()
    }
    own = [course.requirements, course.root / "nbgrader_config.py"]
    files |= {path.name: path.read_bytes() for path in own if path.exists()}
    engine = Path(autograder.__file__).parent
    files |= {f"autograder/{path}": content for path, content in _tree(engine).items()}
    files["requirements-grader.txt"] = "".join(f"{line}\n" for line in _pins()).encode()
    return files


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix != ".pyc"
        and path.name != KEY_FILE
        and ".ipynb_checkpoints" not in path.parts
    }


def _pins() -> Iterable[str]:
    """Return what the kit needs, with the versions that it was installed with."""
    try:
        needed = requires("autograder") or []
    except PackageNotFoundError:
        raise InstructorError(
            "package: expected the autograder as an installed package, found it as a folder. "
            "Install it: pip install FOLDER."
        ) from None
    return [line for line in needed if "extra ==" not in line]


def _filled(text: str, assignment: Assignment) -> str:
    seconds = int(assignment.config.limits.submission_seconds) + START_SECONDS
    values = {
        "@NAME@": assignment.name,
        "@TITLE@": assignment.config.title.replace('"', "'"),
        "@PYTHON@": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "@SECONDS@": str(seconds),
        "@MINUTES@": str(seconds // 60 + 10),
    }
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text


def _zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip that is the same to the byte for the same files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o755 if path in RUN else 0o644) << 16
            archive.writestr(entry, data)
    return content.getvalue()
