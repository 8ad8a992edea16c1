"""Stand-ins have the files, shapes and types of the real sets, and are seeded."""

import hashlib
import pickle

import h5py
import numpy as np
import pytest
from cs_lib.kit.datasets import DATASETS, DatasetError, synthesize, verify
from cs_lib.kit.datasets.synthetic import cats_cars, colours, makers
from cs_lib.kit.datasets.synthetic.four_grams import four_grams, trigram_arrays, words_of_text
from cs_lib.kit.datasets.synthetic.glyphs import FONTS, digit_templates
from cs_lib.kit.datasets.synthetic.grammar import WORDS, Grammar
from cs_lib.kit.datasets.synthetic.shapes import NAMES, coloured_shapes, shape_templates
from cs_lib.kit.datasets.synthetic.silhouettes import silhouettes
from cs_lib.kit.datasets.synthetic.usps_like import usps_like_digits
from cs_lib.kit.datasets.synthetic.warps import Pose, pose_templates
from scipy.io import loadmat

ALL = sorted(makers())


def digests(folder):
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", ALL)
def test_the_files_are_those_of_the_registry(stand_ins, name):
    files = {str(path) for path in digests(stand_ins / "synthetic" / name)}
    assert files == {file.name for file in DATASETS[name].files} | {"checksums.json"}


def test_every_data_set_that_is_no_package_has_a_maker():
    assert sorted(name for name, dataset in DATASETS.items() if not dataset.in_package) == ALL


@pytest.mark.parametrize("name", ALL)
def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path, name):
    for folder, seed in (("one", 7), ("same", 7), ("other", 8)):
        assert synthesize([name], tmp_path / folder, size=20, seed=seed)[0].ok
    one, same, other = (digests(tmp_path / folder) for folder in ("one", "same", "other"))
    assert one == same
    assert not set(one.values()) & set(other.values())


def test_cifar_like_files(stand_ins):
    folder = stand_ins / "synthetic/cifar10/cifar-10-batches-py"
    with (folder / "data_batch_5").open("rb") as file:
        batch = pickle.load(file, encoding="bytes")
    assert set(batch) == {b"batch_label", b"labels", b"data", b"filenames"}
    assert (batch[b"data"].shape, batch[b"data"].dtype) == ((40, 3072), np.uint8)
    assert batch[b"batch_label"].startswith(b"SYNTHETIC")
    assert len(batch[b"labels"]) == len(batch[b"filenames"]) == 40
    with (folder / "batches.meta").open("rb") as file:
        meta = pickle.load(file, encoding="bytes")
    assert len(meta[b"label_names"]) == 10
    assert meta[b"num_vis"] == 3072
    assert meta[b"origin"] == b"SYNTHETIC stand-in, seed 0"


def test_svhn_like_files(stand_ins):
    content = loadmat(stand_ins / "synthetic/svhn/train_32x32.mat")
    assert (content["X"].shape, content["X"].dtype) == ((32, 32, 3, 200), np.uint8)
    assert (content["y"].shape, content["y"].dtype) == ((200, 1), np.uint8)
    assert set(np.unique(content["y"])) == set(range(1, 11))
    assert b"SYNTHETIC" in content["__header__"]


@pytest.mark.parametrize("name", ["train", "validation", "test"])
def test_usps_like_files(stand_ins, name):
    content = loadmat(stand_ins / f"synthetic/usps_digits/data_{name}.mat")
    assert content["inputs"].dtype == np.float64
    assert content["target"].dtype == np.uint8
    assert content["inputs"].shape[0] == 256
    assert content["target"].shape == (10, content["inputs"].shape[1])
    assert content["inputs"].min() == 0
    assert content["inputs"].max() == 1
    np.testing.assert_array_equal(content["target"].sum(axis=0), 1)


def test_cat_car_like_file(stand_ins):
    with h5py.File(stand_ins / "synthetic/cats_cars/assign2_data1.h5") as file:
        shapes = {name: (array.shape, array.dtype.str) for name, array in file.items()}
    assert shapes == {
        "trainims": ((200, 32, 32), "|u1"),
        "trainlbls": ((200,), "<f8"),
        "testims": ((105, 32, 32), "|u1"),
        "testlbls": ((105,), "<f8"),
    }


def test_trigram_like_file(stand_ins):
    with h5py.File(stand_ins / "synthetic/trigrams/assign2_data2.h5") as file:
        arrays = {name: array[:] for name, array in file.items()}
    assert {name: array.shape for name, array in arrays.items()} == {
        "trainx": (200, 3),
        "traind": (200,),
        "valx": (25, 3),
        "vald": (25,),
        "testx": (25, 3),
        "testd": (25,),
        "words": (250,),
    }
    assert arrays["trainx"].min() >= 1
    assert arrays["trainx"].max() <= 250


def test_full_sizes_are_those_of_the_real_sets():
    full = {name: maker.full for name, maker in makers().items()}
    assert full == {
        "cifar10": (50_000, 10_000),
        "svhn": (73_257, 26_032),
        "svhn_extra": (531_131,),
        "usps_digits": (1_000, 1_000, 9_000),
        "cats_cars": (1_900, 1_000),
        "trigrams": (372_500,),
    }


def test_a_full_size_is_what_was_asked_for(tmp_path):
    synthesize(["cats_cars"], tmp_path, size="full")
    with h5py.File(tmp_path / "synthetic/cats_cars/assign2_data1.h5") as file:
        assert (file["trainims"].shape, file["testims"].shape) == ((1900, 32, 32), (1000, 32, 32))


@pytest.mark.parametrize("size", ["large", 9, -1])
def test_a_wrong_size_is_refused(tmp_path, size):
    (result,) = synthesize(["cats_cars"], tmp_path, size=size)
    assert not result.ok
    assert "expected small, full or a number from 10 on" in result.message
    assert list(tmp_path.rglob("*.h5")) == []


def test_a_stand_in_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    synthesize(["cats_cars"], tmp_path, size=20)
    before = digests(tmp_path)

    def fails(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cats_cars, "write_hdf5", fails)
    (result,) = synthesize(["cats_cars"], tmp_path, size=20, seed=1)
    assert not result.ok
    assert "No space left on device" in result.message
    assert digests(tmp_path) == before


def test_a_changed_stand_in_is_found_by_verify(tmp_path):
    synthesize(["cats_cars"], tmp_path, size=20)
    (result,) = verify(["cats_cars"], tmp_path)
    assert result.ok
    assert result.origin == "SYNTHETIC stand-in, seed 0"
    with (tmp_path / "synthetic/cats_cars/assign2_data1.h5").open("ab") as file:
        file.write(b"more")
    (result,) = verify(["cats_cars"], tmp_path)
    assert not result.ok
    assert result.files[0].status == "changed"


def test_a_template_in_no_pose_is_itself():
    template = np.random.default_rng(0).random((1, 16, 16)).astype(np.float32)
    none = Pose(np.zeros(1), np.ones((1, 2)), np.zeros((1, 2)), np.zeros(1))
    np.testing.assert_allclose(pose_templates(template, np.zeros(1, int), none, 16), template)


def test_poses_turn_move_and_scale():
    template = np.zeros((1, 32, 32), dtype=np.float32)
    template[0, 4:12, 14:18] = 1  # a bar in the upper half
    quarter = Pose(np.array([np.pi / 2]), np.ones((1, 2)), np.zeros((1, 2)), np.zeros(1))
    turned = pose_templates(template, np.zeros(1, int), quarter, 32)[0]
    np.testing.assert_allclose(turned, np.rot90(template[0], -1), atol=1e-4)
    down = Pose(np.zeros(1), np.ones((1, 2)), np.array([[0.25, 0.0]]), np.zeros(1))
    moved = pose_templates(template, np.zeros(1, int), down, 32)[0]
    np.testing.assert_allclose(moved, np.roll(template[0], 8, axis=0), atol=1e-4)
    half = Pose(np.zeros(1), np.full((1, 2), 0.5), np.zeros((1, 2)), np.zeros(1))
    small = pose_templates(template, np.zeros(1, int), half, 32)[0]
    assert small.sum() == pytest.approx(template.sum() / 4, rel=0.05)


def test_colours_are_those_of_the_standard_library():
    from colorsys import hsv_to_rgb

    grid = np.stack(np.meshgrid(*[np.linspace(0, 1, 7)] * 3), axis=-1).reshape(-1, 3)
    expected = [hsv_to_rgb(*colour) for colour in grid]
    np.testing.assert_allclose(colours.hsv_to_rgb(*grid.T), expected, atol=1e-12)


def test_digits_have_their_holes():
    """8 has two, 0, 4, 6 and 9 one: counted by filling them."""
    from scipy.ndimage import label

    templates = np.pad(digit_templates(), ((0, 0), (1, 1), (1, 1)))
    bold_sans = templates[1 :: len(FONTS)]
    holes = [label(glyph < 0.5)[1] - 1 for glyph in bold_sans]
    assert holes == [1, 0, 0, 0, 1, 0, 1, 0, 2, 1]


def test_shapes_differ_and_are_equally_frequent(rng):
    templates = shape_templates().reshape(len(NAMES), -1)
    overlap = (templates @ templates.T) / np.maximum.outer(*[templates.sum(axis=1)] * 2)
    assert (overlap - np.eye(len(NAMES))).max() < 0.9
    _, labels = coloured_shapes(rng, 200)
    np.testing.assert_array_equal(np.bincount(labels), 20)


def test_brightness_tells_nothing_about_cats_and_cars(rng):
    images, labels = silhouettes(rng, 2000)
    bright = images.mean(axis=(1, 2))
    difference = bright[labels == 0].mean() - bright[labels == 1].mean()
    assert abs(difference) < 4 * bright.std() * np.sqrt(2 / 1000)


def test_no_original_digit_is_in_two_sets(rng):
    """Without pose and noise the drawn digits are the originals, so overlaps would be seen."""
    from unittest.mock import patch

    from cs_lib.kit.datasets.synthetic import usps_like

    seen = []

    def keep(templates, which, pose, size):
        seen.append({templates[index].tobytes() for index in which})
        return np.zeros((len(which), size, size))

    with patch.object(usps_like, "pose_templates", keep):
        usps_like_digits(rng, (2000, 1000, 2000))
    train, val, test = seen
    # Two of the 1797 originals are equal in some pairs of the published set; there are few.
    assert max(len(train & val), len(train & test), len(val & test)) <= 2
    assert min(map(len, seen)) > 200


def test_the_grammar_has_exactly_250_words_and_uses_all():
    assert len(set(WORDS)) == len(WORDS) == 250
    grammar = Grammar(0)
    used = {word for _ in range(20_000) for word in grammar.sentence()}
    assert used == set(WORDS)


def test_four_grams_stay_within_sentences():
    grams = four_grams([["a", "b", "c", "d", "a"], ["a", "b"], []], ["a", "b", "c", "d"])
    assert grams.tolist() == [[1, 2, 3, 4], [2, 3, 4, 1]]


def test_words_outside_the_vocabulary_cut_a_sentence():
    common = [f"w{index}" for index in range(250)]
    text = "\n".join([" ".join(common)] * 2 + ["W0 w1 rare w2 w3"])
    sentences, words = words_of_text(text)
    assert words == sorted(common)
    assert sentences[-2:] == [["w0", "w1"], ["w2", "w3"]]


def test_the_split_loses_and_repeats_nothing(rng):
    grams = np.arange(4 * 60, dtype=np.uint8).reshape(60, 4)
    arrays = trigram_arrays(grams, rng, num_training=48)
    rows = [
        np.column_stack([arrays[f"{name}x"], arrays[f"{name}d"]])
        for name in ("train", "val", "test")
    ]
    assert sorted(np.concatenate(rows).tolist()) == sorted(grams.tolist())


def test_from_text_makes_trigrams_of_a_text(tmp_path):
    grammar = Grammar(1)
    text = "\n".join(" ".join(grammar.sentence()) for _ in range(3000))
    (tmp_path / "own.txt").write_text(text)
    (result,) = synthesize(["trigrams"], tmp_path, from_text=tmp_path / "own.txt")
    assert result.ok, result.message
    with h5py.File(result.folder / "assign2_data2.h5") as file:
        assert file.attrs["origin"] == "SYNTHETIC split of own.txt, seed 0"
        assert [word.decode() for word in file["words"][:]] == WORDS
        words = [file["words"][number - 1].decode() for number in file["testx"][0]]
        words.append(file["words"][file["testd"][0] - 1].decode())
        assert len(file["trainx"]) % 100 == 0
    assert " ".join(words) in text


@pytest.mark.parametrize("content", [b"too short", b"\xff\xfe\x00not text", None])
def test_a_text_that_does_not_do_is_refused(tmp_path, content):
    if content is not None:
        (tmp_path / "own.txt").write_bytes(content)
    (result,) = synthesize(["trigrams"], tmp_path, from_text=tmp_path / "own.txt")
    assert not result.ok
    assert "own.txt: expected" in result.message


def test_a_text_is_only_for_trigrams(tmp_path):
    with pytest.raises(DatasetError, match="data set of texts \\(trigrams\\), got cifar10"):
        synthesize(["cifar10"], tmp_path, from_text=tmp_path / "own.txt")


def test_full_size_trigrams_have_the_sizes_of_the_real_file(rng):
    grams = np.ones((372_500 * 5 // 4, 4), dtype=np.uint8)
    arrays = trigram_arrays(grams, rng, num_training=372_500)
    sizes = [len(arrays[name]) for name in ("trainx", "vald", "testx")]
    assert sizes == [372_500, 46_500, 46_500]
