"""CIFAR-like pictures: ten kinds of coloured, textured shapes on cluttered grounds."""

import numpy as np

from .colours import coarse_fields, hsv_to_rgb, to_bytes
from .resample import enlarged
from .warps import pose_templates, random_pose

SIZE = 32
NAMES = (
    "disk",
    "ring",
    "square",
    "frame",
    "triangle",
    "star",
    "cross",
    "crescent",
    "bars",
    "chequers",
)
_TEMPLATE_SIZE = 64
_BATCH = 100  # pictures that the processor's cache has room for


def shape_templates():
    """The ten shapes, from -1 to 1 in both directions, in the order of `NAMES`.

    Returns
    -------
    ndarray, shape (10, 64, 64), float32
        1 inside, 0 outside.
    """
    steps = (np.arange(_TEMPLATE_SIZE) + 0.5) / _TEMPLATE_SIZE * 2 - 1
    x, y = np.meshgrid(steps, steps)
    radius, widest = np.hypot(x, y), np.maximum(np.abs(x), np.abs(y))
    angle = np.arctan2(y, x)
    box = widest < 0.8
    inside = (
        radius < 0.85,
        (radius < 0.9) & (radius > 0.5),
        box,
        box & (widest > 0.45),
        (y < 0.75) & (y > 2 * np.abs(x) - 0.95),
        radius < 0.6 + 0.35 * np.cos(5 * (angle + np.pi / 2)),
        box & ((np.abs(x) < 0.28) | (np.abs(y) < 0.28)),
        (radius < 0.9) & (np.hypot(x - 0.45, y) > 0.75),
        box & (np.cos(4.5 * np.pi * y) > 0),
        box & (np.cos(2.5 * np.pi * x) * np.cos(2.5 * np.pi * y) > 0),
    )
    return np.stack(inside).astype(np.float32)


def coloured_shapes(rng, count):
    """Draw pictures.

    A shape may be lighter or darker than its ground and lies anywhere, turned and stretched, so
    that no single template per class finds it; its hue tells a little about its class, as blue
    tells of ships in the real set.

    Parameters
    ----------
    rng : numpy.random.Generator
    count : int
        N.

    Returns
    -------
    images : ndarray, shape (N, 32, 32, 3), uint8
    labels : ndarray, shape (N,), int64
        Indices into `NAMES`, all as frequent as possible.
    """
    labels = rng.permutation(np.arange(count) % len(NAMES))
    templates = shape_templates()
    pose = random_pose(
        rng, count, angle=0.45, scale=(0.5, 0.95), stretch=0.35, shift=0.14, shear=0.2
    )
    ground, paint = _colours(rng, labels)
    shades, stripes = coarse_fields(rng, count, 4), _draw_stripes(rng, count)
    blots = [_draw_blots(rng, count) for _ in range(2)]
    images = np.empty((count, SIZE, SIZE, 3), dtype=np.uint8)
    for begin in range(0, count, _BATCH):
        part = slice(begin, begin + _BATCH)
        # (B, 3, 32, 32) so far: NumPy is slow where the last axis, of colours, is the short one
        behind = ground[part, :, None, None] + 0.25 * enlarged(shades[part], SIZE)[:, None]
        waves = _stripes(*stripes[:, part, None, None])
        pixels = paint[part, :, None, None] + 0.2 * waves[:, None]
        pixels -= behind
        pixels *= pose_templates(templates, labels[part], pose[part], SIZE)[:, None]
        pixels += behind
        pixels = np.ascontiguousarray(pixels.transpose(0, 2, 3, 1))
        for blot in blots:
            _clutter(pixels, *(values[part] for values in blot))
        pixels += rng.normal(0, 0.06, pixels.shape)
        images[part] = to_bytes(pixels)
    return images, labels


def _colours(rng, labels):
    """Ground and paint; the hue of the paint is drawn around one of the class."""
    count = len(labels)
    hue = (labels / len(NAMES) + rng.normal(0, 0.16, count)) % 1
    value = rng.uniform(0.25, 0.75, count)
    contrast = rng.uniform(0.2, 0.5, count) * np.where(value > 0.5, -1, 1)
    flip = rng.random(count) < 0.5
    lighter, darker = np.maximum(value, value + contrast), np.minimum(value, value + contrast)
    paint = hsv_to_rgb(hue, rng.uniform(0.2, 0.8, count), np.where(flip, lighter, darker))
    ground = hsv_to_rgb(
        rng.random(count), rng.uniform(0.0, 0.6, count), np.where(flip, darker, lighter)
    )
    return ground, paint


def _draw_stripes(rng, count):
    """Angles, lengths and phases of waves, and how strong they are; (4, N)."""
    bounds = ((0, np.pi), (3, 12), (0, 2 * np.pi), (0, 1))
    return np.stack([rng.uniform(*ends, count) for ends in bounds])


def _stripes(angle, length, phase, strength):
    """Waves of any direction and length over the shape; each argument is (B, 1, 1)."""
    steps = np.arange(SIZE, dtype=np.float32)
    along = np.cos(angle) * steps[None, :, None] + np.sin(angle) * steps[None, None, :]
    return strength * np.sin(2 * np.pi * along / length + phase)


def _draw_blots(rng, count):
    """Middles, radii and colours of small blots, one on each image."""
    middle = rng.uniform(0, SIZE, (count, 2))
    return middle, rng.uniform(1.5, 4, count), rng.random((count, 1, 1, 3))


def _clutter(images, middle, radius, colour):
    """Put a blot on each image."""
    steps = np.arange(SIZE, dtype=np.float32)
    y = steps[None, :, None] - middle[:, 0, None, None]
    x = steps[None, None, :] - middle[:, 1, None, None]
    blot = y * y + x * x < (radius * radius)[:, None, None]
    images[blot] = colour[np.nonzero(blot)[0], 0, 0]
