"""The visible tests of a notebook: found in its cells, run, and explained."""

import ast
import builtins
import contextlib
import io
import json
import re
import traceback
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .explain import STUB, explain_error, still_to_do
from .explain.visible import explain_assertion

PASSED, FAILED, TODO = "passed", "failed", "todo"


@dataclass(frozen=True)
class Cell:
    """A code cell: its number in the notebook from 1, its code, its nbgrader metadata."""

    number: int
    source: str
    metadata: dict

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
        return f"{self.notebook}, cell {self.cell.number}"


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
        """
        document = json.loads(Path(path).read_text(encoding="utf-8"))
        cells, tests, written = [], [], 0.0
        for number, raw in enumerate(document["cells"], start=1):
            metadata = raw.get("metadata", {}).get("nbgrader", {})
            if metadata.get("task") or (metadata.get("grade") and metadata.get("solution")):
                written += float(metadata.get("points", 0))
            if raw["cell_type"] != "code":
                continue
            cell = Cell(number, without_magics("".join(raw["source"])), metadata)
            cells.append(cell)
            if metadata.get("grade") and not metadata.get("solution"):
                points = float(metadata.get("points", 0))
                tests.append(Test(metadata["grade_id"], points, cell, Path(path).name))
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
                error = _execute(cell, namespace, io.StringIO())
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
        for number in sorted(self.needed(test.cell) & set(broken)):
            error = broken[number]
            if isinstance(error, NotImplementedError):
                return Result(test, TODO, explanations=[still_to_do(str(error))])
        output = io.StringIO()
        error = _execute(test.cell, namespace, output)
        if error is None:
            return Result(test, PASSED, output.getvalue())
        if isinstance(error, NotImplementedError):
            return Result(test, TODO, output.getvalue(), [still_to_do(str(error))])
        needed = {n: broken[n] for n in sorted(self.needed(test.cell) & set(broken))}
        absent = [e for e in (error, *needed.values()) if _package(e) is not None]
        others = {n: e for n, e in needed.items() if e not in absent}
        if absent and (others or not _is_own(error)):  # the rest follows from it
            return Result(test, FAILED, output.getvalue(), [_told(absent[0])])
        texts = _explain(error, test.cell, namespace)
        texts += [f"cell {n}, which it needs: {_told(e)}" for n, e in others.items()]
        return Result(test, FAILED, output.getvalue(), texts)


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


def without_magics(source):
    """Return a cell's code without the lines that only IPython knows."""
    if source.lstrip().startswith("%%"):
        return ""
    lines = source.splitlines()
    return "\n".join("pass" if line.startswith(("%", "!")) else line for line in lines)


def _execute(cell, namespace, output):
    """Run a cell; return the exception that ended it, None if there was none."""
    name = f"cell {cell.number}"
    try:
        with contextlib.redirect_stdout(output), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _with_what_is_installed(ast.parse(cell.source, name), namespace)
            exec(compile(tree, name, "exec"), namespace)
    except (Exception, SystemExit) as error:
        return error
    return None


class Absent:
    """Stands for what cannot be imported, so that the tests without need of it can run."""

    def __init__(self, package):
        self.package = package

    def __getattr__(self, name):
        raise ModuleNotFoundError(f"No module named {self.package!r}", name=self.package)

    def __call__(self, *args, **keywords):
        self.__getattr__("")


def _with_what_is_installed(tree, namespace):
    """Return a cell without the imports of packages that are not there; their names are set."""
    body = []
    for statement in tree.body:
        package = _absent_package(statement)
        if package is None:
            body.append(statement)
        else:
            namespace.update(dict.fromkeys(_bound(statement), Absent(package)))
    return ast.Module(body=body, type_ignores=[])


def _absent_package(statement):
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return None
    try:
        exec(compile(ast.Module(body=[statement], type_ignores=[]), "imports", "exec"), {})
    except Exception as error:  # of another kind: the run of the cell will tell
        return _package(error)
    return None


def _package(error):
    """Return the package that is not installed, if that is the error, else None."""
    if not isinstance(error, ModuleNotFoundError):
        return None
    package = (error.name or "").split(".")[0]
    return package if package not in ("", "cs_lib") else None


def _is_own(error):
    """Whether a test failed by what it asserts, or by an error in cs_lib."""
    own = any(line.startswith("cs_lib") for line in _own_lines(error))
    return isinstance(error, AssertionError) or (own and _package(error) is None)


def _explain(error, cell, namespace):
    """Say what went wrong: the message, the student's own lines, the likely why."""
    texts = [_told(error)]
    lines = _own_lines(error)
    if isinstance(error, AssertionError) and len(lines) <= 1:
        line = next((n for file, n in _frames(error) if file == f"cell {cell.number}"), 0)
        return texts + explain_assertion(cell.source, line, namespace)
    hint = explain_error(type(error).__name__, str(error))
    return texts + lines + ([hint] if hint else [])


def _told(error):
    if isinstance(error, NotImplementedError):
        return still_to_do(str(error))
    if (package := _package(error)) is not None:
        return f"needs {package}, which is not installed: run `pip install -r requirements.txt`."
    if isinstance(error, AssertionError):
        return str(error) or "the assert does not hold."
    return f"{type(error).__name__}: {error}"


def _frames(error):
    return [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]


def _own_lines(error):
    """Return the lines of the traceback that are in the notebook or in cs_lib, kit left out."""
    texts = []
    for frame in traceback.extract_tb(error.__traceback__):
        path = Path(frame.filename)
        if frame.filename.startswith("cell "):
            texts.append(f"{frame.filename}, line {frame.lineno}")
        elif "cs_lib" in path.parts and Path(__file__).parent not in path.parents:
            inside = "/".join(path.parts[path.parts.index("cs_lib") :])
            texts.append(f"{inside}, line {frame.lineno}, in {frame.name}: {frame.line}")
    return texts


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
