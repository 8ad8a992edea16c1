"""Files of a student's own that what is handed in needs, and that are not handed in with it."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath


def missing_with(name: str, tree: ast.Module, folder: Path) -> list[str]:
    """Return the modules in a folder that a file of it imports.

    Parameters
    ----------
    name : str
        The file, as ``cs_lib/layers.py``.
    tree : ast.Module
        What is in it.
    folder : Path
        The assignment's.

    Returns
    -------
    paths : list of str
        As ``helper.py``; only those that are there.
    """
    places = [
        PurePosixPath(*place)
        for node in ast.walk(tree)
        for place in _imported(node, PurePosixPath(name).parent.parts)
    ]
    found = (f"{place}.py" for place in dict.fromkeys(places) if place.parts)
    return [path for path in found if (folder / path).is_file()]


def _imported(node: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Give the places, as parts of a path, that a statement may import from."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield tuple(alias.name.split("."))
    elif isinstance(node, ast.ImportFrom):
        above = package[: len(package) + 1 - node.level] if node.level else ()
        base = (*above, *(node.module or "").split(".")) if node.module else above
        yield base
        for alias in node.names:
            yield (*base, alias.name)


def told(needed: Mapping[str, str], taken: list[str]) -> list[str]:
    """Say of files that are needed, each with what needs it, that they are not handed in."""
    return [
        f"{path}: not handed in, though {user} imports it. Only {', '.join(taken)} are taken: put "
        "what is needed into one of them."
        for path, user in needed.items()
    ]
