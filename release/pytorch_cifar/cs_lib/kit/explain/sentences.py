"""Problems of the parts of a result, as sentences."""

from __future__ import annotations

from collections.abc import Sequence

from .compare import Part


def sentences(label: str, parts: Sequence[Part]) -> list[str]:
    """Say what is wrong, parts with the same problem together.

    Parameters
    ----------
    label : str
        The function that gave the result.
    """
    problems: dict[str, list[str]] = {}
    for part in parts:
        if part.problem is not None:
            problems.setdefault(part.problem, []).append(part.name)
    return [_sentence(label, names, problem) for problem, names in problems.items()]


def _sentence(label: str, names: Sequence[str], problem: str) -> str:
    """Say what is wrong with the parts of these names.

    The function's name comes first, unless the test's own name of the result says it.
    """
    name = ", ".join(names)
    return ": ".join(
        text for text in ("" if name.startswith(label) else label, name, problem) if text
    )
