"""Archives are unpacked by the registry's names only."""

import tarfile

import pytest
from cs_lib.kit.datasets import FetchError
from cs_lib.kit.datasets.archives import unpack
from cs_lib.kit.datasets.registry.dataset import DataFile

from tests.kit.datasets import toy

ONE = (DataFile("batches/one", toy.sha256(toy.MEMBER)),)


@pytest.fixture
def unpacked(tmp_path):
    def unpacked(content, files=ONE):
        (tmp_path / "in").mkdir()
        (tmp_path / "in/toy.tar.gz").write_bytes(content)
        unpack(tmp_path / "in/toy.tar.gz", files, tmp_path / "out/deep")
        return tmp_path / "out"

    return unpacked


def link(name, target, kind=tarfile.SYMTYPE):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


def test_only_named_members_are_written(unpacked, tmp_path):
    outside = ("../../escaped", b"x")
    absolute = (str(tmp_path / "absolute"), b"x")
    content = toy.archive([outside, absolute, ("batches/one", toy.MEMBER), ("batches/two", b"x")])
    out = unpacked(content)
    assert [path for path in out.rglob("*") if path.is_file()] == [out / "deep/batches/one"]
    assert not [path for path in tmp_path.rglob("*") if path.name in ("escaped", "absolute")]


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_a_link_or_device_in_place_of_a_file_is_refused(unpacked, kind):
    with pytest.raises(FetchError, match="batches/one: expected a regular file, got a link"):
        unpacked(toy.archive([link("batches/one", "/etc/passwd", kind)]))


def test_a_linked_folder_is_not_followed(unpacked, tmp_path):
    away = tmp_path / "away"
    away.mkdir()
    unpacked(toy.archive([link("batches", str(away)), ("batches/one", toy.MEMBER)]))
    assert list(away.iterdir()) == []


def test_a_missing_member_is_named(unpacked):
    with pytest.raises(FetchError, match=r"toy.tar.gz: expected it to hold batches/one"):
        unpacked(toy.archive([("other", b"x")]))


def test_a_wrong_member_is_refused(unpacked):
    with pytest.raises(FetchError, match="batches/one: expected checksum sha256:"):
        unpacked(toy.archive([("batches/one", b"x")]))


@pytest.mark.parametrize("damage", [lambda data: data[:-40], lambda _: b"no archive"])
def test_a_damaged_archive_is_named(unpacked, damage):
    with pytest.raises(FetchError, match=r"toy.tar.gz: expected a tar archive"):
        unpacked(damage(toy.archive()))
