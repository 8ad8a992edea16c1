"""Fetching: disks, locks, networks and folders that are not as they should be."""

import os
import resource
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from cs_lib.kit.datasets import DatasetError, fetch, fetching
from cs_lib.kit.datasets.downloads import CHUNK_BYTES

from tests.kit.datasets import loopback, toy
from tests.kit.datasets.toy import PAYLOAD

TOY = [sys.executable, "-m", "tests.kit.datasets.toy"]
REPOSITORY = Path(__file__).parents[3]


def environment():
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY / "assignments")])}


def run_toy(*arguments, **options):
    return subprocess.run(
        [*TOY, *map(str, arguments)],
        cwd=REPOSITORY,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )


def placed(dest):
    return (dest / "toy/toy.bin").read_bytes()


def test_a_full_disk_is_noticed_before_the_download(server, get, monkeypatch):
    usage = shutil.disk_usage("/")._replace(free=1000)
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _: usage)
    result = get(toy.checked(server.url + "/toy.bin"))
    assert "MB free" in result.message
    assert "--dest" in result.message
    assert server.requests == []


def test_a_disk_that_fills_up_keeps_the_part_and_the_next_run_goes_on(server, dest):
    """A limit on the size of files ends the download as a full disk does."""
    server.routes["/toy.bin"] = loopback.whole(PAYLOAD)
    limit = 3 * CHUNK_BYTES
    full = run_toy(
        server.url + "/toy.bin",
        dest,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert full.returncode == 1
    assert "is full" in full.stdout
    assert full.stderr == ""
    assert (dest / ".staging/toy/toy.bin.part").stat().st_size == limit
    assert run_toy(server.url + "/toy.bin", dest).returncode == 0
    assert server.requests[-1] == ("/toy.bin", f"bytes={limit}-")
    assert placed(dest) == PAYLOAD


def test_a_really_full_disk(server, dest):
    """The folder is a file system of 20 MB, and the file of unknown size has 24."""
    mounted = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    dest.mkdir()
    trial = ["mount -t tmpfs -o size=20m none " + str(dest)]
    if not shutil.which("unshare") or subprocess.run([*mounted, *trial], check=False).returncode:
        pytest.skip("this machine lets no ordinary user mount a file system")
    server.routes["/toy.bin"] = loopback.without_length(bytes(24 << 20))
    command = f"{trial[0]} && {sys.executable} -m tests.kit.datasets.toy $0 {dest} --plain"
    full = subprocess.run(
        [*mounted, command, server.url + "/toy.bin"],
        cwd=REPOSITORY,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (full.returncode, full.stderr) == (1, "")
    assert "No space left on device" in full.stdout


def test_two_fetches_at_once_download_once(server, dest):
    asked, go_on = threading.Event(), threading.Event()

    def held_back(handler):
        asked.set()
        go_on.wait(30)
        loopback.whole(PAYLOAD)(handler)

    server.routes["/toy.bin"] = held_back
    command = [*TOY, server.url + "/toy.bin", str(dest)]
    pipes = {"stdout": subprocess.PIPE, "text": True, "cwd": REPOSITORY, "env": environment()}
    with subprocess.Popen(command, **pipes) as first:
        assert asked.wait(30)
        with subprocess.Popen(command, **pipes) as second:
            waiting = second.stdout.readline()
            go_on.set()
            outputs = first.communicate(timeout=30)[0], second.communicate(timeout=30)[0]
    assert "another process fetches it" in waiting
    assert (first.returncode, second.returncode) == (0, 0)
    assert "already in" in outputs[1]
    assert len(server.requests) == 1
    assert placed(dest) == PAYLOAD


def test_a_lock_that_is_never_released_is_named(server, get, dest, monkeypatch):
    monkeypatch.setattr(fetching, "LOCK_SECONDS", 0.01)
    (dest / ".staging/toy").mkdir(parents=True)
    with fetching.filelock.FileLock(dest / ".staging/toy/lock"):
        result = get(toy.checked(server.url + "/toy.bin"))
    assert "another process holds it" in result.message


def test_no_network_says_so_and_offers_a_stand_in(server, get):
    url = server.url
    server.close()
    result = get(toy.checked(url + "/toy.bin"))
    assert not result.ok
    assert "is this machine offline" in result.message
    assert "python -m cs_lib.datasets --synthetic toy" in result.message


def test_a_proxy_that_does_not_answer_is_named(server, get, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.url.replace("http://", "http://user.invalid@"))
    monkeypatch.setenv("NO_PROXY", "")
    server.close()
    result = get(toy.checked("http://data.invalid/toy.bin"))
    assert "the proxy did not answer" in result.message
    assert "HTTPS_PROXY" in result.message


def test_a_course_provided_file_asks_for_its_place(get):
    result = get(toy.unchecked())
    assert "handed out by the course" in result.message
    assert "--mirror" in result.message
    assert "--synthetic" in result.message


def test_a_folder_that_cannot_be_written_is_named(get, dest, server):
    dest.write_text("a file where the folder should be")
    result = get(toy.checked(server.url + "/toy.bin"))
    assert "which is read-only" in result.message
    assert server.requests == []


def test_data_in_a_shared_folder_is_used_as_it_is(server, register, options, tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    (shared / "toy").mkdir(parents=True)
    (shared / "toy/toy.bin").write_bytes(PAYLOAD)
    before = sorted(shared.rglob("*"))
    monkeypatch.setenv("COURSEDATA", str(shared))
    register(toy.checked(server.url + "/toy.bin"))
    (result,) = fetch(["toy"], options=options)
    assert result.folder == shared / "toy"
    assert server.requests == []
    assert sorted(shared.rglob("*")) == before


def test_others_may_read_what_one_fetched(server, get, dest):
    server.routes["/toy.bin"] = loopback.whole(PAYLOAD)
    get(toy.checked(server.url + "/toy.bin"))
    mask = os.umask(0)
    os.umask(mask)
    assert (dest / "toy/toy.bin").stat().st_mode & 0o777 == 0o666 & ~mask
    assert (dest / ".staging/toy/lock").stat().st_mode & 0o666 == 0o666


def test_one_failure_does_not_stop_the_others(server, register, options, dest):
    register(toy.checked(server.url + "/toy.bin"))
    results = fetch(["toy", "digits"], dest, options)
    assert [(result.name, result.ok) for result in results] == [("toy", False), ("digits", True)]


def test_an_archive_is_unpacked_and_thrown_away(server, get, dest):
    content = toy.archive()
    server.routes["/toy.tar.gz"] = loopback.whole(content)
    assert get(toy.packed(server.url + "/toy.tar.gz", content)).ok
    files = [path for path in dest.rglob("*") if path.is_file() and path.name != "lock"]
    assert files == [dest / "toy/batches/one"]
    assert files[0].read_bytes() == toy.MEMBER


def test_a_wrong_member_leaves_the_old_file(server, get, dest):
    content = toy.archive([("batches/one", b"something else")])
    server.routes["/toy.tar.gz"] = loopback.whole(content)
    (dest / "toy/batches").mkdir(parents=True)
    (dest / "toy/batches/one").write_bytes(b"old")
    assert "checksum" in get(toy.packed(server.url + "/toy.tar.gz", content)).message
    assert (dest / "toy/batches/one").read_bytes() == b"old"


def test_an_unknown_name_is_an_error_with_a_hint(options):
    with pytest.raises(DatasetError, match='Did you mean "cifar10"'):
        fetch(["cifar"], options=options)
