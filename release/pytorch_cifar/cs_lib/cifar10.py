"""CIFAR-10 as PyTorch data sets, with a constant colour subtracted."""

import numpy as np
import torch
from torch.utils.data import Dataset

COLOUR = np.array([0.4914, 0.4822, 0.4465], np.float32)
"""Red, green and blue of the mean pixel of CIFAR-10's training pictures, of 1."""


class CIFAR10(Dataset):
    """Pictures and labels, one at a time.

    Parameters
    ----------
    images : ndarray, shape (N, 3, H, W)
        Pixels from 0 to 255.
    labels : ndarray of int, shape (N,)
    """

    def __init__(self, images, labels):
        scaled = np.asarray(images, np.float32) / 255 - COLOUR[:, None, None]
        self.images = torch.from_numpy(scaled)
        self.labels = torch.from_numpy(np.asarray(labels, np.int64))

    def __len__(self):
        """Return N."""
        return len(self.labels)

    def __getitem__(self, index):
        """Return one picture (3, H, W) and its label."""
        return self.images[index], self.labels[index]


def load_splits(num_training=49000, num_validation=1000, num_test=1000):
    """Load CIFAR-10, or its synthetic stand-in, which says so.

    Parameters
    ----------
    num_training, num_validation, num_test : int
        Sizes asked for; of a smaller set come fewer.

    Returns
    -------
    dict of str to CIFAR10
        ``'train'``, ``'val'`` and ``'test'``.
    """
    from cs_lib.datasets import load_cifar10  # only who loads the pictures waits for this import

    sets = load_cifar10(
        num_training, num_validation, num_test,
        layout="NCHW", subtract_mean=False, dtype=np.float32,
    )  # fmt: skip
    return {
        "train": CIFAR10(sets.X_train, sets.y_train),
        "val": CIFAR10(sets.X_val, sets.y_val),
        "test": CIFAR10(sets.X_test, sets.y_test),
    }
