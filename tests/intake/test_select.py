"""What is taken of a submission, and what is refused by name."""

import bz2
import gzip
import io
import os
import shutil
import stat
import tarfile
import tracemalloc
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.errors import SubmissionError
from autograder.intake import archives, select, wanted
from autograder.intake.select import read

MODULE = b"def double(x):\n    return 2 * x\n"
NOTEBOOK = b'{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}'
PDF, PNG, JPG = b"%PDF-1.7 scan", b"\x89PNG\r\n\x1a\n picture", b"\xff\xd8\xff picture"
FILES = {"cs_lib/layers.py": MODULE, "tiny.ipynb": NOTEBOOK}


def write_folder(root, files):
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_tar(path, files, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


@pytest.fixture(params=["folder", "zip", "tar", "tar.gz", "tar.bz2"])
def handed_in(request, tmp_path):
    """Return a function that hands files in, in every form there is."""
    path = tmp_path / f"handed-in.{request.param}"

    def write(files):
        if request.param == "folder":
            return write_folder(path, files)
        if request.param == "zip":
            return write_zip(path, files)
        modes = {"tar": "w", "tar.gz": "w:gz", "tar.bz2": "w:bz2"}
        return write_tar(path, files, modes[request.param])

    return write


def test_the_assignments_files_are_taken(handed_in, tiny):
    taken = read(handed_in(FILES), tiny)
    assert taken.files == {"cs_lib/layers.py": MODULE}
    assert taken.notebooks == {"tiny": NOTEBOOK}
    assert taken.attachments == {}
    assert taken.problems == []


def test_files_may_lie_one_folder_down(handed_in, tiny):
    taken = read(handed_in({f"my work/{name}": text for name, text in FILES.items()}), tiny)
    assert taken.files == {"cs_lib/layers.py": MODULE}
    assert taken.notebooks == {"tiny": NOTEBOOK}


def test_nothing_else_is_taken(handed_in, tiny):
    more = ["numpy.py", "cs_lib/__init__.py", "cs_lib/other.py", "README.md", "tests/x.py", "a.so"]
    more += ["__MACOSX/cs_lib/layers.py", ".ipynb_checkpoints/tiny.ipynb", "old/cs_lib/layers.py"]
    taken = read(handed_in(FILES | dict.fromkeys(more, b"not wanted")), tiny)
    assert taken.files == {"cs_lib/layers.py": MODULE}
    assert taken.notebooks == {"tiny": NOTEBOOK}
    work = ["cs_lib/__init__.py", "cs_lib/other.py", "numpy.py", "old/cs_lib/layers.py"]
    assert sorted(problem.split(":")[0] for problem in taken.problems) == [*work, "tests/x.py"]
    assert (
        "cs_lib/other.py: not taken: only cs_lib/layers.py, tiny.ipynb are, and nothing else can "
        "be used."
    ) in taken.problems
    noise = ["__MACOSX/", ".ipynb_checkpoints/"]
    named = [left.path for left in taken.left]
    assert sorted(named) == sorted([*work, "tests/x.py", *noise, "README.md", "a.so"])


def test_the_folder_that_holds_most_is_the_one(handed_in, tiny):
    taken = read(
        handed_in({"a/tiny.ipynb": b"old", **{f"b/{n}": c for n, c in FILES.items()}}), tiny
    )
    assert taken.notebooks == {"tiny": NOTEBOOK}


def test_attachments_are_what_they_say(handed_in, tiny):
    scans = {"scan.pdf": PDF, "p/two.PNG": PNG, "three.jpeg": JPG, "page.pdf": b"<html>"}
    taken = read(handed_in(FILES | scans | {"x.exe": b"MZ", "y.gif": b"GIF89a"}), tiny)
    assert taken.attachments == {"scan.pdf": PDF, "p/two.PNG": PNG, "three.jpeg": JPG}
    assert taken.problems == ["page.pdf: not taken: not what its name says, a pdf file."]


def test_a_virtual_environment_is_left_out(handed_in, tiny):
    packages = {".venv/lib/logo.png": PNG, "env/Lib/site-packages/logo.png": PNG}
    taken = read(handed_in(FILES | packages | {"scan.png": PNG}), tiny)
    assert taken.attachments == {"scan.png": PNG}
    assert taken.problems == []


def test_a_large_environment_does_not_make_a_folder_too_large(tmp_path, tiny, monkeypatch):
    monkeypatch.setattr(archives, "MOST_ENTRIES", 10)
    write_folder(tmp_path / "work", FILES | {f".venv/{number}.py": b"" for number in range(20)})
    assert read(tmp_path / "work", tiny).files == {"cs_lib/layers.py": MODULE}


def test_attachments_are_limited(handed_in, tiny, monkeypatch):
    monkeypatch.setattr(select, "MOST_ATTACHMENTS", 2)
    large = {"large.pdf": PDF + bytes(11 << 20)}
    taken = read(handed_in(FILES | dict.fromkeys(["a.pdf", "b.pdf", "c.pdf"], PDF) | large), tiny)
    assert sorted(taken.attachments) == ["a.pdf", "b.pdf"]
    assert sorted(problem.split(":")[0] for problem in taken.problems) == ["c.pdf", "large.pdf"]


def test_an_empty_submission_says_what_was_expected(handed_in, tiny):
    taken = read(handed_in({"notes.txt": b"I was ill"}), tiny)
    assert (taken.files, taken.notebooks) == ({}, {})
    assert "cs_lib/layers.py" in taken.problems[0]
    assert "tiny.ipynb" in taken.problems[0]


def test_a_file_too_large_is_refused_and_the_rest_taken(handed_in, tiny):
    taken = read(handed_in(FILES | {"cs_lib/layers.py": b"#" * (wanted.LARGEST_MODULE + 1)}), tiny)
    assert taken.files == {}
    assert taken.notebooks == {"tiny": NOTEBOOK}
    assert taken.problems[0].startswith("cs_lib/layers.py: not taken: larger than 1 MB")


def test_another_case_is_taken_for_the_right_one(handed_in, tiny):
    taken = read(handed_in({"CS_LIB/Layers.py": MODULE, "tiny.ipynb": NOTEBOOK}), tiny)
    assert taken.files == {"cs_lib/layers.py": MODULE}
    assert taken.problems == [
        "CS_LIB/Layers.py: taken for cs_lib/layers.py. Give it the name from the hand-out."
    ]


def test_clashing_cases_are_refused_unless_one_is_exact(handed_in, tiny):
    exact = read(handed_in(FILES | {"cs_lib/LAYERS.py": b"another"}), tiny)
    assert exact.files == {"cs_lib/layers.py": MODULE}
    assert exact.problems == ["cs_lib/LAYERS.py: not taken: cs_lib/layers.py was."]


def test_two_wrong_cases_are_refused(handed_in, tiny):
    taken = read(handed_in({"cs_lib/LAYERS.py": b"1", "cs_lib/Layers.py": b"2"}), tiny)
    assert taken.files == {}
    assert taken.problems == [
        "cs_lib/layers.py: not taken: more than one file of this name "
        "(cs_lib/LAYERS.py, cs_lib/Layers.py)."
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("/etc/passwd", "root of a disk"),
        ("C:/x.py", "root of a disk"),
        ("../x.py", "out of the submission"),
        ("a/../../x.py", "out of the submission"),
        ("a\nb.py", "cannot be shown"),
        ("\x1b[31m.py", "cannot be shown"),
        ("\u202efdp.exe", "cannot be shown"),
        ("n" * 300 + ".py", "too long or lies too deep"),
        ("d/" * 20 + "x.py", "too long or lies too deep"),
    ],
)
@pytest.mark.parametrize("write", [write_zip, write_tar])
def test_odd_names_are_refused_by_name(write, name, reason, tmp_path, tiny):
    taken = read(write(tmp_path / "odd", FILES | {name: b"x"}), tiny)
    assert taken.files == {"cs_lib/layers.py": MODULE}
    assert len(taken.problems) == 1
    assert reason in taken.problems[0]
    assert taken.problems[0].isprintable()


def test_names_that_are_not_text_are_refused(tmp_path, tiny):
    folder = write_folder(tmp_path / "work", FILES)
    with open(os.fsencode(folder) + b"/caf\xe9.pdf", "wb") as file:
        file.write(PDF)
    taken = read(folder, tiny)
    assert taken.files == {"cs_lib/layers.py": MODULE}
    assert taken.attachments == {}
    assert "caf" in taken.problems[0]
    taken.problems[0].encode("utf-8")


def test_links_pipes_and_hard_links_of_a_folder_are_refused(tmp_path, tiny):
    (tmp_path / "secret.pdf").write_bytes(PDF)
    folder = write_folder(tmp_path / "work", {"tiny.ipynb": NOTEBOOK})
    (folder / "cs_lib").mkdir()
    (folder / "cs_lib" / "layers.py").symlink_to(tmp_path / "secret.pdf")
    (folder / "linked").symlink_to(tmp_path)
    os.link(tmp_path / "secret.pdf", folder / "hard.pdf")
    os.mkfifo(folder / "pipe.pdf")
    taken = read(folder, tiny)
    assert taken.files == {}
    assert taken.attachments == {}
    assert sorted(taken.problems) == [
        "cs_lib/layers.py: not taken: a symbolic link.",
        "hard.pdf: not taken: a hard link to another file.",
        "linked: not taken: a symbolic link.",
        "pipe.pdf: not taken: no ordinary file.",
    ]


def test_a_file_that_became_a_link_is_not_followed(tmp_path, tiny):
    """Between looking at a file and opening it."""
    folder = write_folder(tmp_path / "work", FILES)
    with archives.entries(folder) as found:
        entry = next(entry for entry in found if entry.name == "cs_lib/layers.py")
        (folder / "cs_lib" / "layers.py").unlink()
        (folder / "cs_lib" / "layers.py").symlink_to("/etc/passwd")
        with pytest.raises(archives.Refused, match="symbolic link"):
            entry.content(100)


def test_a_link_in_the_place_of_the_submission_is_refused(tmp_path, tiny):
    write_folder(tmp_path / "alice", FILES)
    (tmp_path / "mallory").symlink_to(tmp_path / "alice")
    with pytest.raises(SubmissionError, match="got a link"):
        read(tmp_path / "mallory", tiny)


def test_a_folder_without_permission_is_named(tmp_path, tiny):
    if os.geteuid() == 0:
        pytest.skip("root opens every folder")
    folder = write_folder(tmp_path / "work", FILES | {"closed/x.pdf": PDF})
    (folder / "closed").chmod(0)
    taken = read(folder, tiny)
    (folder / "closed").chmod(0o700)
    assert taken.files == {"cs_lib/layers.py": MODULE}
    assert taken.problems == ["closed/: not taken: cannot be opened (Permission denied)."]


def test_links_and_devices_of_archives_are_refused(tmp_path, tiny):
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as archive:
        link = zipfile.ZipInfo("cs_lib/layers.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    taken = read(tmp_path / "links.zip", tiny)
    assert taken.files == {}
    assert taken.problems == ["cs_lib/layers.py: not taken: a symbolic link."]
    kinds = {"l.pdf": tarfile.SYMTYPE, "h.pdf": tarfile.LNKTYPE, "c.pdf": tarfile.CHRTYPE}
    with tarfile.open(tmp_path / "links.tar", "w") as archive:
        for name, kind in kinds.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    assert sorted(read(tmp_path / "links.tar", tiny).problems) == [
        "c.pdf: not taken: no ordinary file.",
        "h.pdf: not taken: a hard link to another file.",
        "l.pdf: not taken: a symbolic link.",
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_one_name_twice_in_an_archive_is_refused(tmp_path, tiny):
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive:
        for content in (b"first", b"second"):
            archive.writestr("cs_lib/layers.py", content)
    taken = read(tmp_path / "twice.zip", tiny)
    assert taken.files == {}
    assert taken.problems == ["cs_lib/layers.py: not taken: more than one file of this name."]


def test_a_bomb_does_not_go_off(tmp_path, tiny):
    """A gigabyte of zeros in a megabyte: it is neither held in memory nor unpacked to its end."""
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny.ipynb", NOTEBOOK)
        with archive.open("cs_lib/layers.py", "w", force_zip64=True) as file:
            for _ in range(256):
                file.write(bytes(4 << 20))
    tracemalloc.start()
    taken = read(tmp_path / "bomb.zip", tiny)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken.notebooks == {"tiny": NOTEBOOK}
    assert taken.problems[0].startswith("cs_lib/layers.py: not taken: larger than 1 MB")
    assert peak < 64 << 20


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
def test_a_packed_tar_is_unpacked_to_a_limit(tmp_path, tiny, monkeypatch, compress):
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 8 << 20)
    (tmp_path / "bomb.tar.gz").write_bytes(compress(bytes(32 << 20)))
    with pytest.raises(SubmissionError, match="damaged or unknown"):
        read(tmp_path / "bomb.tar.gz", tiny)


def test_too_many_entries_are_refused_before_they_are_read(handed_in, tiny, monkeypatch):
    monkeypatch.setattr(archives, "MOST_ENTRIES", 20)
    many = {f"n{number}.txt": b"" for number in range(30)}
    with pytest.raises(SubmissionError, match="at most 20 files"):
        read(handed_in(FILES | many), tiny)


def test_an_archive_too_large_is_refused(tmp_path, tiny, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 1000)
    (tmp_path / "large.zip").write_bytes(bytes(2000))
    with pytest.raises(SubmissionError, match="data sets"):
        read(tmp_path / "large.zip", tiny)


def test_encrypted_and_unusual_entries_are_refused(tmp_path, tiny):
    path = write_zip(tmp_path / "locked.zip", FILES)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        content[place + offset] |= 1
    path.write_bytes(content)
    assert "cs_lib/layers.py: not taken: protected by a password." in read(path, tiny).problems
    with zipfile.ZipFile(tmp_path / "lzma.zip", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("cs_lib/layers.py", MODULE)
    taken = read(tmp_path / "lzma.zip", tiny)
    assert taken.problems == ["cs_lib/layers.py: not taken: packed by an unusual method."]


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"\x1f\x8bgarbage", b"hello"])
def test_what_is_no_archive_is_said(tmp_path, tiny, content):
    path = tmp_path / "work.zip"
    path.write_bytes(content)
    if content.startswith(b"PK"):
        assert "none of the assignment's files" in read(path, tiny).problems[0]
    else:
        with pytest.raises(SubmissionError, match="zip or tar"):
            read(path, tiny)


def test_a_tar_with_a_zip_at_its_end_is_a_tar(tmp_path, tiny):
    inner = write_zip(tmp_path / "inner.zip", {"cs_lib/layers.py": b"of the inner one"})
    path = write_tar(tmp_path / "work.tar", FILES | {"z.zip": inner.read_bytes()})
    assert read(path, tiny).files == {"cs_lib/layers.py": MODULE}


def test_nothing_at_the_path_is_said(tmp_path, tiny):
    with pytest.raises(SubmissionError, match="found nothing there"):
        read(tmp_path / "missing", tiny)


def test_a_single_notebook_is_taken(tmp_path, tiny):
    (tmp_path / "my answer.ipynb").write_bytes(NOTEBOOK)
    taken = read(tmp_path / "my answer.ipynb", tiny)
    assert taken.notebooks == {"tiny": NOTEBOOK}
    assert taken.files == {}


def test_a_single_notebook_of_several_needs_its_name(tmp_path, course):
    tiny = course.assignment("tiny")
    shutil.copy(tiny.source / "tiny.ipynb", tiny.source / "second.ipynb")
    (tmp_path / "third.ipynb").write_bytes(NOTEBOOK)
    with pytest.raises(SubmissionError, match=r"second\.ipynb or tiny\.ipynb"):
        read(tmp_path / "third.ipynb", course.assignment("tiny"))


def test_problems_are_not_endless(tmp_path, tiny):
    folder = write_folder(tmp_path / "work", FILES)
    for number in range(200):
        (folder / f"link{number}").symlink_to("/etc/passwd")
    taken = read(folder, tiny)
    assert len(taken.problems) == select.MOST_PROBLEMS + 1
    assert taken.problems[-1].startswith("and more that was not taken")
    assert len(taken.left) == 200
    assert taken.files == {"cs_lib/layers.py": MODULE}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_archive_raises_nothing_else(tmp_path, tiny, data):
    """Bytes flipped, cut and repeated: read or refused, but never a traceback."""
    write = data.draw(st.sampled_from([write_zip, write_tar]))
    content = bytearray(write(tmp_path / "whole", FILES).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(content)))
    (tmp_path / "damaged").write_bytes(content[:cut] if data.draw(st.booleans()) else content)
    try:
        taken = read(tmp_path / "damaged", tiny)
    except SubmissionError:
        return
    assert set(taken.files) <= {"cs_lib/layers.py"}
    assert all(len(text) <= wanted.LARGEST_MODULE for text in taken.files.values())


def test_many_hand_ins_in_one_are_refused_without_being_read(tmp_path, tiny):
    many = {f"d{number}/{name}": text for number in range(2000) for name, text in FILES.items()}
    taken = read(write_zip(tmp_path / "many.zip", many), tiny)
    assert (taken.files, taken.notebooks) == ({}, {})
    assert "and 1995 more: several hand-ins in one, none of them taken" in taken.problems[0]
    assert len(taken.left) == len(many)


def test_many_notebooks_are_refused_by_name(handed_in, tiny):
    taken = read(handed_in({f"n{number}.ipynb": NOTEBOOK for number in range(30)}), tiny)
    assert taken.notebooks == {}
    assert "25 more)" in taken.problems[0]


def test_archives_inside_are_looked_into_up_to_a_number(tmp_path, tiny):
    inner = write_zip(tmp_path / "inner.zip", {"notes.txt": b"x"}).read_bytes()
    files = {f"{number}.zip": inner for number in range(archives.MOST_INNER + 2)}
    taken = read(write_folder(tmp_path / "work", FILES | files), tiny)
    assert taken.files == {"cs_lib/layers.py": MODULE}
    refused = [problem for problem in taken.problems if "an archive inside of archives" in problem]
    assert len(refused) == 2


def test_a_module_that_is_given_is_no_rival_of_one_of_its_name(tmp_path, released):
    given = {"cs_lib/other/layers.py": b"given = 1\n"}
    write_folder(released.release, given)
    taken = read(write_zip(tmp_path / "whole.zip", FILES | given), released)
    assert taken.files == {"cs_lib/layers.py": MODULE}
    assert taken.problems == []
    without = {"tiny.ipynb": NOTEBOOK} | given
    assert read(write_zip(tmp_path / "without.zip", without), released).files == {}
