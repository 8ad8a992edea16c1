"""SVHN-like pictures: rendered house numbers with neighbours, gradients, blur and noise."""

from dataclasses import replace

import numpy as np

from .colours import hsv_to_rgb, smooth_fields, to_bytes
from .glyphs import FONTS, digit_templates
from .warps import pose_templates, random_pose

SIZE = 32
# How often the digits 0 to 9 stand in the real training set; 73,257 in all.
COUNTS = np.array([4948, 13861, 10585, 8497, 7458, 6882, 5727, 5595, 5045, 4659])


def house_numbers(rng, count):
    """Draw cropped digits.

    Parameters
    ----------
    rng : numpy.random.Generator
    count : int
        N.

    Returns
    -------
    images : ndarray, shape (N, 32, 32, 3), uint8
    digits : ndarray, shape (N,), uint8
        0...9, as frequent as in the real set.
    """
    digits = rng.choice(10, count, p=COUNTS / COUNTS.sum())
    ink = _ink(rng, digits)
    paper, paint = _two_colours(rng, count)
    images = paper[:, None, None, :] + ink[..., None] * (paint - paper)[:, None, None, :]
    images += 0.12 * smooth_fields(rng, count, SIZE, 3)[..., None]
    images = _blurred(rng, images.astype(np.float32))
    images += rng.normal(0, 0.03, images.shape).astype(np.float32)
    return to_bytes(images), digits.astype(np.uint8)


def _ink(rng, digits):
    """Where there is paint: each digit, most of them with neighbours at the sides."""
    count = len(digits)
    templates = digit_templates()
    font = rng.integers(len(FONTS), size=count)
    pose = random_pose(rng, count, angle=0.2, scale=(0.62, 1.0), stretch=0.5, shift=0.1, shear=0.25)
    ink = pose_templates(templates, digits * len(FONTS) + font, pose, SIZE)
    for side in (-1, 1):
        neighbour = rng.integers(10, size=count)
        gap = side * pose.scale[:, 1] * rng.uniform(0.6, 0.8, count)
        step = np.stack([-np.sin(pose.angle) * gap, np.cos(pose.angle) * gap], axis=1)
        beside = replace(pose, shift=pose.shift + step)
        there = rng.random(count) < 0.65
        drawn = pose_templates(templates, neighbour * len(FONTS) + font, beside, SIZE)
        ink = np.maximum(ink, drawn * there[:, None, None])
    return ink


def _two_colours(rng, count):
    """Paper and paint, either of them the lighter one."""
    value = rng.uniform(0.15, 0.85, count)
    contrast = rng.uniform(0.15, 0.6, count)
    # Away from the nearer end, unless there is room for both.
    sign = np.where(rng.random(count) < 0.5, -1, 1)
    sign = np.where(value + sign * contrast > 1, -1, np.where(value + sign * contrast < 0, 1, sign))
    hues, saturations = rng.random((2, count)), rng.uniform(0, 0.6, (2, count))
    paper = hsv_to_rgb(hues[0], saturations[0], value)
    paint = hsv_to_rgb(hues[1], saturations[1], np.clip(value + sign * contrast, 0, 1))
    return paper, paint


def _blurred(rng, images):
    """Each image sharp, soft or very soft, as distances to the camera differ."""
    from scipy.ndimage import gaussian_filter  # slow to import, and other sets do without

    softness = rng.integers(3, size=len(images))
    for level, sigma in ((1, 0.6), (2, 1.0)):
        chosen = softness == level
        images[chosen] = gaussian_filter(images[chosen], (0, sigma, sigma, 0))
    return images
