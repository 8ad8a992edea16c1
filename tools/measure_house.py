"""Measure the engine: rooms, arrows between them, cycles, lengths of functions, docstrings.

python tools/measure_house.py
"""

import ast
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "autograder"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class House:
    """What was measured."""

    imports: dict[str, set[str]] = field(default_factory=dict)
    """Modules and what they import of the engine, imports inside functions included."""
    lengths: dict[str, int] = field(default_factory=dict)
    """Lines of each function, by module and name."""
    undocumented: list[str] = field(default_factory=list)
    public: int = 0

    @property
    def rooms(self) -> set[str]:
        return {room(module) for module in self.imports} - {"__main__"}

    @property
    def arrows(self) -> set[tuple[str, str]]:
        pairs = {(room(a), room(b)) for a, found in self.imports.items() for b in found}
        return {(a, b) for a, b in pairs if a != b and "__main__" not in (a, b)}

    @property
    def documented(self) -> float:
        """Share of public modules, classes and functions that say what they are."""
        return 1 - len(self.undocumented) / self.public

    @property
    def median(self) -> float:
        """Lines of a function."""
        return statistics.median(self.lengths.values())

    @property
    def percentile(self) -> float:
        """Lines that 95 of 100 functions have at most."""
        return statistics.quantiles(self.lengths.values(), n=20)[-1]

    def cycles(self) -> list[str]:
        """Return modules that import themselves by way of others."""
        return sorted(module for module in self.imports if module in self._reached(module))

    def _reached(self, module: str) -> set[str]:
        seen: set[str] = set()
        todo = list(self.imports[module])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += self.imports.get(name, ())
        return seen


def measure(folder: Path = ENGINE) -> House:
    """Measure all modules below a folder."""
    house = House()
    files = [path for path in sorted(folder.rglob("*.py")) if "templates" not in path.parts]
    names = {dotted(path, folder): path for path in files}
    for name, path in names.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        house.imports[name] = set(imported(tree, name, path, names)) - {name, ""}
        for function, node in functions(tree):
            last = node.end_lineno or node.lineno
            house.lengths[f"{name}.{function}"] = last - node.lineno + 1
        for thing, node in public(tree, name):
            house.public += 1
            if not says_something(thing, ast.get_docstring(node)):
                house.undocumented.append(thing)
    house.imports.pop("", None)
    return house


def room(module: str) -> str:
    return module.partition(".")[0]


def dotted(path: Path, folder: Path) -> str:
    parts = path.relative_to(folder).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.Module, name: str, path: Path, names: dict[str, Path]) -> Iterator[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = [alias.name.removeprefix("autograder.") for alias in node.names]
            yield from (item for item in found if item in names)
        elif isinstance(node, ast.ImportFrom):
            base = source(node, package)
            for alias in node.names if base is not None else []:
                inner = f"{base}.{alias.name}".lstrip(".")
                yield inner if inner in names else str(base)


def source(node: ast.ImportFrom, package: str) -> str | None:
    """Return the module of the engine that names are taken from, None for others' modules."""
    if node.level:
        parts = package.split(".")
        return ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [node.module])])
    if node.module == "autograder":
        return ""
    module = node.module or ""
    return module.removeprefix("autograder.") if module.startswith("autograder.") else None


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, Function | ast.ClassDef):
            if isinstance(node, Function):
                yield prefix + node.name, node
            yield from functions(node, f"{prefix}{node.name}.")


def public(
    tree: ast.Module, name: str
) -> Iterator[tuple[str, ast.Module | ast.ClassDef | Function]]:
    yield name or "autograder", tree
    yield from _public_in(tree, name)


def _public_in(
    tree: ast.Module | ast.ClassDef, name: str
) -> Iterator[tuple[str, ast.ClassDef | Function]]:
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield f"{name}.{node.name}", node
            if isinstance(node, ast.ClassDef):
                yield from _public_in(node, f"{name}.{node.name}")


def says_something(name: str, docstring: str | None) -> bool:
    """Whether a docstring says more than the name does."""
    words = set(re.findall(r"[a-z]+", (docstring or "").lower()))
    return bool(words - set(re.findall(r"[a-z]+", name.rpartition(".")[2].lower())) - {"the", "a"})


def main() -> None:
    """Print what was measured."""
    house = measure()
    print(f"{len(house.rooms)} rooms, {len(house.arrows)} arrows between them")
    print(f"{len(house.imports)} modules, {len(house.cycles())} in cycles")
    print(
        f"{len(house.lengths)} functions: median {house.median:g} lines, "
        f"95th percentile {house.percentile:g}, longest {max(house.lengths.values())}"
    )
    print(f"{house.documented:.1%} of {house.public} public names have a docstring")
    for name in house.undocumented:
        print(f"  without: {name}")


if __name__ == "__main__":
    main()
