"""Fetching against a real server on the loopback interface."""

import json
import os
import resource
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from cs_lib.datasets import DatasetError, fetch, fetching
from cs_lib.datasets.downloads import CHUNK_BYTES

from tests.datasets import loopback, toy
from tests.datasets.toy import PAYLOAD

TOY = [sys.executable, "-m", "tests.datasets.toy"]
REPOSITORY = Path(__file__).parents[2]
CUT = 2 * CHUNK_BYTES


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


@pytest.fixture
def dest(tmp_path):
    return tmp_path / "dest"


@pytest.fixture
def get(dest, options, register):
    """Fetch a toy data set into ``dest``."""

    def get(dataset, **changes):
        register(dataset)
        (result,) = fetch(["toy"], dest, replace(options, **changes))
        return result

    return get


def placed(dest):
    return (dest / "toy/toy.bin").read_bytes()


def left_over(dest):
    return [path.name for path in (dest / ".staging").rglob("*") if path.name != "lock"]


def test_a_complete_download_is_placed_and_nothing_else_is_left(server, get, dest):
    server.routes["/toy.bin"] = loopback.whole(PAYLOAD)
    result = get(toy.checked(server.url + "/toy.bin"))
    assert result.ok
    assert result.folder == dest / "toy"
    assert placed(dest) == PAYLOAD
    assert left_over(dest) == ["toy"]
    assert server.requests == [("/toy.bin", None)]


def test_a_second_fetch_asks_the_server_nothing(server, get):
    server.routes["/toy.bin"] = loopback.whole(PAYLOAD)
    get(toy.checked(server.url + "/toy.bin"))
    result = get(toy.checked(server.url + "/toy.bin"))
    assert "already in" in result.message
    assert len(server.requests) == 1


def test_force_fetches_again(server, get):
    server.routes["/toy.bin"] = loopback.whole(PAYLOAD)
    get(toy.checked(server.url + "/toy.bin"))
    assert get(toy.checked(server.url + "/toy.bin"), force=True).ok
    assert len(server.requests) == 2


def test_a_changed_file_is_fetched_again(server, get, dest):
    server.routes["/toy.bin"] = loopback.whole(PAYLOAD)
    get(toy.checked(server.url + "/toy.bin"))
    (dest / "toy/toy.bin").write_bytes(PAYLOAD[:-1])
    assert get(toy.checked(server.url + "/toy.bin")).ok
    assert placed(dest) == PAYLOAD


def test_a_cut_download_is_resumed_in_the_same_run(server, get, dest, said):
    server.routes["/toy.bin"] = loopback.in_turn(
        loopback.cut_after(PAYLOAD, CUT), loopback.whole(PAYLOAD)
    )
    assert get(toy.checked(server.url + "/toy.bin")).ok
    assert placed(dest) == PAYLOAD
    assert server.requests == [("/toy.bin", None), ("/toy.bin", f"bytes={CUT}-")]
    assert "trying again" in said[0]


def test_a_cut_download_is_resumed_by_the_next_run(server, get, dest):
    server.routes["/toy.bin"] = loopback.cut_after(PAYLOAD, CUT)
    result = get(toy.checked(server.url + "/toy.bin"), attempts=1)
    assert not result.ok
    assert "Run the same command again" in result.message
    assert not (dest / "toy/toy.bin").exists()
    server.routes["/toy.bin"] = loopback.whole(PAYLOAD)
    assert get(toy.checked(server.url + "/toy.bin")).ok
    assert server.requests[-1] == ("/toy.bin", f"bytes={CUT}-")
    assert placed(dest) == PAYLOAD


def test_a_download_that_is_cut_again_and_again_goes_on_while_bytes_come(server, get, dest):
    def a_little_more(handler):
        begin = int((handler.headers.get("Range") or "bytes=0-")[6:-1])
        place = f"bytes {begin}-{len(PAYLOAD) - 1}/{len(PAYLOAD)}"
        code, headers = (206, [("Content-Range", place)]) if begin else (200, [])
        piece = PAYLOAD[begin : begin + CUT]
        loopback.send(handler, code, piece, headers, len(PAYLOAD) - begin)

    server.routes["/toy.bin"] = a_little_more
    assert get(toy.checked(server.url + "/toy.bin"), attempts=2).ok
    assert placed(dest) == PAYLOAD
    assert len(server.requests) == -(-len(PAYLOAD) // CUT)


def test_a_server_without_ranges_sends_all_again(server, get, dest):
    server.routes["/toy.bin"] = loopback.in_turn(
        loopback.cut_after(PAYLOAD, CUT), loopback.without_ranges(PAYLOAD)
    )
    assert get(toy.checked(server.url + "/toy.bin")).ok
    assert placed(dest) == PAYLOAD


def test_parts_of_two_versions_are_not_put_together(server, get, dest):
    other = bytes(reversed(PAYLOAD))
    server.routes["/toy.bin"] = loopback.in_turn(
        loopback.cut_after(other, CUT), loopback.whole(PAYLOAD)
    )
    assert get(toy.checked(server.url + "/toy.bin")).ok
    assert placed(dest) == PAYLOAD
    assert [asked for _, asked in server.requests] == [None, f"bytes={CUT}-", None]


def test_without_a_checksum_only_the_same_version_is_resumed(server, get, dest):
    other = bytes(reversed(PAYLOAD))
    server.routes["/toy.bin"] = loopback.in_turn(
        loopback.cut_after(other, CUT, etag='"old"'), loopback.whole(PAYLOAD, etag='"new"')
    )
    assert get(toy.unchecked(server.url + "/toy.bin")).ok
    assert placed(dest) == PAYLOAD


def test_a_part_longer_than_the_file_is_thrown_away(server, get, dest):
    server.routes["/toy.bin"] = loopback.whole(PAYLOAD)
    part = dest / ".staging/toy/toy.bin.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(PAYLOAD + b"more")
    assert get(toy.checked(server.url + "/toy.bin")).ok
    assert placed(dest) == PAYLOAD


@pytest.mark.parametrize("wrong", [PAYLOAD[:-1] + b"?", b"<html>Please log in</html>"])
def test_a_corrupted_download_is_refused_and_the_old_file_kept(server, get, dest, wrong):
    server.routes["/toy.bin"] = loopback.whole(wrong)
    (dest / "toy").mkdir(parents=True)
    (dest / "toy/toy.bin").write_bytes(b"old")
    result = get(toy.checked(server.url + "/toy.bin"))
    assert not result.ok
    assert "has not the known checksum" in result.message or "ended after" in result.message
    assert placed(dest) == b"old"


def test_a_download_larger_than_it_should_be_is_broken_off(server, get, dest):
    server.routes["/toy.bin"] = loopback.without_length(PAYLOAD * 40)
    assert "has not the known checksum" in get(toy.checked(server.url + "/toy.bin")).message
    assert not (dest / "toy/toy.bin").exists()


def test_a_slow_server_is_waited_for(server, get, dest):
    server.routes["/toy.bin"] = loopback.dribbled(PAYLOAD, pieces=10)
    assert get(toy.checked(server.url + "/toy.bin")).ok
    assert placed(dest) == PAYLOAD


def test_a_stalled_server_is_asked_again_for_the_rest(server, get, dest):
    server.routes["/toy.bin"] = loopback.in_turn(
        loopback.stalled_after(PAYLOAD, CUT, server), loopback.whole(PAYLOAD)
    )
    assert get(toy.checked(server.url + "/toy.bin"), timeout=(1, 0.2)).ok
    assert server.requests[-1] == ("/toy.bin", f"bytes={CUT}-")
    assert placed(dest) == PAYLOAD


def test_404_then_the_next_address(server, get, dest):
    server.routes["/second/toy.bin"] = loopback.whole(PAYLOAD)
    assert get(toy.checked(server.url + "/toy.bin", server.url + "/second/toy.bin")).ok
    assert placed(dest) == PAYLOAD
    assert [path for path, _ in server.requests] == ["/toy.bin", "/second/toy.bin"]


def test_a_mirror_is_tried_first(server, get):
    server.routes["/mirror/toy.bin"] = loopback.whole(PAYLOAD)
    assert get(toy.checked(server.url + "/toy.bin"), mirror=server.url + "/mirror/").ok
    assert [path for path, _ in server.requests] == ["/mirror/toy.bin"]


def test_a_mirror_without_the_file_is_followed_by_the_registry(server, get):
    server.routes["/toy.bin"] = loopback.whole(PAYLOAD)
    assert get(toy.checked(server.url + "/toy.bin"), mirror=server.url + "/mirror").ok
    assert [path for path, _ in server.requests] == ["/mirror/toy.bin", "/toy.bin"]


@pytest.mark.parametrize("form", [str, Path.as_uri])
def test_a_mirror_may_be_a_folder(get, dest, tmp_path, form):
    (tmp_path / "usb stick").mkdir()
    (tmp_path / "usb stick/toy.bin").write_bytes(PAYLOAD)
    assert get(toy.unchecked(), mirror=form(tmp_path / "usb stick")).ok
    assert placed(dest) == PAYLOAD
    assert (tmp_path / "usb stick/toy.bin").exists()


def test_an_empty_folder_as_a_mirror_is_named(get, tmp_path):
    result = get(toy.unchecked(), mirror=str(tmp_path))
    assert not result.ok
    assert f"{tmp_path / 'toy.bin'}: expected a file, found none" in result.message


def test_a_redirect_is_followed(server, get, dest):
    server.routes["/toy.bin"] = loopback.status(302, [("Location", "/elsewhere")])
    server.routes["/elsewhere"] = loopback.whole(PAYLOAD)
    assert get(toy.checked(server.url + "/toy.bin")).ok
    assert placed(dest) == PAYLOAD


def test_an_endless_redirect_is_given_up(server, get):
    server.routes["/toy.bin"] = loopback.status(302, [("Location", "/toy.bin")])
    assert "redirects" in get(toy.checked(server.url + "/toy.bin")).message


def test_a_busy_server_is_asked_again_with_growing_waits(server, get, monkeypatch):
    waits = []
    monkeypatch.setattr(fetching.time, "sleep", waits.append)
    server.routes["/toy.bin"] = loopback.in_turn(
        *[loopback.status(503)] * 3, loopback.whole(PAYLOAD)
    )
    assert get(toy.checked(server.url + "/toy.bin"), first_wait=1.0).ok
    assert waits == [1, 2, 4]


def test_a_download_without_length(server, get, dest):
    server.routes["/toy.bin"] = loopback.without_length(PAYLOAD)
    assert get(toy.unchecked(server.url + "/toy.bin")).ok
    assert placed(dest) == PAYLOAD


def test_a_cut_download_without_length_is_noticed_by_the_known_size(server, get, dest):
    server.routes["/toy.bin"] = loopback.in_turn(
        loopback.without_length(PAYLOAD[:1000]), loopback.whole(PAYLOAD)
    )
    assert get(toy.checked(server.url + "/toy.bin")).ok
    assert placed(dest) == PAYLOAD


def test_an_unpublished_checksum_is_recorded_at_the_first_fetch_and_said_so(server, get, dest):
    server.routes["/toy.bin"] = loopback.whole(PAYLOAD)
    result = get(toy.unchecked(server.url + "/toy.bin"))
    assert "no checksum is published for toy.bin: recorded" in result.message
    recorded = json.loads((dest / "toy/checksums.json").read_text())
    assert recorded == {"toy.bin": toy.sha256(PAYLOAD)}


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
    command = f"{trial[0]} && {sys.executable} -m tests.datasets.toy $0 {dest} --plain"
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
