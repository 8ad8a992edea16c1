"""A course's own addresses and checksums, in ``cs_lib/datasets.toml``.

A table for each file of a data set says what is other than in the registry::

    [usps_digits."data_train.mat"]
    urls = ["https://course.example.org/data_train.mat"]
    checksum = "sha256:…"
"""

import pkgutil
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..errors import DatasetError
from .dataset import Dataset, Download

FILE = "datasets.toml"
KEYS = {"urls": list, "checksum": str, "size": int}
_LIBRARY = __name__.partition(".")[0]


def own_copies(datasets: Mapping[str, Dataset], text: str) -> dict[str, Dataset]:
    """Return the data sets as a course has them, by the text of its file.

    Raises
    ------
    DatasetError
        The text is no TOML, or says something that is not known here.
    """
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        raise DatasetError(f"cs_lib/{FILE}: expected TOML: {error}.") from None
    # All assignments have the one file, but a release knows only its own data sets.
    return {name: _changed(dataset, tables.get(name, {})) for name, dataset in datasets.items()}


def course_text() -> str:
    """The course's file; empty where there is none, and where the kit is not part of a course."""
    if _LIBRARY != "cs_lib":
        return ""
    try:
        return (pkgutil.get_data(_LIBRARY, FILE) or b"").decode()
    except OSError:
        return ""


def _changed(dataset: Dataset, files: Mapping[str, Mapping[str, Any]]) -> Dataset:
    known = [download.name for download in dataset.downloads]
    for file, values in files.items():
        if file not in known:
            raise _mistake(dataset.name, " or ".join(known), file)
        for key, value in values.items():
            if not isinstance(value, KEYS.get(key, ())):
                raise _mistake(f'{dataset.name}."{file}"', ", ".join(KEYS), f"{key} = {value!r}")
    downloads = [_own(download, files.get(download.name, {})) for download in dataset.downloads]
    return replace(dataset, downloads=tuple(downloads))


def _own(download: Download, values: Mapping[str, Any]) -> Download:
    urls = tuple(values.get("urls", download.urls))
    return replace(download, **{**values, "urls": urls})


def _mistake(where: str, expected: str, got: str) -> DatasetError:
    return DatasetError(
        f"cs_lib/{FILE}: {where}: expected {expected}, got {got}. Correct it, see docs/datasets.md."
    )
