"""nbgrader metadata that cannot be used is told with file, cell and what was expected."""

from operator import attrgetter

import nbformat
import pytest

from autograder.course.cell_metadata import check_cells
from autograder.course.notebooks import kernel_problem
from autograder.errors import InstructorError
from autograder.handout.release import kernel_warnings
from autograder.handout.release import release as make_release
from tests import tiny_course


def cells(name, change):
    """The tiny notebook's cells, with the metadata of one changed."""
    notebook = tiny_course.notebook()
    cell = next(cell for cell in notebook.cells if cell.id == name)
    change(cell)
    return notebook.cells


def put(**values):
    return lambda cell: cell.metadata.nbgrader.update(values)


def without(key):
    return lambda cell: cell.metadata.nbgrader.pop(key)


WHERE = "source/tiny/tiny.ipynb, cell "


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("double", put(points=""), '3: points: expected a number of points, 0 or more, got ""'),
        ("double", put(points="2"), '3: points: expected a number of points, 0 or more, got "2"'),
        ("double", put(points=-1), "3: points: expected a number of points, 0 or more, got -1"),
        ("double", put(points=True), "3: points: expected a number of points, 0 or more, got True"),
        ("double", put(points=None), "3: points: expected a number of points, found none"),
        ("double", without("points"), "3: points: expected a number of points, found none"),
        ("shift", put(grade_id="my shift"), "4: grade_id: expected letters, digits, _ and -"),
        ("shift", put(grade_id=""), "4: grade_id: expected letters, digits, _ and - alone"),
        ("shift", put(grade_id=7), "4: grade_id: expected a name as text, got 7"),
        ("shift", without("grade_id"), "4: grade_id: expected letters"),
        ("shift", put(grade_id="double"), '4: grade_id "double" stands already in cell 3'),
        (
            "shift",
            put(schema_version=2),
            "of schema version 3, got 2. Run",
        ),
        (
            "shift",
            put(schema_version=4),
            "of schema version 3, got 4. A newer",
        ),
        ("shift", without("schema_version"), "got 0. Run `nbgrader update source`."),
        ("shift", put(schema_version="3"), "4: schema_version: expected 3, got '3'"),
        ("shift", put(grade="yes"), '4: grade: expected true or false, got "yes"'),
        ("shift", put(colour="red"), "4: colour: nbgrader's metadata has no such key"),
        ("shift", without("locked"), "4: locked: expected this key of nbgrader's metadata"),
        ("shift", lambda cell: cell.metadata.update(nbgrader=[]), "4: metadata.nbgrader: expected"),
        ("shift", lambda cell: cell.update(cell_type="raw"), "4: expected a code or Markdown cell"),
        (
            "why",
            lambda cell: cell.update(cell_type="code"),
            "7: expected a Markdown cell for a",
        ),
    ],
)
def test_a_mistake_is_located(name, change, message):
    with pytest.raises(InstructorError) as error:
        check_cells(cells(name, change), "source/tiny/tiny.ipynb")
    assert str(error.value).startswith(WHERE)
    assert message in str(error.value)
    assert str(error.value).endswith(".")


def test_good_metadata_is_good():
    check_cells(tiny_course.notebook().cells, "source/tiny/tiny.ipynb")


def test_release_and_grading_say_the_same(tiny):
    notebook = tiny_course.notebook()
    notebook.cells = cells("double", put(points=""))
    nbformat.write(notebook, tiny.source / "tiny.ipynb")
    for use in (make_release, attrgetter("graded_cells")):
        with pytest.raises(InstructorError, match=r"^source/tiny/tiny\.ipynb, cell 3: points: "):
            use(tiny)


@pytest.mark.parametrize(
    ("kernel", "said"), [("python3", ""), ("conda-env-cs-py", "conda-env-cs-py"), (None, "none")]
)
def test_a_kernel_that_students_will_not_have_is_named(tiny, kernel, said):
    notebook = tiny_course.notebook()
    notebook.metadata.kernelspec.name = kernel
    if kernel is None:
        del notebook.metadata["kernelspec"]
    assert said in kernel_problem(notebook)
    nbformat.write(notebook, tiny.source / "tiny.ipynb")
    warnings = kernel_warnings(tiny)
    assert len(warnings) == bool(said)
    assert all(line.startswith("source/tiny/tiny.ipynb: expected the kernel") for line in warnings)
