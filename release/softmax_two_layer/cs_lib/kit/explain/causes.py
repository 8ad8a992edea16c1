"""Right form, wrong values: the first explanation that holds."""

from __future__ import annotations

from collections.abc import Callable

from . import content, function, order, places, regularised, scale
from .comparison import Comparison
from .nonfinite import nonfinite

# From the sure to the vague; what names a cause goes before what only names a place.
EXPLANATIONS: tuple[Callable[[Comparison], str | None], ...] = (
    nonfinite,
    content.booleans,
    content.cut_off,
    content.zeros,
    content.input_returned,
    content.other_result,
    content.counter,
    places.set_at_labels,
    regularised.regularisation,
    scale.sign,
    scale.factor,
    scale.step,
    function.half_of_input,
    function.factor_of_input,
    scale.offset,
    function.multiple_of_input,
    content.whole_numbers,
    content.constant,
    order.transposed,
    order.flipped,
    order.reshaped,
    content.probabilities,
    function.softmax_of_scores,
    function.simple_function,
    content.duplicated_rows,
    order.shifted,
    order.permuted,
    scale.one_side,
    scale.axis_factor,
    scale.per_row_offset,
    places.at_labels,
    places.ties,
    places.by_sign_of_input,
    places.by_size_of_input,
    places.first_example,
    content.sums,
    scale.outer_factor,
    places.edge,
)


VAGUE = (places.edge, places.first_example, scale.outer_factor)
"""They name a place; a reason may be found by calling the function again."""


def explain_values(c: Comparison) -> tuple[str, bool]:
    """Say the likely why of wrong values, else where they are, and whether that is all."""
    for explanation in EXPLANATIONS:
        if (why := explanation(c)) is not None:
            return why, explanation in VAGUE
    return places.summary(c), True
