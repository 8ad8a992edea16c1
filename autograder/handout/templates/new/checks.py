"""Hidden checks of {{ name }}: the name of each is the grade_id of the cell with its points."""

from autograder.checks import check, expect_close


@check
def mean_squared_error(student, reference, rng):
    """The mean squared error is right for arrays of any shape."""
    for shape in [(7,), (4, 3), (1, 1)]:
        y, y_hat = rng.standard_normal((2, *shape))
        expect_close(
            student.{{ name }}.mean_squared_error(y, y_hat),
            reference.{{ name }}.mean_squared_error(y, y_hat),
        )


@check
def line(notebook, rng):
    """`line` returns slope · x + intercept."""
    x = rng.standard_normal(6)
    slope, intercept = rng.standard_normal(2)
    expect_close(notebook.line(x, slope, intercept), slope * x + intercept)
