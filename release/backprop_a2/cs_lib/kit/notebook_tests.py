"""The visible tests of a notebook: found in its cells, run, and explained."""

import ast
import builtins
import io
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .explain import STUB, is_still_to_do, still_to_do
from .explain.calls import Recording
from .failures import Cells, Moment, explain, is_own, looked_at, missing
from .magics import without_magics
from .notebook_files import Unreadable, read_cells
from .questions import is_written, metadata_of, places, text_of
from .running import execute

PASSED, FAILED, TODO = "passed", "failed", "todo"


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes
    ----------
    number : int
        In the notebook, from 1.
    source : str
    metadata : dict
        nbgrader's.
    place : str
        What a student calls its place: the number or heading above it.
    """

    number: int
    source: str
    metadata: dict
    place: str = ""

    @property
    def file(self):
        """What stands for a file's name in tracebacks."""
        return f"cell {self.number}"

    @property
    def is_solution(self):
        """Whether a student writes it: all but what the hand-out gives."""
        return bool(self.metadata.get("solution")) or not self.metadata

    @cached_property
    def tree(self):
        """The syntax tree; empty where the cell is not Python."""
        try:
            return ast.parse(self.source)
        except SyntaxError:
            return ast.Module(body=[], type_ignores=[])

    @cached_property
    def sets(self):
        """Names that the cell defines."""
        return {name for statement in self.tree.body for name in _bound(statement)}

    @cached_property
    def changes(self):
        """Names whose value the cell may change without defining it: ``x[0] = 1``, ``x.y = 1``."""
        targets = [
            target
            for node in ast.walk(self.tree)
            if isinstance(node, (ast.Assign, ast.AugAssign))
            for target in getattr(node, "targets", None) or [node.target]
        ]
        owners = [t for t in targets if isinstance(t, (ast.Attribute, ast.Subscript))]
        return {name.id for t in owners for name in ast.walk(t) if isinstance(name, ast.Name)}

    @cached_property
    def uses(self):
        """Names that the cell reads and has not defined before."""
        found, defined = set(), set()
        for statement in self.tree.body:
            found |= _read(statement) - defined
            defined |= _bound(statement)
        return found


@dataclass(frozen=True)
class Test:
    """A test cell that carries points."""

    name: str
    points: float
    cell: Cell
    notebook: str

    @property
    def place(self):
        return ", ".join(text for text in (self.notebook, self.cell.place) if text)


@dataclass
class Result:
    """What became of a test, what it printed, and why it failed."""

    test: Test
    status: str
    output: str = ""
    explanations: list = field(default_factory=list)


@dataclass(frozen=True)
class Notebook:
    """A notebook as the tests see it."""

    name: str
    cells: list
    tests: list
    written_points: float

    @classmethod
    def read(cls, path):
        """Read a notebook.

        Parameters
        ----------
        path : Path

        Raises
        ------
        Unreadable
            It is no notebook, or has lost what marks its tests.
        """
        raw_cells = read_cells(path)
        if not any(metadata_of(raw) for raw in raw_cells):
            raise Unreadable(
                f"{Path(path).name}: expected test cells, found none that are marked as such: "
                "another program has dropped the marks (nbgrader's metadata). Take the notebook "
                "as you got it, and copy your own cells into it."
            )
        cells = [
            Cell(number, without_magics(text_of(raw)), metadata_of(raw), place)
            for number, (raw, place) in enumerate(zip(raw_cells, places(raw_cells), strict=True), 1)
            if raw.get("cell_type") == "code"
        ]
        tests = [
            Test(str(cell.metadata.get("grade_id")), _points(cell.metadata), cell, Path(path).name)
            for cell in cells
            if cell.metadata.get("grade") and not cell.metadata.get("solution")
        ]
        written = sum(_points(metadata_of(raw)) for raw in raw_cells if is_written(raw))
        return cls(Path(path).name, cells, tests, written)

    def tests_of(self, name):
        """Return the tests of a function: named like it, or else those that use it."""
        named = [test for test in self.tests if test.name == name]
        return named or [test for test in self.tests if name in _words(test.cell.source)]

    def known_names(self):
        """Return the names that tests go by and use."""
        return {test.name for test in self.tests} | {n for t in self.tests for n in t.cell.uses}

    def run(self, names=()):
        """Run the tests of some functions, or all.

        Parameters
        ----------
        names : list of str

        Returns
        -------
        list of Result
        """
        chosen = self.tests
        if names:
            chosen = [test for test in self.tests if any(test in self.tests_of(n) for n in names)]
        by_cell = {test.cell.number: test for test in chosen}
        needed = {number for test in chosen for number in self.needed(test.cell)}
        namespace, broken, results = {"__name__": "__main__", "display": print}, {}, []
        for cell in self.cells:
            if cell.number in by_cell:
                results.append(self._judge(by_cell[cell.number], namespace, broken))
            elif cell.number in needed:
                error = execute(cell, namespace, io.StringIO())
                if error is not None:
                    broken[cell.number] = error
        return results

    def needed(self, cell):
        """Return the numbers of the cells above whose names a cell needs."""
        wanted, found = set(cell.uses) - set(dir(builtins)), set()
        above = [other for other in reversed(self.cells) if other.number < cell.number]
        for other in above:
            if wanted & (other.sets | other.changes):
                found.add(other.number)
                wanted = (wanted - other.sets) | (other.uses - set(dir(builtins)))
        if wanted:  # defined nowhere: an answer cell above is still to be filled in
            answers = [other.number for other in above if other.metadata.get("solution")]
            found |= set(answers[:1])
        return found

    def _judge(self, test, namespace, broken):
        needed = {n: broken[n] for n in sorted(self.needed(test.cell) & set(broken))}
        for error in needed.values():
            if is_still_to_do(type(error).__name__, str(error)):
                return Result(test, TODO, explanations=[still_to_do(str(error))])
        output, moment = io.StringIO(), Moment(namespace)
        error = execute(test.cell, namespace, output)
        if error is None:
            return Result(test, PASSED, output.getvalue())
        if is_still_to_do(type(error).__name__, str(error)):
            return Result(test, TODO, output.getvalue(), [still_to_do(str(error))])
        texts = self._why(error, test, needed, moment)
        return Result(test, FAILED, output.getvalue(), texts)

    def _why(self, error, test, needed, moment):
        cells = Cells(self.cells)
        absent = [text for e in (error, *needed.values()) if (text := missing(e)) is not None]
        others = {n: e for n, e in needed.items() if missing(e) is None}
        if absent and (others or not is_own(error, cells)):  # the rest follows from it
            return absent[:1]
        texts = []
        if not self._follows_from(error, others):
            texts = explain(*looked_at(error, test, moment, cells), cells)
        return texts + [
            f"{cell.place or 'a cell'}, which it needs: {text}"
            for cell in self.cells
            if cell.number in others
            for text in explain(others[cell.number], Recording(), cells)
        ]

    def _follows_from(self, error, others):
        """Whether a name is not there because a cell that defines it was ended by another error."""
        broken = [cell for cell in self.cells if cell.number in others]
        lost = {name for cell in broken for name in cell.sets}
        unread = any(isinstance(others[cell.number], SyntaxError) for cell in broken)
        return isinstance(error, NameError) and (unread or error.name in lost)


def stubs(tree):
    """Return the names of what is still to be written.

    Parameters
    ----------
    tree : ast.AST
        The syntax of a module or a cell.

    Returns
    -------
    list of str
    """
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc]
    texts = [
        part.value for exc in raised for part in ast.walk(exc) if isinstance(part, ast.Constant)
    ]
    return [found[1] for text in texts if (found := re.fullmatch(STUB, str(text)))]


def _points(metadata):
    return float(metadata.get("points", 0))


def _bound(statement):
    """Return the names that a statement at the top of a cell defines."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    stored = (n for n in ast.walk(statement) if isinstance(n, ast.Name))
    return {name.id for name in stored if isinstance(name.ctx, ast.Store)}


def _read(statement):
    """Return the names that a statement reads and does not define itself."""
    names = [node for node in ast.walk(statement) if isinstance(node, ast.Name)]
    read = {name.id for name in names if isinstance(name.ctx, ast.Load)}
    if isinstance(statement, (ast.Assign, ast.AugAssign)):
        inside = {n.id for t in _comprehensions(statement) for n in ast.walk(t.target)
                  if isinstance(n, ast.Name)}  # fmt: skip
        target = getattr(statement, "target", None)
        again = {target.id} if isinstance(target, ast.Name) else set()
        return (read - inside) | again
    arguments = {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}
    return read - arguments - {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _comprehensions(statement):
    return [node for node in ast.walk(statement) if isinstance(node, ast.comprehension)]


def _words(source):
    return set(re.findall(r"[A-Za-z_]\w*", source))
