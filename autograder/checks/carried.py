"""What stands in for a function that is wrong, so that its fault is charged where it is checked.

Carrying forward: the reference's function where, and only where, a student's own is wrong.
Following: the reference's function, built on the student's own, wrong as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

from autograder.checks.handle import opaque
from autograder.kit.explain import compare
from autograder.wall.replies import StudentError


class Unjudged(Exception):
    """A case in which the student's code cannot be judged, through a fault charged elsewhere.

    Its points fall to the other cases of the check.
    """


@dataclass
class StandIn:
    """Answers the calls of a function: by the student's own result, or by the reference's.

    The own result is used where its output is right: its cache is of the student's own form.

    Parameters
    ----------
    truth : callable
        The reference's function.
    call_own : bool
        False where the own function hung or crashed: that is charged already.

    Attributes
    ----------
    stands : bool
        Whether the last call was answered by the reference.
    own : object
        The own result of the last call, None where there is none.
    alike : bool or None
        Whether the own caches held what the reference's do; None while none was seen.
    """

    truth: Callable[..., Any]
    call_own: bool = True
    stands: bool = field(default=False, init=False)
    own: Any = field(default=None, init=False)
    alike: bool | None = field(default=None, init=False)

    def __call__(
        self, call: Callable[[], Any], args: tuple[Any, ...], keywords: Mapping[str, Any]
    ) -> Any:
        true = self.truth(*args, **keywords)
        self.own = self._own(call) if self.call_own else None
        self.stands = not _same_output(self.own, true)
        if is_pair(self.own) and is_pair(true):
            self.alike = self.alike is not False and _same(self.own[1], true[1])
        return true if self.stands else self.own

    def _own(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except StudentError as error:
            if error.cause in ("exception", "missing"):
                return None
            raise

    @property
    def own_cache(self) -> Any:
        """The cache of the last own result, None where it has none."""
        return self.own[1] if is_pair(self.own) else None


def built_on(function: Callable[..., Any], **own: Any) -> Callable[..., Any]:
    """Return a function of the reference that calls some functions of the student's own.

    Parameters
    ----------
    function : callable
        Of a module of the reference; a method takes its object, the student's, as first argument:
        what it calls of that is the student's anyhow.
    **own
        What stands in the place of names of the function's module.
    """
    names = {**function.__globals__, **own}
    return FunctionType(
        function.__code__, names, function.__name__, function.__defaults__, function.__closure__
    )


def is_pair(result: Any) -> bool:
    """Whether a function has returned two things: a list of them is as good."""
    return type(result) in (tuple, list) and len(result) == 2


def _same_output(own: Any, true: Any) -> bool:
    if is_pair(true):
        if not is_pair(own):
            return False
        own, true = own[0], true[0]
    return _same(own, true)


def _same(own: Any, true: Any) -> bool:
    parts = compare(opaque(own), opaque(true), explain=False)
    return all(part.problem is None for part in parts)
