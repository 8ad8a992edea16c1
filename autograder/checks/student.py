"""`student` and `notebook` as a check sees them: the other side of the wall, by attribute."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from autograder.checks.handle import PACKAGE, Handle
from autograder.checks.session import Session
from autograder.errors import InstructorError
from autograder.wire import Remote


class Student:
    """The student's ``cs_lib``: ``student.classifiers.softmax.softmax_loss_vectorized``.

    Parameters
    ----------
    session : Session
    modules : collection of str
        Modules of the assignment, dotted, as ``cs_lib.layers``.
    """

    __slots__ = ("_modules", "_path", "_session")

    def __init__(self, session: Session, modules: Collection[str], path: str = PACKAGE) -> None:
        self._session, self._modules, self._path = session, modules, path

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self._path}.{name}"
        if path in self._modules:
            return Handle(self._session, Remote(f"module:{path}"), name)
        if any(module.startswith(f"{path}.") for module in self._modules):
            return Student(self._session, self._modules, path)
        raise InstructorError(
            f"student.{path.removeprefix(PACKAGE + '.')}: expected a module of this assignment, "
            f"got none of this name. Compare with [modules] in assignment.toml."
        )


def notebook_handle(session: Session) -> Handle:
    """Return the namespace of the student's notebook as `notebook`."""
    return Handle(session, Remote("notebook"), "notebook")
