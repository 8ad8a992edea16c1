"""Why a visible test failed: the two values that its assert compared.

A test cell is plain NumPy: ``assert np.max(np.abs(out - expected)) < 1e-6``, or
``error = rel_error(out, expected)`` and an assert on the error. The compared
expressions are found in the cell's syntax and evaluated again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from .compare import Part, compare

_COMPARING = (
    "allclose", "isclose", "array_equal", "assert_allclose", "assert_array_equal",
    "assert_almost_equal", "assert_array_almost_equal", "rel_error", "relative_error",
)  # fmt: skip
_EXPECTED_NAMES = ("expected", "correct", "true", "wanted", "target", "reference", "solution")
_DEPTH = 4
ROUNDED = 2e-6
"""Published figures have six digits."""

Pair = tuple[ast.expr, ast.expr]


def explain_assertion(source: str, line: int, namespace: Mapping[str, Any]) -> list[str]:
    """Explain a failed assert of a test cell.

    Parameters
    ----------
    source : str
        The cell.
    line : int
        Line of the statement that failed, counted from 1.
    namespace : dict of str to object
        The names as the failed statement has left them.

    Returns
    -------
    explanations : list of str
        Empty where the compared values cannot be found, or do not differ.
    """
    statement = _statement(ast.parse(source), line)
    if statement is None:
        return []
    for actual, expected in _pairs(_tested(statement), statement, source, _DEPTH):
        explained = _explained(actual, expected, source, namespace)
        if explained:
            return explained
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


def _pairs(node: ast.expr | None, before: ast.stmt, source: str, depth: int) -> Iterator[Pair]:
    """Go through the pairs of expressions that an assert compares."""
    if node is None or depth == 0:
        return
    if isinstance(node, ast.Compare):
        if isinstance(node.ops[0], ast.Eq):
            yield _ordered(node.left, node.comparators[0])
        if not isinstance(node.ops[0], (ast.Lt, ast.LtE)):
            return  # `accuracy > 0.9` says nothing of where the accuracy comes from
        node = node.left
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and (pair := _pair(part)) is not None:
            yield _ordered(*pair)
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            value = _last_value(part.id, before, source)
            yield from _pairs(value, before, source, depth - 1)


def _pair(call: ast.Call) -> Pair | None:
    """Return what a call compares: ``allclose(a, b)``, ``abs(a - b)``."""
    if _name(call.func) in _COMPARING and len(call.args) > 1:
        return call.args[0], call.args[1]
    if _name(call.func) in ("abs", "norm") and call.args:
        difference = call.args[0]
        if isinstance(difference, ast.BinOp) and isinstance(difference.op, ast.Sub):
            return difference.left, difference.right
    return None


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _ordered(first: ast.expr, second: ast.expr) -> Pair:
    """Return the student's value first, as far as names tell."""
    words = _words(first)
    return (second, first) if any(word in words for word in _EXPECTED_NAMES) else (first, second)


def _words(node: ast.expr) -> str:
    return " ".join(part.id for part in ast.walk(node) if isinstance(part, ast.Name)).lower()


def _last_value(name: str, before: ast.stmt, source: str) -> ast.expr | None:
    """Return what was last assigned to a name above a statement."""
    found = None
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and node.lineno < before.lineno:
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
            if name in names and (found is None or node.lineno > found.lineno):
                found = node
    return found.value if found else None


def _explained(
    actual: ast.expr, expected: ast.expr, source: str, namespace: Mapping[str, Any]
) -> list[str]:
    try:
        mine, true = _value(actual, namespace), _value(expected, namespace)
        true = _like(mine, np.asarray(true) if isinstance(true, list) else true)
        parts = compare(mine, true, inputs=_inputs(actual, source, namespace), tolerance=ROUNDED)
    except Exception:  # the test has failed; why, must not fail as well
        return []
    label = ast.get_source_segment(source, actual) or ast.unparse(actual)
    alone = isinstance(mine, (int, float, np.number))
    wrong = [part for part in parts if part.problem is not None]
    return [_sentence(label, part) for part in wrong if not (alone and part.vague)]


def _like(actual: Any, expected: Any) -> Any:
    """Spread an expected value as NumPy does in ``actual - expected``."""
    if isinstance(actual, np.ndarray) and isinstance(expected, (np.ndarray, int, float)):
        try:
            return np.broadcast_to(expected, actual.shape)
        except ValueError:
            return expected
    return expected


def _sentence(label: str, part: Part) -> str:
    return ": ".join(text for text in (" ".join(label.split()), part.name, part.problem) if text)


def _value(node: ast.expr, namespace: Mapping[str, Any]) -> Any:
    return eval(compile(ast.Expression(node), "test", "eval"), dict(namespace))


def _inputs(node: ast.expr, source: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables that the student's value was computed from."""
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    itself = {node.id} if isinstance(node, ast.Name) else set()
    for assignment in ast.walk(ast.parse(source)):
        if isinstance(assignment, ast.Assign):
            targets = {p.id for t in assignment.targets for p in ast.walk(t)
                       if isinstance(p, ast.Name)}  # fmt: skip
            if targets & names:
                names |= {p.id for p in ast.walk(assignment.value) if isinstance(p, ast.Name)}
    return {
        name: namespace[name]
        for name in sorted(names - itself)
        if isinstance(namespace.get(name), (np.ndarray, int, float, dict))
    }
