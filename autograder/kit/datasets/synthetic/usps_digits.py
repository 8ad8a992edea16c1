"""The stand-in of the USPS digits: scikit-learn's digits, resampled."""

import numpy as np

from ..mat_files import write_mat
from ..registry.usps_digits import USPS_DIGITS
from .maker import Maker
from .usps_like import usps_like_digits


def _write_usps_digits(folder, sizes, seed, origin):
    """Resampled digits as training, validation and test file."""
    sets = usps_like_digits(np.random.default_rng(seed), sizes)
    for file, (inputs, target) in zip(USPS_DIGITS.files, sets.values(), strict=True):
        write_mat(folder / file.name, {"inputs": inputs, "target": target}, origin)


MAKERS = {USPS_DIGITS.name: Maker(_write_usps_digits, (1_000, 1_000, 1_000), (1_000, 1_000, 9_000))}
