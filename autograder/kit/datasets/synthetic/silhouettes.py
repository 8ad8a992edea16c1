"""Cat/car-like grey pictures: silhouettes of cats' heads and of cars from the side."""

import numpy as np

from .colours import smooth_fields, to_bytes
from .warps import pose_templates, random_pose

SIZE = 32
CAT, CAR = 0, 1
_TEMPLATE_SIZE = 64
_VARIANTS = 12  # of each kind


def silhouettes(rng, count):
    """Draw pictures, first all cats, then all cars, as the real file has them.

    Parameters
    ----------
    rng : numpy.random.Generator
    count : int
        N; half of them, rounded down, are cats.

    Returns
    -------
    images : ndarray, shape (N, 32, 32), uint8
        Upright.
    labels : ndarray, shape (N,), float64
        0 cat, 1 car.
    """
    from scipy.ndimage import gaussian_filter  # slow to import, and other sets do without

    labels = (np.arange(count) >= count // 2).astype(np.int64)
    which = labels * _VARIANTS + rng.integers(_VARIANTS, size=count)
    pose = random_pose(
        rng, count, angle=0.25, scale=(0.6, 1.0), stretch=0.3, shift=0.12, shear=0.15
    )
    tones = pose_templates(silhouette_templates(), which, pose, SIZE)
    # Cats and cars alike are lighter than their ground three times of four: mean brightness must
    # not tell them apart, and one template for each not do.
    ground = rng.uniform(0.3, 0.5, count)
    contrast = rng.uniform(0.2, 0.6, count) * np.where(rng.random(count) < 0.25, -1, 1)
    images = ground[:, None, None] + contrast[:, None, None] * tones
    images += 0.3 * smooth_fields(rng, count, SIZE, 5)
    images = gaussian_filter(images, (0, 0.6, 0.6)) + rng.normal(0, 0.08, images.shape)
    return to_bytes(images), labels.astype(np.float64)


def silhouette_templates():
    """The variants of both kinds, cats first.

    Returns
    -------
    ndarray, shape (24, 64, 64), float32
        0 ground, 1 body; eyes and windows are in between.
    """
    steps = (np.arange(_TEMPLATE_SIZE) + 0.5) / _TEMPLATE_SIZE * 2 - 1
    x, y = np.meshgrid(steps, steps)
    # Templates are the same for all seeds: the seed draws poses, not what a cat is.
    rng = np.random.default_rng(0)
    cats = [_cat(x, y, rng) for _ in range(_VARIANTS)]
    cars = [_car(x, y, rng) for _ in range(_VARIANTS)]
    return np.stack(cats + cars).astype(np.float32)


def _cat(x, y, rng):
    width, height = rng.uniform(0.55, 0.75), rng.uniform(0.45, 0.6)
    top, ear = rng.uniform(0.75, 0.95), rng.uniform(0.16, 0.26)
    low = 0.2
    head = (x / width) ** 2 + ((y - low) / height) ** 2 < 1
    apart = width * rng.uniform(0.6, 0.75)
    ears = (np.abs(np.abs(x) - apart) < ear * (y + top)) & (y < 0.1) & (y > -top)
    eyes = np.hypot(np.abs(x) - width * 0.4, y - low + 0.1) < rng.uniform(0.08, 0.13)
    nose = np.hypot(x, y - low - 0.15) < 0.07
    return (head | ears) * np.where(eyes | nose, 0.2, 1.0)


def _car(x, y, rng):
    length, roof = rng.uniform(0.8, 0.95), rng.uniform(-0.6, -0.35)
    belt, floor = rng.uniform(-0.1, 0.05), rng.uniform(0.35, 0.45)
    middle, slope = rng.uniform(-0.15, 0.15), rng.uniform(0.4, 0.9)
    body = (np.abs(x) < length) & (y > belt) & (y < floor)
    half = length * 0.35 + slope * (y - roof)
    cabin = (y > roof) & (y <= belt) & (np.abs(x - middle) < np.minimum(half, length * 0.75))
    window = (y > roof + 0.1) & (y < belt - 0.04) & (np.abs(x - middle) < half - 0.12)
    pillar = np.abs(x - middle) < 0.05
    wheels = np.hypot(np.abs(x) - length * 0.6, y - floor) < rng.uniform(0.17, 0.23)
    tone = (body | cabin) * np.where(window & ~pillar, 0.3, 1.0)
    return np.where(wheels, 0.6, tone)
