"""Which points of an assignment stand behind the wall, and which in the notebook."""

from dataclasses import dataclass

from autograder.checks.registry import load_checks
from autograder.course.folder import Assignment

BEHIND, INSIDE, PEOPLE = "behind the wall", "in the notebook", "by people"


@dataclass(frozen=True)
class Judged:
    """A cell with points, and what judges it: `check` is the function that does, "" for none."""

    name: str
    notebook: str
    points: float
    how: str
    check: str = ""


def status(assignment: Assignment) -> list[Judged]:
    """List the cells that carry points, and how each is judged.

    Raises
    ------
    InstructorError
        The assignment is not as it must be.
    """
    checks = {item.result_name: item.name for item in load_checks(assignment)}
    rows = []
    for cell in assignment.graded_cells:
        how = PEOPLE if cell.kind == "manual" else BEHIND if cell.name in checks else INSIDE
        check = checks.get(cell.name, "")
        rows.append(Judged(cell.name, cell.notebook, cell.max_score, how, check))
    return rows


def totals(rows: list[Judged]) -> dict[str, float]:
    """Return the points of each kind."""
    return {
        how: sum(row.points for row in rows if row.how == how) for how in (BEHIND, INSIDE, PEOPLE)
    }
