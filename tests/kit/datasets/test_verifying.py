"""Listing and verifying data sets."""

from cs_lib.kit.datasets import list_datasets, verify
from cs_lib.kit.datasets.records import record

from tests.kit.datasets import toy


def put(tmp_path, payload=toy.PAYLOAD):
    (tmp_path / "toy").mkdir(exist_ok=True)
    (tmp_path / "toy/toy.bin").write_bytes(payload)


def test_the_list_tells_where_each_lies(stand_ins, tmp_path, register):
    register(toy.unchecked())
    put(tmp_path)
    states = {status.dataset.name: status.state for status in list_datasets(tmp_path)}
    assert states["toy"] == "real"
    assert states["digits"] == "in package"
    assert states["cifar10"] == "missing"
    states = {status.dataset.name: status for status in list_datasets(stand_ins)}
    assert states["cifar10"].state == "synthetic"
    assert states["cifar10"].location.folder == stand_ins / "synthetic/cifar10"


def test_a_right_file_is_ok_and_its_source_named(tmp_path, register):
    register(toy.checked())
    put(tmp_path)
    (result,) = verify(["toy"], tmp_path)
    assert result.ok
    assert result.files[0].status == "ok"
    assert "its author" in result.message


def test_a_truncated_file_is_named_with_what_to_do(tmp_path, register):
    register(toy.checked())
    put(tmp_path, toy.PAYLOAD[:-1])
    (result,) = verify(["toy"], tmp_path)
    assert not result.ok
    assert "toy.bin not as expected" in result.message
    assert "`python -m cs_lib.datasets --force toy`" in result.message


def test_without_a_published_checksum_the_recorded_one_counts(tmp_path, register):
    register(toy.unchecked())
    put(tmp_path)
    assert verify(["toy"], tmp_path)[0].files[0].status == "unknown"
    record(tmp_path / "toy", ["toy.bin"])
    assert verify(["toy"], tmp_path)[0].files[0].status == "ok"
    put(tmp_path, b"changed")
    assert verify(["toy"], tmp_path)[0].files[0].status == "changed"


def test_a_damaged_record_is_as_good_as_none(tmp_path, register):
    register(toy.unchecked())
    put(tmp_path)
    (tmp_path / "toy/checksums.json").write_text("[1, 2")
    assert verify(["toy"], tmp_path)[0].files[0].status == "unknown"


def test_a_missing_data_set_is_not_ok(tmp_path):
    (result,) = verify(["cifar10"], tmp_path)
    assert not result.ok
    assert "`python -m cs_lib.datasets cifar10`" in result.message


def test_what_is_in_a_package_is_ok(tmp_path):
    assert verify(["digits"], tmp_path)[0].ok
