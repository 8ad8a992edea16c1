"""Loaders: splits, layouts, normalisation, caches, and the line that names the source."""

import os
import pickle
import shutil
import subprocess
import sys
import time
from pathlib import Path

import h5py
import numpy as np
import pytest
from cs_lib.data_utils import get_CIFAR10_data, load_cifar10_train_val
from cs_lib.kit.datasets import (
    DamagedFileError,
    DatasetNotFoundError,
    arrays,
    class_names,
    load_cats_cars,
    load_cifar10,
    load_svhn,
    load_svhn_extra,
    load_trigrams,
    load_usps_digits,
    plot_title,
)
from cs_lib.mlp.datasets import SVHN_data
from scipy.io import loadmat


@pytest.fixture
def data(stand_ins, monkeypatch):
    """The small stand-ins, found by the loaders."""
    monkeypatch.setenv("COURSEDATA", str(stand_ins))
    return stand_ins / "synthetic"


@pytest.fixture
def own_data(stand_ins, tmp_path, monkeypatch):
    """A copy of them that may be changed."""
    shutil.copytree(stand_ins, tmp_path / "own")
    monkeypatch.setenv("COURSEDATA", str(tmp_path / "own"))
    return tmp_path / "own/synthetic"


def stored_cifar(data):
    """Training images as the published loader reads them: (200, 32, 32, 3), and labels."""
    rows, labels = [], []
    for number in range(1, 6):
        with (data / f"cifar10/cifar-10-batches-py/data_batch_{number}").open("rb") as file:
            batch = pickle.load(file, encoding="latin1")
        rows.append(batch["data"])
        labels += batch["labels"]
    return np.concatenate(rows).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), np.array(labels)


def test_cifar10_splits_and_centres_as_the_published_course(data):
    images, labels = stored_cifar(data)
    sets = load_cifar10(120, 30, 20)
    mean = images[:120].astype(float).mean(axis=0)
    np.testing.assert_allclose(sets.X_train, images[:120] - mean, atol=1e-10)
    np.testing.assert_allclose(sets.X_val, images[120:150] - mean, atol=1e-10)
    np.testing.assert_array_equal(sets.y_val, labels[120:150])
    assert sets.X_test.shape == (20, 32, 32, 3)
    assert sets.X_train.dtype == np.float64


def test_full_size_defaults_take_what_a_small_set_has(data):
    sets = load_cifar10()
    assert (len(sets.X_train), len(sets.X_val), len(sets.X_test)) == (160, 40, 40)


def test_a_random_subset_is_seeded_and_disjoint(data):
    images, labels = stored_cifar(data)
    sets = load_cifar10(50, 40, 10, seed=3, subtract_mean=False)
    again = load_cifar10(50, 40, 10, seed=3, subtract_mean=False)
    other = load_cifar10(50, 40, 10, seed=4, subtract_mean=False)
    np.testing.assert_array_equal(sets.X_train, again.X_train)
    assert not np.array_equal(sets.X_train, other.X_train)
    where = [
        int(np.flatnonzero((images == image).all(axis=(1, 2, 3)))[0])
        for image in np.concatenate([sets.X_train, sets.X_val])
    ]
    assert len(set(where)) == 90
    np.testing.assert_array_equal(labels[where], np.concatenate([sets.y_train, sets.y_val]))


@pytest.mark.parametrize(
    ("layout", "shape"), [("NCHW", (9, 3, 32, 32)), ("NHWC", (9, 32, 32, 3)), ("rows", (9, 3072))]
)
def test_layouts_hold_the_same_pixels(data, layout, shape):
    images, _ = stored_cifar(data)
    train = load_cifar10(9, 9, 9, layout=layout, subtract_mean=False, dtype=np.float32).X_train
    assert (train.shape, train.dtype) == (shape, np.float32)
    assert train.flags.c_contiguous
    assert train.flags.writeable
    back = train.transpose(0, 2, 3, 1) if layout == "NCHW" else train.reshape(9, 32, 32, 3)
    np.testing.assert_array_equal(back, images[:9])


def test_an_unknown_layout_is_named(data):
    with pytest.raises(ValueError, match="expected one of NHWC, NCHW, rows, got 'CHWN'"):
        load_cifar10(9, 9, 9, layout="CHWN")


def test_columns_end_in_a_row_of_ones(data):
    X_train, y_train, X_val, y_val, X_test, y_test = load_cifar10_train_val(100, 20, 30)
    assert (X_train.shape, X_val.shape, X_test.shape) == ((3073, 100), (3073, 20), (3073, 30))
    assert (y_train.shape, y_val.shape, y_test.shape) == ((100,), (20,), (30,))
    assert (X_test[-1] == 1).all()
    np.testing.assert_allclose(X_train[:-1].mean(axis=1), 0, atol=1e-10)
    np.testing.assert_array_equal(X_train[:-1].T, load_cifar10(100, 20, 30, layout="rows").X_train)


def test_get_cifar10_data_is_a_dict_of_nchw_or_a_tuple_of_rows(data):
    named = get_CIFAR10_data(100, 20, 30)
    assert {name: array.shape for name, array in named.items()} == {
        "X_train": (100, 3, 32, 32),
        "y_train": (100,),
        "X_val": (20, 3, 32, 32),
        "y_val": (20,),
        "X_test": (30, 3, 32, 32),
        "y_test": (30,),
    }
    rows = get_CIFAR10_data(100, 20, 30, layout="rows", as_tuple=True)
    assert rows[0].shape == (100, 3072)
    np.testing.assert_array_equal(
        rows[0].reshape(100, 32, 32, 3).transpose(0, 3, 1, 2), named["X_train"]
    )


def test_svhn_has_digits_and_pixels_up_to_one(data):
    stored = loadmat(data / "svhn/test_32x32.mat")
    sets = load_svhn(100, 50, 40, subtract_mean=False)
    np.testing.assert_allclose(sets.X_test[7], stored["X"][:, :, :, 7] / 255)
    np.testing.assert_array_equal(sets.y_test, stored["y"][:40, 0] % 10)
    assert stored["y"].max() == 10
    assert sets.y_test.min() == 0


def test_svhn_data_has_the_names_of_the_assignment(data):
    named = SVHN_data(100, 50, 40)
    assert {name: array.shape for name, array in named.items()} == {
        "data_train": (100, 32, 32, 3),
        "labels_train": (100,),
        "data_val": (50, 32, 32, 3),
        "labels_val": (50,),
        "data_test": (40, 32, 32, 3),
        "labels_test": (40,),
    }
    assert abs(named["data_train"].mean()) < 1e-12
    assert np.abs(named["data_train"]).max() <= 1


def test_svhn_extra(data):
    images, labels = load_svhn_extra(30)
    assert (images.shape, labels.shape) == ((30, 32, 32, 3), (30,))


def test_usps_targets_are_floats(data):
    sets = load_usps_digits(num_test=50)
    assert {name: part["inputs"].shape for name, part in sets.items()} == {
        "train": (256, 200),
        "val": (256, 200),
        "test": (256, 50),
    }
    assert (-sets["train"]["target"]).min() == -1
    np.testing.assert_array_equal(sets["val"]["target"].sum(axis=0), 1)


def test_cats_and_cars_are_turned_upright(data):
    loaded = load_cats_cars()
    with h5py.File(data / "cats_cars/assign2_data1.h5") as file:
        np.testing.assert_allclose(loaded.X_test[3], file["testims"][3].T / 255)
    assert set(loaded.y_train) == {0, 1}


def test_trigrams_count_from_zero(data):
    loaded = load_trigrams(num_training=50)
    with h5py.File(data / "trigrams/assign2_data2.h5") as file:
        np.testing.assert_array_equal(loaded.X_train + 1, file["trainx"][:50])
        np.testing.assert_array_equal(loaded.y_val + 1, file["vald"][:])
    assert loaded.X_train.min() >= 0
    assert len(loaded.words) == 250


def test_class_names_are_those_of_the_files(data):
    assert class_names()[:3] == ["disk", "ring", "square"]


def test_one_line_names_the_source_and_that_it_is_synthetic(data, capsys):
    load_cifar10(100, 20, 30)
    assert capsys.readouterr().out == (
        "cifar10: 100 training, 20 validation, 30 test images; SYNTHETIC stand-in, seed 0, "
        f"from {data / 'cifar10'}\n"
    )


def test_plot_titles_are_labelled_only_for_synthetic_data(data):
    assert plot_title("Loss") == "Loss"
    load_trigrams()
    assert plot_title("Loss") == "SYNTHETIC data: Loss"
    assert plot_title("Loss", "trigrams") == "SYNTHETIC data: Loss"
    assert plot_title("Loss", "cifar10") == "Loss"


def test_a_loader_makes_a_stand_in_where_nothing_lies_and_says_so(tmp_path, capsys):
    load_cats_cars()
    said = capsys.readouterr().out
    assert "not on this machine, making a SYNTHETIC stand-in" in said
    assert "`python -m cs_lib.datasets cats_cars`" in said
    assert (tmp_path / "kit/synthetic/cats_cars/assign2_data1.h5").exists()
    load_cats_cars()
    assert "making" not in capsys.readouterr().out


def test_real_data_can_be_insisted_on(data):
    with pytest.raises(DatasetNotFoundError, match="--synthetic"):
        load_cifar10(source="real")


def test_a_small_set_loads_in_milliseconds(data):
    load_cifar10(100, 20, 30)
    seconds = []
    for _ in range(5):
        begin = time.perf_counter()
        load_cifar10(100, 20, 30)
        seconds.append(time.perf_counter() - begin)
    assert min(seconds) < 0.05


def test_large_files_are_cached_and_memory_mapped(own_data, monkeypatch):
    before = load_svhn(150, 40, 40)
    monkeypatch.setattr(arrays, "CACHE_FROM_BYTES", 1000)
    load_svhn(150, 40, 40)
    # From now on the file itself is not read: it may be damaged without a change of its state.
    monkeypatch.setattr("cs_lib.kit.datasets.svhn.read_mat", None)
    cached = load_svhn(150, 40, 40)
    np.testing.assert_array_equal(cached.X_train, before.X_train)
    np.testing.assert_array_equal(cached.y_train, before.y_train)
    images, _ = arrays.memory_mapped([own_data / "svhn/train_32x32.mat"], "train_32x32", None)
    assert isinstance(images, np.memmap)


def test_packed_digits_are_cached_too(own_data, monkeypatch):
    before = load_usps_digits(num_test=5)
    monkeypatch.setattr("cs_lib.kit.datasets.usps_digits._CACHE_FROM_BYTES", 1000)
    load_usps_digits()
    monkeypatch.setattr("cs_lib.kit.datasets.usps_digits.read_mat", None)
    for _ in range(2):  # what was done to the first arrays is not in the second ones
        cached = load_usps_digits(num_test=5)
        for name, arrays_of_set in before.items():
            for kind, array in arrays_of_set.items():
                np.testing.assert_array_equal(cached[name][kind], array)
                assert cached[name][kind].strides == array.strides
                assert cached[name][kind].dtype == array.dtype
                cached[name][kind] += 1


@pytest.fixture
def cached_digits(own_data, monkeypatch):
    """The folder of digits that have a cache, and the paths of its arrays."""
    monkeypatch.setattr("cs_lib.kit.datasets.usps_digits._CACHE_FROM_BYTES", 1000)
    load_usps_digits()
    folder = own_data / "usps_digits"
    return folder, sorted((folder / ".cache").iterdir())


def test_a_cache_is_named_by_its_arrays_and_as_readable_as_the_data(cached_digits, monkeypatch):
    folder, paths = cached_digits
    assert [path.name[-9:] for path in paths] == [f"-{n}of6.npy" for n in range(6)]
    data = folder / "data_train.mat"
    data.chmod(0o640)
    data.write_bytes(data.read_bytes() + b" ")  # another state of the file
    old = os.umask(0o077)
    try:
        load_usps_digits()
    finally:
        os.umask(old)
    new = sorted((folder / ".cache").iterdir())
    assert len(new) == 6
    assert not set(new) & set(paths)  # the old ones are gone
    assert {path.stat().st_mode & 0o777 for path in new} == {0o640}
    assert (folder / ".cache").stat().st_mode == folder.stat().st_mode


@pytest.mark.parametrize("damage", ["cut", "empty", "missing", "a folder", "a draft beside"])
def test_a_damaged_cache_is_made_anew(cached_digits, damage):
    folder, paths = cached_digits
    before = load_usps_digits()
    path = paths[3]
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "a draft beside":
        path.with_suffix(".draft").write_bytes(b"left by a process that was killed")
        path.unlink()
    else:
        path.unlink()
        if damage == "a folder":
            path.mkdir()
    after = load_usps_digits()
    for name in before:
        np.testing.assert_array_equal(after[name]["inputs"], before[name]["inputs"])
    if damage != "a folder":
        assert sorted((folder / ".cache").iterdir()) == paths


def test_a_cache_that_cannot_be_opened_is_done_without(cached_digits, monkeypatch):
    def refuse(*args, **keywords):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(arrays.np, "load", refuse)
    monkeypatch.setattr(arrays.tempfile, "mkstemp", refuse)
    assert load_usps_digits()["train"]["inputs"].size


def test_a_changed_file_is_not_read_from_the_cache(own_data, monkeypatch):
    monkeypatch.setattr(arrays, "CACHE_FROM_BYTES", 1000)
    load_svhn(150, 40, 40)
    test, train = (own_data / f"svhn/{name}_32x32.mat" for name in ("test", "train"))
    train.write_bytes(test.read_bytes())
    assert len(load_svhn().X_train) == 40  # of the 50 that the other file holds


def test_a_cache_that_cannot_be_written_is_done_without(own_data, monkeypatch):
    monkeypatch.setattr(arrays, "CACHE_FROM_BYTES", 1000)
    (own_data / "svhn/.cache").write_text("a file where the folder would be")
    assert len(load_svhn(150, 40, 40).X_train) == 150


@pytest.mark.parametrize(
    ("name", "load"),
    [
        ("cifar10/cifar-10-batches-py/data_batch_3", load_cifar10),
        ("svhn/train_32x32.mat", load_svhn),
        ("usps_digits/data_test.mat", load_usps_digits),
        ("cats_cars/assign2_data1.h5", load_cats_cars),
        ("trigrams/assign2_data2.h5", load_trigrams),
    ],
)
def test_a_truncated_file_is_named_with_what_to_do(own_data, name, load):
    path = own_data / name
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DamagedFileError) as caught:
        load()
    assert path.name in str(caught.value)
    assert "python -m cs_lib.datasets" in str(caught.value)


def test_loading_needs_neither_pooch_nor_requests(data):
    """A grading run has no network and should not pay for what uses it."""
    code = (
        "import sys; from cs_lib.data_utils import get_CIFAR10_data; get_CIFAR10_data(9, 9, 9);"
        "heavy = {'pooch', 'requests', 'filelock', 'scipy'}; print([*heavy & set(sys.modules)])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3] / "assignments",
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines()[-1] == "[]"
