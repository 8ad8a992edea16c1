"""What is noted of statements and functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

RANDOM, FILES, OUTSIDE = "<global random generator>", "<files>", "<outside>"
"""State that is no name and yet goes from cell to cell.

What changes something ``outside`` the notebook, as ``numpy.seterr`` does, is run in any case.
"""
RESULT = "<result>"
"""What a function returns."""
Names = frozenset[str]
NONE: Names = frozenset()


@dataclass(frozen=True)
class Call:
    """A call of something that may change what it is given.

    Attributes
    ----------
    name : str
        The last part of what is called: ``fit``, ``forward``.
    arguments : tuple of Names
        What each position shares memory with.
    keywords : dict of str to Names
    receiver : Names or None
        Of a method; None where a function is called.
    part : str
        Of a receiver like ``net.layers`` the attribute, "" of a name, "?" of anything else.
    """

    name: str
    arguments: tuple[Names, ...]
    keywords: Mapping[str, Names]
    receiver: Names | None
    part: str = ""


@dataclass(frozen=True)
class Bind:
    """A name gets a value that may share memory with that of others.

    Attributes
    ----------
    certain : bool
        Whether it does so whenever its cell runs.
    call : Call or None
        The value is what this returns.
    iterator : bool
        The value can be gone through once only.
    plain : bool
        The value is an array or a number: it has no attributes that could be set.
    made : bool
        The value may be an object of a library's class.
    defines : bool
        It is a function or class that is defined here.
    """

    name: str
    sources: Names
    certain: bool
    call: Call | None = None
    iterator: bool = False
    plain: bool = False
    made: bool = False
    defines: bool = False


@dataclass(frozen=True)
class Mutate:
    """What names stand for is changed in place, with something of `sources` put into it.

    Attributes
    ----------
    part : str
        "" where it is itself that is changed, an attribute where it is only what that holds,
        "?" where it may be anything inside.
    to : str
        The attribute that gets `sources`, "?" where it may be any part.
    own : bool
        It is an attribute of an object, set by a method of its class.
    """

    names: Names
    sources: Names
    part: str = ""
    sets: bool = False
    to: str = "?"


@dataclass(frozen=True)
class Iterate:
    """What names stand for is gone through; if it is an iterator, it is used up."""

    names: Names


def inside(function: str, name: str) -> str:
    """Return what a name of an inner function is called among the steps of the one around it."""
    return f"{function}.{name}"


Step = Bind | Mutate | Iterate | Call


def renamed(step: Step, names: Mapping[str, str]) -> Step:
    """Return a step with other names in it.

    Parameters
    ----------
    names : dict of str to str
        The new name of each that gets one.
    """

    def new(found: Names) -> Names:
        return frozenset(names.get(name, name) for name in found)

    if isinstance(step, Iterate):
        return Iterate(new(step.names))
    if isinstance(step, Mutate):
        return replace(step, names=new(step.names), sources=new(step.sources))
    if isinstance(step, Call):
        return _renamed_call(step, new)
    return replace(
        step,
        name=names.get(step.name, step.name),
        sources=new(step.sources),
        call=step.call and _renamed_call(step.call, new),
    )


def _renamed_call(call: Call, new: Callable[[Names], Names]) -> Call:
    return replace(
        call,
        arguments=tuple(map(new, call.arguments)),
        keywords={word: new(found) for word, found in call.keywords.items()},
        receiver=call.receiver and new(call.receiver),
    )


@dataclass
class Facts:
    """Of a simple statement, or of all in a function together.

    Attributes
    ----------
    reads : set of str
    later : set of str
        Names that functions and lambdas read when they are called.
    steps : list of Bind, Mutate, Iterate or Call
        In the order in which they happen.
    functions : list of Function
        What is defined, with what stands inside.
    """

    reads: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    lines: range = range(0)
    """Where it stands in its cell, from 1."""
    idle: bool = False
    """Whether it can be left out where nothing needs it: the import of a package at hand."""


@dataclass(eq=False)  # there are two where two have the same text
class Function:
    """A function, method, or the making of an object of a class."""

    name: str
    parameters: tuple[str, ...]
    is_method: bool
    facts: Facts
    local: set[str]
    yields: bool = False
    makes: bool = False
    """Whether calling it by its name makes an object."""
    scope: str = ""
    """Its module; "" for the notebook."""

    @cached_property
    def calls(self) -> frozenset[str]:
        """The last names of all that it calls."""
        return frozenset(step.name for step in self.facts.steps if isinstance(step, Call))
