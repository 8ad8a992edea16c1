"""The real course files load through the same loaders; skipped where they are not at hand."""

import os
from pathlib import Path

import h5py
import numpy as np
import pytest
from cs_lib.kit.datasets import (
    load_cats_cars,
    load_trigrams,
    load_usps_digits,
    open_cats_cars,
    plot_title,
    synthesize,
    verify,
)

REAL = Path(os.environ.get("CS_KIT_REAL_DATA", Path(__file__).parents[3] / "shared/data"))


@pytest.fixture(autouse=True)
def real_data(monkeypatch):
    names = ("data_train.mat", "data_validation.mat", "data_test.mat")
    for name in (*names, "assign2_data1.h5", "raw_sentences.txt"):
        if not (REAL / name).is_file():
            pytest.skip(f"{name} is not in {REAL}: set CS_KIT_REAL_DATA to the real files")
    monkeypatch.setenv("COURSEDATA", str(REAL))


def test_usps_digits():
    sets = load_usps_digits(source="real")
    shapes = {name: part["inputs"].shape for name, part in sets.items()}
    assert shapes == {"train": (256, 1000), "val": (256, 1000), "test": (256, 9000)}
    for part in sets.values():
        np.testing.assert_array_equal(part["target"].sum(axis=1), part["target"].shape[1] / 10)
        assert (part["inputs"].min(), part["inputs"].max()) == (0, 1)
    assert plot_title("Loss") == "Loss"


def test_cats_and_cars():
    loaded = load_cats_cars(source="real")
    assert loaded.X_train.shape == (1900, 32, 32)
    np.testing.assert_array_equal(np.bincount(loaded.y_train), [950, 950])
    np.testing.assert_array_equal(np.bincount(loaded.y_test), [500, 500])
    with open_cats_cars("real") as file:
        assert file["trainims"][:2].shape == (2, 32, 32)


def test_they_have_the_checksums_of_the_registry():
    assert all(result.ok for result in verify(["usps_digits", "cats_cars"]))


def test_trigrams_of_the_sentences_are_as_many_as_the_course_has(tmp_path):
    """465,686 four-grams, of which the course's file holds 372,500 + 46,500 + 46,500."""
    (result,) = synthesize(["trigrams"], tmp_path, from_text=REAL / "raw_sentences.txt")
    with h5py.File(result.folder / "assign2_data2.h5") as file:
        sizes = {name: len(array) for name, array in file.items()}
        assert file.attrs["origin"] == "SYNTHETIC split of raw_sentences.txt, seed 0"
    assert sizes == {
        "trainx": 372_500,
        "traind": 372_500,
        "valx": 46_500,
        "vald": 46_500,
        "testx": 46_500,
        "testd": 46_500,
        "words": 250,
    }


def test_trigrams_made_from_the_sentences_load(tmp_path, monkeypatch):
    synthesize(["trigrams"], tmp_path, from_text=REAL / "raw_sentences.txt")
    monkeypatch.setenv("COURSEDATA", str(tmp_path))
    loaded = load_trigrams(num_training=1000)
    sentence = " ".join(loaded.words[i] for i in (*loaded.X_train[0], loaded.y_train[0]))
    text = (REAL / "raw_sentences.txt").read_text().lower()
    assert sentence in " ".join(text.split())
