"""The registry holds what the courses publish."""

import re

import pytest
from cs_lib.kit.datasets import DATASETS, all_names
from cs_lib.kit.datasets.registry.own_copies import own_copies

from tests.tiny_course import ROOT

CHECKSUM = re.compile(r"(md5:[0-9a-f]{32}|sha256:[0-9a-f]{64})")


def test_all_means_what_assignments_use():
    assert all_names() == ["cifar10", "svhn", "usps_digits", "cats_cars", "trigrams", "digits"]


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)
def test_entries_are_complete(dataset):
    for text in (dataset.title, dataset.format, dataset.licence, dataset.citation):
        assert text
    assert dataset.checksum_source
    for download in dataset.downloads:
        for url in download.urls:
            assert url.endswith("/" + download.name)
        for checksum in (download.checksum, *(file.checksum for file in download.contents)):
            assert checksum is None or CHECKSUM.fullmatch(checksum)


def test_published_files_have_a_size_and_a_checksum():
    for dataset in DATASETS.values():
        for download in dataset.downloads:
            if download.urls:
                assert download.size
                assert download.checksum


def test_cifar10_is_the_published_archive():
    """Members and md5 sums as in torchvision's CIFAR10."""
    (download,) = DATASETS["cifar10"].downloads
    assert download.size == 170498071
    members = {file.name: file.checksum for file in download.contents}
    assert members["cifar-10-batches-py/data_batch_1"] == "md5:c99cafc152244af753f735de768cd75f"
    assert members["cifar-10-batches-py/test_batch"] == "md5:40351d587109b95175f43aff81a1287e"
    assert len(members) == 7


def test_a_course_has_addresses_of_its_own():
    """As docs/datasets.md shows it."""
    page = (ROOT / "docs" / "datasets.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    changed = own_copies(DATASETS, example)
    first, second, _ = changed["usps_digits"].downloads
    assert first.urls == ("https://course.example.org/data_train.mat",)
    assert first.checksum == DATASETS["usps_digits"].downloads[0].checksum
    assert second == DATASETS["usps_digits"].downloads[1]
    assert not changed["usps_digits"].course_provided
    assert changed["cifar10"] == DATASETS["cifar10"]
