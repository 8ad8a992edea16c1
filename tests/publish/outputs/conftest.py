import pytest

from autograder.results import CheckResult, ManualCell, NotebookResult, Result

HOSTILE = (
    "</system-out>]]><script>alert(1)</script> | [x](javascript:y) \x1b[31mred\x1b[0m \x00 @team"
)


@pytest.fixture
def result():
    """A result with one check of each status; what a student wrote is hostile."""
    return Result(
        assignment="layers",
        student="ada",
        score=3.5,
        max_score=10,
        seconds=0.25,
        checks=[
            CheckResult(name="affine", notebook="one", score=2, max_score=2, status="passed"),
            CheckResult(
                name="relu",
                notebook="one",
                description="ReLU and its gradient.",
                score=1.5,
                max_score=3,
                status="partial",
                explanations=["dx: 10 times too large; N is 10: a missing 1/N?"],
            ),
            CheckResult(
                name="conv",
                notebook="two",
                score=0,
                max_score=3,
                status="failed",
                cause="exception",
                explanations=[f"ValueError: {HOSTILE}"],
                warnings=["modifies its input x"],
            ),
            CheckResult(
                name="pool",
                notebook="two",
                score=0,
                max_score=1,
                status="skipped",
                cause="prerequisite",
                explanations=["conv must pass first"],
            ),
            CheckResult(name="own", notebook="two", score=0, max_score=1, status="error"),
        ],
        notebooks=[NotebookResult(name="two", status="error", error=f"NameError: {HOSTILE}")],
        manual=[ManualCell(name="why", notebook="two", max_score=4)],
        warnings=[HOSTILE],
    )
