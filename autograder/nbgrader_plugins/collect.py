"""``nbgrader zip_collect`` on whole submissions: notebooks, ``cs_lib`` and scans.

nbgrader's own plug-ins collect notebooks alone and unpack whatever an archive
claims to hold.  These take what the kit's intake would take, with its limits.
"""

import shutil
from pathlib import Path, PurePosixPath
from typing import Any

from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import Unicode

from autograder.errors import SubmissionError
from autograder.intake.archives import LARGEST_ARCHIVE, NOISE, Refused, entries
from autograder.intake.select import LARGEST_NOTEBOOK, bad_name

_ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")


class SafeExtractor(ExtractorPlugin):
    """Unpacks each archive into a folder of its name; a bad one stops no other."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        archives = Path(archive_path)
        for path in sorted(archives.rglob("*")):
            inside = path.relative_to(archives)
            if path.is_symlink() or not path.is_file() or not NOISE.isdisjoint(inside.parts):
                continue
            target = Path(extracted_path) / inside
            ending = next((end for end in _ARCHIVES if path.name.lower().endswith(end)), "")
            if ending:
                self._unpack(path, target.with_name(target.name[: -len(ending)]))
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)

    def _unpack(self, path: Path, folder: Path) -> None:
        room = LARGEST_ARCHIVE
        try:
            with entries(path) as found:
                for entry in found:
                    name = entry.name.removeprefix("./")
                    reason = bad_name(name) or entry.refusal
                    content = b"" if reason else _content(entry, min(room, LARGEST_NOTEBOOK))
                    if reason or content is None:
                        self.log.warning("%s: %r: not taken: %s", path, name, reason or "too large")
                        continue
                    room -= len(content)
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_bytes(content)
        except (SubmissionError, OSError) as error:
            self.log.error("%s: %s", path, error)


def _content(entry: Any, largest: int) -> bytes | None:
    """Return an entry's bytes, None if it is damaged or there are more than ``largest``."""
    try:
        content: bytes = entry.content(largest + 1)
    except Refused:
        return None
    return content if len(content) <= largest else None


class SubmissionFolders(FileNameCollectorPlugin):
    """Takes every file of a submission; the student's id stands in the archive's name."""

    named_regexp = Unicode(
        r"(?P<student_id>[^/_.]+)",
        help="Matched from the start of an archive's name, after the name of the assignment if it "
        "begins with that. Gives student_id, and timestamp where there is one. By default the id "
        "is what comes before the first underscore or dot: ada.zip, ada_123_handin.zip.",
    ).tag(config=True)

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        extracted = Path(self.parent._format_collect_path(self.parent.extracted_directory))
        path = Path(submitted_file)
        inside = path.relative_to(extracted)
        assignment = self.parent.coursedir.assignment_id
        found: dict[str, str] | None = self._match(inside.parts[0].removeprefix(f"{assignment}_"))
        name = self._name(path, extracted / inside.parts[0])
        return {**found, "file_id": name} if found and name else None

    def _name(self, path: Path, top: Path) -> str:
        """Return a file's path in the submission, which may lie some folders down."""
        if path == top:  # no archive, a single notebook
            return self._only_notebook() if path.suffix == ".ipynb" else ""
        while len(inner := list(top.iterdir())) == 1 and inner[0].is_dir():
            top = inner[0]
        return PurePosixPath(path.relative_to(top)).as_posix()

    def _only_notebook(self) -> str:
        coursedir = self.parent.coursedir
        folder = coursedir.format_path(coursedir.release_directory, ".", coursedir.assignment_id)
        names = [path.name for path in Path(folder).glob("*.ipynb")]
        return names[0] if len(names) == 1 else ""
