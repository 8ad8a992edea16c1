"""The sandbox: what a worker can reach, at four levels, and which this machine gives.

`choose` and `plan` are for the grader, `prepare` and its `Wall` for the zygote.
The private modules hold one mechanism each.
"""

from autograder.sandbox.levels import Level, Policy, features
from autograder.sandbox.probe import Choice, choose, explain, plan
from autograder.sandbox.wall import Wall, prepare

__all__ = [
    "Choice",
    "Level",
    "Policy",
    "Wall",
    "choose",
    "explain",
    "features",
    "plan",
    "prepare",
]
