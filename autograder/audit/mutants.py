"""Mutants of a function: cosmic-ray's operators on the syntax, ours on the numerics."""

from __future__ import annotations

import ast
import difflib
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import parso
from cosmic_ray.ast import ast_nodes
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from autograder.audit.operators import OPERATORS, Code
from autograder.audit.targets import Target


@dataclass(frozen=True)
class Mutant:
    """A target with one change."""

    target: Target
    source: str

    @property
    def diff(self) -> str:
        """The changed lines, as ``- old`` and ``+ new``."""
        lines = difflib.unified_diff(
            self.target.source.splitlines(), self.source.splitlines(), lineterm="", n=0
        )
        kept = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
        return "\n".join(f"{line[0]} {line[1:].strip()}" for line in kept)


def mutants(target: Target) -> list[Mutant]:
    """Return all different mutants of a target that are valid Python."""
    lines = target.solution - _printing(target.source)
    found: dict[str, Mutant] = {}
    for text in (*_numeric(target, lines), *_cosmic(target, lines)):
        if _compiles(text):
            found.setdefault(_meaning(text), Mutant(target, text))
    found.pop(_meaning(target.source), None)
    return list(found.values())


def _printing(source: str) -> frozenset[int]:
    """Return the lines that only print: what is printed is not graded."""
    return frozenset(
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt) and _only_prints(node)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    )


def _only_prints(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.If):
        return all(map(_only_prints, [*statement.body, *statement.orelse]))
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        function = statement.value.func
        return isinstance(function, ast.Name) and function.id == "print"
    return isinstance(statement, ast.Pass)


def _meaning(text: str) -> str:
    """Return what stays the same when brackets and spaces change."""
    return ast.dump(ast.parse(text))


def _compiles(text: str) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):  # `x is 0` is a fine mutant
            compile(text, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def _numeric(target: Target, lines: frozenset[int]) -> Iterator[str]:
    code = Code(target.source)
    starts = _line_starts(target.source)
    for node in ast.walk(ast.parse(target.source)):
        line = getattr(node, "lineno", 0)
        if line not in lines:
            continue
        begin = starts[line - 1] + _characters(target.source, line, node.col_offset)  # type: ignore[attr-defined]
        segment = code.of(node)
        for operator in OPERATORS:
            for text in operator(node, code):
                yield target.source[:begin] + text + target.source[begin + len(segment) :]


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _characters(text: str, line: int, column: int) -> int:
    """Return a column in characters; the syntax tree counts bytes."""
    return len(text.splitlines()[line - 1].encode()[:column].decode())


def _cosmic(target: Target, lines: frozenset[int]) -> Iterator[str]:
    tree = parso.parse(target.source)
    for operator in _cosmic_operators():
        positions = [
            start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node)
        ]
        for occurrence, (line, _) in enumerate(positions):
            if line in lines:
                text = mutate_code(target.source, operator, occurrence)
                if text is not None:
                    yield text


@cache
def _cosmic_operators() -> list[Any]:
    """Return the operators that need no arguments."""
    classes = [get_operator(name) for name in operator_names()]
    return [kind() for kind in classes if not kind.arguments()]
