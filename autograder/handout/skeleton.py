"""The student's version of a ``cs_lib`` module: stubs, given functions, nothing else."""

import ast
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from autograder.course.settings import EVERYTHING, Module
from autograder.errors import InstructorError
from autograder.handout import regions

Fate = Literal["todo", "given", "absent"]
Available = Callable[[str, str], bool]
"""Whether the release has a name: ``available("cs_lib.layers", "relu_forward")``."""


@dataclass(frozen=True)
class Piece:
    """A function, class or method of a module, with the lines it takes.

    ``first`` and ``last`` count from 0 and include decorators.
    """

    name: str
    first: int
    last: int
    fate: Fate


class _Source:
    """A reference module, taken apart."""

    def __init__(self, text: str, where: str, module: Module) -> None:
        self.where = where
        self.lines = text.splitlines()
        self.regions = regions.find_regions(self.lines, where)
        self.module = module
        try:
            self.tree = ast.parse(text)
        except SyntaxError as error:
            raise InstructorError(
                f"{where}, line {error.lineno}: expected Python, got: {error.msg}."
            ) from None
        self._check_names()

    def _check_names(self) -> None:
        known = [
            name
            for node in self.tree.body
            for name in [_name(node), *(f"{_name(node)}.{_name(m)}" for m in _methods(node))]
            if name
        ]
        for name in (*self.module.todo, *self.module.given):
            if name not in known and name != EVERYTHING:
                close = difflib.get_close_matches(name, known, 1)
                hint = f' Did you mean "{close[0]}"?' if close else ""
                raise InstructorError(
                    f'{self.where}: expected a function or class "{name}", as assignment.toml '
                    f"names it, found none.{hint}"
                )

    def fate(self, name: str) -> Fate:
        if name in self.module.todo:
            return "todo"
        if name in self.module.given or EVERYTHING in self.module.given:
            return "given"
        return "absent"

    def span(self, node: ast.stmt) -> tuple[int, int]:
        """Return the first and last line of a statement.

        Decorators count, and so does the end marker of a region that begins in it,
        which Python takes for a comment behind it.
        """
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(d.lineno for d in decorators)]) - 1
        last = (node.end_lineno or node.lineno) - 1
        return first, max([last, *(r.end for r in self.regions if first <= r.begin <= last)])

    def with_gaps(self, body: list[ast.stmt], first: int) -> Iterator[tuple[ast.stmt, list[str]]]:
        """Yield the statements of a body that begins at a line, each with the lines above it."""
        for node in body:
            begin, last = self.span(node)
            yield node, self.lines[first:begin]
            first = last + 1

    def has_region(self, first: int, last: int) -> bool:
        return any(region.inside(first, last) for region in self.regions)

    def text(self, piece: Piece, assignment: str) -> list[str]:
        """Return a piece's lines as its fate says."""
        lines = self.lines[piece.first : piece.last + 1]
        if piece.fate == "given":
            return regions.without_markers(lines)
        stub = stub_lines(f"{assignment}: implement {piece.name}")
        return regions.with_stubs(lines, self.where, lambda _: stub)


def stub_lines(message: str) -> list[str]:
    """Return what stands in a student's file in the place of a solution."""
    return ["# YOUR CODE HERE", f'raise NotImplementedError("{message}")']


def build_skeleton(
    text: str, where: str, module: Module, assignment: str, available: Available
) -> str:
    """Return the source of a module as an assignment hands it out.

    Parameters
    ----------
    text : str
        Source of the reference module.
    where : str
        Its path, for messages.
    module : Module
        What is todo and what is given; all else is absent.
    assignment : str
        Name that the stubs tell.
    available : callable
        Says whether the release has a name of ``cs_lib``; imports of others go.

    Raises
    ------
    InstructorError
        An unknown name, a TODO without a solution region, an unbalanced marker,
        top-level code in a module handed out in part, or a use of something that
        is absent.
    """
    source = _Source(text, where, module)
    if EVERYTHING in module.given and not module.todo:
        return "\n".join(regions.without_markers(source.lines)) + "\n"
    kept = {id(node): (node, fate) for node, fate in _kept_definitions(source)}
    wanted = _names_wanted(source.tree, [node for node, _ in kept.values()])
    result: list[str] = []
    for node, gap in source.with_gaps(source.tree.body, 0):
        if id(node) in kept:
            result += gap + _definition(source, *kept[id(node)], assignment)
        else:
            result += _other_statement(source, node, gap, wanted, available)
    skeleton = "\n".join(result).strip("\n") + "\n"
    _check_no_absent_name(source, skeleton)
    return skeleton


def _kept_definitions(source: _Source) -> list[tuple[ast.stmt, Fate]]:
    kept: list[tuple[ast.stmt, Fate]] = []
    for node in source.tree.body:
        name = _name(node)
        if name is None:
            continue
        fate = source.fate(name)
        some_method = any(source.fate(f"{name}.{_name(m)}") != "absent" for m in _methods(node))
        if fate != "absent" or some_method:
            kept.append((node, fate))
    return kept


def _definition(source: _Source, node: ast.stmt, fate: Fate, assignment: str) -> list[str]:
    first, last = source.span(node)
    name = _name(node) or ""
    if fate == "todo" and not source.has_region(first, last):
        raise _no_region(source, name, first)
    if isinstance(node, ast.ClassDef):
        return _class(source, node, fate, assignment)
    return source.text(Piece(name, first, last, fate), assignment)


def _class(source: _Source, node: ast.ClassDef, fate: Fate, assignment: str) -> list[str]:
    """Return a class method by method: a method's own entry goes before the class's.

    Of a class that is named only by some of its methods, the methods with a
    region are absent unless named.
    """
    first, _ = source.span(node)
    body_first, _ = source.span(node.body[0])
    result = source.lines[first:body_first]
    for member, gap in source.with_gaps(node.body, body_first):
        member_first, member_last = source.span(member)
        name = f"{node.name}.{_name(member)}"
        has_region = source.has_region(member_first, member_last)
        if name in source.module.todo and not has_region:
            raise _no_region(source, name, member_first)
        if name in (*source.module.todo, *source.module.given):
            chosen = source.fate(name)
        else:
            chosen = fate if has_region else "given"
        if chosen != "absent":
            result += gap + source.text(Piece(name, member_first, member_last, chosen), assignment)
    return result


def _no_region(source: _Source, name: str, first: int) -> InstructorError:
    return InstructorError(
        f'{source.where}, line {first + 1}: {name} is a TODO, expected a "### {regions.BEGIN}" '
        "region in it, found none. Mark what the student is to write."
    )


def _other_statement(
    source: _Source, node: ast.stmt, gap: list[str], wanted: set[str], available: Available
) -> list[str]:
    """Return what is kept of a statement that is no kept definition."""
    first, last = source.span(node)
    lines = source.lines[first : last + 1]
    if _name(node) is not None:
        return []
    if isinstance(node, ast.Import | ast.ImportFrom):
        return _with_gap(gap, _import(node, lines, wanted, available))
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return gap + lines
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return gap + lines if _assigned(node) & wanted else []
    if EVERYTHING in source.module.given:
        return gap + lines
    raise InstructorError(
        f"{source.where}, line {first + 1}: expected imports, assignments, functions and classes "
        "in a module handed out in part, got other code. Move it into a function."
    )


def _with_gap(gap: list[str], lines: list[str]) -> list[str]:
    return gap + lines if lines else []


def _import(
    node: ast.Import | ast.ImportFrom, lines: list[str], wanted: set[str], available: Available
) -> list[str]:
    module = node.module or "" if isinstance(node, ast.ImportFrom) else None
    names = [
        alias
        for alias in node.names
        if (alias.asname or alias.name.partition(".")[0]) in wanted
        and (module is None or available(module, alias.name))
    ]
    if not names:
        return []
    if len(names) == len(node.names):
        return lines
    if module is None:
        return [ast.unparse(ast.Import(names))]
    return [ast.unparse(ast.ImportFrom(module, names, 0))]


def _check_no_absent_name(source: _Source, skeleton: str) -> None:
    """Raise if what is handed out uses a top-level name that is not."""
    tree = ast.parse(skeleton)
    absent = _defined(source.tree) - _defined(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in absent:
            raise InstructorError(
                f'{source.where}: what is handed out uses "{node.id}", which is absent. '
                "Name it in assignment.toml as todo or given."
            )


def _defined(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names |= _assigned(node)
        elif name := _name(node):
            names.add(name)
    return names


def _names_wanted(tree: ast.Module, kept: list[ast.stmt]) -> set[str]:
    """Return the names that definitions use, the constants behind them, and what is exported."""
    wanted = _names_used(kept) | _exported(tree)
    constants = [node for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)]
    for node in reversed(constants):
        if _assigned(node) & wanted:
            wanted |= _names_used([node])
    return wanted


def _exported(tree: ast.Module) -> set[str]:
    """Return the names in ``__all__``: a module may import a name only to pass it on."""
    return {
        element.value
        for node in tree.body
        if isinstance(node, ast.Assign) and "__all__" in _assigned(node)
        for element in ast.walk(node.value)
        if isinstance(element, ast.Constant) and isinstance(element.value, str)
    }


def _names_used(nodes: list[ast.stmt]) -> set[str]:
    return {n.id for node in nodes for n in ast.walk(node) if isinstance(n, ast.Name)}


def _assigned(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}


def _name(node: ast.stmt) -> str | None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name
    return None


def _methods(node: ast.stmt) -> list[ast.stmt]:
    return [m for m in node.body if _name(m)] if isinstance(node, ast.ClassDef) else []
