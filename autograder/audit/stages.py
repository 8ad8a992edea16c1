"""Where checks run: all module checks on one bench, notebook checks at their cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from autograder.audit.bench import Bench
from autograder.audit.targets import Target
from autograder.checks import Check
from autograder.course.notebooks import nbgrader_metadata
from autograder.grade.submission import Grader


@dataclass(frozen=True)
class Stage:
    """A bench, and the checks that run on it in this state."""

    bench: Bench
    checks: tuple[Check, ...]
    notebook: str = ""
    cell: int = -1

    def visible_test(self, check: Check) -> str:
        """Return the source of the cell that a check belongs to."""
        if check.cell is None:
            return ""
        source = self.bench.grader.assignment.sources[check.cell.notebook]
        return str(source.cells[check.cell.index].source)

    def reaches(self, target: Target, among: list[Target]) -> bool:
        """Whether a target is the function that goes by its name at this stage."""
        if not target.in_notebook:
            return True
        if target.place != self.notebook or target.cell > self.cell:
            return False
        return not any(
            other.place == target.place
            and other.name == target.name
            and target.cell < other.cell <= self.cell
            for other in among
        )


def module_stage(grader: Grader) -> Iterator[Stage]:
    """Give the stage of the checks that need no notebook, if there are any."""
    checks = tuple(check for check in grader.plan.checks if not check.uses_notebook)
    if checks:
        with Bench(grader) as bench:
            yield Stage(bench, checks)


def notebook_stages(grader: Grader, name: str) -> Iterator[Stage]:
    """Run a source notebook, and give a stage at each cell that has a check on it."""
    checks = {check.grade_id: check for check in grader.plan.checks_of(name).values()}
    cells = [
        (index, str(nbgrader_metadata(cell).get("grade_id", "")), cell.source)
        for index, cell in enumerate(grader.assignment.sources[name].cells)
        if cell.cell_type == "code"
    ]
    if not {cell_name for _, cell_name, _ in cells} & set(checks):
        return
    with Bench(grader) as bench:
        for index, cell_name, source in cells:
            if cell_name in checks:
                yield Stage(bench, (checks[cell_name],), name, index)
            bench.advance(source)


def stages(grader: Grader) -> Iterator[Stage]:
    """Give all stages of an assignment, one after the other."""
    yield from module_stage(grader)
    for path in grader.assignment.notebooks:
        yield from notebook_stages(grader, path.stem)
