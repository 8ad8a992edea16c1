"""The way of values through a notebook: each binding of a name makes a new version of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from autograder.slicing import words
from autograder.slicing.cells import Beyond, parse_cell
from autograder.slicing.effects import Effects
from autograder.slicing.modules import Library, imports_of_cells, read_library
from autograder.slicing.records import (
    OUTSIDE,
    RANDOM,
    Bind,
    Facts,
    Function,
    Iterate,
    Mutate,
    Step,
)
from autograder.slicing.statements import Reader

Lines = Mapping[int, frozenset[int]]
"""Cells, from 0, and the lines of each, from 1."""
MODULES = "<modules>"
"""Asked for as a name: whatever state the library's modules keep."""
MOST_STATEMENTS = 3000
MOST_CELLS = 1000
MOST_SHARED = 20_000_000
"""Pairs of values that may share memory, counted each time that some are added: a second's work."""


@dataclass
class _Version:
    """A value that a name got, and what is known of it."""

    part_of: set[int] = field(default_factory=set)
    """Versions that it is, or is a part of."""
    behind: set[int] = field(default_factory=set)
    """Those, and versions of which something is kept in it."""
    before: set[int] = field(default_factory=set)
    """Versions that have it behind them."""
    later: set[str] = field(default_factory=set)
    """Names that are read when something in it is called."""
    changes: set[str] = field(default_factory=set)
    """Names that are changed when something in it is called."""
    objects: bool = False
    """Whether there may be objects in it whose methods set their attributes."""
    iterator: bool = False
    defined: bool = False
    """Whether it is a function or class: a change of it changes what was made with it."""


@dataclass
class _Statement:
    reads: set[int] = field(default_factory=set)
    writes: set[int] = field(default_factory=set)
    binds: set[str] = field(default_factory=set)
    lines: range = range(0)
    idle: bool = False


class Analysis:
    """What was found of one notebook.

    Attributes
    ----------
    needed : dict of int to Lines
        For each cell before which something is asked: what must run for that to be what it is
        in a whole run.
    """

    def __init__(
        self,
        cells: list[list[_Statement]],
        wanted: Mapping[int, set[int]],
        followed: Callable[[Lines], Analysis],
    ) -> None:
        self._cells = cells
        self._followed = followed
        self.needed = {before: _slice(cells[:before], found) for before, found in wanted.items()}

    def after(self, ran: Lines) -> Analysis:
        """Return what is found where only some lines have run without an error.

        What the rest binds may still be what it was before, as where it fails halfway.
        """
        return self._followed(ran)

    def binding(self, name: str, before: int) -> list[int]:
        """Return the cells above that bind a name."""
        cells = enumerate(self._cells[:before])
        return [number for number, cell in cells if any(name in item.binds for item in cell)]


def _slice(cells: Sequence[Sequence[_Statement]], wanted: Iterable[int]) -> Lines:
    """Return the cells that write what is wanted, and what those read, with their lines.

    Of a cell all runs up to the last statement that is needed: an error in one before it
    ends the cell in a whole run, too.
    """
    found: dict[int, frozenset[int]] = {}
    open_versions = set(wanted)
    for number in range(len(cells) - 1, -1, -1):
        lines: set[int] = set()
        for item in reversed(cells[number]):
            if item.writes & open_versions or (lines and not item.idle):
                lines.update(item.lines)
                open_versions |= item.reads
        if lines:
            found[number] = frozenset(lines)
    return found


def _reached(
    names: Iterable[str], current: Mapping[str, int], versions: Sequence[_Version]
) -> set[int]:
    """Return the versions that a use of names reads, also when what they are is called."""
    found: set[int] = set()
    todo, seen = list(names), set[str]()
    while todo:
        name = todo.pop()
        if name in seen or name not in current:
            continue
        seen.add(name)
        found.add(current[name])
        todo += versions[current[name]].later
    return found


def analyse(
    cells: Sequence[str],
    modules: Mapping[str, bytes],
    trusted: Mapping[str, bytes],
    asked: Mapping[int, Iterable[str]],
) -> Analysis:
    """Analyse the code cells of a notebook.

    Parameters
    ----------
    cells : sequence of str
        Their sources, in order.
    modules : dict of str to bytes
        The modules that can be imported, as ``cs_lib/layers.py``.
    trusted : dict of str to bytes
        Those that the course gives.
    asked : dict of int to iterable of str
        The names that are looked at before a cell runs.

    Raises
    ------
    Beyond
        Something that cannot be followed.
    """
    if len(cells) > MOST_CELLS:
        raise Beyond("too many cells")
    try:
        imports = imports_of_cells(cells)
        key = tuple(sorted(imports.items()))
        statements = [_read_cell(source, key) for source in cells]
        library = read_library(imports.values(), modules, trusted)
    except RecursionError:
        raise Beyond("a text that nests too deep") from None
    if sum(map(len, statements)) > MOST_STATEMENTS:
        raise Beyond("too many statements")
    own = [function for cell in statements for facts in cell for function in facts.functions]
    effects = Effects(own, library.given, library.effects)

    def followed(ran: Lines | None) -> Analysis:
        flow = _Flow(effects, imports, library)
        found, wanted = [], {}
        for number, facts in enumerate(statements):
            if number in asked:
                wanted[number] = flow.wanted(asked[number])
            found.append(flow.cell(facts, None if ran is None else ran.get(number, frozenset())))
        return Analysis(found, wanted, followed)

    return followed(None)


@lru_cache(maxsize=4096)
def _read_cell(source: str, imports: tuple[tuple[str, str], ...]) -> list[Facts]:
    """Read a cell, statement by statement."""
    found = []
    body = parse_cell(source).body
    ranges = [_lines_of(node) for node in body]
    shared = {line for one, other in pairwise(ranges) for line in one if line in other}
    for node, lines in zip(body, ranges, strict=True):
        reader = Reader(dict(imports))
        reader.statement(node)
        reader.facts.lines = lines
        reader.facts.idle = _is_idle(node) and shared.isdisjoint(lines)
        found.append(reader.facts)
    return found


def _lines_of(node: ast.stmt) -> range:
    first = node.lineno
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        first = min([first, *(decorator.lineno for decorator in node.decorator_list)])
    return range(first, (node.end_lineno or first) + 1)


def _is_idle(node: ast.stmt) -> bool:
    """Whether a statement is the import of a package at hand, or a magic without effect."""
    if isinstance(node, ast.ImportFrom):
        return not node.level and (node.module or "").partition(".")[0] in words.AT_HAND
    if isinstance(node, ast.Import):
        return all(alias.name.partition(".")[0] in words.AT_HAND for alias in node.names)
    return isinstance(node, ast.Pass)


class _Flow:
    def __init__(self, effects: Effects, imports: Mapping[str, str], library: Library) -> None:
        self.effects = effects
        self.imports = imports
        self.library = library
        self.versions: list[_Version] = []
        self._shared = 0
        self.current: dict[str, int] = {}
        # Of the statement that is looked at:
        self._certain = True
        self._found = _Statement()
        self._later: set[str] = set()
        self._changes: set[str] = set()
        self._objects = self._defines = False
        self._new(OUTSIDE)

    def cell(
        self, statements: Iterable[Facts], certain: Collection[int] | None
    ) -> list[_Statement]:
        """Follow the statements of a cell; those of other lines than the certain may fail."""
        found = []
        for facts in statements:
            self._certain = certain is None or facts.idle or all(n in certain for n in facts.lines)
            found.append(self._statement(facts))
        return found

    def wanted(self, names: Iterable[str]) -> set[int]:
        """Return the versions that a use of names at this place reads."""
        every = [*names, OUTSIDE]
        if MODULES in every:
            every += [name for name in self.current if name.startswith(f"<{words.LIBRARY}")]
            every += [RANDOM]
        return _reached(every, self.current, self.versions)

    def _statement(self, facts: Facts) -> _Statement:
        self._found = _Statement(lines=facts.lines, idle=facts.idle)
        used = _reached(facts.reads, self.current, self.versions)
        self._found.reads |= used
        self._later = set(facts.later).union(*(self.versions[number].later for number in used))
        self._objects = any(self.versions[number].objects for number in used)
        changes = set[str]().union(*(self.versions[number].changes for number in used))
        self._change(changes, deep=False)
        self._changes = changes | self._changed_by(facts.functions)
        self._defines = any(item.is_method for item in facts.functions)
        for step in facts.steps:
            self._step(step)
        return self._found

    def _step(self, step: Step) -> None:
        if isinstance(step, Bind):
            self._bind(step)
        elif isinstance(step, Mutate):
            self._change(step.names, deep=bool(step.part))
            self._keep(step.names, step.sources)
        elif isinstance(step, Iterate):
            self._iterate(step.names)
        else:
            effect = self.effects.of(step)
            self._change(effect.changes, deep=True)
            self._change({name for name, part in effect.parts if part}, deep=True)
            self._change({name for name, part in effect.parts if not part}, deep=False)
            self._change(effect.free, deep=False)
            self._change(self._with_objects(effect.sets), deep=True)
            self._iterate(effect.iterates)
            for sources, keepers, _ in effect.stores:
                self._keep(keepers, sources)
            for sources, name in effect.keeps:
                self._keep((name,), sources)

    def _iterate(self, names: Iterable[str]) -> None:
        numbers = [(name, self.current[name]) for name in names if name in self.current]
        used_up = [name for name, number in numbers if self.versions[number].iterator]
        self._change(used_up, deep=True)

    def _with_objects(self, names: Iterable[str]) -> list[str]:
        numbers = [(name, self.current[name]) for name in names if name in self.current]
        return [name for name, number in numbers if self.versions[number].objects]

    def _changed_by(self, functions: Iterable[Function]) -> set[str]:
        return {name for item in functions for name in self.effects.free_of(item.name)}

    def _bind(self, bind: Bind) -> None:
        sources = self._numbers(self.effects.sources(bind))
        number = self.current.get(bind.name)
        self._found.binds.add(bind.name)
        if number is None or (bind.certain and self._certain):
            number = self._new(bind.name)
        else:
            self._found.reads.add(number)
        self._found.writes.add(number)
        version = self.versions[number]
        version.later |= self._later
        version.changes |= self._changes
        version.defined = bind.defines
        version.objects |= not bind.plain and (self._objects or bind.made)
        version.iterator |= self.effects.returns_iterator(bind)
        version.objects |= self._defines and "" in self.effects.with_state
        self._import(version, self.imports.get(bind.name, ""))
        self._derive(number, sources)

    def _import(self, version: _Version, origin: str) -> None:
        """Note what something imported from the library may read and change."""
        if not origin.startswith(words.LIBRARY):
            return
        reached = self.library.reached_from(origin)
        inside = [item for item in self.library.functions if item.scope in reached]
        version.later |= {name for name in self._changed_by(inside) if name.startswith("<")}
        called = [item for item in inside if item.name == origin.rpartition(".")[2]]
        if not called or any(item.is_method for item in called):
            called = inside  # a module, or a class with methods of any name
        version.changes |= {name for name in self._changed_by(called) if name.startswith("<")}
        version.objects |= bool(reached & self.effects.with_state)

    def _change(self, names: Iterable[str], *, deep: bool) -> None:
        for name in names:
            if name not in self.current:
                if not name.startswith("<"):
                    continue  # defined nowhere above
                self._new(name)
            number = self.current[name]
            version = self.versions[number]
            shared = {number} | (version.behind if deep else version.part_of)
            reached = shared.union(*(self.versions[other].before for other in shared))
            self._found.writes |= reached
            self._found.reads.add(number)
            if any(self.versions[other].defined for other in shared):
                self._found.writes.add(self.current[OUTSIDE])

    def _keep(self, names: Iterable[str], sources: Iterable[str]) -> None:
        given = self._numbers(sources)
        for number in self._numbers(names):
            version = self.versions[number]
            version.objects |= self._objects
            version.later |= self._later
            version.changes |= self._changes
            for other in given:
                version.later |= self.versions[other].later
                version.changes |= self.versions[other].changes
            self._share({number, *version.part_of}, given)

    def _derive(self, number: int, sources: Iterable[int]) -> None:
        """Note that a version is, or is a part of, others."""
        whole = set(sources) - {number}
        self._share({number}, whole)
        part_of = whole.union(*(self.versions[source].part_of for source in whole))
        self.versions[number].part_of |= part_of - {number}

    def _share(self, keepers: set[int], sources: set[int]) -> None:
        """Note that versions have something of others in them, and so what has them in it."""
        behind = sources.union(*(self.versions[source].behind for source in sources))
        after = keepers.union(*(self.versions[keeper].before for keeper in keepers))
        self._shared += len(behind) * len(after)
        if self._shared > MOST_SHARED:
            raise Beyond("values that may share memory in too many ways")
        for lower in after:
            self.versions[lower].behind |= behind - {lower}
        for source in behind:
            self.versions[source].before |= after - {source}

    def _numbers(self, names: Iterable[str]) -> set[int]:
        return {self.current[name] for name in names if name in self.current}

    def _new(self, name: str) -> int:
        self.versions.append(_Version())
        self.current[name] = len(self.versions) - 1
        return self.current[name]
