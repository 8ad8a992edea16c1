"""How much a notebook may compute, as ``budget.epochs(400)``: everything, but little in grading."""

from cs_lib.kit.budget import epochs, limited, quick

__all__ = ["epochs", "limited", "quick"]
