from dataclasses import replace

import numpy as np
import pytest
from cs_lib.kit.datasets import fetch, folders, labels
from cs_lib.kit.datasets.fetching import Options
from cs_lib.kit.datasets.registry import DATASETS
from cs_lib.kit.datasets.synthetic import synthesize

from tests.kit.datasets.loopback import Loopback


@pytest.fixture(autouse=True)
def lonely_machine(tmp_path, monkeypatch):
    """A machine on which no data set lies, and which no proxy stands before."""
    for name in ("COURSEDATA", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    monkeypatch.setattr(folders, "home_folder", lambda: tmp_path / "kit")
    monkeypatch.setattr(folders, "temporary_folder", lambda: tmp_path / "temporary")
    monkeypatch.setattr(labels, "_loaded", {})
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")


@pytest.fixture
def server():
    server = Loopback()
    yield server
    server.close()


@pytest.fixture
def register(monkeypatch):
    """Put a toy data set into the registry."""
    return lambda dataset: monkeypatch.setitem(DATASETS, dataset.name, dataset)


@pytest.fixture
def said():
    """The lines that a fetch said."""
    return []


@pytest.fixture
def options(said):
    """Options without waiting."""
    return Options(progress=False, first_wait=0, timeout=(1, 1), say=said.append)


@pytest.fixture
def dest(tmp_path):
    return tmp_path / "dest"


@pytest.fixture
def get(dest, options, register):
    """Fetch a toy data set into ``dest``."""

    def get(dataset, **changes):
        register(dataset)
        (result,) = fetch(["toy"], dest, replace(options, **changes))
        return result

    return get


@pytest.fixture(scope="session")
def stand_ins(tmp_path_factory):
    """A folder with small stand-ins of all data sets; not to be changed."""
    folder = tmp_path_factory.mktemp("stand_ins")
    names = ["cifar10", "svhn", "svhn_extra", "usps_digits", "cats_cars", "trigrams"]
    assert all(result.ok for result in synthesize(names, folder, size=200))
    return folder


@pytest.fixture
def rng():
    return np.random.default_rng(5)
