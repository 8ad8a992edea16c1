"""Bilinear resampling in NumPy: the numbers of ``scipy.ndimage`` in half its time.

It spares those who only draw practice pictures the import of SciPy.
"""

import numpy as np


def sample(templates, which, y, x):
    """Look templates up between their pixels.

    Parameters
    ----------
    templates : ndarray, shape (K, S, S), float32
    which : ndarray, shape (N,), int
        Template of each image.
    y, x : ndarray, shape (N, H, W)
        Where in its template each pixel lies; outside it is 0.

    Returns
    -------
    ndarray, shape (N, H, W), float32
    """
    size = templates.shape[-1]
    inside = (y >= 0) & (y <= size - 1) & (x >= 0) & (x <= size - 1)
    template = np.broadcast_to(which[:, None, None], y.shape)[inside]
    (top, down), (left, right) = (_below(part[inside], size) for part in (y, x))
    pixels, first = templates.reshape(-1), (template * size + top) * size + left
    images = np.zeros(y.shape, dtype=np.float32)
    images[inside] = _mixed([pixels[first + step] for step in (0, 1, size, size + 1)], down, right)
    return images


def enlarged(fields, size):
    """Enlarge square fields to `size` pixels along a side.

    Parameters
    ----------
    fields : ndarray, shape (N, n, n), float32
    size : int
        With a power of two the result is SciPy's to the last bit.

    Returns
    -------
    ndarray, shape (N, size, size), float32
    """
    cells = fields.shape[-1]
    middles = np.clip((np.arange(size) + 0.5) * (cells / size) - 0.5, 0, cells - 1)
    low, share = _below(middles, cells)
    corners = [fields[:, low + y][:, :, low + x] for y in (0, 1) for x in (0, 1)]
    return _mixed(corners, share[:, None], share).astype(np.float32)


def _below(places, size):
    """Return the pixel below each place, and how far above it that lies, 0 to 1."""
    low = np.minimum(places.astype(np.intp), size - 2)
    return low, places - low


def _mixed(corners, down, right):
    """Mix the pixels top left, top right, bottom left and bottom right."""
    shares = ((1 - down, 1 - right), (1 - down, right), (down, 1 - right), (down, right))
    parts = [corner * y * x for corner, (y, x) in zip(corners, shares, strict=True)]
    return sum(parts[1:], parts[0])
