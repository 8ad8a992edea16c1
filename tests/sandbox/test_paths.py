"""What a worker may read."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from autograder.sandbox import paths
from autograder.sandbox.paths import PACKAGE


def test_links_are_followed_and_kept(tmp_path):
    (tmp_path / "real" / "lib").mkdir(parents=True)
    (tmp_path / "real" / "lib" / "file").touch()
    (tmp_path / "one").symlink_to("real")
    (tmp_path / "two").symlink_to(tmp_path / "one" / "lib")
    links = {}
    assert paths._follow(str(tmp_path / "two" / "file"), links) == str(
        tmp_path / "real" / "lib" / "file"
    )
    assert {str(tmp_path / "one"), str(tmp_path / "two")} <= set(links)


def test_a_circle_of_links_ends(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    with pytest.raises(OSError, match="links on the way"):
        paths._follow(str(tmp_path / "a"), {})


def test_only_the_outermost_folders_are_named(tmp_path):
    (tmp_path / "data" / "inner").mkdir(parents=True)
    places = paths.readable([tmp_path / "data", tmp_path / "data" / "inner"])
    assert str(tmp_path / "data") in places.real
    assert str(tmp_path / "data" / "inner") not in places.real
    assert "/" not in places.real
    assert str(PACKAGE) not in places.real


def test_a_course_around_the_environment_stays_closed(tmp_path):
    """A virtual environment in the course folder: its packages are readable, the course is not."""
    course = tmp_path / "course"
    course.mkdir()
    (course / "gradebook.db").write_text("grades")
    venv.create(course / ".venv", symlinks=True, with_pip=False)
    source = (
        "import sys; sys.path.insert(0, sys.argv[1]); from autograder.sandbox import paths; "
        "print(*paths.readable().real, sep='\\n')"
    )
    python = course / ".venv" / "bin" / "python"
    ended = subprocess.run(
        [python, "-I", "-c", source, PACKAGE.parent], capture_output=True, text=True, check=False
    )
    if "No module named" in ended.stderr:
        pytest.skip(
            f"an empty environment cannot import the engine: {ended.stderr.splitlines()[-1]}"
        )
    real = [Path(line) for line in ended.stdout.splitlines()]
    inside = [path for path in real if course in path.parents]
    assert inside
    assert all(course / ".venv" in path.parents for path in inside)
    assert course not in real
    assert course / ".venv" not in real


def test_open_to_all_looks_at_the_way_and_the_entries(tmp_path):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "file").touch()
    for path in (tmp_path / "a", folder):
        path.chmod(0o755)
    (folder / "file").chmod(0o644)
    assert paths.open_to_all(str(folder), parents=False)
    (folder / "file").chmod(0o600)
    assert not paths.open_to_all(str(folder), parents=False)
    (folder / "file").chmod(0o644)
    (tmp_path / "a").chmod(0o700)
    assert paths.open_to_all(str(folder), parents=False)
    assert not paths.open_to_all(str(folder), parents=True)
    assert paths.open_to_all(os.devnull, parents=True)


def test_a_module_of_ours_starts_without_being_installed(tmp_path):
    command = paths.command("autograder.sandbox.trial")
    ended = subprocess.run(
        command, input=b"not settings", capture_output=True, cwd=tmp_path, env={}, check=False
    )
    assert command[0] == sys.executable
    assert b"JSONDecodeError" in ended.stderr
