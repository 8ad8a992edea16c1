"""Every package that is imported is pinned, and docs/dependencies.md says what it is for."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

from tests.tiny_course import ROOT

OURS = {"autograder", "benchmarks", "cs_lib", "tests", "tools"}
OURS |= {path.stem for path in [*ROOT.glob("tests/cs_lib/*"), *ROOT.glob("assignments/*")]}
FOLDERS = ("autograder", "assignments", "benchmarks", "datasets", "tests", "tools")
NOT_CODE = ("autograder/handout/templates", "tests/submissions")
OPTIONAL = {"torch"}
"""Pinned in requirements-torch.txt, for one assignment, and to compare with where it is there."""


ON_DEMAND = {"distributed", "atheris"}
"""Installed by those who use it, as ``grade --dask``."""


@cache
def imported(folders=FOLDERS):
    """Return who imports each package of others: ``{package: path}``."""
    found = {}
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(NOT_CODE):
                found |= dict.fromkeys(packages(ast.parse(path.read_text())), name)
    return {name: where for name, where in found.items() if name not in OURS | OPTIONAL}


def packages(tree):
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module]
        yield from {name.split(".")[0] for name in names} - sys.stdlib_module_names


by_package = cache(packages_distributions)


def distributions(package):
    return {name.lower().replace("_", "-") for name in by_package()[package]}


PINS = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-postgres.txt",
    "requirements-cluster.txt",
)


def pinned(files=PINS):
    lines = [line for name in files for line in (ROOT / name).read_text().splitlines()]
    return {re.split(r"==|\[", line)[0] for line in lines if "==" in line}


def test_what_is_imported_is_pinned():
    missing = {
        package: where
        for package, where in imported().items()
        if distributions(package).isdisjoint(pinned())
    }
    assert missing == {}


def test_what_the_kit_runs_on_comes_with_it():
    """By ``pip install .`` alone, without what tests add."""
    missing = {
        package: where
        for package, where in imported(("autograder",)).items()
        if distributions(package).isdisjoint(pinned(["requirements.txt"]))
    }
    assert missing.keys() <= ON_DEMAND, missing


def test_the_extra_is_the_file_of_its_name():
    optional = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["dynamic"]
    assert optional["optional-dependencies"] == {
        "postgres": {"file": ["requirements-postgres.txt"]}
    }
    assert "-r requirements-postgres.txt" in (ROOT / "requirements-dev.txt").read_text()


def test_what_is_pinned_is_explained():
    text = (ROOT / "docs" / "dependencies.md").read_text()
    assert pinned() - set(re.findall(r"[\w-]+", text)) == set()
