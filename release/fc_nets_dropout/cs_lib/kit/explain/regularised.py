"""Right but for the regularisation, or for what stands beside it.

Of a single number no factor is told, as in `scale`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

import numpy as np

from ..numeric import Array, relative_error
from .comparison import Comparison
from .scale import by_some_size, common_ratio, is_seen, plain_factor

BATCHES = ("X", "x", "X_val", "inputs", "y", "labels", "target", "targets")
"""Names of examples and what is known of them, which no regularisation counts."""


def regularisation(c: Comparison) -> str | None:
    """The regularisation term is missing, doubled, or of another strength."""
    reg = c.regularisation()
    if reg is None or c.expected.dtype.kind not in "iuf":
        return None
    gap = c.actual.astype(float) - c.expected
    if (text := _biases(c, reg, gap)) is not None:
        return text
    terms = _terms(c, reg)
    for name, term in terms:
        share = common_ratio(gap, term, max(c.tolerance, 1e-9))
        if share is not None and (text := _share(share, name, c.batch_sizes())) is not None:
            return text
    return _norm(c, reg, gap) or _data_term(c, terms)


def _norm(c: Comparison, reg: float, gap: Array) -> str | None:
    """The norm of the weights, or the sum of their magnitudes, in the place of their squares."""
    for what, right, wrong in _no_squares(c, reg):
        if any(_agree(gap, factor * wrong - right, c.tolerance) for factor in (0.5, 1, 2)):
            return f"right but for the regularisation: it takes {what}, not np.sum(W**2)."
    return None


def _no_squares(c: Comparison, reg: float) -> Iterator[tuple[str, Array, Array]]:
    """Go through terms, or their gradients, that are taken for that of the squares."""
    weights = _weights(c)
    norm, size = "the norm of the weights", "the sum of the weights' magnitudes"
    if c.expected.ndim:
        for w in weights.values():
            if w.shape == c.expected.shape and w.any():
                yield norm, reg * w, reg * w / np.linalg.norm(w)
                yield size, reg * w, reg * np.sign(w)
        return
    norms = np.array([np.linalg.norm(w) for w in weights.values()])
    right = np.asarray(0.5 * reg * np.sum(norms**2))
    yield norm, right, np.asarray(reg * np.sum(norms))
    yield norm, right, np.asarray(reg * np.linalg.norm(norms))
    yield size, right, np.asarray(reg * sum(np.sum(np.abs(w)) for w in weights.values()))


def _agree(gap: Array, other: Array, tolerance: float) -> bool:
    size = float(np.max(np.abs(other), initial=0.0))
    return size > 0 and relative_error(gap / size, other / size) <= 10 * tolerance


def _data_term(c: Comparison, terms: list[tuple[str, Array]]) -> str | None:
    """The term beside the regularisation is off by a factor, or of the wrong sign."""
    for _, term in terms if c.expected.ndim else terms[:1]:
        mine, true = c.actual - term, c.expected - term
        ratio = common_ratio(mine, true, c.tolerance)
        if ratio is None or ratio == 0 or not is_seen(ratio, mine, true):
            continue
        why = "its sign is wrong." if math.isclose(ratio, -1, rel_tol=1e-5) else None
        why = why or by_some_size(c, ratio) or (None if c.single else plain_factor(ratio))
        if why is not None:
            return f"the regularisation is right, but not the data term: {why}"
    return None


def _biases(c: Comparison, reg: float, gap: Array) -> str | None:
    """Biases are regularised, too: in their gradient, or in the loss."""
    vectors = {k: v for k, v in c.arrays() if v.ndim == 1 and v.dtype.kind == "f"}
    for factor in (1, 2):
        if c.expected.ndim == 1:
            terms = [factor * reg * v for v in vectors.values() if v.shape == c.expected.shape]
        else:
            total = sum(float(np.sum(v**2)) for v in vectors.values())
            terms = [np.asarray(0.5 * factor * reg * total)] if c.expected.ndim == 0 else []
        for term in terms:
            share = common_ratio(gap, term, max(c.tolerance, 1e-9))
            if share is not None and math.isclose(share, 1, rel_tol=1e-5):
                return "right but for the regularisation: biases are in it, too. Leave them out."
    return None


def _terms(c: Comparison, reg: float) -> list[tuple[str, Array]]:
    """Regularisation terms that the inputs would give: of the loss, or of a gradient."""
    if c.expected.ndim:
        return [
            (f" reg·{name}", reg * value)
            for name, value in c.arrays()
            if value.dtype.kind == "f" and value.shape == c.expected.shape
        ]
    squares = {f" of {name}": float(np.sum(value**2)) for name, value in _weights(c).items()}
    total = sum(squares.values())
    sums = {"": total, **squares}
    if len(squares) > 2:
        sums |= {_all_but(name, squares): total - own for name, own in squares.items()}
    return [(name, np.asarray(0.5 * reg * term)) for name, term in sums.items() if term]


def _weights(c: Comparison) -> dict[str, Array]:
    """Return what may be regularised, by name."""
    return {
        name: value
        for name, value in c.arrays()
        if value.dtype.kind == "f" and value.ndim >= 2 and not _is_batch(name)
    }


def _all_but(name: str, names: Mapping[str, float]) -> str:
    return " and".join(other for other in names if other != name).replace("and of", "and")


def _is_batch(name: str) -> bool:
    """Whether an argument is the data and no weights; of a dictionary it is an entry."""
    entry = re.fullmatch(r"\w+\['(\w+)'\]", name)
    return (entry[1] if entry else name) in BATCHES


def _share(share: float, name: str, sizes: Mapping[str, int]) -> str | None:
    """Name what the gap, as a multiple of the true term, means."""
    for size, length in sizes.items():
        if math.isclose(share, 1 / length - 1, rel_tol=1e-5) and length != 2:
            return f"the regularisation term{name} is divided by {size}."
    close = {value: math.isclose(share, value, rel_tol=1e-5) for value in (-1.0, 1.0, -0.5)}
    if close[-1.0]:
        return f"right but for the regularisation: its term{name} is missing."
    if close[1.0]:
        return (
            f"the regularisation term{name} counts twice. "
            "Is a factor 1/2 missing, or is it added twice?"
        )
    if close[-0.5]:
        return f"the regularisation term{name} counts half. Is 1/2 applied twice?"
    return None
