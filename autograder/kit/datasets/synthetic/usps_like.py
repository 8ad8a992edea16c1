"""USPS-like digits: scikit-learn's handwritten digits, resampled to 16x16 in new poses."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np

from .warps import pose_templates, random_pose

SIZE = 16
SETS = ("train", "val", "test")
_SHARES = (0.4, 0.2, 0.4)  # of the 1797 originals: no hand-written digit is in two sets


def usps_like_digits(rng, counts):
    """Draw the three sets.

    Parameters
    ----------
    rng : numpy.random.Generator
    counts : tuple of int
        Cases in each set.

    Returns
    -------
    dict
        ``train``, ``val``, ``test``, each ``(inputs, target)``: inputs (256, N) float64 in
        0...1 in steps of 1/255, target (10, N) uint8 one-hot.
    """
    originals, target = _originals()
    order = rng.permutation(len(originals))
    ends = np.cumsum(np.array(_SHARES) * len(order)).astype(int)
    sets = {}
    for name, chosen, count in zip(SETS, np.split(order, ends[:-1]), counts, strict=True):
        templates = np.pad(originals[chosen] / 16, ((0, 0), (1, 1), (1, 1)))
        sets[name] = _draw(rng, templates, target[chosen], count)
    return sets


def _originals():
    """Read scikit-learn's digits, (1797, 8, 8) and (1797,): to import all of it takes seconds."""
    spec = find_spec("sklearn")
    if spec is None:
        raise ModuleNotFoundError("No module named 'sklearn'", name="sklearn")
    rows = np.loadtxt(
        Path(spec.origin).with_name("datasets") / "data" / "digits.csv.gz", delimiter=","
    )
    return rows[:, :-1].reshape(-1, 8, 8), rows[:, -1].astype(int)


def _draw(rng, templates, labels, count):
    # The digits follow one another 1 ... 9, 0, as those of the real files do.
    wanted = (np.arange(count) + 1) % 10
    which = np.empty(count, dtype=np.int64)
    for digit in range(10):
        which[wanted == digit] = rng.choice(
            np.flatnonzero(labels == digit), np.sum(wanted == digit)
        )
    pose = random_pose(rng, count, angle=0.2, scale=(1.0, 1.3), stretch=0.3, shift=0.05, shear=0.2)
    images = pose_templates(templates.astype(np.float32), which, pose, SIZE)
    # Bilinear resampling blurs; the curve gives the strokes their edges back.
    images = 1 / (1 + np.exp(-10 * (images - 0.45)))
    images = np.clip(images + rng.normal(0, 0.04, images.shape), 0, 1)
    inputs = np.rint(images.reshape(count, -1).T * 255) / 255
    return inputs, np.eye(10, dtype=np.uint8)[:, wanted]
