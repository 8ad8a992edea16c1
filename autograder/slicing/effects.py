"""What a call does to what it is given: found by looking into all functions of that name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from autograder.slicing import words
from autograder.slicing.cells import Beyond
from autograder.slicing.records import (
    NONE,
    RANDOM,
    RESULT,
    Bind,
    Call,
    Function,
    Iterate,
    Mutate,
    Names,
    Step,
    inside,
)

_ROUNDS = 20
MOST_STEPS = 2000
"""Of one function; the time to follow them grows with their square."""


@dataclass
class Summary:
    """What calling a function does.

    Attributes
    ----------
    changes : set of int
        Positions of the arguments that it may change.
    sets : set of int
        Positions of those of whose objects it may set attributes.
    iterates : set of int
        Positions of those that it may go through.
    returns : set of int
        Positions of those of which something may be in the result.
    gives : set of str
        Names of its notebook of which something may be in the result.
    stores : set of (int, int)
        Something of the first argument may be kept in the second.
    keeps : set of (int, str)
        Something of the argument may be kept in what such a name as in `free` stands for.
    free : set of str
        Names of its module or notebook, and other state, that it may change.
    """

    changes: set[int] = field(default_factory=set)
    sets: set[int] = field(default_factory=set)
    iterates: set[int] = field(default_factory=set)
    returns: set[int] = field(default_factory=set)
    gives: set[str] = field(default_factory=set)
    stores: set[tuple[int, int]] = field(default_factory=set)
    keeps: set[tuple[int, str]] = field(default_factory=set)
    free: set[str] = field(default_factory=set)

    @property
    def size(self) -> int:
        return sum(map(len, vars(self).values()))


@dataclass
class Effect:
    """What a call may do to names, see `Summary`."""

    changes: set[str] = field(default_factory=set)
    parts: set[tuple[str, str]] = field(default_factory=set)
    """Names of which only an attribute is changed, with that; "" for nothing that is kept in it."""
    sets: set[str] = field(default_factory=set)
    iterates: set[str] = field(default_factory=set)
    stores: list[tuple[Names, Names, str]] = field(default_factory=list)
    """Of what something is kept, in what, and in which attribute of it."""
    keeps: list[tuple[Names, str]] = field(default_factory=list)
    """Of what something is kept in a name of another scope."""
    free: set[str] = field(default_factory=set)


class Derived:
    """Which names may share memory with which others, in no order."""

    def __init__(self) -> None:
        self._same: dict[str, set[str]] = {}
        self._kept: dict[str, set[tuple[str, str]]] = {}

    def same(self, name: str, sources: Iterable[str]) -> None:
        """Note that a name is, or is a part of, what others stand for."""
        self._same.setdefault(name, set()).update(sources)

    def keep(self, name: str, sources: Iterable[str], to: str = "?") -> None:
        """Note that what others stand for is kept in an attribute of what a name stands for."""
        self._kept.setdefault(name, set()).update((to, source) for source in sources)

    def settle(self) -> None:
        """Note that what is kept in a name is kept in what it is a part of, too."""
        for name, kept in list(self._kept.items()):
            for whole in self._wholes(name) - {name}:
                self._kept.setdefault(whole, set()).update(kept)

    def _wholes(self, name: str) -> set[str]:
        found, todo = {name}, [name]
        while todo:
            new = self._same.get(todo.pop(), set()) - found
            found |= new
            todo += new
        return found

    def behind(self, name: str, part: str = "?") -> set[str]:
        """Return what else is changed where what a name stands for is changed.

        Parameters
        ----------
        part : str
            The attribute that is changed, "" for nothing that is kept, "?" for anything.
        """
        found, todo = {name}, [(name, part)]
        while todo:
            start, part = todo.pop()
            new = set(self._same.get(start, ()))
            kept = self._kept.get(start, set()) if part else set()
            below = {source for to, source in kept if part == "?" or to in (part, "?")}
            todo += [(source, part) for source in new - found]
            todo += [(source, "?") for source in below - new - found]
            found |= new | below
        return found


class Effects:
    """The functions of a notebook and its modules by name, and what calls of them do.

    Parameters
    ----------
    functions : iterable of Function
    given : collection of str
        Modules of the course's own: what state they keep makes no difference to results, but
        for the global random generator.
    known : Effects, optional
        Those of more functions, found before: only what calls one of the new is looked into again.

    Attributes
    ----------
    with_state : set of str
        Modules, "" for the notebook, in which attributes of objects are set.

    Raises
    ------
    Beyond
        They call one another in too many ways, or one is too long.
    """

    def __init__(
        self,
        functions: Iterable[Function],
        given: Collection[str] = (),
        known: Effects | None = None,
    ) -> None:
        self._given = given
        self._summaries: dict[Function, Summary] = {}
        self._named: dict[str, list[Function]] = {}
        self.with_state: set[str] = set()
        if known is not None:
            self._summaries |= known._summaries
            self._named |= {name: list(items) for name, items in known._named.items()}
            self.with_state |= known.with_state
        new = list(functions)
        if any(len(item.facts.steps) > MOST_STEPS for item in new):
            raise Beyond("a function of too many steps")
        self.with_state |= {item.scope for item in new if _sets(item)}
        new += self._callers_of({item.name for item in new})
        for item in new:
            if item not in self._summaries:
                self._named.setdefault(item.name, []).append(item)
            self._summaries[item] = Summary()
        self._settle(new)

    def _callers_of(self, names: Collection[str]) -> list[Function]:
        """Return the functions that call some, or call what does."""
        found: dict[Function, None] = {}
        while names:
            new = [
                item
                for item in self._summaries
                if item not in found and not item.calls.isdisjoint(names)
            ]
            found |= dict.fromkeys(new)
            names = {item.name for item in new}
        return list(found)

    def _settle(self, functions: Collection[Function]) -> None:
        """Look into functions, and again into those that call what was found to do more."""
        order = _called_first(functions)
        to_look = set(order)
        for _ in range(_ROUNDS):
            for item in order:
                if item in to_look:
                    to_look.discard(item)
                    if self._look_again(item):
                        to_look.update(each for each in order if item.name in each.calls)
            if not to_look:
                return
        raise Beyond("functions that call one another in too many ways")

    def of(self, call: Call) -> Effect:
        """Return what a call may do."""
        effect = Effect()
        found = self._candidates(call)
        for function in found:
            summary, given = self._summaries[function], _placed(function, call)
            effect.changes |= _at(summary.changes, given)
            effect.sets |= _at(summary.sets, given)
            effect.iterates |= _at(summary.iterates, given)
            for source, keeper in summary.stores:
                effect.stores.append((given.get(source, NONE), given.get(keeper, NONE), "?"))
            effect.keeps += [(given.get(source, NONE), name) for source, name in summary.keeps]
            effect.free |= summary.free
        own = call.receiver is not None and call.name in words.CONTAINER_METHODS
        if own or not found:
            self._of_unknown(call, effect)
        return effect

    def _of_unknown(self, call: Call, effect: Effect) -> None:
        everything = frozenset().union(*call.arguments, *call.keywords.values())
        if call.receiver is None:
            effect.changes |= everything
        elif call.name in words.CONTAINER_METHODS and call.part != "?":
            effect.parts |= {(name, call.part) for name in call.receiver}
            # in the container, which is not the attribute itself
            effect.stores.append((everything, call.receiver, f"{call.part}[]"))
        elif call.name not in words.PURE_METHODS:
            effect.changes |= call.receiver
            if call.name not in words.FRESH_METHODS | words.DRAWING_METHODS:
                effect.stores.append((everything, call.receiver, "?"))

    def sources(self, bind: Bind) -> Names:
        """Return what a name may share memory with that is bound to a value."""
        found = self._candidates(bind.call) if bind.call else []
        if bind.call is None or not found or bind.call.receiver is not None:
            return bind.sources
        summaries = [self._summaries[function] for function in found]
        placed = [_placed(function, bind.call) for function in found]
        returned = zip(placed, summaries, strict=True)
        names = (given.get(i, NONE) for given, summary in returned for i in summary.returns)
        return frozenset().union(*names, *(summary.gives for summary in summaries))

    def returns_iterator(self, bind: Bind) -> bool:
        """Whether the value can be gone through once only."""
        if bind.call is None:
            return bind.iterator
        yields = any(function.yields for function in self._named.get(bind.call.name, []))
        return bind.iterator or yields

    def free_of(self, name: str) -> set[str]:
        """Return what functions or methods of a name may change beside their arguments."""
        functions = self._named.get(name, [])
        return {free for function in functions for free in self._summaries[function].free}

    def _candidates(self, call: Call) -> list[Function]:
        functions = self._named.get(call.name, [])
        if call.receiver is None:
            return functions
        return [function for function in functions if function.is_method]

    def _look_again(self, function: Function) -> bool:
        """Take in what is known of the functions it calls; whether that tells anything new."""
        summary = self._summaries[function]
        before = summary.size
        derived, seen = Derived(), Effect()
        for step in function.facts.steps:
            self._take(step, function, derived, seen)
        derived.settle()
        changed = _behind(derived, seen.changes)
        changed |= {name for start, part in seen.parts for name in derived.behind(start, part)}
        places = {name: position for position, name in enumerate(function.parameters)}

        def at(names: Iterable[str]) -> set[int]:
            return {places[name] for name in names if name in places}

        summary.changes |= at(changed)
        summary.sets |= at(_behind(derived, seen.sets))
        summary.iterates |= at(_behind(derived, seen.iterates))
        # of a class the object is returned, with all that it keeps
        returned = derived.behind(function.parameters[0] if function.makes else RESULT)
        summary.returns |= at(returned)
        for name in set(places) & (changed | seen.sets):
            behind = derived.behind(name) - {name}
            summary.stores |= {(other, places[name]) for other in at(behind)}
        free = {_in_scope(name, function.scope) for name in seen.free | (changed - function.local)}
        if function.scope in self._given:
            summary.free |= free & {RANDOM}
            return summary.size > before
        summary.free |= free
        outer = (changed | seen.sets | seen.free) - function.local
        keeps = [(derived.behind(name), _in_scope(name, function.scope)) for name in outer]
        keeps += [(_behind(derived, sources), name) for sources, name in seen.keeps]
        summary.keeps |= {(place, name) for names, name in keeps for place in at(names)}
        if not function.scope:
            summary.gives |= returned - function.local - {RESULT}
        return summary.size > before

    def _take(
        self,
        step: Step,
        function: Function,
        derived: Derived,
        seen: Effect,
    ) -> None:
        if isinstance(step, Bind):
            derived.same(step.name, self.sources(step))
            if step.call and (given_back := inside(step.call.name, RESULT)) in function.local:
                derived.same(step.name, (given_back,))
            if step.name not in function.local and step.name != RESULT:
                seen.free.add(step.name)  # declared global
        elif isinstance(step, Mutate):
            if step.sets or step.part == "?":
                (seen.sets if step.sets else seen.changes).update(step.names)
            else:
                seen.parts |= {(name, step.part) for name in step.names}
            for name in step.names:
                derived.keep(name, step.sources, step.to)
        elif isinstance(step, Iterate):
            seen.iterates |= step.names
        else:
            effect = self.of(step)
            seen.changes |= effect.changes
            seen.parts |= effect.parts
            seen.sets |= effect.sets
            seen.iterates |= effect.iterates
            seen.free |= effect.free
            seen.keeps += effect.keeps
            for sources, keepers, to in effect.stores:
                for name in keepers:
                    derived.keep(name, sources, to)
            for called in self._candidates(step):
                given = _placed(called, step)
                for position, parameter in enumerate(called.parameters):
                    if (name := inside(called.name, parameter)) in function.local:
                        derived.same(name, given.get(position, NONE))


def _called_first(functions: Iterable[Function]) -> list[Function]:
    """Return functions with those that others call before these, as far as there is an order."""
    named: dict[str, list[Function]] = {}
    for item in functions:
        named.setdefault(item.name, []).append(item)
    found: dict[Function, None] = {}
    seen: set[Function] = set()
    todo = [(item, False) for item in functions]
    while todo:
        item, called_are_in = todo.pop()
        if called_are_in:
            found[item] = None
        elif item not in seen:
            seen.add(item)
            todo.append((item, True))
            called = (each for name in sorted(item.calls) for each in named.get(name, ()))
            todo += [(each, False) for each in called]
    return list(found)


def _sets(function: Function) -> bool:
    """Whether it sets attributes of an object that is there already."""
    makes = function.makes or function.name == "__init__"
    steps = function.facts.steps
    return not makes and any(isinstance(step, Mutate) and step.sets for step in steps)


def _behind(derived: Derived, names: Iterable[str]) -> set[str]:
    return {found for name in names for found in derived.behind(name)}


def _in_scope(name: str, scope: str) -> str:
    """Return a name of a module as the state of that module."""
    return name if name.startswith("<") or not scope else f"<{scope}>"


def _at(positions: Iterable[int], given: Mapping[int, Names]) -> Names:
    return NONE.union(*(given.get(position, NONE) for position in positions))


def _placed(function: Function, call: Call) -> Mapping[int, Names]:
    """Return what a call gives for each position of a function's parameters."""
    arguments = list(call.arguments)
    if function.is_method and (call.receiver is not None or function.parameters[:1] == ("self",)):
        arguments.insert(0, call.receiver or NONE)
    given = dict(enumerate(arguments))
    for name, sources in call.keywords.items():
        if name in function.parameters:
            given[function.parameters.index(name)] = sources
        elif name == "**":
            for position in range(len(function.parameters)):
                given[position] = given.get(position, NONE) | sources
    return given
