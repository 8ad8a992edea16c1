"""Mutation operators for numeric code: the slips of students, one at a time.

Each takes a node of the syntax tree and gives texts to put in its place; the
rest of the function stays as it is, so that a diff shows one change.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Texts = Iterator[str]
Operator = Callable[[ast.AST, "Code"], Texts]

_OTHER_FUNCTION = {
    "sum": "mean", "mean": "sum", "max": "min", "min": "max", "argmax": "argmin",
    "argmin": "argmax", "maximum": "minimum", "minimum": "maximum", "zeros": "ones",
    "zeros_like": "ones_like", "ones": "zeros", "ones_like": "zeros_like", "any": "all",
    "all": "any", "exp": "sinh", "log": "log10", "log1p": "expm1", "sqrt": "abs",
    "rand": "randn", "randn": "rand", "abs": "square", "square": "abs", "floor": "ceil",
}  # fmt: skip
_DROPPED_CALLS = (
    "copy",
    "reshape",
    "astype",
    "ravel",
    "flatten",
    "transpose",
    "sqrt",
    "exp",
    "log",
)
_DROPPED_CALLS_OF_NUMPY = ("sqrt", "exp", "log", "abs", "tanh", "maximum", "minimum")


@dataclass(frozen=True)
class Code:
    """A function's text, and the text of its nodes."""

    text: str

    def of(self, node: ast.AST) -> str:
        """Parse a function's source."""
        return ast.get_source_segment(self.text, node) or ""


def drop_operand(node: ast.AST, code: Code) -> Texts:
    """``a + b`` → ``a``, ``b``: a term, a factor or a 1/N is missing."""
    if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.MatMult):
        yield f"({code.of(node.left)})"
        yield f"({code.of(node.right)})"


def swap_operands(node: ast.AST, code: Code) -> Texts:
    """``a - b`` → ``b - a``, ``a @ b`` → ``b @ a``."""
    if isinstance(node, ast.BinOp) and isinstance(
        node.op, (ast.Sub, ast.Div, ast.MatMult, ast.Pow, ast.FloorDiv)
    ):
        sign = {ast.Sub: "-", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**", ast.FloorDiv: "//"}
        yield f"(({code.of(node.right)}) {sign[type(node.op)]} ({code.of(node.left)}))"


def transpose_operand(node: ast.AST, code: Code) -> Texts:
    """``a @ b`` → ``a.T @ b``, ``a @ b.T``; ``a.T`` → ``a``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        left, right = code.of(node.left), code.of(node.right)
        yield f"(({left}).T @ ({right}))"
        yield f"(({left}) @ ({right}).T)"
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield code.of(node.value)


def other_axis(node: ast.AST, code: Code) -> Texts:
    """``axis=0`` → ``axis=1``, ``axis=None``."""
    if not isinstance(node, ast.keyword) or node.arg != "axis":
        return
    value = code.of(node.value)
    for other in {"0": ("1", "None"), "1": ("0", "None"), "-1": ("0", "None")}.get(value, ()):
        yield f"axis={other}"
    if isinstance(node.value, ast.Tuple):
        for left_out in range(len(node.value.elts)):
            kept = [code.of(e) for i, e in enumerate(node.value.elts) if i != left_out]
            yield f"axis=({', '.join(kept)},)"


def no_keepdims(node: ast.AST, code: Code) -> Texts:
    """``keepdims=True`` → ``keepdims=False``."""
    if isinstance(node, ast.keyword) and node.arg == "keepdims":
        yield "keepdims=False" if code.of(node.value) == "True" else "keepdims=True"


def shift_slice(node: ast.AST, code: Code) -> Texts:
    """``a:b`` → ``a + 1:b``, ``a:b - 1``; ``:`` → ``1:``, ``:-1``."""
    if not isinstance(node, ast.Slice):
        return
    lower = code.of(node.lower) if node.lower else ""
    upper = code.of(node.upper) if node.upper else ""
    step = f":{code.of(node.step)}" if node.step else ""
    yield f"{f'{lower} + 1' if lower else '1'}:{upper}{step}"
    yield f"{lower}:{f'{upper} - 1' if upper else '-1'}{step}"
    if step:
        yield f"{lower}:{upper}"


def plain_assignment(node: ast.AST, code: Code) -> Texts:
    """``a += b`` → ``a = b``, ``a -= b`` → ``a += b``."""
    if isinstance(node, ast.AugAssign):
        target, value = code.of(node.target), code.of(node.value)
        yield f"{target} = {value}"
        yield f"{target} {'-=' if isinstance(node.op, ast.Add) else '+='} {value}"


def scaled_result(node: ast.AST, code: Code) -> Texts:
    """Each result times 2, 1.001, −1 and 0; results exchanged."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    whole = isinstance(node.value, ast.Tuple)
    parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    texts = [code.of(part) for part in parts]
    for index, text in enumerate(texts):
        for factor in ("2", "1.001", "-1", "0"):
            changed = [*texts[:index], f"{factor} * ({text})", *texts[index + 1 :]]
            yield f"return {', '.join(changed)}"
    if whole and len(texts) > 1:
        yield f"return {', '.join(reversed(texts))}"
        yield f"return {', '.join(texts[:-1])},"


def other_function(node: ast.AST, code: Code) -> Texts:
    """``np.sum`` → ``np.mean``, ``x.max`` → ``x.min``, ``np.zeros`` → ``np.ones``."""
    if isinstance(node, ast.Attribute) and node.attr in _OTHER_FUNCTION:
        yield f"{code.of(node.value)}.{_OTHER_FUNCTION[node.attr]}"


def dropped_call(node: ast.AST, code: Code) -> Texts:
    """``x.copy()`` → ``x``, ``np.exp(x)`` → ``x``: a step is left out."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    owner = code.of(node.func.value)
    if owner in ("np", "numpy"):
        if node.func.attr in _DROPPED_CALLS_OF_NUMPY and node.args:
            yield f"({code.of(node.args[-1])})"
    elif node.func.attr in _DROPPED_CALLS:
        yield owner


def dropped_statement(node: ast.AST, code: Code) -> Texts:
    """A statement is left out."""
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Delete, ast.Raise)):
        yield "pass"


def one_branch(node: ast.AST, code: Code) -> Texts:
    """``a if b else c`` → ``a``, ``c``."""
    if isinstance(node, ast.IfExp):
        yield f"({code.of(node.body)})"
        yield f"({code.of(node.orelse)})"


def constant_comparison(node: ast.AST, code: Code) -> Texts:
    """``a < b`` → ``True``, ``False``."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield "True"
        yield "False"


def scaled_number(node: ast.AST, code: Code) -> Texts:
    """``0.5`` → ``1.0``, ``0.25``: another constant factor."""
    if isinstance(node, ast.Constant) and isinstance(node.value, float) and node.value:
        yield repr(node.value * 2)
        yield repr(node.value / 2)


def other_index(node: ast.AST, code: Code) -> Texts:
    """``shape[0]`` → ``shape[1]``, ``a[i]`` → ``a[i - 1]``."""
    if not isinstance(node, ast.Subscript) or isinstance(node.slice, (ast.Slice, ast.Tuple)):
        return
    index = code.of(node.slice)
    owner = code.of(node.value)
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
        yield f"{owner}[{1 if node.slice.value == 0 else 0}]"
    elif isinstance(node.slice, ast.Name):
        yield f"{owner}[{index} - 1]"


OPERATORS: tuple[Operator, ...] = (
    drop_operand,
    swap_operands,
    transpose_operand,
    other_axis,
    no_keepdims,
    shift_slice,
    plain_assignment,
    scaled_result,
    other_function,
    dropped_call,
    dropped_statement,
    one_branch,
    constant_comparison,
    scaled_number,
    other_index,
)
