"""Checks as an instructor writes them: one function each, and how they are loaded."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder.course.folder import Assignment
from autograder.course.notebooks import GradedCell, grade_id_of
from autograder.errors import InstructorError

ARGUMENTS = ("student", "notebook", "reference", "rng", "course_rng")
"""What a check can ask for by naming it."""


@dataclass
class Check:
    """One hidden check.

    Parameters
    ----------
    function : callable
        Its name is the check's name, its docstring what the student reads.
    requires : tuple of str
        Checks that must have passed before.
    carry_forward : tuple of str
        Functions, as ``layers.affine_forward``, whose reference *outputs* stand
        in for the student's while a required check has failed.
    pure : bool
        Whether changing an argument in place fails the check; else it warns. The worker
        tells it: a courtesy to those who do not mean to, no wall.
    without : tuple of str
        Modules of the course, as ``fast_layers``, whose functions are not at hand: they do
        what the student is to write.
    cases : dict of str to dict
        Arguments of each case, each counting alike; empty where there is one case without a name.
    cell_name : str
        The name of its cell where that is not the function's.
    """

    function: Callable[..., None]
    requires: tuple[str, ...] = ()
    carry_forward: tuple[str, ...] = ()
    pure: bool = False
    without: tuple[str, ...] = ()
    cases: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    cell_name: str = ""
    cell: GradedCell | None = None

    @property
    def name(self) -> str:
        """The name of its function, by which staff call it."""
        return self.function.__name__

    @property
    def result_name(self) -> str:
        """The name of its cell, by which results call it."""
        return self.cell_name or self.name

    @property
    def grade_id(self) -> str:
        """What the notebook calls its cell."""
        return grade_id_of(self.result_name)

    @property
    def description(self) -> str:
        """Its docstring: what the student reads."""
        return inspect.getdoc(self.function) or ""

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """What it asks for, and the arguments of its cases."""
        return tuple(inspect.signature(self.function).parameters)

    @property
    def uses_notebook(self) -> bool:
        """Whether it runs when the run of the notebook reaches its cell."""
        return "notebook" in self.arguments

    @property
    def place(self) -> str:
        """File and line, as ``assignments/layers_convnet/checks.py, line 12``."""
        code = self.function.__code__
        return f"{shown(Path(code.co_filename))}, line {code.co_firstlineno}"

    def raised_at(self, error: BaseException) -> str:
        """Return file and line of checks at which an exception passed last."""
        return _raised_at(error, self.function.__globals__["__package__"]) or self.place


def _raised_at(error: BaseException, package: str) -> str:
    """Return file and line in a package of checks at which an exception passed last."""
    places = [
        f"{shown(Path(frame.f_code.co_filename))}, line {line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_globals.get("__package__") == package
    ]
    return places[-1] if places else ""


def shown(path: Path) -> str:
    """Return a file of checks as its editor knows it: relative to the course."""
    return "/".join(path.parts[-3:])


def check(
    function: Callable[..., None] | None = None,
    *,
    requires: str | tuple[str, ...] = (),
    carry_forward: str | tuple[str, ...] = (),
    pure: bool = False,
    cell: str = "",
    without: str | tuple[str, ...] = (),
) -> Any:
    """Make a function a check; usable with and without parentheses.

    Parameters
    ----------
    cell : str
        The ``grade_id`` of the cell with its points, ``notebook/grade_id`` where several
        notebooks have one; by default the function's name.
    """

    def decorate(function: Callable[..., None]) -> Check:
        return Check(
            function,
            requires=_as_tuple(requires),
            carry_forward=_as_tuple(carry_forward),
            pure=pure,
            without=_as_tuple(without),
            cases=getattr(function, "_cases", {}),
            cell_name=cell,
        )

    return decorate if function is None else decorate(function)


class Case(dict[str, Any]):
    """Arguments of one case of a check, and in ``shows`` what the case is for."""

    shows: str = ""


def case(shows: str, /, **arguments: Any) -> Case:
    """Say what a case is for, and give its arguments; see `cases`."""
    made = Case(arguments)
    made.shows = shows
    return made


def cases(**table: Mapping[str, Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a check once for each case, and give each the same share of the points.

    Stands below ``@check``. What a case has is arguments of the check; `case` says what it is
    for, too::

        @check
        @cases(
            plain=case("padded, so that the size stays", stride=1, pad=1),
            remainder=case("a stride that leaves a remainder", stride=2, pad=0),
        )
        def conv_forward(student, reference, rng, stride, pad): ...
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        function._cases = table  # type: ignore[attr-defined]
        return function

    return decorate


def _as_tuple(names: str | tuple[str, ...]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


def load_checks(assignment: Assignment) -> list[Check]:
    """Load an assignment's ``checks.py`` and join each check with its cell.

    Returns
    -------
    checks : list of Check
        In the order of their cells as handed out, each after those it requires.

    Raises
    ------
    InstructorError
        All mistakes that can be seen without running a check, with file and line.
    """
    has_checks = assignment.checks.exists() or not assignment.judged_in_notebook
    found = _checks_of(_import(assignment)) if has_checks else {}
    cells = {cell.name: cell for cell in assignment.graded_cells if cell.kind == "check"}
    problems = [problem for item in found.values() for problem in _problems(item, found, cells)]
    problems += [text for item in found.values() for text in _not_withheld(item, assignment)]
    problems += _unchecked(assignment, found, cells)
    if problems:
        raise InstructorError("\n".join(problems))
    for item in found.values():
        item.cell = cells[item.result_name]
    notebooks = [path.stem for path in assignment.in_handout_order]
    places = sorted(cells.values(), key=lambda cell: (notebooks.index(cell.notebook), cell.index))
    checks = {item.result_name: item for item in found.values()}
    ordered = [checks[cell.name] for cell in places if cell.name in checks]
    return _in_order({item.name: item for item in ordered})


def _misnamed(
    where: str, named: Set[str], checked: Mapping[str, Check], cells: Mapping[str, GradedCell]
) -> Iterator[str]:
    """Yield what is wrong with the list of cells that the notebook itself judges."""
    for name in sorted(named - cells.keys()):
        there = ", ".join(cells)
        yield f'{where}: expected the names of test cells, got "{name}". There are: {there}.'
    for name in sorted(named & checked.keys()):
        yield f'{where}: "{name}" has a check ({checked[name].place}). Take it off this list.'


def _unchecked(
    assignment: Assignment, found: Mapping[str, Check], cells: Mapping[str, GradedCell]
) -> Iterator[str]:
    """Yield what nothing could judge, or two ways at once: cells, notebooks that are not run."""
    checked = {item.result_name: item for item in found.values()}
    own, where = assignment.judged_in_notebook, f"assignments/{assignment.name}/assignment.toml"
    named = own if isinstance(own, frozenset) else frozenset()
    by_own_code = [name for name in cells if name not in checked and (own is True or name in named)]
    for name, cell in cells.items():
        if name not in checked and name not in by_own_code:
            yield (
                f'{cell.notebook}.ipynb, cell {cell.index + 1}: "{name}" carries points but has '
                f"no check of its name. Write one in {assignment.course.shown(assignment.checks)}."
            )
    yield from _misnamed(f"{where}: notebooks.judged_in_notebook", named, checked, cells)
    stuck = [name for name, item in found.items() if item.uses_notebook] + by_own_code
    needs = "needs" if len(stuck) == 1 else "need"
    if stuck and not assignment.config.notebooks.execute:
        yield (
            f"{where}: notebooks.execute: expected true, got false. Of what carries points, "
            f"{', '.join(stuck)} {needs} the notebook to run."
        )


def _import(assignment: Assignment) -> dict[str, Any]:
    """Import ``checks.py`` as a package of its neighbours and of what assignments share."""
    path, package = assignment.checks, f"checks_of_{assignment.name}"
    if not path.exists():
        raise InstructorError(
            f"{shown(path)}: no such file. Write the checks of this assignment there."
        )
    folders = [str(assignment.folder), str(assignment.course.shared_checks)]
    spec = importlib.util.spec_from_file_location(package, path, submodule_search_locations=folders)
    assert spec is not None
    assert spec.loader is not None
    _forget(package)
    module = importlib.util.module_from_spec(spec)
    sys.modules[package] = module
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        file = shown(Path(error.filename or path))
        raise InstructorError(f"{file}, line {error.lineno}: {error.msg}.") from error
    except Exception as error:
        where = _raised_at(error, package) or shown(path)
        raise InstructorError(f"{where}: {type(error).__name__}: {error}.") from error
    return vars(module)


def _forget(package: str) -> None:
    """Drop what was imported before: another course's modules, or an older version."""
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]
    importlib.invalidate_caches()


def _checks_of(namespace: Mapping[str, Any]) -> dict[str, Check]:
    found: dict[str, Check] = {}
    for item in namespace.values():
        if isinstance(item, Check):
            found[item.name] = item
    return found


def _problems(
    item: Check, found: Mapping[str, Check], cells: Mapping[str, GradedCell]
) -> list[str]:
    where = f"{item.place}, {item.name}"
    problems = []
    twins = [other.name for other in found.values() if other.result_name == item.result_name]
    if item.result_name not in cells:
        problems.append(f"{where}: {_no_cell(item, cells)}")
    if twins.index(item.name):
        problems.append(f"{where}: its cell has a check already, {twins[0]}. Leave one of them.")
    if not item.description:
        problems.append(f"{where}: expected a docstring, the sentence the student reads.")
    for name in item.requires:
        if name not in found:
            problems.append(f'{where}: requires "{name}", but there is no such check.')
        elif found[name].uses_notebook and not item.uses_notebook:
            problems.append(
                f'{where}: requires "{name}", which runs with the notebook, after the checks of '
                "modules. Take the requirement away, or name notebook as an argument."
            )
    if item.carry_forward and not item.requires:
        problems.append(f"{where}: carry_forward without requires. Name the required check.")
    return problems + [f"{where}: {problem}" for problem in _argument_problems(item)]


def _no_cell(item: Check, cells: Mapping[str, GradedCell]) -> str:
    several = [name for name in cells if grade_id_of(name) == item.result_name]
    if several:
        return (
            f'several notebooks have a cell "{item.result_name}". Say which one is meant: '
            f"@check(cell=…), with {' or '.join(several)}."
        )
    if item.cell_name:
        return f'no graded cell "{item.cell_name}". There are: {", ".join(cells)}.'
    return "no graded cell of this name. Give its notebook cell this grade_id."


def _not_withheld(item: Check, assignment: Assignment) -> list[str]:
    where, modules = f"{item.place}, {item.name}", assignment.config.modules
    given = [name for name, module in modules.items() if module.given == ("*",)]
    problems = [
        f'{where}: without "{name}": expected a module that is given whole, '
        f"one of {', '.join(given) or 'none'}."
        for name in item.without
        if f"{name.replace('.', '/')}.py" not in given
    ]
    if item.without and item.uses_notebook:
        problems.append(f"{where}: without: expected a check of modules, got one of notebook code.")
    return problems


def _argument_problems(item: Check) -> list[str]:
    problems = []
    for case in item.cases or {"": {}}:
        given = {*ARGUMENTS, *item.cases.get(case, {})}
        named = f' in case "{case}"' if case else ""
        for argument in item.arguments:
            if argument not in given:
                problems.append(
                    f'unknown argument "{argument}"{named}; there are {", ".join(sorted(given))}.'
                )
        for argument in item.cases.get(case, {}):
            if argument not in item.arguments:
                problems.append(f'"{argument}"{named} is no argument of the check.')
    return problems


def _in_order(found: Mapping[str, Check]) -> list[Check]:
    ordered: dict[str, Check] = {}

    def visit(item: Check, above: tuple[str, ...]) -> None:
        if item.name in above:
            circle = " → ".join((*above[above.index(item.name) :], item.name))
            raise InstructorError(f"{item.place}, {item.name}: requires itself: {circle}.")
        if item.name not in ordered:
            for name in item.requires:
                visit(found[name], (*above, item.name))
            ordered[item.name] = item

    for item in found.values():
        visit(item, ())
    return list(ordered.values())
