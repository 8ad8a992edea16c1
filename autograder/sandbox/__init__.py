"""The sandbox: what a worker can reach, at four levels, and which this machine gives.

`choose`, `plan`, `own_memory` and `pid_of` are for the grader, `prepare`, its `Wall` and
`join_pages` for the zygote.
The private modules hold one mechanism each.
"""

from autograder.sandbox.levels import Level, Policy, features
from autograder.sandbox.pages import join_pages, own_memory
from autograder.sandbox.probe import Choice, choose, explain, plan
from autograder.sandbox.system import pid_of
from autograder.sandbox.wall import Wall, prepare

__all__ = [
    "Choice",
    "Level",
    "Policy",
    "Wall",
    "choose",
    "explain",
    "features",
    "join_pages",
    "own_memory",
    "pid_of",
    "plan",
    "prepare",
]
