"""Data sets: fetched and verified, found wherever they lie, or made synthetically.

On the command line ``python -m cs_lib.datasets`` (see ``--help``).  In a notebook the loaders
find the data, make a synthetic stand-in where there is none, print one line on what was loaded,
and `plot_title` labels plots of synthetic data.
"""

from cs_lib.datasets.cats_cars import CatsCars, load_cats_cars, open_cats_cars
from cs_lib.datasets.cifar10 import class_names, load_cifar10, read_cifar10
from cs_lib.datasets.errors import (
    DamagedFileError,
    DatasetError,
    DatasetNotFoundError,
    FetchError,
)
from cs_lib.datasets.folders import Location, find, search_folders
from cs_lib.datasets.image_sets import ImageSets
from cs_lib.datasets.labels import plot_title
from cs_lib.datasets.registry import DATASETS, all_names, get_dataset
from cs_lib.datasets.sources import find_or_synthesize
from cs_lib.datasets.svhn import load_svhn, load_svhn_extra
from cs_lib.datasets.trigrams import Trigrams, load_trigrams, open_trigrams
from cs_lib.datasets.usps_digits import load_usps_digits

__all__ = [
    "DATASETS",
    "CatsCars",
    "DamagedFileError",
    "DatasetError",
    "DatasetNotFoundError",
    "FetchError",
    "ImageSets",
    "Location",
    "Trigrams",
    "all_names",
    "class_names",
    "fetch",
    "find",
    "find_or_synthesize",
    "get_dataset",
    "list_datasets",
    "load_cats_cars",
    "load_cifar10",
    "load_svhn",
    "load_svhn_extra",
    "load_trigrams",
    "load_usps_digits",
    "open_cats_cars",
    "open_trigrams",
    "plot_title",
    "read_cifar10",
    "search_folders",
    "synthesize",
    "verify",
]

# What only the command line needs, and needs pooch, requests and filelock: a notebook, and a
# grading run without network, load none of them.
_ON_DEMAND = {
    "fetch": "cs_lib.datasets.fetching",
    "list_datasets": "cs_lib.datasets.verifying",
    "verify": "cs_lib.datasets.verifying",
    "synthesize": "cs_lib.datasets.synthetic",
}


def __getattr__(name):
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_ON_DEMAND[name]), name)
