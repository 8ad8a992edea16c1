"""CIFAR-10's stand-in: coloured shapes."""

import numpy as np

from ..cifar_files import ENTRY, write_python2_pickle
from ..origin import LABEL
from ..registry.cifar10 import CIFAR10
from .maker import Maker
from .shapes import NAMES, coloured_shapes

_BATCHES = 5


def _write_cifar10(folder, sizes, seed, origin):
    """Coloured shapes as five training batches, a test batch and the names."""
    meta_file, *batch_files = (folder / file.name for file in CIFAR10.files)
    meta_file.parent.mkdir(parents=True, exist_ok=True)
    num_training, num_test = sizes
    counts = [len(part) for part in np.array_split(np.arange(num_training), _BATCHES)]
    for number, (path, count) in enumerate(zip(batch_files, [*counts, num_test], strict=True)):
        images, labels = coloured_shapes(np.random.default_rng([seed, number]), count)
        batch = {
            b"batch_label": f"{LABEL} {path.name}".encode(),
            b"labels": labels.tolist(),
            b"data": images.transpose(0, 3, 1, 2).reshape(count, -1),
            b"filenames": [f"{NAMES[label]}_{i}.png".encode() for i, label in enumerate(labels)],
        }
        write_python2_pickle(path, batch)
    meta = {
        b"num_cases_per_batch": counts[0],
        b"label_names": [name.encode() for name in NAMES],
        b"num_vis": 3072,
        ENTRY: origin.encode(),
    }
    write_python2_pickle(meta_file, meta)


MAKERS = {CIFAR10.name: Maker(_write_cifar10, (10_000, 2_000), (50_000, 10_000))}
