"""Colours, gradients and noise of rendered pictures."""

import numpy as np

from .resample import enlarged


def hsv_to_rgb(hue, saturation, value):
    """Colours from hue, saturation and value, all in 0...1.

    Parameters
    ----------
    hue, saturation, value : ndarray, shape (N,)

    Returns
    -------
    ndarray, shape (N, 3)

    Notes
    -----
    A. R. Smith, Color Gamut Transform Pairs, SIGGRAPH 1978, in its piecewise linear form.
    """
    sixths = (np.array([5.0, 3.0, 1.0]) + hue[:, None] * 6) % 6
    ramp = np.clip(np.minimum(sixths, 4 - sixths), 0, 1)
    return value[:, None] * (1 - saturation[:, None] * ramp)


def smooth_fields(rng, count, size, cells):
    """Random smooth fields, roughly between -1 and 1.

    Parameters
    ----------
    rng : numpy.random.Generator
    count, size : int
        N fields of size x size pixels.
    cells : int
        Random values along a side; more make it rougher.

    Returns
    -------
    ndarray, shape (N, size, size), float32
    """
    return enlarged(coarse_fields(rng, count, cells), size)


def coarse_fields(rng, count, cells):
    """The random values between which `smooth_fields` runs, (N, cells, cells)."""
    return rng.uniform(-1, 1, (count, cells, cells)).astype(np.float32)


def to_bytes(images):
    """Values in 0...1 as uint8, rounded and clipped."""
    values = images * 255
    np.rint(values, out=values)
    return np.clip(values, 0, 255, out=values).astype(np.uint8)
