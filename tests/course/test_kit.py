"""What of the kit goes into a release: what students run, and the tools of their data sets."""

import ast
import subprocess
import sys
from pathlib import PurePosixPath

import pytest

from autograder.course.kit import check_data, kit_files
from autograder.errors import InstructorError
from autograder.handout.library import TEMPLATES
from tests.tiny_course import ROOT

LOADERS = {"cats_cars", "cifar10", "svhn", "trigrams", "usps_digits"}


def loaders(files):
    return {PurePosixPath(path).stem for path in files} & LOADERS


@pytest.mark.parametrize("data", [[], ["digits"]])
def test_an_assignment_without_files_gets_no_data_set_tools(data):
    assert not any("datasets" in path for path in kit_files(data))
    assert "kit/check.py" in kit_files(data)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (["cifar10"], {"cifar10"}),
        (["svhn_extra"], {"svhn"}),
        (["cats_cars", "trigrams"], {"cats_cars", "trigrams"}),
        (["digits", "usps_digits"], {"usps_digits"}),
    ],
)
def test_it_gets_the_loaders_of_its_data_alone(data, expected):
    assert loaders(kit_files(data)) == expected


@pytest.mark.parametrize("name", sorted(LOADERS))
def test_nothing_that_is_imported_is_missing(name):
    files = kit_files([name])
    for path, content in files.items():
        if not path.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(content)):
            if isinstance(node, ast.ImportFrom) and node.level and node.module:
                folder = PurePosixPath(path).parents[node.level - 1]
                target = folder.joinpath(*node.module.split(".")).as_posix()
                assert {f"{target}.py", f"{target}/__init__.py"} & files.keys(), (path, target)


OWN = """[usps_digits."data_train.mat"]
urls = ["https://own.example/t.mat"]
[cifar10."cifar-10-python.tar.gz"]
size = 1
"""
EVERYTHING = """
import sys
sys.modules["autograder"] = None  # students do not have it
from cs_lib import datasets
names = [name for name in dir(datasets) if not name.startswith("_")]
print(*(name for name in names if name.startswith("load_")), *datasets.DATASETS)
for name in names:
    getattr(datasets, name)
from cs_lib.datasets import load_usps_digits
print(datasets.DATASETS["usps_digits"].downloads[0].urls)
print(len(load_usps_digits(source="synthetic", num_test=3)["train"]["inputs"]))
"""


def test_they_work_where_the_autograder_is_not(tmp_path, monkeypatch):
    for path, content in kit_files(["usps_digits"]).items():
        (tmp_path / "home/cs_lib" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "home/cs_lib" / path).write_bytes(content)
    face = (TEMPLATES / "cs_lib" / "datasets.py").read_bytes()
    (tmp_path / "home/cs_lib/datasets.py").write_bytes(face)
    (tmp_path / "home/cs_lib/__init__.py").write_text("")
    (tmp_path / "home/cs_lib/datasets.toml").write_text(OWN)
    monkeypatch.setenv("COURSEDATA", str(tmp_path / "data"))
    ran = subprocess.run(
        [sys.executable, "-c", EVERYTHING],
        cwd=tmp_path / "home",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("load_usps_digits usps_digits\n('https://own.example/t.mat',)\n")
    assert ran.stdout.endswith("\n256\n")


def test_unknown_data_is_refused(tmp_path):
    with pytest.raises(InstructorError, match=r'a\.toml: data: expected one of cifar10, .*"mnist"'):
        check_data(["mnist"], tmp_path / "datasets.toml", "a.toml")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[usps_digits", "expected TOML"),
        ('[usps_digits."data.mat"]\nurls = []', "expected data_train.mat or .*, got data.mat"),
        ('[usps_digits."data_train.mat"]\nurl = "x"', "expected urls, checksum, size, got url"),
        ('[usps_digits."data_train.mat"]\nsize = "1"', "got size = '1'"),
    ],
)
def test_a_mistake_in_the_courses_own_addresses_is_named(tmp_path, text, reason):
    path = tmp_path / "cs_lib" / "datasets.toml"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(InstructorError, match=f"cs_lib/datasets.toml: .*{reason}"):
        check_data(["usps_digits"], path, "a.toml")


def test_the_courses_copies_of_the_kits_faces_are_the_kits():
    library = ROOT / "assignments" / "cs_lib"
    for path in (TEMPLATES / "cs_lib").rglob("*.py"):
        name = path.relative_to(TEMPLATES / "cs_lib")
        if name.as_posix() != "__init__.py":  # the course's own
            assert (library / name).read_bytes() == path.read_bytes(), name
