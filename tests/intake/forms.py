"""The shapes in which people hand work in: each is written below ``submitted/``.

Every form says what the work is worth and what a person must be told.  All work is
made here; it stands for what public bug reports describe.
"""

import bz2
import gzip
import io
import tarfile
import zipfile
from dataclasses import dataclass

import nbformat

from tests import tiny_course

PNG = b"\x89PNG\r\n\x1a\n picture"


def files(submission, folder=""):
    """Return the files of a submission by path, in a folder if one is named."""
    notebooks = {f"{name}.ipynb": content for name, content in submission.notebooks.items()}
    return {folder + name: content for name, content in (submission.files | notebooks).items()}


def solved(folder=""):
    return files(tiny_course.solved(), folder)


def wrong(folder=""):
    """All but one point: `Shift` is wrong."""
    submission = tiny_course.solved()
    tiny_course.replace(submission, "np.add(x, self.by)", "np.add(x, 3 * self.by)")
    return files(submission, folder)


def zipped(contents):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(contents):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def renamed(contents, **names):
    """Return files under other names: ``tiny="tiny (1).ipynb"`` renames the notebook."""
    other = {"tiny.ipynb": names.get("tiny"), "cs_lib/layers.py": names.get("layers")}
    return {other.get(name) or name: content for name, content in contents.items()}


@dataclass(frozen=True)
class Form:
    """A hand-in.

    Attributes
    ----------
    written : dict
        Contents by path below ``submitted/``; ``{released}`` stands for the files as handed out.
    score : float or None
        Of 4; None where nobody is to have a result.
    told : tuple of str
        Parts of what a person must read in the run, in the result, or in both.
    """

    name: str
    student: str
    written: dict[str, bytes]
    score: float | None
    told: tuple[str, ...] = ()


FORMS = []


def form(student, contents, score, *told, place=None):
    """Add a form: files in ``submitted/<student>/tiny/``, or in another place."""
    place = f"{student}/tiny/" if place is None else place
    written = {place + name: content for name, content in contents.items()}
    FORMS.append(Form(student, student, written, score, told))


def lines(text):
    return text.encode()


def edited(change):
    """Return the solved work with its notebook changed."""
    submission = tiny_course.solved()
    notebook = nbformat.reads(submission.notebooks["tiny"].decode(), as_version=4)
    change(notebook)
    submission.notebooks["tiny"] = nbformat.writes(notebook).encode()
    return files(submission)


# Where it should be.
form("right", solved(), 4)
form("partly", wrong(), 3)

# The student's folder.
form("two spaces", solved(), 4, 'taken for "two spaces"', place="two  spaces/tiny/")
form("trailing", solved(), 4, 'taken for "trailing"', place="trailing /tiny/")
form("leading", solved(), 4, 'taken for "leading"', place=" leading/tiny/")
form("no break", solved(), 4, 'taken for "no break"', place="no\u00a0break/tiny/")
form("a tab", solved(), 4, "a\\ttab", 'taken for "a tab"', place="a\ttab/tiny/")
form("mark", solved(), 4, "mark\\u200e", 'taken for "mark"', place="mark\u200e/tiny/")
form("zoe\u0301".replace("e\u0301", "\u00e9"), solved(), 4, "stray signs", place="zoe\u0301/tiny/")
form("ada.lovelace", solved(), 4)
form("file-for-folder", {"": b"I was ill"}, None, "a file where students' folders belong",
     place="file-for-folder")  # fmt: skip
form("loose-archive", {"": zipped(solved())}, None, "autograder collect", place="loose-archive.zip")
form("empty", {".keep": b""}, None, "empty/.keep", place="empty/")

# The assignment's folder.
form("other-case", solved(), 4, "another name", place="other-case/Tiny/")
form("dashes", solved(), 4, "another name", place="dashes/ti-ny /")
form("turned", solved(), 4, "belongs outside", place="tiny/turned/")
form("turned-zip", {"": zipped(solved())}, 4, "belongs outside", place="tiny/turned-zip.zip")
form("deep", solved(), 4, "a folder too deep", place="deep/my work/tiny/")
form("no-folder", solved(), 4, "files outside of a folder", place="no-folder/")
form("misnamed", solved(), None, "no assignment is called so", place="misnamed/tinny/")
form("zip-for-folder", {"": zipped(solved())}, 4, "an archive in the place",
     place="zip-for-folder/tiny.zip")  # fmt: skip
form("tar-for-folder", {"": gzip.compress(tarred(solved()))}, 4, "an archive in the place",
     place="tar-for-folder/tiny.tar.gz")  # fmt: skip
form("named-zip", {"": zipped(solved())}, 4, place="named-zip/tiny")
form("two-places", solved() | {"../tiny.zip": zipped(wrong())}, 4, "there is also")
form(
    "text-for-folder",
    {"": b"see my mail"},
    0,
    "expected a zip or tar",
    place="text-for-folder/tiny",
)

# Folders and archives inside.
form("extra-level", solved("tiny/"), 4)
form("two-levels", solved("handin/tiny/"), 4)
form("five-levels", solved("a/b/c/d/e/"), 4)
form("archive-inside", {"handin.zip": zipped(solved("tiny/"))}, 4, "an archive inside was unpacked")
form("tar-inside", {"handin.tar.bz2": bz2.compress(tarred(solved()))}, 4, "an archive inside")
form("archive-twice", {"a.zip": zipped({"b.zip": zipped(solved())})}, 4, "an archive inside")
form("archive-thrice", {"a.zip": zipped({"b.zip": zipped({"c.zip": zipped(solved())})})}, 0,
     "an archive inside of archives")  # fmt: skip
form("broken-inside", {"handin.zip": b"PK\x03\x04 broken"}, 0, "handin.zip", "cannot be read")
form("rar-inside", {"handin.rar": b"Rar!\x1a\x07"}, 0,
     "handin.rar: not taken: an archive of a kind")  # fmt: skip
form("beside-its-zip", solved() | {"tiny_right.zip": zipped(wrong())}, 4, "tiny_right.zip")
form("two-in-one", solved("first/") | wrong("second/"), 0, "first/ and second/", "Hand in one")
form("two-zips", {"first.zip": zipped(solved()), "second.zip": zipped(wrong())}, 0, "Hand in one")
form("twice-the-same", solved("first/") | solved("second/"), 4, "second/tiny.ipynb")
form("old-inside", solved() | wrong("old/"), 4, "old/tiny.ipynb", "old/cs_lib/layers.py")
form("answers-inside", {"{released}": b""} | solved("mine/"), 4, "mine/: taken as")

# The notebook's name.
form(
    "prefixed", renamed(solved(), tiny="WMS tiny.ipynb"), 4, "WMS tiny.ipynb: taken for tiny.ipynb"
)
form("browser-copy", renamed(solved(), tiny="tiny (1).ipynb"), 4, "tiny (1).ipynb: taken for")
form("as-json", renamed(solved(), tiny="tiny.ipynb.json"), 4, "tiny.ipynb.json: taken for")
form("as-text", renamed(solved(), tiny="tiny.ipynb.txt"), 4, "tiny.ipynb.txt: taken for")
form("upper-case", renamed(solved(), tiny="Tiny.IPYNB"), 4, "Tiny.IPYNB: taken for")
form("marked-name", renamed(solved(), tiny="tiny\u200e.ipynb"), 4, "taken for tiny.ipynb")
form("another-name", renamed(solved(), tiny="homework.ipynb"), 4, "homework.ipynb: taken for")
form("copy-solved", {"{released}": b""} | renamed(solved(), tiny="tiny (1).ipynb"), 4,
     "tiny (1).ipynb: taken for", "tiny.ipynb: not taken")  # fmt: skip
form(
    "copy-untouched",
    solved() | {"tiny-Copy1.ipynb": b"{released}"},
    4,
    "tiny-Copy1.ipynb: not taken",
)
form("two-solved", {name: text for name, text in solved().items() if "layers" in name}
     | {"mine.ipynb": solved()["tiny.ipynb"], "yours.ipynb": wrong()["tiny.ipynb"] + b"\n"}, 3,
     "tiny.ipynb: not taken", "mine.ipynb", "yours.ipynb")  # fmt: skip
form(
    "notebook-alone",
    {"tiny.ipynb": solved()["tiny.ipynb"]},
    1,
    "cs_lib/layers.py: expected this file",
)

# Modules.
form("beside", renamed(solved(), layers="layers.py"), 4, "layers.py: taken for cs_lib/layers.py")
form("module-copy", renamed(solved(), layers="cs_lib/layers (1).py"), 4, "layers (1).py: taken for")
form("module-case", renamed(solved(), layers="CS_LIB/Layers.py"), 4, "taken for cs_lib/layers.py")
form(
    "module-text", renamed(solved(), layers="cs_lib/layers.py.txt"), 4, "taken for cs_lib/layers.py"
)
form(
    "spaced-folder", renamed(solved(), layers="cs_lib /layers.py"), 4, "taken for cs_lib/layers.py"
)
form("beside-untouched", {"{released}": b""} | renamed(solved(), layers="layers.py"), 4,
     "layers.py: taken for", "cs_lib/layers.py: not taken")  # fmt: skip
form(
    "two-modules", solved() | {"layers.py": wrong()["cs_lib/layers.py"]}, 4, "layers.py: not taken"
)
form("helper", solved() | {"cs_lib/helper.py": b"x = 1\n"}, 4, "cs_lib/helper.py: not taken")
form(
    "changed-tool",
    {"{released}": b""} | solved() | {"README.md": b"mine"},
    4,
    "README.md: handed out",
)
form("notes", solved() | {"notes.txt": b"I was ill"}, 4, "notes.txt")
form("checkpoints", solved() | {".ipynb_checkpoints/tiny-checkpoint.ipynb": b"{}"}, 4)
form("wrong-picture", solved() | {"scan.png": b"<html>"}, 4, "scan.png: not taken")


def write(form, submitted, release):
    """Write a form below ``submitted/``."""
    for name in form.written:
        if "{released}" in name:
            for path in (path for path in release.rglob("*") if path.is_file()):
                _put(submitted / name.format(released=path.relative_to(release)), path.read_bytes())
    for name, content in form.written.items():
        if content == b"{released}":
            content = (release / "tiny.ipynb").read_bytes()
        if "{released}" not in name:
            _put(submitted / name, content)


def _put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
