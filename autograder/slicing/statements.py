"""What statements read, bind and change, as far as their text tells."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import singledispatchmethod

from autograder.slicing import words
from autograder.slicing.cells import Beyond
from autograder.slicing.expressions import Expressions, pairs_of, parameters
from autograder.slicing.records import (
    NONE,
    OUTSIDE,
    RESULT,
    Bind,
    Facts,
    Function,
    inside,
    renamed,
)

_NO_EFFECT = (ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal)
"""What is declared global is found before, of a whole function."""


class Reader(Expressions):
    """Reads statements of one scope."""

    def statements(self, body: Iterable[ast.stmt], *, certain: bool) -> None:
        """Read one statement after the other."""
        for node in body:
            self.statement(node, certain=certain)

    def statement(self, node: ast.stmt, *, certain: bool = True) -> None:
        """Take in a statement; `certain` where it runs whenever its cell does."""
        before, self._certain = self._certain, certain
        self._read(node, certain)
        self._certain = before

    @singledispatchmethod
    def _read(self, node: ast.stmt, certain: bool) -> None:
        if not isinstance(node, _NO_EFFECT):
            raise Beyond(f"a statement of kind {type(node).__name__}")

    @_read.register
    def _expr(self, node: ast.Expr, certain: bool) -> None:
        self.value(node.value)
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        origin = self._foreign(call.func) if isinstance(call, ast.Call) else None
        if origin is not None and not words.is_quiet(origin):
            self._change(frozenset((OUTSIDE,)), NONE)  # called for what it does: numpy.seterr

    @_read.register
    def _assign(self, node: ast.Assign, certain: bool) -> None:
        same = NONE
        for target in node.targets:
            if pairs_of(target, node.value):
                for part, value in pairs_of(target, node.value):
                    self._store_value(part, value, certain)
            else:
                self._store_value(target, node.value, certain, same)
            if isinstance(target, ast.Name):
                same |= {target.id}

    @_read.register
    def _annassign(self, node: ast.AnnAssign, certain: bool) -> None:
        self.value(node.annotation)
        if node.value is not None:
            self._store(node.target, self.value(node.value), certain)

    @_read.register
    def _augassign(self, node: ast.AugAssign, certain: bool) -> None:
        sources = self.value(node.value)
        if isinstance(node.target, ast.Name):
            self._change(self.value(ast.Name(node.target.id, ast.Load())), sources)
            self.facts.steps.append(Bind(node.target.id, sources | {node.target.id}, False))
        else:
            self._store(node.target, sources, certain)

    @_read.register
    def _delete(self, node: ast.Delete, certain: bool) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self._change(self.value(ast.Name(target.id, ast.Load())), NONE)
            else:
                self._store(target, NONE, certain)

    @_read.register
    def _for(self, node: ast.For | ast.AsyncFor, certain: bool) -> None:
        for part, sources in self._gone_through(node.target, node.iter):
            self._store(part, sources, certain)
        before, self.facts.reads = self.facts.reads, set()
        for _ in range(2):  # what one round has bound, the next may use
            self.statements(node.body, certain=False)
        # in the body these are the loop's own, whatever they were above
        self.facts.reads = before | (self.facts.reads - targets(node.target))
        self.statements(node.orelse, certain=False)

    @_read.register
    def _while(self, node: ast.While, certain: bool) -> None:
        for _ in range(2):
            self.value(node.test)
            self.statements(node.body, certain=False)
        self.statements(node.orelse, certain=False)

    @_read.register
    def _if(self, node: ast.If, certain: bool) -> None:
        self.value(node.test)
        self.statements(node.body, certain=False)
        self.statements(node.orelse, certain=False)

    @_read.register
    def _with(self, node: ast.With | ast.AsyncWith, certain: bool) -> None:
        for item in node.items:
            sources = self.value(item.context_expr)
            if item.optional_vars is not None:
                self._store(item.optional_vars, sources, certain)
        self.statements(node.body, certain=certain)

    @_read.register
    def _try(self, node: ast.Try | ast.TryStar, certain: bool) -> None:
        self.statements(node.body, certain=False)
        for handler in node.handlers:
            if handler.type is not None:
                self.value(handler.type)
            if handler.name:
                self.facts.steps.append(Bind(handler.name, NONE, False))
            self.statements(handler.body, certain=False)
        self.statements(node.orelse, certain=False)
        self.statements(node.finalbody, certain=False)

    @_read.register
    def _match(self, node: ast.Match, certain: bool) -> None:
        sources = self.value(node.subject)
        for case in node.cases:
            for pattern in ast.walk(case.pattern):
                name = None
                if isinstance(pattern, (ast.MatchAs, ast.MatchStar)):
                    name = pattern.name
                elif isinstance(pattern, ast.MatchMapping):
                    name = pattern.rest
                if name is not None:
                    self.facts.steps.append(Bind(name, sources, False))
                if isinstance(pattern, (ast.MatchValue, ast.MatchClass)):
                    self.value(
                        pattern.value if isinstance(pattern, ast.MatchValue) else pattern.cls
                    )
            if case.guard is not None:
                self.value(case.guard)
            self.statements(case.body, certain=False)

    @_read.register
    def _assert(self, node: ast.Assert, certain: bool) -> None:
        self.value(node.test)
        if node.msg is not None:
            self.value(node.msg)

    @_read.register
    def _raise(self, node: ast.Raise, certain: bool) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.value(part)

    @_read.register
    def _return(self, node: ast.Return, certain: bool) -> None:
        if node.value is not None:
            self._store_value(ast.Name(RESULT, ast.Store()), node.value, certain)

    @_read.register
    def _import(self, node: ast.Import, certain: bool) -> None:
        for alias in node.names:
            self._imported(alias.name, alias.asname or alias.name.partition(".")[0], certain)

    @_read.register
    def _importfrom(self, node: ast.ImportFrom, certain: bool) -> None:
        for alias in node.names:
            if alias.name == "*":
                raise Beyond(f"from {node.module} import *")
            self._imported(f"{node.module or ''}.{alias.name}", alias.asname or alias.name, certain)

    def _imported(self, origin: str, name: str, certain: bool) -> None:
        if origin.partition(".")[0] in words.BEYOND_MODULES:
            raise Beyond(f"the module {origin}")
        self.facts.steps.append(Bind(name, NONE, certain))

    @_read.register
    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, certain: bool) -> None:
        self._define(node, certain, is_method=False)

    def _define(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, certain: bool, *, is_method: bool
    ) -> Function:
        arguments = node.args
        for default in (
            *node.decorator_list,
            *arguments.defaults,
            *filter(None, arguments.kw_defaults),
        ):
            self.value(default)
        function = read_function(node, self.imports, is_method=is_method)
        self.facts.functions += [function, *function.facts.functions]
        self._later(function)
        if not is_method:
            self.facts.steps.append(Bind(node.name, NONE, certain, defines=True))
        return function

    def _later(self, function: Function) -> None:
        self.facts.later |= (function.facts.reads | function.facts.later) - function.local
        if self._in_function:  # it may do so on what is the outer function's
            names = {name: inside(function.name, name) for name in (*function.local, RESULT)}
            self.facts.steps += [renamed(step, names) for step in function.facts.steps]
            self.facts.steps.append(Bind(RESULT, frozenset((names[RESULT],)), False))
            self.inner_names.update(names.values())

    @_read.register
    def _classdef(self, node: ast.ClassDef, certain: bool) -> None:
        for part in (*node.decorator_list, *node.bases, *(word.value for word in node.keywords)):
            self.value(part)
        bound: set[str] = set()
        for inner in node.body:
            if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
                method = self._define(inner, certain, is_method=True)
                if inner.name == "__init__":
                    self.facts.functions.append(replace(method, name=node.name, makes=True))
                bound.add(inner.name)
            else:
                before = len(self.facts.steps)
                self.statement(inner, certain=False)
                steps = self.facts.steps[before:]
                del self.facts.steps[before:]
                self.facts.steps += [step for step in steps if not isinstance(step, Bind)]
        if "__init__" not in bound:
            self.facts.functions.append(
                Function(node.name, ("self",), True, Facts(), set(), makes=True)
            )
        self.facts.steps.append(Bind(node.name, NONE, certain, defines=True))


def read_function(
    node: ast.FunctionDef | ast.AsyncFunctionDef, imports: Mapping[str, str], *, is_method: bool
) -> Function:
    """Read a function's body: all its statements together, in no order."""
    names = parameters(node.args)
    declared = {
        name
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Global, ast.Nonlocal))
        for name in inner.names
    }
    local = {*names, *bound_names(node.body)} - declared
    outer = {name: origin for name, origin in imports.items() if name not in local}
    reader = Reader(outer, in_function=True)
    reader.statements(node.body, certain=False)
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return Function(
        node.name,
        tuple(argument.arg for argument in plain),
        is_method,
        reader.facts,
        local | reader.inner_names,
        yields=any(isinstance(inner, (ast.Yield, ast.YieldFrom)) for inner in ast.walk(node)),
    )


def targets(target: ast.expr) -> set[str]:
    """Return the names that a loop's target binds."""
    return {
        node.id
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def bound_names(body: Iterable[ast.stmt]) -> set[str]:
    """Return the names that statements bind, those of inner functions left out."""
    found = set()
    for node in _walk_scope(body):
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found


def _walk_scope(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    todo = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            todo += ast.iter_child_nodes(node)
