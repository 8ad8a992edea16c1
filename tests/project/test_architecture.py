"""The house is as docs/architecture.md draws it: which rooms there are, and who knows whom."""

import ast
import re
import tomllib

import pytest

from tests.tiny_course import ROOT
from tools import measure_house

ENGINE = ROOT / "autograder"


@pytest.fixture(scope="module")
def house():
    return measure_house.measure()


def rows():
    """Return room and modules of each row of the document's table of rooms."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("## Rooms")[2].partition("\n## ")[0]
    cells = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("| `")]
    return {row[0].strip(" `"): re.findall(r"`([^`]+)`", row[-1]) for row in cells}


def test_the_document_names_every_room_and_no_other(house):
    assert rows().keys() == house.rooms
    assert len(house.rooms) <= 25


def test_what_it_sends_a_reader_to_is_there():
    for room, names in rows().items():
        for name in names:
            place = ENGINE / room / name
            assert place.is_dir() if name.endswith("/") else place.with_suffix(".py").exists()


def test_the_order_of_the_document_is_that_of_the_imports(house):
    order = list(rows())
    assert [(a, b) for a, b in house.arrows if order.index(a) > order.index(b)] == []


def test_the_linter_watches_every_room(house):
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers, worker_side = settings["contracts"]
    named = [name.strip() for layer in layers["layers"] for name in layer.split("|")]
    assert set(named) == house.rooms
    free = {name.removeprefix("autograder.") for name in worker_side["source_modules"]}
    barred = {name.removeprefix("autograder.") for name in worker_side["forbidden_modules"]}
    assert house.rooms - free - barred == {"errors", "kit", "text"}


def test_no_module_imports_itself_by_way_of_others(house):
    assert house.cycles() == []


def test_functions_are_short_and_public_names_say_what_they_are(house):
    assert house.median <= 8
    assert house.percentile <= 25
    assert house.documented >= 0.95


def test_no_class_of_the_worker_shares_its_name_with_one_of_the_other_side():
    """Else "the zygote" would be two things; what both sides speak in lies in `wire`."""
    found = {True: set(), False: set()}
    for path in ENGINE.rglob("*.py"):
        names = re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        found[path.parent.name == "worker"].update(names)
    assert found[True]
    assert found[True] & found[False] == set()


def test_what_is_named_thus_is_one_thing():
    names = [
        name
        for path in ENGINE.rglob("*.py")
        for name in re.findall(r"^class (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    for name in ("Worker", "Zygote", "Options", "Plan", "Change"):
        assert names.count(name) == 1, name
    assert len(list(ENGINE.rglob("values.py"))) == 1


@pytest.mark.parametrize("folder", ["autograder", "assignments", "benchmarks", "tools"])
def test_a_file_is_read_at_a_sitting(folder):
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {path: lines for path, lines in lengths.items() if lines >= 400} == {}


def test_a_docstring_that_repeats_the_name_does_not_count():
    assert not measure_house.says_something("grade.Grader.close", "Close.")
    assert not measure_house.says_something("grade.Grader.close", None)
    assert measure_house.says_something("grade.Grader.close", "End the zygote.")


@pytest.mark.parametrize(
    "path",
    [
        *(p for p in sorted(ROOT.glob("assignments/*/*.py")) if p.parent.name != "cs_lib"),
        ENGINE / "handout" / "templates" / "new" / "checks.py",
    ],
    ids=lambda path: "/".join(path.parts[-2:]),
)
def test_of_the_engine_checks_import_its_face_alone(path):
    text = re.sub(r"\{\{.*?\}\}", "name", path.read_text(encoding="utf-8"))
    modules = {
        name
        for node in ast.walk(ast.parse(text))
        for name in (
            [node.module]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        if name and name.partition(".")[0] == "autograder"
    }
    assert modules <= {"autograder.checks"}
