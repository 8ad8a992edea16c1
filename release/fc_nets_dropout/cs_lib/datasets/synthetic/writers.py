"""Each stand-in written in the files and format of its real data set."""

import numpy as np

from cs_lib.datasets.cifar_files import write_python2_pickle
from cs_lib.datasets.errors import DatasetError
from cs_lib.datasets.hdf5_files import write_hdf5
from cs_lib.datasets.mat_files import write_mat
from cs_lib.datasets.origin import CIFAR_ENTRY, LABEL
from cs_lib.datasets.registry import CATS_CARS, CIFAR10, SVHN, SVHN_EXTRA, TRIGRAMS, USPS_DIGITS
from cs_lib.datasets.synthetic.four_grams import (
    VOCABULARY_SIZE,
    four_grams,
    trigram_arrays,
    words_of_text,
)

_BATCHES = 5


def write_cifar10(folder, sizes, seed, origin):
    """Coloured shapes as five training batches, a test batch and the names."""
    from cs_lib.datasets.synthetic.shapes import NAMES, coloured_shapes

    meta_file, *batch_files = (folder / file.name for file in CIFAR10.files)
    meta_file.parent.mkdir(parents=True, exist_ok=True)
    num_training, num_test = sizes
    counts = [len(part) for part in np.array_split(np.arange(num_training), _BATCHES)]
    for number, (path, count) in enumerate(zip(batch_files, [*counts, num_test], strict=True)):
        images, labels = coloured_shapes(np.random.default_rng([seed, number]), count)
        batch = {
            b"batch_label": f"{LABEL} {path.name}".encode(),
            b"labels": labels.tolist(),
            b"data": images.transpose(0, 3, 1, 2).reshape(count, -1),
            b"filenames": [f"{NAMES[label]}_{i}.png".encode() for i, label in enumerate(labels)],
        }
        write_python2_pickle(path, batch)
    meta = {
        b"num_cases_per_batch": counts[0],
        b"label_names": [name.encode() for name in NAMES],
        b"num_vis": 3072,
        CIFAR_ENTRY: origin.encode(),
    }
    write_python2_pickle(meta_file, meta)


def write_svhn(folder, sizes, seed, origin):
    """House numbers as training and test file."""
    for number, (file, count) in enumerate(zip(SVHN.files, sizes, strict=True)):
        _write_svhn_file(folder / file.name, count, [seed, number], origin)


def write_svhn_extra(folder, sizes, seed, origin):
    """More house numbers."""
    _write_svhn_file(folder / SVHN_EXTRA.files[0].name, sizes[0], [seed, 2], origin)


def _write_svhn_file(path, count, seed, origin):
    from cs_lib.datasets.synthetic.house_numbers import house_numbers

    images, digits = house_numbers(np.random.default_rng(seed), count)
    labels = np.where(digits == 0, 10, digits).astype(np.uint8)
    write_mat(path, {"X": images.transpose(1, 2, 3, 0), "y": labels[:, None]}, origin)


def write_usps_digits(folder, sizes, seed, origin):
    """Resampled digits as training, validation and test file."""
    from cs_lib.datasets.synthetic.usps_like import usps_like_digits

    sets = usps_like_digits(np.random.default_rng(seed), sizes)
    for file, (inputs, target) in zip(USPS_DIGITS.files, sets.values(), strict=True):
        write_mat(folder / file.name, {"inputs": inputs, "target": target}, origin)


def write_cats_cars(folder, sizes, seed, origin):
    """Silhouettes, stored transposed as the real images are."""
    from cs_lib.datasets.synthetic.silhouettes import silhouettes

    arrays = {}
    for number, (name, count) in enumerate(zip(("train", "test"), sizes, strict=True)):
        images, labels = silhouettes(np.random.default_rng([seed, number]), count)
        arrays[f"{name}ims"] = np.ascontiguousarray(images.transpose(0, 2, 1))
        arrays[f"{name}lbls"] = labels
    write_hdf5(folder / CATS_CARS.files[0].name, arrays, origin)


def write_trigrams(folder, sizes, seed, origin):
    """Four-grams of sentences from the grammar."""
    from cs_lib.datasets.synthetic.grammar import WORDS, Grammar

    (num_training,) = sizes
    wanted, grammar, sentences, have = num_training * 5 // 4, Grammar(seed), [], 0
    while have < wanted:
        sentences.append(grammar.sentence())
        have += max(0, len(sentences[-1]) - 3)
    grams = four_grams(sentences, WORDS)
    arrays = trigram_arrays(grams, np.random.default_rng(seed), num_training)
    write_hdf5(folder / TRIGRAMS.files[0].name, arrays | {"words": WORDS}, origin)


def write_trigrams_of_text(folder, text_file, seed, origin):
    """Four-grams of the lines of a text file.

    Raises
    ------
    DatasetError
        If the file cannot be read as text or is too short.
    """
    try:
        text = text_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(
            f"trigrams: {text_file}: expected a text file in UTF-8, got none ({error}). "
            "Name another with --from-text."
        ) from None
    sentences, words = words_of_text(text)
    grams = four_grams(sentences, words)
    if len(words) < VOCABULARY_SIZE or len(grams) < 1000:
        raise DatasetError(
            f"trigrams: {text_file}: expected at least {VOCABULARY_SIZE} different words and "
            f"1,000 four-grams of them, got {len(words)} and {len(grams):,}. Take a longer text."
        )
    arrays = trigram_arrays(grams, np.random.default_rng(seed))
    write_hdf5(folder / TRIGRAMS.files[0].name, arrays | {"words": words}, origin)
