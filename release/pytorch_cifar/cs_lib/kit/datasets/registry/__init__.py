"""The data sets that are here: the one place that names their files, sources and terms.

Each family of data sets has a module of its name here, with what is said of it, one beside this
package, which loads it, and one in ``synthetic``, which makes its stand-in.  The kit has all of
them, a release those that its assignment uses.  A course's own addresses and checksums stand in
``cs_lib/datasets.toml`` (see `own_copies`).
"""

from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from ..errors import DatasetError
from .dataset import Dataset
from .own_copies import course_text, own_copies

FAMILIES = ("cifar10", "svhn", "usps_digits", "cats_cars", "trigrams", "digits")


def present(package: str) -> Iterator[tuple[str, ModuleType]]:
    """The families that a package has a module of, each with its module."""
    for family in FAMILIES:
        if find_spec(f"{package}.{family}") is not None:
            yield family, import_module(f"{package}.{family}")


def _described() -> Iterator[tuple[Dataset, str]]:
    for family, module in present(__name__):
        for value in vars(module).values():
            if isinstance(value, Dataset):
                yield value, family


FAMILY = {dataset.name: family for dataset, family in _described()}
"""The family of each data set: ``svhn_extra`` is of ``svhn``."""

DATASETS = own_copies({dataset.name: dataset for dataset, _ in _described()}, course_text())


def get_dataset(name: str) -> Dataset:
    """Look a data set up by its name.

    Raises
    ------
    DatasetError
        If there is none of that name.
    """
    if name in DATASETS:
        return DATASETS[name]
    near = get_close_matches(name, DATASETS, n=1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    raise DatasetError(
        f'datasets: expected one of {", ".join(DATASETS)}, got "{name}". {hint}'
        "`python -m cs_lib.datasets list` describes them."
    )


def all_names() -> list[str]:
    """Names of the data sets that ``--all`` means: those that are not fetched by name only."""
    return [name for name, dataset in DATASETS.items() if not dataset.by_name_only]
