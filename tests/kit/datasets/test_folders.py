"""Data is found in the order of the published courses, real before synthetic."""

import cs_lib
import pytest
from cs_lib.kit.datasets import DatasetError, DatasetNotFoundError, find, search_folders
from cs_lib.kit.datasets import folders as folders_module
from cs_lib.kit.datasets.folders import destination
from cs_lib.kit.datasets.registry.cats_cars import CATS_CARS
from cs_lib.kit.datasets.registry.usps_digits import USPS_DIGITS

OWN_TEMPORARY_FOLDER = folders_module.temporary_folder
OWN_HOME_FOLDER = folders_module.home_folder


def put_real(folder, dataset=USPS_DIGITS):
    folder.mkdir(parents=True, exist_ok=True)
    for file in dataset.files:
        (folder / file.name).write_bytes(b"MATLAB 5.0 MAT-file, Platform: GLNXA64".ljust(128))
    return folder


def test_the_order_is_that_of_the_courses(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEDATA", str(tmp_path / "own"))
    found = [str(folder) for folder in search_folders()]
    assert found == [
        str(tmp_path / "own"),
        "/coursedata",
        "../../coursedata",
        str(tmp_path / "home/work/coursedata"),
        str(tmp_path / "kit"),
        str(tmp_path / "temporary"),
    ]


def test_where_nothing_can_be_written_data_is_found_all_the_same(monkeypatch, stand_ins):
    """As behind a process wall without a folder of its own."""

    def refuse():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(folders_module, "temporary_folder", OWN_TEMPORARY_FOLDER)
    monkeypatch.setattr(folders_module.tempfile, "gettempdir", refuse)
    monkeypatch.setenv("COURSEDATA", str(stand_ins))
    assert find("usps_digits").folder == stand_ins / "synthetic/usps_digits"
    monkeypatch.setattr(folders_module, "writable", lambda folder: False)
    with pytest.raises(DatasetNotFoundError, match="expected a folder to write to"):
        destination()


def test_a_course_folder_that_may_not_be_looked_into_is_none(monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folders_module.Path, "is_file", refuse)
    assert OWN_HOME_FOLDER() is None


def test_the_first_folder_wins(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEDATA", str(tmp_path / "own"))
    put_real(tmp_path / "kit/usps_digits")
    put_real(tmp_path / "home/work/coursedata")
    assert find("usps_digits").folder == tmp_path / "home/work/coursedata"
    put_real(tmp_path / "own/usps_digits")
    assert find("usps_digits").folder == tmp_path / "own/usps_digits"


@pytest.mark.parametrize("place", ["", "usps_digits", "exercise-09-data"])
def test_a_folder_may_be_laid_out_as_the_course_has_it(tmp_path, place):
    put_real(tmp_path / "kit" / place)
    assert find("usps_digits").folder == tmp_path / "kit" / place


def test_a_folder_with_a_file_missing_is_passed_over(tmp_path):
    (put_real(tmp_path / "kit/usps_digits") / "data_test.mat").unlink()
    with pytest.raises(DatasetNotFoundError):
        find("usps_digits")


def test_real_data_in_a_later_folder_is_preferred_to_a_stand_in(tmp_path, monkeypatch, stand_ins):
    monkeypatch.setenv("COURSEDATA", str(stand_ins))
    assert find("usps_digits").synthetic
    put_real(tmp_path / "kit/usps_digits")
    assert find("usps_digits").folder == tmp_path / "kit/usps_digits"
    assert find("usps_digits", "synthetic").folder == stand_ins / "synthetic/usps_digits"


def test_a_stand_in_is_known_as_one_wherever_it_is_copied_to(tmp_path, stand_ins):
    (tmp_path / "kit/cats_cars").mkdir(parents=True)
    name = CATS_CARS.files[0].name
    copy = (stand_ins / "synthetic/cats_cars" / name).read_bytes()
    (tmp_path / "kit/cats_cars" / name).write_bytes(copy)
    assert find("cats_cars").origin == "SYNTHETIC stand-in, seed 0"
    with pytest.raises(DatasetNotFoundError):
        find("cats_cars", "real")


def test_the_error_names_files_folders_and_both_ways_out(tmp_path):
    with pytest.raises(DatasetNotFoundError) as caught:
        find("cats_cars")
    for part in ("assign2_data1.h5", str(tmp_path / "kit"), "datasets cats_cars", "--synthetic"):
        assert part in str(caught.value)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(DatasetError, match="expected one of cifar10, svhn"):
        find("mnist")


def test_writing_goes_to_the_course_folder_then_the_kit_then_a_temporary_one(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSEDATA", str(tmp_path / "own"))
    assert destination() == tmp_path / "own"
    monkeypatch.setenv("COURSEDATA", str(blocked(tmp_path / "shared")))
    assert destination() == tmp_path / "kit"
    (tmp_path / "kit").rmdir()
    blocked(tmp_path / "kit")
    assert destination() == tmp_path / "temporary"
    (tmp_path / "temporary").rmdir()
    blocked(tmp_path / "temporary")
    with pytest.raises(DatasetNotFoundError, match="expected a folder to write to"):
        destination()


def blocked(path):
    """A file where a folder should be: not writable even for root."""
    path.write_text("")
    return path


class TestHomeFolder:
    """Where the course's own folder is, seen from a copy of its library."""

    @pytest.fixture
    def from_copy(self, monkeypatch):
        def from_copy(home):
            library = home / "cs_lib"
            library.mkdir(parents=True)
            (library / "__init__.py").write_text("")
            monkeypatch.undo()
            monkeypatch.setattr(cs_lib, "__file__", str(library / "__init__.py"))
            return folders_module.home_folder()

        return from_copy

    @pytest.mark.parametrize(
        "home", ["assignments", "release/layers_convnet", "submitted/ada/layers_convnet"]
    )
    def test_in_a_course_folder_it_is_the_courses(self, tmp_path, from_copy, home):
        (tmp_path / "course/datasets").mkdir(parents=True)
        (tmp_path / "course/datasets/README.md").write_text("")
        assert from_copy(tmp_path / "course" / home) == tmp_path / "course/datasets"

    def test_of_a_release_alone_it_is_beside_it_not_in_it(self, tmp_path, from_copy):
        assert from_copy(tmp_path / "alone/layers_convnet") == tmp_path / "alone/datasets"

    def test_a_package_that_is_no_file_has_none(self, monkeypatch):
        monkeypatch.undo()
        monkeypatch.setattr(cs_lib, "__file__", "cs_lib/__init__.py")
        assert folders_module.home_folder() is None


def test_a_data_set_of_a_package_is_not_looked_for():
    with pytest.raises(DatasetNotFoundError, match=r"load_digits\(\).* Load it from there"):
        find("digits")
