"""For any tree of files: what is graded and what is named are together all of them."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.folder import Course
from autograder.intake.select import read
from autograder.intake.submitted import handed_in
from tests.intake.forms import PNG, solved, wrong, zipped
from tests.tiny_course import write as write_course

FOLDERS = ["cs_lib", "tiny", "Tiny", "old ", "my work", "__MACOSX", ".git", "a", "x\u200e"]
NAMES = ["tiny.ipynb", "tiny (1).ipynb", "Tiny.ipynb.json", "layers.py", "LAYERS.py", "helper.py"]
NAMES += ["scan.png", "notes.txt", "hand.zip", "tiny.zip", ".DS_Store", "a\tb.py", "timestamp.txt"]
CONTENTS = [solved()["tiny.ipynb"], wrong()["cs_lib/layers.py"], b"", b"x", PNG, b"PK\x03\x04"]
CONTENTS += [zipped(solved()), zipped(wrong("tiny/") | {"more.zip": zipped(solved("b/"))})]

paths = st.builds(
    lambda folders, name: "/".join([*folders, name]),
    st.lists(st.sampled_from(FOLDERS), max_size=3),
    st.sampled_from(NAMES),
)
trees = st.dictionaries(paths, st.sampled_from(CONTENTS), max_size=8)


def write(root, tree):
    """Write a tree as far as a file system holds it; return the paths of its files."""
    for name, content in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def covered(path, names):
    """Tell whether a file is named, or lies in a folder or archive that is."""
    return any(path == name or path.startswith(name.rstrip("/") + "/") for name in names)


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return Course(write_course(tmp_path_factory.mktemp("named") / "course")).assignment("tiny")


def account_for_a_submission(assignment, tree, as_zip):
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "tree"
        root.mkdir()
        files = write(root, tree)
        path = root
        if as_zip:
            path = Path(scratch) / "tree.zip"
            path.write_bytes(zipped({name: (root / name).read_bytes() for name in files}))
        taken = read(path, assignment)
    named = [left.path for left in taken.left]
    inside = [source for source in taken.sources if source not in files]
    for file in files:
        archive = any(source.startswith(f"{file}/") for source in inside)
        assert file in taken.sources or covered(file, named) or archive or _opened(file, taken)
    assert len(taken.sources) == len(taken.files) + len(taken.notebooks) + len(taken.attachments)
    assert not set(named) & set(taken.sources)


def _opened(archive, taken):
    """Tell whether an archive inside was looked into: all in it is named then."""
    return any(left.path.startswith(f"{archive}/") for left in taken.left)


STUDENTS = ["ada", "bob ", "tiny", "Tiny", "\u200e", ".hidden", "other"]
places = st.builds(
    lambda student, folders, name: "/".join([*student, *folders, name]),
    st.lists(st.sampled_from(STUDENTS), min_size=0, max_size=1),
    st.lists(st.sampled_from(["tiny", "TINY ", "other", "handin", ".git"]), max_size=2),
    st.sampled_from(["tiny.ipynb", "tiny.zip", "x.zip", "notes.txt", "tiny"]),
)


def account_for_submitted(assignment, tree):
    submitted = assignment.course.submitted
    shutil.rmtree(submitted, ignore_errors=True)
    kept = {}
    for name, content in tree.items():
        parts = name.split("/")
        ancestors = {"/".join(parts[:number]) for number in range(1, len(parts))}
        if not ancestors & kept.keys() and not any(one.startswith(f"{name}/") for one in kept):
            kept[name] = content
    write(submitted, kept)
    found = handed_in(assignment)
    named = [left.path for left in found.left]
    graded = [path.relative_to(assignment.course.root).as_posix() for path in found.paths.values()]
    for name in kept:
        path = f"submitted/{name}"
        assert any(f"{path}/".startswith(f"{one}/") for one in [*graded, *named])


submissions = given(tree=trees, as_zip=st.booleans())
folders = given(tree=st.dictionaries(places, st.sampled_from(CONTENTS), max_size=8))
few, many = settings(deadline=None, max_examples=60), settings(deadline=None, max_examples=1500)

test_of_a_submission = few(submissions(account_for_a_submission))
test_of_all_that_lies_in_submitted = few(folders(account_for_submitted))
test_of_many_submissions = pytest.mark.slow(many(submissions(account_for_a_submission)))
test_of_many_folders = pytest.mark.slow(many(folders(account_for_submitted)))
