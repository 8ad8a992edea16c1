"""What a course says comes before the kit: courses that had the kit's files among their own."""

import pytest

from autograder.errors import InstructorError
from autograder.handout.library import library_files
from autograder.handout.release import release

OF_OLD = {
    "check.py": "from cs_lib.notebook_tests import Notebook\n",
    "budget.py": "OWN = 1\n",
    "datasets/__init__.py": "OWN = 2\n",
    "datasets/__main__.py": "OWN = 3\n",
}


@pytest.fixture
def older(tiny):
    """A course in whose library the tools and data sets lay."""
    for name, text in OF_OLD.items():
        (tiny.course.library / name).parent.mkdir(exist_ok=True)
        (tiny.course.library / name).write_text(text)
    settings = tiny.folder / "assignment.toml"
    named = 'files = ["datasets/*"]\n[modules."budget.py"]\ngiven = ["*"]\n'
    settings.write_text(settings.read_text().replace("\n\n", f"\n{named}\n", 1))
    return tiny


def test_what_the_assignment_names_is_the_courses_and_the_rest_the_kits(older):
    files = library_files(older)
    assert files["cs_lib/datasets/__main__.py"] == b"OWN = 3\n"
    assert files["cs_lib/budget.py"] == b"OWN = 1\n"
    assert b"cs_lib.kit.check" in files["cs_lib/check.py"]
    assert "cs_lib/kit/numeric.py" in files


def test_such_a_course_releases(older):
    assert "cs_lib/kit/check.py" in release(older)


@pytest.mark.parametrize("name", ["requirements.txt", "nbgrader_config.py"])
def test_what_a_course_lacks_is_named_with_the_command_that_adds_it(tiny, name):
    (tiny.course.root / name).unlink()
    with pytest.raises(InstructorError, match=rf"{name}: expected .* Run `autograder init .`"):
        release(tiny)


@pytest.mark.parametrize("name", ["kit/check.py", "kit.py"])
def test_the_kits_own_folder_is_no_module_of_the_course(tiny, name):
    settings = tiny.folder / "assignment.toml"
    settings.write_text(settings.read_text() + f'\n[modules."{name}"]\ngiven = ["*"]\n')
    with pytest.raises(InstructorError, match=f'a module of the course, got "{name}"'):
        library_files(tiny.course.assignment("tiny"))


def test_data_that_nobody_knows_stops_the_release(tiny):
    settings = tiny.folder / "assignment.toml"
    settings.write_text('data = ["mnist"]\n' + settings.read_text())
    with pytest.raises(InstructorError, match=r'data: expected one of cifar10, .*, got "mnist"'):
        release(tiny)
