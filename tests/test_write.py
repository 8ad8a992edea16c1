"""Regular files are replaced whole; everything else is written into."""

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from autograder.write import naming, write_atomically


def test_a_regular_file_is_replaced(tmp_path):
    path = tmp_path / "new" / "result.json"
    write_atomically(path, b"first")
    before = path.stat().st_ino
    write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert path.stat().st_ino != before
    assert list(path.parent.iterdir()) == [path]


def in_thread(read):
    """Read in a thread of its own; return a function that gives what was read."""
    found = []
    thread = threading.Thread(target=lambda: found.append(read()), daemon=True)
    thread.start()

    def result():
        thread.join(30)
        return found[0]

    return result


def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read = in_thread(path.read_bytes)
    write_atomically(path, b"result")
    assert read() == b"result"
    assert stat.S_ISFIFO(path.lstat().st_mode)
    assert list(tmp_path.iterdir()) == [path]


def test_a_descriptor_as_a_shell_gives_it():
    reading, writing = os.pipe()
    read = in_thread(lambda: os.read(reading, 100))
    write_atomically(Path(f"/dev/fd/{writing}"), b"result")
    assert read() == b"result"
    os.close(reading)
    os.close(writing)


def test_the_target_of_a_link_is_written(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"before, and longer")
    link.symlink_to(target)
    write_atomically(link, b"after")
    assert link.is_symlink()
    assert target.read_bytes() == b"after"


def test_a_device_is_written_into(tmp_path):
    link = tmp_path / "null"
    link.symlink_to("/dev/null")
    write_atomically(link, b"result")
    assert link.is_symlink()
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_a_full_disk_is_told_with_the_file(tmp_path):
    link = tmp_path / "result.json"
    link.symlink_to("/dev/full")
    with pytest.raises(OSError, match=r"result\.json") as caught:
        write_atomically(link, b"result")
    assert caught.value.errno == errno.ENOSPC


def test_the_name_of_a_file_that_is_known_stays(tmp_path):
    with pytest.raises(OSError, match="there"), naming(tmp_path / "here"):
        raise OSError(errno.ENOSPC, "full", "there")


def test_a_file_of_the_longest_name_is_written(tmp_path):
    path = tmp_path / ("é" * 125 + ".json")
    write_atomically(path, b"result")
    assert path.read_bytes() == b"result"
