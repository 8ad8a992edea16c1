"""First-order update rules.

Each takes a parameter ``w``, its gradient ``dw`` and a ``config`` dict with
the rule's hyper-parameters and state, fills in the defaults that are missing,
and returns the next value of ``w`` and the config for the next step. The
config is kept apart for each parameter. ``w`` and ``dw`` are left as they are.
"""


def __getattr__(name):
    """Name the new place of the optimizer objects, which another course has in such a module."""
    if name in ("SGD", "SGDM", "RMSProp", "Adam"):
        raise ImportError(
            f"cs_lib.optim: expected one of the functions sgd, sgd_momentum, rmsprop and adam, got "
            f"{name}. The classes of mlp_svhn stand in cs_lib.mlp.optim: import {name} from there."
        )
    raise AttributeError(f"module 'cs_lib.optim' has no attribute {name!r}")
