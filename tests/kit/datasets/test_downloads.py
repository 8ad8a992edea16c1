"""Downloads from a real server on the loopback interface that misbehaves."""

import json
from pathlib import Path

import pytest
from cs_lib.kit.datasets import fetching
from cs_lib.kit.datasets.downloads import CHUNK_BYTES

from tests.kit.datasets import loopback, toy
from tests.kit.datasets.toy import PAYLOAD

CUT = 2 * CHUNK_BYTES


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
