"""Which names of the student's notebook a check looks at, as its own text tells."""

from __future__ import annotations

import ast
import builtins
import inspect
import textwrap
from collections import ChainMap
from collections.abc import Callable, Iterator
from typing import Any

from autograder.checks.handle import form_of, item_of, values_of
from autograder.checks.registry import Check

_DEEPEST = 20
_FETCH = (getattr, item_of, form_of, values_of)
"""What fetches what has a name, or several: after its owner these are given."""


class _Unknown(Exception):
    """The notebook goes where its use cannot be followed."""


def names_asked(item: Check) -> frozenset[str] | None:
    """Return the names of the notebook that a check may look at; None where that is open.

    Looks into the functions of the checks that the notebook is passed on to.
    """
    names = {
        text
        for arguments in item.cases.values()
        for value in arguments.values()
        for text in ([value] if isinstance(value, str) else [])
    }
    try:
        return frozenset(_asked(item.function, "notebook", names, 0))
    except (_Unknown, OSError, SyntaxError, TypeError):
        return None


def _asked(
    function: Callable[..., Any], parameter: str, words: set[str], depth: int
) -> Iterator[str]:
    """Yield what a function asks of one of its parameters.

    Parameters
    ----------
    words : set of str
        What a computed name may be: the texts among the cases of the check.
    """
    if depth > _DEEPEST:
        raise _Unknown
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    followed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is(node.value, parameter):
            followed.add(node.value)
            yield node.attr
        elif isinstance(node, ast.Call):
            for place, argument in _given(node, parameter):
                followed.add(argument)
                yield from _passed_on(function, node, place, words, depth)
    uses = [node for node in ast.walk(tree) if _is(node, parameter)]
    if any(use not in followed for use in uses):
        raise _Unknown


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _given(call: ast.Call, parameter: str) -> Iterator[tuple[int | str, ast.expr]]:
    for position, argument in enumerate(call.args):
        if _is(argument, parameter):
            yield position, argument
    for word in call.keywords:
        if word.arg is not None and _is(word.value, parameter):
            yield word.arg, word.value


def _passed_on(
    function: Callable[..., Any], call: ast.Call, place: int | str, words: set[str], depth: int
) -> Iterator[str]:
    if not isinstance(call.func, ast.Name):
        raise _Unknown
    known = ChainMap(inspect.unwrap(function).__globals__, vars(builtins))
    called = known.get(call.func.id)
    if any(called is each for each in _FETCH):
        names = call.args[1:] if called is values_of else call.args[1:2]
        if place != 0 or not names or call.keywords:
            raise _Unknown
        for name in names:
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value
            elif words and isinstance(name, ast.Name):
                yield from words
            else:
                raise _Unknown
        return
    if not inspect.isfunction(called):
        raise _Unknown
    code = called.__code__
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    places: dict[int | str, str] = {name: name for name in parameters}
    places.update(enumerate(parameters[: code.co_argcount]))
    if place not in places:
        raise _Unknown
    yield from _asked(called, places[place], words, depth + 1)
