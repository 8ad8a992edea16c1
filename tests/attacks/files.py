"""Attacks by the files of a submission: archives, names, modules that shadow, data."""

import io
import os
import tarfile
import warnings
import zipfile

from tests.attacks.attack import MODULE, Attack

MARKER = b"import os\nos._exit(66)\n"
LONG = "n" * 200


def packed(name: str, tries: str, pack, **more) -> Attack:
    """Return an attack that hands in an archive with the honest files and something more."""

    def change(folder):
        archive = folder.with_suffix(".zip" if "zip" in pack.__name__ else ".tar")
        pack(archive, [(path, path.relative_to(folder).as_posix()) for path in _files(folder)])
        return archive

    return Attack(16, name, tries, change=change, **more)


def _files(folder):
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def zip_slip(archive, files):
    with zipfile.ZipFile(archive, "w") as made:
        for path, name in files:
            made.write(path, name)
        for name in (
            "../owned-by-a-submission",
            "../" * 12 + "tmp/owned-by-a-submission",
            "/tmp/owned-by-a-submission",
            "..\\owned-by-a-submission",
            "cs_lib/../../x.py",
            "C:\\owned.py",
        ):
            made.writestr(name, MARKER)


def zip_bomb(archive, files):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
        for path, name in files:
            if name.endswith(".ipynb"):
                made.write(path, name)
        with made.open("cs_lib/layers.py", "w", force_zip64=True) as file:
            for _ in range(64):
                file.write(bytes(1 << 20))


def zip_with_names(archive, files):
    with zipfile.ZipFile(archive, "w") as made:
        for path, name in files:
            made.write(path, name)
        for name in (
            "a\nb.py",
            "$(touch owned).py",
            "`id`.pdf",
            "-rf",
            LONG * 3 + ".pdf",
            "\x1b[31mred.pdf",
            "<script>alert(1)</script>.pdf",
            "=cmd().pdf",
            "a/" * 400 + "b.pdf",
            "con.pdf",
            " .pdf",
            "\u202efdp.exe",
        ):
            made.writestr(name, b"%PDF-")


def zip_with_links(archive, files):
    with zipfile.ZipFile(archive, "w") as made:
        for path, name in files:
            made.write(path, name)
        for name, target in (("scan.pdf", "/etc/passwd"), ("data.png", "../../../gradebook.db")):
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o120777 << 16
            made.writestr(info, target)


def zip_twice(archive, files):
    with zipfile.ZipFile(archive, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library knows that it is wrong
        for path, name in files:
            made.write(path, name)
        made.writestr("cs_lib/layers.py", MARKER)


def zip_in_capitals(archive, files):
    with zipfile.ZipFile(archive, "w") as made:
        for path, name in files:
            made.write(path, name)
        made.writestr("cs_lib/LAYERS.py", MARKER)
        made.writestr("CS_LIB/layers.py", MARKER)


def zip_damaged(archive, files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for path, name in files:
            made.write(path, name)
    archive.write_bytes(content.getvalue()[:-30])


def tar_with_devices(archive, files):
    with tarfile.open(archive, "w") as made:
        for path, name in files:
            made.add(path, name)
        for name, kind in (
            ("dev.pdf", tarfile.CHRTYPE),
            ("pipe.png", tarfile.FIFOTYPE),
            ("block.pdf", tarfile.BLKTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.devmajor, info.devminor = kind, 1, 1
            made.addfile(info)


def tar_with_links(archive, files):
    with tarfile.open(archive, "w") as made:
        for path, name in files:
            made.add(path, name)
        for name, kind, target in (
            ("scan.pdf", tarfile.SYMTYPE, "/etc/passwd"),
            ("hard.pdf", tarfile.LNKTYPE, "/etc/passwd"),
            ("cs_lib/layers.py", tarfile.LNKTYPE, "../course/assignments/cs_lib/layers.py"),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            made.addfile(info)
        info = tarfile.TarInfo("../../owned-by-a-submission")
        info.size = len(MARKER)
        made.addfile(info, io.BytesIO(MARKER))


def tar_not_text(archive, files):
    with tarfile.open(archive, "w", errors="surrogateescape") as made:
        for path, name in files:
            made.add(path, name)
        for name in (b"\xff\xfe.pdf", b"caf\xe9.png"):
            info = tarfile.TarInfo(name.decode("utf-8", "surrogateescape"))
            made.addfile(info)


def not_text_names(folder):
    for name in (b"\xff\xfe.pdf", b"a\nb.pdf", b"-rf.pdf"):
        with open(os.fsencode(folder) + b"/" + name, "wb") as file:
            file.write(b"%PDF-")


def pipe_in_place(folder):
    os.mkfifo(folder / "scan.pdf")


def module(name: str, tries: str, content: bytes, loses=("double", "shift")) -> Attack:
    """Return a submission whose module is made of these bytes."""

    def change(folder):
        (folder / "cs_lib" / "layers.py").write_bytes(content)

    return Attack(20, name, tries, loses=loses, change=change)


HONEST = MODULE.encode()

ATTACKS = [
    packed("zip slip", "names that lead out of the archive", zip_slip),
    packed("zip bomb", "a module of 64 MB in 64 kB", zip_bomb, loses=("double", "shift")),
    packed("odd names in a zip", "newlines, escapes, markup, formulas, depth", zip_with_names),
    packed("links in a zip", "symbolic links in the place of scans", zip_with_links),
    packed(
        "one name twice", "a second module of the same name", zip_twice, loses=("double", "shift")
    ),
    packed("one name in capitals", "modules that differ in case alone", zip_in_capitals),
    packed("a damaged zip", "cut off at its end", zip_damaged, loses=("double", "shift", "triple")),
    packed("devices in a tar", "character and block devices, a pipe", tar_with_devices),
    packed(
        "links in a tar",
        "symbolic and hard links, a second module that is one",
        tar_with_links,
    ),
    packed("names that are no text", "file names that are not UTF-8", tar_not_text),
    Attack(16, "odd names in a folder", "not UTF-8, a newline, an option", change=not_text_names),
    Attack(16, "a pipe in a folder", "reading it would wait for ever", change=pipe_in_place),
    Attack(
        17,
        "modules that shadow",
        "numpy.py, autograder.py, conftest.py, sitecustomize.py, a .pth file",
        files=dict.fromkeys(
            (
                "numpy.py",
                "numpy/__init__.py",
                "autograder.py",
                "autograder/__init__.py",
                "conftest.py",
                "sitecustomize.py",
                "usercustomize.py",
                "own.pth",
                "IPython.py",
                "json.py",
                "cs_lib/numpy.py",
                "cs_lib/json.py",
            ),
            MARKER,
        ),
    ),
    Attack(
        17,
        "a package of its own",
        "cs_lib/__init__.py that replaces the other modules",
        files={"cs_lib/__init__.py": MARKER, "cs_lib/numeric.py": MARKER, "cs_lib.py": MARKER},
    ),
    Attack(
        17,
        "poisoned caches",
        "__pycache__ and a compiled library beside the module",
        files={
            "cs_lib/__pycache__/layers.cpython-311.pyc": b"\xa7\r\r\n" + bytes(12) + MARKER,
            "cs_lib/layers.so": b"\x7fELF" + bytes(60),
            "cs_lib/layers.cpython-311-x86_64-linux-gnu.so": b"\x7fELF" + bytes(60),
            "cs_lib/layers.pyc": MARKER,
        },
    ),
    Attack(
        17,
        "replace modules at run time",
        "sys.modules, meta_path and path hooks",
        """
import sys, types
sys.modules["json"] = sys.modules["msgpack"] = types.ModuleType("owned")
sys.modules["cs_lib.numeric"] = types.ModuleType("owned")
sys.meta_path.clear()
sys.path_hooks.clear()
sys.path.clear()
""",
    ),
    Attack(
        20,
        "leave the module out",
        "is the reference used instead?",
        loses=("double", "shift"),
        change=lambda folder: (folder / "cs_lib" / "layers.py").unlink(),
    ),
    module("an empty module", "no function at all", b""),
    module("a syntax error", "cannot be compiled", b"def double(x:\n    return 2*x\n"),
    module("an import error", "imports what is not there", b"import not_there\n" + HONEST),
    module(
        "a module that imports itself",
        "from cs_lib.layers import *",
        b"from cs_lib.layers import *\n" + HONEST,
        loses=(),
    ),
    module("zero bytes", "text with NUL", HONEST + b"\x00"),
    module(
        "not UTF-8", "latin-1 without a declaration", HONEST + "# café".encode("latin-1"), loses=()
    ),
    module("a byte-order mark", "as Windows editors write it", b"\xef\xbb\xbf" + HONEST, loses=()),
    module(
        "CRLF and tabs",
        "line ends and indents of another system",
        HONEST.replace(b"    ", b"\t").replace(b"\n", b"\r\n"),
        loses=(),
    ),
    module("a parser's nightmare", "brackets 100,000 deep", b"x = " + b"(" * 100_000 + b"\n"),
    module(
        "a compiler's nightmare",
        "an expression that folds to gigabytes",
        HONEST + b"x = " + b"-" * 20_000 + b"1\n",
    ),
    module("too large", "a module of 2 MB", HONEST + b"#" * (2 << 20)),
    Attack(
        23,
        "tamper with the data",
        "writes to, removes and replaces the data set",
        """
import os
folder = os.environ.get("COURSEDATA", "@COURSE@/datasets")
for change in (
    lambda: open(folder + "/toy.txt", "w"), lambda: open(folder + "/toy.txt", "r+"),
    lambda: os.unlink(folder + "/toy.txt"), lambda: os.truncate(folder + "/toy.txt", 0),
    lambda: os.rename(folder + "/toy.txt", folder + "/old"), lambda: os.chmod(folder, 0),
    lambda: os.symlink("/dev/zero", folder + "/new"), lambda: os.utime(folder + "/toy.txt", (0, 0)),
    lambda: np.memmap(folder + "/toy.txt", mode="r+", dtype="u1"),
):
    try:
        change()
        broken()
    except (OSError, ImportError):
        pass
""",
    ),
    Attack(
        23,
        "lock the data",
        "an exclusive lock that a reader would wait for",
        """
import fcntl, os
try:
    file = open(os.environ["COURSEDATA"] + "/toy.txt")
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    broken()
except OSError:
    pass
""",
    ),
    Attack(
        23,
        "poison caches",
        "matplotlib's, numpy's and scikit-learn's folders, .config and .cache",
        """
import os
for folder in ("~", "~/.config/matplotlib", "~/.cache/matplotlib", "~/.ipython/profile_default",
               "~/scikit_learn_data", "/scratch", "/tmp", os.path.dirname(np.__file__)):
    folder = os.path.expanduser(folder)
    try:
        os.makedirs(folder, exist_ok=True)
        with open(folder + "/matplotlibrc", "w") as file:
            file.write("backend: owned")
    except OSError:
        pass
""",
    ),
    Attack(
        23,
        "leave state for the next",
        "patches libraries, the environment and generators of its process",
        """
import os, random, sys
np.allclose = np.testing.assert_allclose = lambda *args, **kwargs: None
random.random = np.random.standard_normal = None
os.environ["CS_LIB_BUDGET"] = "owned"
sys.modules["numpy.linalg"] = None
def double(x):
    return 2.0 * x
class Shift:
    def __init__(self, by): self.by = by
    def forward(self, x): return x + self.by
""",
    ),
]
