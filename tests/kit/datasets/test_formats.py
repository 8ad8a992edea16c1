"""Files are read by their published readers, and damage is named."""

import pickle

import h5py
import numpy as np
import pytest
import scipy.sparse
from cs_lib.kit.datasets import DamagedFileError
from cs_lib.kit.datasets.cifar_files import read_batch, read_python2_pickle, write_python2_pickle
from cs_lib.kit.datasets.hdf5_files import open_hdf5, write_hdf5
from cs_lib.kit.datasets.mat_files import read_mat, write_mat
from cs_lib.kit.datasets.origin import read_origin
from scipy.io import loadmat, savemat


@pytest.fixture
def batch(rng):
    return {
        b"batch_label": b"training batch 1 of 5",
        b"labels": [6, 9, 300, -1],
        b"data": rng.integers(256, size=(4, 3072), dtype=np.uint8),
        b"filenames": [b"a.png", b"b.png", b"c.png", b"d.png"],
    }


def test_a_written_batch_reads_as_the_published_ones_do(tmp_path, batch):
    """With both encodings that courses use: bytes keys by "bytes", text keys by "latin1"."""
    write_python2_pickle(tmp_path / "batch", batch)
    with (tmp_path / "batch").open("rb") as file:
        as_bytes = pickle.load(file, encoding="bytes")
        file.seek(0)
        as_text = pickle.load(file, encoding="latin1")
    assert as_bytes.keys() == batch.keys()
    assert list(as_text) == ["batch_label", "labels", "data", "filenames"]
    assert as_bytes[b"filenames"] == batch[b"filenames"]
    assert as_text["labels"] == batch[b"labels"]
    for read in (as_bytes[b"data"], as_text["data"]):
        np.testing.assert_array_equal(read, batch[b"data"])
        assert read.dtype == np.uint8


def test_a_batch_pickled_by_numpy_itself_is_read(tmp_path, batch):
    (tmp_path / "batch").write_bytes(pickle.dumps(batch, protocol=2))
    images, labels = read_batch(tmp_path / "batch")
    np.testing.assert_array_equal(images[2, 5, 7], batch[b"data"][2].reshape(3, 32, 32)[:, 5, 7])
    assert labels.tolist() == batch[b"labels"]


class Hostile:
    def __reduce__(self):
        return (print, ("this ran while unpickling",))


def test_a_batch_that_would_run_code_is_refused(tmp_path, capsys):
    (tmp_path / "batch").write_bytes(pickle.dumps({b"data": Hostile()}))
    with pytest.raises(DamagedFileError, match=r"names builtins\.print, which is not data"):
        read_python2_pickle(tmp_path / "batch")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("size", [0, 1, 100, -1])
def test_a_truncated_batch_is_named_with_what_to_do(tmp_path, batch, size):
    write_python2_pickle(tmp_path / "data_batch_1", batch)
    content = (tmp_path / "data_batch_1").read_bytes()
    (tmp_path / "data_batch_1").write_bytes(content[:size])
    with pytest.raises(DamagedFileError, match=r"data_batch_1: .*datasets cifar10` again"):
        read_batch(tmp_path / "data_batch_1")


@pytest.mark.parametrize(
    ("entry", "value", "word"),
    [
        (b"data", np.zeros((4, 3071), np.uint8), "3071"),
        (b"data", None, "NoneType"),
        (b"labels", [1, 2, 3], "expected a list of 4, got 3"),
        (b"labels", None, "NoneType"),
    ],
)
def test_a_batch_of_another_shape_is_refused(tmp_path, batch, entry, value, word):
    (tmp_path / "batch").write_bytes(pickle.dumps(batch | {entry: value}))
    with pytest.raises(DamagedFileError, match=word):
        read_batch(tmp_path / "batch")


def test_a_pickle_of_something_else_is_refused(tmp_path):
    (tmp_path / "batch").write_bytes(pickle.dumps([1, 2]))
    with pytest.raises(DamagedFileError, match="expected a dictionary, got list"):
        read_batch(tmp_path / "batch")


SHAPES = {"X": (2, None), "y": (None, 1)}


@pytest.fixture
def mat(tmp_path, rng):
    arrays = {"X": rng.integers(256, size=(2, 500), dtype=np.uint8), "y": np.ones((500, 1))}
    write_mat(tmp_path / "x.mat", arrays, "SYNTHETIC stand-in, seed 0")
    return tmp_path / "x.mat", arrays


def test_a_written_mat_file_is_read_by_scipy_and_carries_its_label(mat):
    path, arrays = mat
    content = loadmat(path)
    np.testing.assert_array_equal(content["X"], arrays["X"])
    assert content["X"].dtype == np.uint8
    assert b"SYNTHETIC stand-in, seed 0" in content["__header__"]
    assert read_origin(path) == "SYNTHETIC stand-in, seed 0"


def test_a_mat_file_of_matlab_has_no_label(tmp_path):
    savemat(tmp_path / "x.mat", {"X": np.zeros((2, 3))})
    assert read_origin(tmp_path / "x.mat") is None
    assert len(read_mat(tmp_path / "x.mat", {"X": (2, None)})) == 1


@pytest.mark.parametrize("size", [0, 100, 200, -20])
def test_a_truncated_mat_file_is_named(mat, size):
    path, _ = mat
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(DamagedFileError, match=r"x.mat: .*Delete it and run"):
        read_mat(path, SHAPES)


@pytest.mark.parametrize(
    ("shapes", "text"),
    [
        ({"X": (3, None)}, r"X: expected an array of shape \(3, N\), got \(2, 500\)"),
        ({"X": (2, None, 3)}, r"X: expected an array of shape \(2, N, 3\)"),
        ({"Z": (2, None)}, r"Z: expected an array of shape \(2, N\), got None"),
    ],
)
def test_a_mat_file_of_another_data_set_is_named(mat, shapes, text):
    with pytest.raises(DamagedFileError, match=text):
        read_mat(mat[0], shapes)


@pytest.mark.parametrize(
    ("X", "text"),
    [
        (np.full((2, 500), "a", dtype=object), "X: expected .* got a ndarray without numbers"),
        (scipy.sparse.csc_array(np.eye(2, 500)), "X: expected .* got a csc_matrix without numbers"),
        (np.zeros((2, 499)), "as many cases in X as in y, got 499 and 500"),
    ],
)
def test_a_mat_file_of_no_use_is_named(tmp_path, X, text):
    savemat(tmp_path / "x.mat", {"X": X, "y": np.ones((500, 1))})
    with pytest.raises(DamagedFileError, match=text):
        read_mat(tmp_path / "x.mat", SHAPES)


@pytest.fixture
def hdf5(tmp_path):
    arrays = {"x": np.arange(600, dtype=np.uint8).reshape(200, 3), "words": ["the", "end", "né"]}
    write_hdf5(tmp_path / "x.h5", arrays, "SYNTHETIC stand-in, seed 0")
    return tmp_path / "x.h5"


def test_a_written_hdf5_file_is_read_by_h5py_and_carries_its_label(hdf5):
    with h5py.File(hdf5) as file:
        assert file["x"].dtype == np.uint8
        assert [word.decode() for word in file["words"][:]] == ["the", "end", "né"]
        assert file.attrs["origin"] == "SYNTHETIC stand-in, seed 0"
    assert read_origin(hdf5) == "SYNTHETIC stand-in, seed 0"


@pytest.mark.parametrize("size", [0, 100, -200])
def test_a_truncated_hdf5_file_is_named(hdf5, size):
    hdf5.write_bytes(hdf5.read_bytes()[:size])
    assert read_origin(hdf5) is None
    with pytest.raises(DamagedFileError, match=r"x.h5: expected an HDF5 file, got [\d,]+ bytes"):
        open_hdf5(hdf5, {"x": (None, 3)})


@pytest.mark.parametrize(
    ("shapes", "text"),
    [
        ({"x": (None, 4)}, r"x: expected an array of shape \(N, 4\), got \(200, 3\)"),
        ({"z": (None,)}, r"z: expected an array of shape \(N\), got None"),
    ],
)
def test_an_hdf5_file_of_another_data_set_is_named(hdf5, shapes, text):
    with pytest.raises(DamagedFileError, match=text):
        open_hdf5(hdf5, shapes)
