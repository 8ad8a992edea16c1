"""What expressions read, and what their values may share memory with."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from autograder.slicing import words
from autograder.slicing.cells import Beyond
from autograder.slicing.records import (
    FILES,
    NONE,
    OUTSIDE,
    RANDOM,
    Bind,
    Call,
    Facts,
    Iterate,
    Mutate,
    Names,
)


class Expressions:
    """Reads expressions of one scope.

    Parameters
    ----------
    imports : dict of str to str
        What names stand for that are bound by imports alone: ``{"np": "numpy"}``.
    """

    def __init__(self, imports: Mapping[str, str], *, in_function: bool = False) -> None:
        self.imports = imports
        self._in_function = in_function
        self._certain = not in_function
        """Whether what is read now runs whenever its cell does."""
        self.facts = Facts()
        self.inner_names: set[str] = set()
        """Names of functions inside of this one, as they stand among its steps."""
        self._inner: list[dict[str, Names]] = []
        """Names of comprehensions and lambdas, and what they share memory with."""

    # --- where values go ---

    def _store_value(
        self, target: ast.expr, value: ast.expr, certain: bool, same: Names = NONE
    ) -> None:
        """Bind to a value; `same` are names that it has already got."""
        sources = self.value(value) | same
        if not isinstance(target, ast.Name):
            self._store(target, sources, certain)
            return
        call = None
        if isinstance(value, ast.Call):
            last = self.facts.steps[-1] if self.facts.steps else None
            is_last = isinstance(last, Call) and last.name == _last_name(value.func)
            call = last if isinstance(last, Call) and is_last and not same else None
        made = isinstance(value, ast.Call) and words.is_class(_last_name(value.func))
        self.facts.steps.append(
            Bind(
                target.id, sources, certain, call, _is_iterator(value), self._is_plain(value), made
            )
        )

    def _is_plain(self, value: ast.expr) -> bool:
        if isinstance(value, (ast.Constant, ast.UnaryOp, ast.Compare, ast.JoinedStr)):
            return True
        if isinstance(value, ast.BinOp):
            return any(map(self._is_plain, (value.left, value.right))) or _is_fresh(value)
        if isinstance(value, ast.Subscript) or (
            isinstance(value, ast.Attribute) and value.attr == "T"
        ):
            return self._is_plain(value.value)
        if not isinstance(value, ast.Call):
            return False
        origin = self._foreign(value.func)
        if origin is not None:
            return origin.startswith("numpy.") and not words.is_class(_last_name(value.func))
        method = isinstance(value.func, ast.Attribute)
        return method and _last_name(value.func) in words.ARRAY_METHODS

    def _store(self, target: ast.expr, sources: Names, certain: bool) -> None:
        if isinstance(target, ast.Name):
            self.facts.steps.append(Bind(target.id, sources, certain))
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.facts.steps.append(Iterate(sources))
            for element in target.elts:
                self._store(element, sources, certain)
        elif isinstance(target, ast.Starred):
            self._store(target.value, sources, certain)
        elif isinstance(target, (ast.Attribute, ast.Subscript)):
            if isinstance(target, ast.Subscript):
                self.value(target.slice)
            if self._foreign(target.value) is not None:
                self._change(frozenset((OUTSIDE,)), NONE)  # plt.rcParams[...] = …, numpy.foo = …
            names, part = self.value(target.value), _part(target.value)
            sets = isinstance(target, ast.Attribute)
            to = target.attr if isinstance(target, ast.Attribute) and not part else part or "[]"
            self._change(names, sources, part=part, sets=sets, to=to)
        else:
            raise Beyond(f"an assignment to {type(target).__name__}")

    def _change(
        self,
        names: Names,
        sources: Names,
        *,
        part: str = "",
        sets: bool = False,
        to: str = "?",
    ) -> None:
        if names:
            self.facts.steps.append(Mutate(names, sources, part, sets, to))

    # --- values: what the result may share memory with ---

    def value(self, node: ast.expr | None) -> Names:
        """Take in an expression; return the names whose memory its value may share."""
        if node is None or isinstance(node, ast.Constant):
            return NONE
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Lambda):
            return self._lambda(node)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            return self._comprehension(node)
        if isinstance(node, ast.NamedExpr):
            sources = self.value(node.value)
            self._store(node.target, sources, False)
            return sources | {node.target.id}
        if isinstance(node, ast.Subscript):
            self.value(node.slice)
            return self.value(node.value)
        if isinstance(node, ast.Dict):
            for key in node.keys:
                self.value(key)
            return frozenset().union(*(self.value(part) for part in node.values))
        parts = frozenset().union(*(self.value(part) for part in parts_of(node)))
        return NONE if _is_fresh(node) else parts

    def _name(self, name: str) -> Names:
        for scope in reversed(self._inner):
            if name in scope:
                return scope[name]
        if name in words.BEYOND_NAMES or words.HISTORY.fullmatch(name):
            raise Beyond(f"the name {name}")
        self.facts.reads.add(name)
        return NONE if name in self.imports else frozenset((name,))

    def _attribute(self, node: ast.Attribute) -> Names:
        if node.attr in words.BEYOND_ATTRIBUTES or self._foreign(node) == "sys.modules":
            raise Beyond(f"the attribute {node.attr}")
        sources = self.value(node.value)
        return NONE if node.attr in words.FRESH_ATTRIBUTES else sources

    def _gone_through(self, target: ast.expr, iterable: ast.expr) -> list[tuple[ast.expr, Names]]:
        """Return the parts of a loop's target with what each shares memory with."""
        parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]
        called = iterable.func if isinstance(iterable, ast.Call) else None
        if isinstance(iterable, ast.Call) and isinstance(called, ast.Name):
            given = [self.value(part) for part in parts_of(iterable) if part is not called]
            pairs = {"zip": given[: len(parts)], "enumerate": [NONE, *given[:1]]}.get(called.id, [])
            if len(pairs) == len(parts) > 1:
                self.facts.steps.append(Iterate(frozenset().union(*given)))
                return list(zip(parts, pairs, strict=True))
        sources = self.value(iterable)
        self.facts.steps.append(Iterate(sources))
        return [(target, sources)]

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> Names:
        scope: dict[str, Names] = {}
        self._inner.append(scope)
        for part in node.generators:
            for target, sources in self._gone_through(part.target, part.iter):
                for node_of in ast.walk(target):
                    if isinstance(node_of, ast.Name):
                        scope[node_of.id] = sources
            for test in part.ifs:
                self.value(test)
        if isinstance(node, ast.DictComp):
            self.value(node.key)
        found = self.value(node.value if isinstance(node, ast.DictComp) else node.elt)
        self._inner.pop()
        return found

    def _lambda(self, node: ast.Lambda) -> Names:
        for default in (*node.args.defaults, *node.args.kw_defaults):
            self.value(default)
        before, self.facts.reads = self.facts.reads, set()
        self._inner.append(dict.fromkeys(parameters(node.args), NONE))
        self.value(node.body)
        self._inner.pop()
        found = self.facts.reads
        self.facts.later |= found
        self.facts.reads = before | found
        return frozenset(name for name in found if name not in self.imports)

    # --- calls ---

    def _call(self, node: ast.Call) -> Names:
        arguments = [self.value(argument) for argument in node.args]
        keywords = {word.arg or "**": self.value(word.value) for word in node.keywords}
        given = frozenset().union(*arguments, *keywords.values())
        name = _last_name(node.func)
        self._side_effects(node, name)
        if "out" in keywords:
            self._change(keywords["out"], NONE)
        foreign = self._foreign(node.func)
        if foreign is not None:
            self.value(node.func)
            if foreign.partition(".")[0] == words.LIBRARY:
                return self._known(name, arguments, keywords, given, None)
            self.facts.steps.append(Iterate(given))
            if name in words.CHANGES_FIRST and arguments:
                self._change(arguments[0], given, part="?")
            return given if name in words.SHARING_FUNCTIONS or words.is_class(name) else NONE
        if isinstance(node.func, ast.Attribute):
            return self._method(node.func, arguments, keywords, given)
        if isinstance(node.func, ast.Name) and self._is_builtin(node.func.id):
            self._name(node.func.id)
            self.facts.steps.append(Iterate(given))
            if name in words.CHANGES_FIRST and arguments:
                self._change(arguments[0], given, part="?")
            return given if name in words.SHARING_BUILTINS else NONE
        own = self.value(node.func)
        return self._known(name, arguments, keywords, given | (own if not name else NONE), None)

    def _method(
        self,
        function: ast.Attribute,
        arguments: list[Names],
        keywords: dict[str, Names],
        given: Names,
    ) -> Names:
        receiver = self.value(function)
        part = _part(function.value)
        if function.attr in words.CHANGES_FIRST and arguments:
            self._change(arguments[0], given, part="?")
        result = self._known(function.attr, arguments, keywords, given, receiver, part=part)
        return NONE if function.attr in words.FRESH_METHODS else result | receiver

    def _known(
        self,
        name: str,
        arguments: list[Names],
        keywords: dict[str, Names],
        given: Names,
        receiver: Names | None,
        *,
        part: str = "",
    ) -> Names:
        self.facts.steps.append(Call(name, tuple(arguments), keywords, receiver, part))
        return given

    def _side_effects(self, node: ast.Call, name: str) -> None:
        """Note what a call does to state that is no name."""
        if name in words.WRITES_FILES:
            self._change(frozenset((FILES,)), NONE)
        if name in words.READS_FILES:
            self.facts.reads.add(FILES)
        if words.is_global_random(self._foreign(node.func) or ""):
            if name == "seed":
                self.facts.steps.append(Bind(RANDOM, NONE, self._certain))
            else:
                self.facts.reads.add(RANDOM)
                self._change(frozenset((RANDOM,)), NONE)

    def _foreign(self, node: ast.expr) -> str | None:
        """Return the dotted origin of something of an imported module, None of anything else."""
        steps = []
        while isinstance(node, ast.Attribute):
            steps.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.imports:
            return None
        if any(node.id in scope for scope in self._inner):
            return None
        return ".".join([self.imports[node.id], *reversed(steps)])

    def _is_builtin(self, name: str) -> bool:
        return name in words.BUILTINS and not any(name in scope for scope in self._inner)


def parameters(arguments: ast.arguments) -> list[str]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [argument.arg for argument in every]


def parts_of(node: ast.expr) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child


def _is_fresh(node: ast.expr) -> bool:
    """Whether an expression makes a new value: arithmetic does, but lists added share parts."""
    if isinstance(node, ast.BinOp):
        numbers = any(isinstance(part, ast.Constant) for part in (node.left, node.right))
        return numbers or not isinstance(node.op, (ast.Add, ast.BitOr))
    return isinstance(
        node, (ast.UnaryOp, ast.Compare, ast.JoinedStr, ast.FormattedValue, ast.Slice)
    )


def _is_iterator(value: ast.expr) -> bool:
    called = isinstance(value, ast.Call) and _last_name(value.func) in words.ITERATORS
    return called or isinstance(value, ast.GeneratorExp)


def pairs_of(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """Return the parts of a tuple that is assigned to one of the same length, else nothing."""
    if not isinstance(target, (ast.Tuple, ast.List)) or not isinstance(
        value, (ast.Tuple, ast.List)
    ):
        return []
    starred = any(isinstance(part, ast.Starred) for part in (*target.elts, *value.elts))
    if starred or len(target.elts) != len(value.elts):
        return []
    return list(zip(target.elts, value.elts, strict=True))


def _part(node: ast.expr) -> str:
    """Return "" of a name, the attribute of ``name.attribute``, "?" of anything else."""
    if isinstance(node, ast.Name):
        return ""
    plain = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return node.attr if isinstance(node, ast.Attribute) and plain else "?"


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
