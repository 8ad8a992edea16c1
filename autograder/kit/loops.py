"""Whether a line stands in a loop: only there can a loop be to blame."""

import ast

_LOOPS = (ast.For, ast.While, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def in_loop(source: str, line: int) -> bool:
    """Whether a line of a source, counted from 1, stands in a loop; False if it cannot be read."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(
        node.lineno <= line <= (node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, _LOOPS)
    )
