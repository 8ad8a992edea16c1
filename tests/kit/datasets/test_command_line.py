"""``python -m cs_lib.datasets`` and ``get_datasets.sh``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cs_lib.kit.datasets.__main__ import main

from autograder.course.kit import kit_files
from autograder.handout.library import TEMPLATES
from tests.kit.datasets import loopback, toy

REPOSITORY = Path(__file__).parents[3]


def test_a_name_is_fetched(server, register, tmp_path, capsys):
    register(toy.checked(server.url + "/toy.bin"))
    server.routes["/toy.bin"] = loopback.whole(toy.PAYLOAD)
    assert main(["toy", "--dest", str(tmp_path / "dest")]) == 0
    assert capsys.readouterr().out == f"toy: in {tmp_path / 'dest/toy'}\n"


def test_a_mirror_is_passed_on(server, register, tmp_path):
    register(toy.unchecked())
    server.routes["/m/toy.bin"] = loopback.whole(toy.PAYLOAD)
    arguments = ["fetch", "--mirror", server.url + "/m", "toy", "--dest", str(tmp_path)]
    assert main(arguments) == 0
    assert main(["verify", "toy", "--dest", str(tmp_path)]) == 0


def test_a_failure_is_on_standard_error_and_in_the_exit_code(register, tmp_path, capsys):
    register(toy.unchecked())
    assert main(["toy", "digits", "--dest", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert "handed out by the course" in printed.err
    assert "digits: comes with scikit-learn" in printed.out


@pytest.mark.parametrize("command", [["--synthetic"], ["synthesize"]])
def test_stand_ins(command, tmp_path, capsys):
    arguments = [*command, "cats_cars", "--dest", str(tmp_path), "--size", "20", "--seed", "3"]
    assert main(arguments) == 0
    assert "cats_cars: SYNTHETIC, in" in capsys.readouterr().out
    assert main(["verify", "cats_cars", "--dest", str(tmp_path)]) == 0
    assert "SYNTHETIC stand-in, seed 3" in capsys.readouterr().out


def test_a_text_means_stand_ins(tmp_path, capsys):
    arguments = ["--from-text", str(tmp_path / "none.txt"), "trigrams", "--dest", str(tmp_path)]
    assert main(arguments) == 1
    assert "none.txt: expected a text file" in capsys.readouterr().err


def test_the_list_describes_each(capsys):
    assert main(["list"]) == 0
    printed = capsys.readouterr().out
    for text in (
        "cifar10: CIFAR-10",
        "non-commercial",
        "Netzer",
        "the course (--mirror)",
        "missing",
    ):
        assert text in printed
    assert main(["list", "svhn"]) == 0
    assert "CIFAR" not in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["fetch"], ["--synthetic"]])
def test_without_a_name_the_list_helps(arguments, capsys):
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert "Name a data set" in printed.err
    assert "cifar10: CIFAR-10" in printed.out


def test_an_unknown_name_is_a_usage_error(capsys):
    assert main(["svnh"]) == 2
    assert 'Did you mean "svhn"?' in capsys.readouterr().err


def test_the_disk_is_not_touched_by_an_unknown_name_among_known_ones(tmp_path):
    assert main(["synthesize", "cats_cars", "svnh", "--dest", str(tmp_path)]) == 2
    assert not (tmp_path / "synthetic").exists()


@pytest.fixture
def release(tmp_path):
    """A release as a student has it, alone."""
    home = tmp_path / "alone/my_assignment"
    face = (TEMPLATES / "cs_lib" / "datasets.py").read_bytes()
    files = {"__init__.py": b"", "datasets.py": face, **kit_files(["cats_cars"])}
    for name, content in files.items():
        (home / "cs_lib" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "cs_lib" / name).write_bytes(content)
    shutil.copy(TEMPLATES / "release" / "get_datasets.sh", home)
    return home


def run(command, folder):
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHON": sys.executable, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "front", [["bash", "get_datasets.sh"], [sys.executable, "-m", "cs_lib.datasets"]]
)
def test_a_release_alone_puts_data_beside_itself(release, front):
    ran = run([*front, "--synthetic", "cats_cars", "--size", "20"], release)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (release.parent / "datasets/synthetic/cats_cars/assign2_data1.h5").exists()
    assert sorted(path.name for path in release.iterdir()) == ["cs_lib", "get_datasets.sh"]


def test_the_script_finds_the_library_in_the_course_folder(tmp_path):
    ran = run([str(REPOSITORY / "get_datasets.sh"), "list", "digits"], tmp_path)
    assert ran.returncode == 0
    assert "scikit-learn's handwritten digits" in ran.stdout


def test_the_script_says_that_python_is_missing(tmp_path, release):
    (tmp_path / "bin").mkdir()
    for tool in ("bash", "dirname"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    ran = subprocess.run(
        [str(tmp_path / "bin/bash"), "get_datasets.sh"],
        cwd=release,
        env={"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 2
    assert "expected Python 3.11 or newer, found none" in ran.stderr
