"""TOML files of a course, read into models: a mistake in one is told with its place."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from autograder.errors import InstructorError

Table = TypeVar("Table", bound=BaseModel)


def read_table(path: Path, model: type[Table], *, shown: str, keys: str = "") -> Table:
    """Read a TOML file into a model.

    Parameters
    ----------
    shown : str
        The path as a message shows it.
    keys : str
        Where the keys are described, as ``docs/assignment_toml.md``.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    InstructorError
        All places that are not as they must be: key, what was expected, what stands there.
    """
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InstructorError(f"{shown}: expected TOML, got a syntax error: {error}.") from None
    except ValidationError as error:
        problems = (f"{shown}: {_problem(item, keys)}" for item in error.errors())
        raise InstructorError("\n".join(problems)) from None


def _problem(item: object, keys: str) -> str:
    assert isinstance(item, dict)
    # The first entry of a list is its number 1 to whoever reads the file.
    key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in item["loc"])
    if item["type"] == "missing":
        return f"{key}: expected this key, found none."
    if item["type"] == "extra_forbidden":
        return f"{key}: no such key." + (f" Compare with {keys}." if keys else "")
    return f"{key}: {item['msg']}, got {item['input']!r}."
