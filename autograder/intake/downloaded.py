"""What lies in ``downloaded/``: which downloads were collected, and what of them was not taken.

A record by content is kept beside them, so that a course run names what nobody has
collected, and again what a collecting run had to leave.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from autograder.course.folder import Assignment
from autograder.intake.archives import NOISE
from autograder.intake.left import Left
from autograder.text import one_line
from autograder.write import write_atomically

RECORD = "collected.json"
OWN = {RECORD, "archive", "extracted", "replaced"}
"""Of ``downloaded/<assignment>/``: ours, and what nbgrader's zip_collect reads and writes."""
_Record = dict[str, list[Left]]
"""What was left of a download, by the digest of its content."""


def remember(assignment: Assignment, downloads: Sequence[Path], left: Iterable[Left]) -> None:
    """Keep in mind that downloads were collected, and what of them was not taken."""
    record, told = _read(assignment), list(left)
    for download in downloads:
        for path in _files(download):
            if path.is_file() and (digest := _digest(path)):
                own = (_below(path, download, one) for one in told)
                record[digest] = [one for one in own if one]
    rows = {digest: [asdict(one) for one in found] for digest, found in sorted(record.items())}
    write_atomically(_folder(assignment) / RECORD, json.dumps(rows, indent=1).encode())


def _below(path: Path, download: Path, left: Left) -> Left | None:
    """Return what was left if it lay in a file of a download, its path counted from the file."""
    name, folder = one_line(path.name), one_line(download.name)
    inside = "" if path == download else one_line(path.relative_to(download).as_posix())
    if left.path in (name, f"{folder}: {inside}", f"{folder}/{inside}"):
        return replace(left, path="")
    if left.path.startswith(f"{name}: "):
        return replace(left, path=left.path.removeprefix(name))
    return None


def not_collected(assignment: Assignment) -> list[Left]:
    """Return what lies in ``downloaded/`` and is not in ``submitted/``, with the reason."""
    course, archive = assignment.course, _folder(assignment) / "archive"
    found, record = list(_strays(assignment)), _read(assignment)
    todo = f"Run `autograder collect {assignment.name} {course.shown(archive)}`."
    for path in _files(archive):
        shown = course.shown(path)
        if path.is_symlink() or not path.is_file():
            found.append(Left(shown, "a link or no ordinary file"))
        elif (digest := _digest(path)) == "":
            found.append(Left(shown, "cannot be read", "Look at its permissions."))
        elif (known := record.get(digest)) is None:
            found.append(Left(shown, "a download that is not collected", todo))
        else:
            found += _told_before([replace(left, path=shown + left.path) for left in known], shown)
    return found


def _told_before(known: list[Left], download: str) -> list[Left]:
    """Return what a collecting run has told already, for people in one line a download."""
    news = [left for left in known if not left.expected]
    if len(news) < 2:
        return known
    why = f"{len(news)} things in it were not taken when it was collected"
    todo = "--json names them, as does `autograder collect` with --dry-run."
    return [Left(download, why, todo), *(replace(left, expected=True) for left in known)]


def _strays(assignment: Assignment) -> Iterator[Left]:
    """Yield what lies in ``downloaded/`` where nobody looks for it."""
    course, root = assignment.course, _folder(assignment).parent
    names = {*course.assignment_names(), assignment.name}
    for path in _listed(root):
        if path.is_dir() and path.name not in names:
            why = "no assignment is called so"
            yield Left(course.shown(path), why, f"There are: {', '.join(sorted(names))}.")
    beside = [path for path in _listed(root) if not path.is_dir()]
    beside += [path for path in _listed(root / assignment.name) if path.name not in OWN]
    for path in beside:
        place = course.shown(root / assignment.name / "archive")
        yield Left(course.shown(path), f"not in {place}/", "Move it there, and collect it.")


def _listed(folder: Path) -> list[Path]:
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found if path.name not in NOISE and not path.name.startswith(".")]


def _files(download: Path) -> Iterator[Path]:
    """Go through the files of a download, which may be one or a folder of them."""
    if not download.is_dir() or download.is_symlink():
        yield from [download] if os.path.lexists(download) else []
        return
    for path in _listed(download):
        yield from _files(path)


def _digest(path: Path) -> str:
    """Return what tells one content from another, "" where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _folder(assignment: Assignment) -> Path:
    return assignment.course.root / "downloaded" / assignment.name


def _read(assignment: Assignment) -> _Record:
    """Return the record; one that cannot be read counts for nothing, and all is named again."""
    try:
        rows = json.loads((_folder(assignment) / RECORD).read_text(encoding="utf-8"))
        return {digest: [Left(**row) for row in found] for digest, found in rows.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
