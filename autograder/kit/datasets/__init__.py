"""Data sets: fetched and verified, found wherever they lie, or made synthetically.

On the command line ``python -m cs_lib.datasets`` (see ``--help``).  In a notebook the loaders
find the data, make a synthetic stand-in where there is none, print one line on what was loaded,
and `plot_title` labels plots of synthetic data.
"""

from importlib import import_module
from importlib.util import find_spec

_NAMES = {
    "errors": ("DamagedFileError", "DatasetError", "DatasetNotFoundError", "FetchError"),
    "folders": ("Location", "find", "search_folders"),
    "labels": ("plot_title",),
    "registry": ("DATASETS", "all_names", "get_dataset"),
    "sources": ("find_or_synthesize",),
    "synthetic": ("synthesize",),
    "fetching": ("fetch",),
    "verifying": ("list_datasets", "verify"),
    "image_sets": ("ImageSets",),
    # Of these a release has those that its assignment uses.
    "cats_cars": ("CatsCars", "load_cats_cars", "open_cats_cars"),
    "cifar10": ("class_names", "load_cifar10", "read_cifar10"),
    "svhn": ("load_svhn", "load_svhn_extra", "read_svhn", "read_svhn_extra"),
    "trigrams": ("Trigrams", "load_trigrams", "open_trigrams"),
    "usps_digits": ("load_usps_digits", "read_usps_digits"),
}
_MODULES = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name):
    """Import what is asked for: a loader needs no network, and a fetch no loader."""
    module = _MODULES.get(name)
    if module is None or find_spec(f"{__name__}.{module}") is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{module}", __name__), name)


def __dir__():
    here = {module for module in _NAMES if find_spec(f"{__name__}.{module}")}
    return sorted({*globals(), *(name for name, module in _MODULES.items() if module in here)})
