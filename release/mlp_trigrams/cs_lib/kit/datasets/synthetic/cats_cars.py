"""The stand-in of cats and cars: silhouettes."""

import numpy as np

from ..hdf5_files import write_hdf5
from ..registry.cats_cars import CATS_CARS
from .maker import Maker
from .silhouettes import silhouettes


def _write_cats_cars(folder, sizes, seed, origin):
    """Silhouettes, stored transposed as the real images are."""
    arrays = {}
    for number, (name, count) in enumerate(zip(("train", "test"), sizes, strict=True)):
        images, labels = silhouettes(np.random.default_rng([seed, number]), count)
        arrays[f"{name}ims"] = np.ascontiguousarray(images.transpose(0, 2, 1))
        arrays[f"{name}lbls"] = labels
    write_hdf5(folder / CATS_CARS.files[0].name, arrays, origin)


# Small as they are, they have their real sizes by default.
MAKERS = {CATS_CARS.name: Maker(_write_cats_cars, (1_900, 1_000), (1_900, 1_000))}
