"""SVHN's stand-in: rendered house numbers."""

import numpy as np

from ..mat_files import write_mat
from ..registry.svhn import SVHN, SVHN_EXTRA
from .house_numbers import house_numbers
from .maker import Maker


def _write_svhn(folder, sizes, seed, origin):
    """House numbers as training and test file."""
    for number, (file, count) in enumerate(zip(SVHN.files, sizes, strict=True)):
        _write_svhn_file(folder / file.name, count, [seed, number], origin)


def _write_svhn_extra(folder, sizes, seed, origin):
    """More house numbers."""
    _write_svhn_file(folder / SVHN_EXTRA.files[0].name, sizes[0], [seed, 2], origin)


def _write_svhn_file(path, count, seed, origin):
    images, digits = house_numbers(np.random.default_rng(seed), count)
    labels = np.where(digits == 0, 10, digits).astype(np.uint8)
    write_mat(path, {"X": images.transpose(1, 2, 3, 0), "y": labels[:, None]}, origin)


MAKERS = {
    SVHN.name: Maker(_write_svhn, (10_000, 2_500), (73_257, 26_032)),
    SVHN_EXTRA.name: Maker(_write_svhn_extra, (10_000,), (531_131,)),
}
