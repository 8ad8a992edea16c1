"""How much a notebook may compute: everything, or little while it is being graded.

fit(net, x, y, epochs=budget.epochs(400))
"""

from cs_lib.kit.budget import epochs, limited, quick

__all__ = ["epochs", "limited", "quick"]
