"""``assignment.toml``: what an assignment hands out, uses and allows."""

import re
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, field_validator

from autograder.course.toml import read_table
from autograder.errors import InstructorError
from autograder.wall.limits import Limits, Positive

EVERYTHING = "*"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Module(_Table):
    """One module of ``cs_lib`` as this assignment hands it out.

    Names are functions, classes or ``Class.method``.  What is named nowhere is
    absent from the release: a whole module would give away the solutions of
    other assignments.
    """

    todo: tuple[str, ...] = ()
    given: tuple[str, ...] = ()

    @field_validator("todo", "given")
    @classmethod
    def _names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name != EVERYTHING and not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)?", name):
                raise ValueError(f'expected a function, class or Class.method, got "{name}"')
        return names


_ACTIVE = frozenset(
    {"css", "htm", "html", "js", "mht", "mhtml", "mjs", "shtml"}
    | {"svg", "svgz", "xht", "xhtml", "xml", "xsl", "xslt"}
)
"""Endings of files in which a browser runs what a student wrote, on the grader's own server."""


class Attachments(_Table):
    """Files a student may add to written answers, as a scanned page."""

    types: tuple[str, ...] = ("pdf", "png", "jpg")
    max_mb: Positive = 10

    @field_validator("types")
    @classmethod
    def _harmless(cls, types: tuple[str, ...]) -> tuple[str, ...]:
        if active := sorted({kind.lower() for kind in types} & _ACTIVE):
            raise ValueError(
                f'expected kinds of files that a browser only shows, as "pdf", got "{active[0]}": '
                "formgrader would run what is in it"
            )
        return types


class Notebooks(_Table):
    """How the notebooks of a submission are run."""

    execute: bool = True
    environment: dict[str, str] = {}
    judged_in_notebook: bool | tuple[str, ...] | None = None
    """The test cells that are graded by their own code, as nbgrader does: by name, or true
    for each that has no check. By default none, but in an assignment without modules and checks."""


class Leaks(_Table):
    """What this release gives away, on purpose, of the solutions of any assignment."""

    functions: tuple[str, ...] = ()
    """Handed out whole though a TODO elsewhere, as ``layers.affine_forward``."""
    lines: tuple[str, ...] = ()
    """Single lines that are no secret."""


class AssignmentConfig(_Table):
    """The whole of an ``assignment.toml``."""

    title: str
    data: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ("numpy", "matplotlib")
    files: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    modules: dict[str, Module] = {}
    attachments: Attachments = Attachments()
    notebooks: Notebooks = Notebooks()
    limits: Limits = Limits()
    leaks: Leaks = Leaks()

    @field_validator("modules")
    @classmethod
    def _module_paths(cls, modules: dict[str, Module]) -> dict[str, Module]:
        for name in modules:
            path = PurePosixPath(name)
            if path.suffix != ".py" or path.is_absolute() or ".." in path.parts:
                raise ValueError(f'expected a path below cs_lib that ends in .py, got "{name}"')
            if path.parts[0] in ("kit", "kit.py"):
                raise ValueError(f'expected a module of the course, got "{name}" of the autograder')
        return modules

    @property
    def student_modules(self) -> tuple[str, ...]:
        """Paths, as ``cs_lib/layers.py``, that are taken from a submission."""
        return tuple(f"cs_lib/{name}" for name, module in self.modules.items() if module.todo)


NBGRADERS_LIMITS = Limits(
    cell_seconds=30,
    submission_seconds=600,
    memory_mb=2048,
    disk_mb=256,
    file_mb=64,
    open_files=256,
    threads=16,
)
"""For an assignment without an ``assignment.toml``: room for what its notebooks did before."""


def plain_config(name: str) -> AssignmentConfig:
    """Return the settings of an nbgrader assignment that has no ``assignment.toml``."""
    return AssignmentConfig(title=name, limits=NBGRADERS_LIMITS)


def read_config(path: Path) -> AssignmentConfig:
    """Read and check an ``assignment.toml``.

    Raises
    ------
    InstructorError
        Names the file, the key, what was expected and what stands there.
    """
    try:
        return read_table(path, AssignmentConfig, shown=str(path), keys="docs/assignment_toml.md")
    except FileNotFoundError:
        raise InstructorError(
            f"{path}: no such file. Write one, or let `autograder new NAME` write an assignment."
        ) from None
