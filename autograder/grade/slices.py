"""Which cells of a submission's notebook are run for its checks, and when all must be.

A check that earns less than its points is run again after the whole notebook above it,
wherever it could be that something was left out that it needs; docs/architecture.md says
what that cannot see.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode

from autograder.checks import Check, Outcome
from autograder.course.notebooks import nbgrader_metadata
from autograder.errors import SubmissionError
from autograder.grade.plan import Plan
from autograder.intake.restore import read_cells, restore
from autograder.intake.select import Submission
from autograder.slicing import (
    MODULES,
    Analysis,
    Beyond,
    Lines,
    all_lines,
    analyse,
    kept_lines,
)

SAME_IN_ANY_RUN = ("still to do: ", "AssertionError", "SyntaxError", "IndentationError")
"""Errors of a cell that do not come from something that was left out."""


@dataclass(frozen=True)
class Slices:
    """What is run of one notebook for its checks.

    Attributes
    ----------
    of_check : dict of str to Lines
        For each check what it needs.
    places : dict of str to int
        The code cell of each check.
    asked : dict of str to frozenset of str
        The names that each looks at.
    """

    analysis: Analysis
    of_check: Mapping[str, Lines]
    places: Mapping[str, int]
    asked: Mapping[str, frozenset[str]]

    @property
    def lines(self) -> Lines:
        """What all checks together need."""
        every: dict[int, frozenset[int]] = {}
        for needed in self.of_check.values():
            for cell, lines in needed.items():
                every[cell] = lines | every.get(cell, frozenset())
        return every

    def doubtful(
        self, outcomes: Mapping[str, Outcome], failed: Mapping[int, str]
    ) -> dict[str, int]:
        """Return the checks to run again after the whole notebook, with their cells.

        Parameters
        ----------
        failed : dict of int to str
            The cells that ended in an error, and in which.
        """
        unsettled = {n: place for n, place in self.places.items() if not self._settled(outcomes[n])}
        if not unsettled:
            return {}
        ran = {cell: lines for cell, lines in self.lines.items() if cell not in failed}
        try:
            after = self.analysis.after(ran)
        except Beyond:
            return unsettled
        return {
            name: place
            for name, place in unsettled.items()
            if self._doubtful(name, outcomes[name], failed, after.needed[place])
        }

    def _settled(self, outcome: Outcome) -> bool:
        return outcome.fraction == 1 or outcome.cause == "prerequisite"

    def _doubtful(
        self, name: str, outcome: Outcome, failed: Mapping[int, str], after: Lines
    ) -> bool:
        if outcome.cause == "missing" and self._never_bound(name, failed):
            return False
        ran = self.of_check[name]
        if any(not lines <= ran.get(cell, frozenset()) for cell, lines in after.items()):
            return True  # what has failed, or may fail in a whole run, would leave an older value
        errors = [failed[cell] for cell in ran if cell in failed]
        if outcome.cause == "missing" and not errors:
            return all(self._binding(name).values())
        if any("NameError" in text or "UnboundLocal" in text for text in outcome.explanations):
            return True
        return any(not error.startswith(SAME_IN_ANY_RUN) for error in errors)

    def _never_bound(self, name: str, failed: Mapping[int, str]) -> bool:
        """Whether nothing that a check looks at can be there after a whole run either."""
        return MODULES not in self.asked[name] and all(
            failed.get(cell, "").startswith(SAME_IN_ANY_RUN)
            for cells in self._binding(name).values()
            for cell in cells
        )

    def _binding(self, name: str) -> dict[str, list[int]]:
        """Return the cells that bind each name that a check looks at."""
        names = self.asked[name] - {MODULES}
        return {asked: self.analysis.binding(asked, self.places[name]) for asked in names}


def slices_of(
    notebook: NotebookNode,
    checks: Mapping[str, Check],
    asked: Mapping[str, frozenset[str] | None],
    modules: Mapping[str, bytes],
    given: Mapping[str, bytes],
) -> Slices | None:
    """Find what a notebook's checks need of it; None where all of it must run.

    Parameters
    ----------
    notebook : NotebookNode
        Restored.
    checks : dict of str to Check
        Those on its code, by name.
    asked : dict of str to frozenset of str
        The names that each check looks at, None where that is not known.
    modules, given : dict of str to bytes
        What the notebook can import, and what of that is the course's.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    places = _places(code, checks)
    names: dict[str, frozenset[str]] = {}
    for name in places:
        found = asked[name]
        if found is None:
            return None
        names[name] = found | {MODULES} if "student" in checks[name].arguments else found
    by_cell = {place: names[name] for name, place in places.items()}
    sources = [cell.source for cell in code]
    try:
        analysis = analyse(sources, modules, given, by_cell)
    except Beyond:
        return None
    of_check = {name: analysis.needed[place] for name, place in places.items()}
    return Slices(analysis, of_check, places, names)


def _places(code: Sequence[NotebookNode], checks: Mapping[str, Check]) -> dict[str, int]:
    names = {item.grade_id: name for name, item in checks.items()}
    found: dict[str, int] = {}
    for number, cell in enumerate(code):
        name = names.get(str(nbgrader_metadata(cell).get("grade_id", "")))
        if name is not None:
            found.setdefault(name, number)
    return found


def above(places: Collection[int], notebook: NotebookNode) -> Lines:
    """Return all code cells above the last of some places."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    last = max(places, default=0)
    return {number: frozenset(all_lines(cell.source)) for number, cell in enumerate(code[:last])}


def code_needed(submission: Submission, plan: Plan, modules: Mapping[str, bytes]) -> list[str]:
    """Return of the cells of a submission's notebooks what its checks need, a text each.

    Parameters
    ----------
    modules : dict of str to bytes
        What its notebooks can import.
    """
    texts: list[str] = []
    for name, released in plan.released.items():
        checks = plan.checks_of(name)
        if not checks or name not in submission.notebooks:
            continue
        try:
            cells = read_cells(submission.notebooks[name], name)
            notebook = restore(cells, released).notebook
        except SubmissionError:
            continue
        slices = slices_of(notebook, checks, plan.asked, modules, plan.given)
        code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        lines = slices.lines if slices else {n: all_lines(text) for n, text in enumerate(code)}
        texts += [kept_lines(code[number], kept) for number, kept in lines.items()]
    return texts
