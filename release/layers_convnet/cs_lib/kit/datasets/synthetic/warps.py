"""Random poses of templates: the one thing that most generators share."""

from dataclasses import dataclass

import numpy as np

from .resample import sample

_BATCH = 2000  # bounds the memory for coordinates to some 50 MB


@dataclass(frozen=True)
class Pose:
    """How each of N templates is turned, scaled and moved into its image.

    Attributes
    ----------
    angle : ndarray, shape (N,)
        Radians.
    scale : ndarray, shape (N, 2)
        Size along y and x; 1 fills the image.
    shift : ndarray, shape (N, 2)
        Along y and x, in image widths.
    shear : ndarray, shape (N,)
    """

    angle: np.ndarray
    scale: np.ndarray
    shift: np.ndarray
    shear: np.ndarray

    def __getitem__(self, part):
        """The poses of some of the images."""
        return Pose(self.angle[part], self.scale[part], self.shift[part], self.shear[part])


def random_pose(rng, count, *, angle, scale, stretch, shift, shear):
    """Draw poses.

    Parameters
    ----------
    rng : numpy.random.Generator
    count : int
        N.
    angle, shift, shear : float
        Largest values, either way.
    scale : pair of float
        Smallest and largest size.
    stretch : float
        Largest relative difference between height and width, either way.

    Returns
    -------
    Pose
    """
    size = rng.uniform(*scale, count)
    factor = np.exp(rng.uniform(-stretch, stretch, count) / 2)
    return Pose(
        angle=rng.uniform(-angle, angle, count),
        scale=np.stack([size * factor, size / factor], axis=1),
        shift=rng.uniform(-shift, shift, (count, 2)),
        shear=rng.uniform(-shear, shear, count),
    )


def pose_templates(templates, which, pose, size):
    """Resample templates in their poses, bilinearly.

    Parameters
    ----------
    templates : ndarray, shape (K, S, S), float32
        Zero outside.
    which : ndarray, shape (N,), int
        Template of each image.
    pose : Pose
    size : int
        Pixels along a side of the images.

    Returns
    -------
    ndarray, shape (N, size, size), float32
    """
    images = np.empty((len(which), size, size), dtype=np.float32)
    for begin in range(0, len(which), _BATCH):
        batch = slice(begin, begin + _BATCH)
        y, x = _coordinates(pose[batch], size, templates.shape[-1])
        images[batch] = sample(templates, which[batch], y, x)
    return images


def _coordinates(pose, size, template_size):
    """Where in its template each pixel lies: the inverse of the pose; two (B, size, size)."""
    grid = (np.arange(size, dtype=np.float32) + 0.5) / size - 0.5
    angle, shear = (part[:, None, None] for part in (pose.angle, pose.shear))
    scale, shift = (part[:, None, None, :] for part in (pose.scale, pose.shift))
    y = grid[None, :, None] - shift[..., 0]
    x = grid[None, None, :] - shift[..., 1]
    cos, sin = np.cos(angle), np.sin(angle)
    v = (cos * y - sin * x) / scale[..., 0]
    u = (sin * y + cos * x) / scale[..., 1] + shear * v
    return ((part + 0.5) * template_size - 0.5 for part in (v, u))
