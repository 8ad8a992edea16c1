"""Why a visible test failed: the two values that its assert compared.

A test cell is plain NumPy: ``assert np.max(np.abs(out - expected)) < 1e-6``, or
``error = rel_error(out, expected)`` and an assert on the error. The compared
expressions are found in the cell's syntax and evaluated again.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from .backward import explain_backward
from .calls import Call, Recording, path_of
from .compare import FINITE, Part, compare
from .content import other_sums
from .probe import ProbeOfOneResult
from .sentences import sentences
from .traces import explain_end
from .undefined import explain_not_a_number

_COMPARING = (
    "allclose", "isclose", "array_equal", "assert_allclose", "assert_array_equal",
    "assert_almost_equal", "assert_array_almost_equal", "rel_error", "relative_error",
)  # fmt: skip
_EXPECTED_NAMES = ("expected", "correct", "true", "wanted", "target", "reference", "solution")
_DEPTH = 4
ROUNDED = 2e-6
"""Published figures have six digits."""


@dataclass(frozen=True)
class Pair:
    """Two expressions that an assert compares; of the second only the shape, where it says so.

    ``loops`` are the ``for`` parts of the comprehension that the two stand in.
    """

    first: ast.expr
    second: ast.expr
    form: bool = False
    loops: tuple[ast.comprehension, ...] = ()


def explain_assertion(
    source: str, line: int, namespace: Mapping[str, Any], recording: Recording | None = None
) -> list[str]:
    """Explain a failed assert of a test cell, or of a function that a test cell calls.

    Parameters
    ----------
    source : str
        The cell.
    line : int
        Line of the statement that failed, counted from 1.
    namespace : dict of str to object
        The names as the failed statement has left them.
    recording : Recording, optional
        The calls that the test made.

    Returns
    -------
    explanations : list of str
        Empty where the compared values cannot be found, or do not differ.
    """
    statement = _statement(ast.parse(source), line)
    if statement is None:
        return []
    scope = Scope(source, namespace, recording or Recording())
    if found := _quietly(lambda: explain_backward(scope.recording.calls)):
        return found
    for pair in _pairs(_tested(statement), statement, source, _DEPTH):
        if found := _quietly(partial(scope.explained, pair)):
            return found
    for explain in (partial(scope.explained_end, _tested(statement)), scope.explained_nan):
        if found := _quietly(explain):
            return found
    return []


def _quietly(explain: Callable[[], list[str]]) -> list[str]:
    """Return nothing where an explanation breaks off: the test has failed; why, must not."""
    try:
        return explain()
    except Exception:
        return []


def _statement(tree: ast.Module, line: int) -> ast.stmt | None:
    """Return the innermost statement at a line."""
    found = None
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or line):
            found = node
    return found


def _tested(statement: ast.stmt) -> ast.expr | None:
    if isinstance(statement, ast.Assert):
        return statement.test
    return statement.value if isinstance(statement, ast.Expr) else None


def _pairs(
    node: ast.expr | None,
    before: ast.stmt,
    source: str,
    depth: int,
    loops: tuple[ast.comprehension, ...] = (),
) -> Iterator[Pair]:
    """Go through the pairs of expressions that an assert compares."""
    if node is None or depth == 0:
        return
    if isinstance(node, ast.Compare):
        if isinstance(node.ops[0], ast.Eq):
            yield _form_pair(node.left, node.comparators[0])
        if not isinstance(node.ops[0], (ast.Lt, ast.LtE)):
            return  # `accuracy > 0.9` says nothing of where the accuracy comes from
        node = node.left
    parts = list(_walk(node, loops))
    for part, around in parts:
        if isinstance(part, ast.Call) and (pair := _pair(part)) is not None:
            yield replace(pair, loops=around)
    for part, around in parts:
        if isinstance(part, ast.Name) and part.id not in _looped(around):
            value = _last_value(part.id, before, source)
            yield from _pairs(value, before, source, depth - 1, around)


def _walk(
    node: ast.AST, loops: tuple[ast.comprehension, ...]
) -> Iterator[tuple[ast.AST, tuple[ast.comprehension, ...]]]:
    """Go through the parts of an expression, each with the loops of comprehensions around it."""
    yield node, loops
    if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        loops = (*loops, *node.generators)
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, loops)


def _looped(loops: tuple[ast.comprehension, ...]) -> list[str]:
    """Return the names that the loops of comprehensions give."""
    targets = [part for loop in loops for part in ast.walk(loop.target)]
    return [part.id for part in targets if isinstance(part, ast.Name)]


def _form_pair(left: ast.expr, right: ast.expr) -> Pair:
    """Return what ``==`` compares, or whose shapes or numbers of axes it does."""
    one, other = _shaped(left), _shaped(right)
    if one is not None:
        return Pair(one, other if other is not None else right, form=True)
    return Pair(right, left) if other is not None else Pair(left, right)


def _shaped(node: ast.expr) -> ast.expr | None:
    """Return x of ``x.shape``, ``np.shape(x)`` and ``np.ndim(x)``."""
    if isinstance(node, ast.Attribute) and node.attr in ("shape", "ndim"):
        return node.value
    if isinstance(node, ast.Call) and _name(node.func) in ("shape", "ndim") and node.args:
        return node.args[0]
    return None


def _pair(call: ast.Call) -> Pair | None:
    """Return what a call compares: ``allclose(a, b)``, ``abs(a - b)``."""
    if _name(call.func) in _COMPARING and len(call.args) > 1:
        return Pair(call.args[0], call.args[1])
    if _name(call.func) in ("abs", "norm") and call.args:
        difference = call.args[0]
        if isinstance(difference, ast.BinOp) and isinstance(difference.op, ast.Sub):
            return Pair(difference.left, difference.right)
    return None


def _summed(node: ast.expr) -> tuple[ast.expr, int] | None:
    """Return p and k of ``p.sum(axis=k)`` and ``np.sum(p, axis=k)``, None of all else."""
    if not isinstance(node, ast.Call) or _name(node.func) != "sum":
        return None
    axes = [word.value for word in node.keywords if word.arg == "axis"]
    if len(axes) != 1 or not isinstance(axes[0], ast.Constant) or type(axes[0].value) is not int:
        return None
    summed = node.args[0] if node.args else getattr(node.func, "value", None)
    return (summed, axes[0].value) if isinstance(summed, ast.expr) else None


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _words(node: ast.expr) -> str:
    return " ".join(part.id for part in ast.walk(node) if isinstance(part, ast.Name)).lower()


def _is_end(index: ast.expr) -> bool:
    """Whether an index takes the last entries: ``-1``, ``-10:``."""
    first = index.lower if isinstance(index, ast.Slice) else index
    return isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.USub)


def _last_value(name: str, before: ast.stmt, source: str) -> ast.expr | None:
    """Return what was last assigned to a name above a statement."""
    found = None
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and node.lineno < before.lineno:
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if name in names and (found is None or node.lineno > found.lineno):
                found = node
    return found.value if found else None


@dataclass(frozen=True)
class Scope:
    """Where an assert stands: its cell, the names there, and the calls that the test made."""

    source: str
    namespace: Mapping[str, Any]
    recording: Recording

    def explained(self, pair: Pair) -> list[str]:
        """Say what is wrong with the student's value of a pair, the first that is wrong."""
        for names in self._turns(pair.loops):
            scope = replace(self, namespace={**self.namespace, **names})
            if found := scope._explained(pair):
                return found
        return []

    def explained_end(self, tested: ast.expr | None) -> list[str]:
        """Say why a trace does not end where it should: ``losses[-1] < 0.1``."""
        if not isinstance(tested, ast.Compare):
            return []
        falls = isinstance(tested.ops[0], (ast.Lt, ast.LtE))
        for part in ast.walk(tested.left):
            if isinstance(part, ast.Subscript) and _is_end(part.slice):
                trace = self._value(part.value)
                why = explain_end(np.asarray(trace, dtype=np.float64), falls=falls)
                call = self._origin(part.value, trace)
                name = self._part_name(part.value, trace, call)
                return sentences(call.label if call else "", [Part(name, why)])
        return []

    def explained_nan(self) -> list[str]:
        """Say which call was the first to give NaN."""
        return explain_not_a_number(self.recording)

    def _turns(self, loops: tuple[ast.comprehension, ...]) -> list[dict[str, Any]]:
        """Return what the loops of a comprehension give its names, turn by turn."""
        if not loops:
            return [{}]
        names = _looped(loops)
        keys: list[ast.expr | None] = [ast.Constant(name) for name in names]
        each = ast.Dict(keys, [ast.Name(name, ast.Load()) for name in names])
        turns = ast.fix_missing_locations(ast.ListComp(each, list(loops)))
        return list(self._value(ast.copy_location(turns, loops[0].target)))

    def _explained(self, pair: Pair) -> list[str]:
        with self.recording.running():
            first, second = self._value(pair.first), self._value(pair.second)
        if (found := self._other_sums(pair, first, second)) is not None:
            return found
        call, other = self._origin(pair.first, first), self._origin(pair.second, second)
        actual, expected, node = first, second, pair.first
        if self._is_expected_first(pair, call, other):
            actual, expected, node, call = second, first, pair.second, other
        if pair.form:
            expected, tolerance = _form(expected), FINITE
        else:
            expected, tolerance = _like(actual, expected), ROUNDED
        inputs = self.recording.inputs_of(call) if call else self._inputs(node)
        name = self._part_name(node, actual, call, _looped(pair.loops))
        parts = compare(actual, expected, name=name, inputs=inputs, tolerance=tolerance)
        if call is not None and not pair.form:
            parts = [_probed(call, actual, expected, part) for part in parts]
        alone = isinstance(actual, (int, float, np.number))
        told = [part for part in parts if not (alone and part.vague and _tells_nothing(part))]
        return sentences(call.label if call else "", told)

    def _other_sums(self, pair: Pair, first: Any, second: Any) -> list[str] | None:
        """Say that sums are not 1, None where ``p.sum(axis=1)`` is not compared with 1."""
        summed = _summed(pair.first)
        if pair.form or summed is None or not np.array_equal(second, np.ones_like(second)):
            return None
        if not np.isfinite(first).all() or np.allclose(first, 1, rtol=ROUNDED):
            return None
        node, axis = summed
        value = self._value(node)
        call = self._origin(node, value)
        part = Part(self._part_name(node, value, call, _looped(pair.loops)), other_sums(axis))
        return sentences(call.label if call else "", [part])

    def _is_expected_first(self, pair: Pair, first: Call | None, second: Call | None) -> bool:
        """Whether the student's value comes second, by its origin, else as far as names tell."""
        if (first is None) != (second is None):
            return first is None
        return any(word in _words(pair.first) for word in _EXPECTED_NAMES)

    def _origin(self, node: ast.expr, value: Any) -> Call | None:
        """Return the call that a value, or what it is a part of, comes from."""
        if (call := self.recording.call_of(value)) is not None:
            return call
        inner = node
        while isinstance(inner, (ast.Subscript, ast.Attribute)):
            inner = inner.value
            if (call := self.recording.call_of(self._value(inner))) is not None:
                return call
        return None

    def _part_name(
        self, node: ast.expr, actual: Any, call: Call | None, looped: Sequence[str] = ()
    ) -> str:
        """Return what to call a value: its key, the name that a loop gives it, its expression."""
        path = path_of(call.result, actual) if call else None
        if path and isinstance(path[-1], str):
            return path[-1]
        if isinstance(node, ast.Name) and node.id in looped:
            return str(self.namespace["name"]) if "name" in looped else ""
        if isinstance(node, ast.Name) and self._is_loop_variable(node.id):
            return str(self.namespace.get("name", ""))
        if call is not None and path == ():
            return ""
        return " ".join((ast.get_source_segment(self.source, node) or ast.unparse(node)).split())

    def _is_loop_variable(self, name: str) -> bool:
        loops = (part for part in ast.walk(ast.parse(self.source)) if isinstance(part, ast.For))
        return any(
            isinstance(target, ast.Name) and target.id == name
            for loop in loops
            for target in ast.walk(loop.target)
        )

    def _value(self, node: ast.expr) -> Any:
        return eval(compile(ast.Expression(node), "test", "eval"), dict(self.namespace))

    def _inputs(self, node: ast.expr) -> dict[str, Any]:
        """Return the variables that the student's value was computed from."""
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        itself = {node.id} if isinstance(node, ast.Name) else set()
        for assignment in ast.walk(ast.parse(self.source)):
            if isinstance(assignment, ast.Assign):
                targets = {p.id for t in assignment.targets for p in ast.walk(t)
                           if isinstance(p, ast.Name)}  # fmt: skip
                if targets & names:
                    names |= {p.id for p in ast.walk(assignment.value) if isinstance(p, ast.Name)}
        found = {
            name: self.namespace[name]
            for name in sorted(names - itself)
            if isinstance(self.namespace.get(name), (np.ndarray, int, float, dict))
        }
        return found or self._inputs_of_the_last_call()

    def _inputs_of_the_last_call(self) -> dict[str, Any]:
        """Return what the test's last call was given: the value may be read out of its object."""
        calls = self.recording.calls
        return self.recording.inputs_of(calls[-1]) if calls else {}


def _form(expected: Any) -> Any:
    """Return something of the shape that was expected: of an array, of a tuple, of a count."""
    if isinstance(expected, np.ndarray):
        return np.zeros(expected.shape)
    if isinstance(expected, tuple) and all(isinstance(n, int) for n in expected):
        return np.zeros(expected)
    return 0.0 if expected == 0 else np.zeros((1,) * int(expected))


def _tells_nothing(part: Part) -> bool:
    return part.problem is not None and part.problem.count(". ") == 0


def _probed(call: Call, actual: Any, expected: Any, part: Part) -> Part:
    """Add what calling the function again shows."""
    path = path_of(call.result, actual)
    if call.function is None or path is None or part.problem is None:
        return part

    def pick(result: Any) -> Any:
        for key in path:
            result = result[key]
        return result

    probe = ProbeOfOneResult(lambda values: pick(call.again(values)), call.arguments, expected)
    return probe.explained(part, lambda result: result)


def _like(actual: Any, expected: Any) -> Any:
    """Return an expected value as NumPy takes it in ``actual - expected``: an array, spread."""
    numbers = isinstance(expected, (np.ndarray, int, float, list))
    if not isinstance(actual, np.ndarray) or not numbers:
        return expected
    try:
        return np.broadcast_to(expected, actual.shape)
    except ValueError:
        return np.asarray(expected)
