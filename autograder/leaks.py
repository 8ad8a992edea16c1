"""The leak scan: no solution line, mark scheme or hidden check in a release.

A release is compared with the secrets of *every* assignment of the course: one
library serves them all, so one assignment's given code may be another's TODO.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import nbformat

from autograder import regions
from autograder.cells import read_notebook
from autograder.course import Assignment, Course
from autograder.errors import InstructorError

MARKS = (
    "BEGIN SOLUTION",
    "END SOLUTION",
    "BEGIN HIDDEN TESTS",
    "END HIDDEN TESTS",
    "BEGIN MARK SCHEME",
    "END MARK SCHEME",
)
TELLING_LENGTH = 16
"""Shorter lines, as ``return out``, give nothing away and stand everywhere."""

CHECK_WORDS = re.compile(r"\b(student|reference|notebook)\.|\bexpect_|@check\b")
"""What makes a line of ``checks.py`` a hidden check; its inputs may stand in visible tests too."""


@dataclass(frozen=True)
class Secret:
    """A line that no release may show."""

    line: str
    where: str
    function: str = ""


def scan(assignment: Assignment, release: Mapping[str, bytes]) -> None:
    """Raise if a release shows a secret of the course.

    Parameters
    ----------
    assignment : Assignment
    release : mapping
        Path in the release to content, notebooks included.

    Raises
    ------
    InstructorError
        Lists file and line of what leaks, and where the secret stands.
    """
    leaks = assignment.config.leaks
    public = {_telling(line) for line in leaks.lines}
    secrets = {
        secret.line: secret
        for secret in course_secrets(assignment.course)
        if secret.line not in public and secret.function not in leaks.functions
    }
    found = [
        message
        for path, content in sorted(release.items())
        for where, line in _lines(path, content)
        if (message := _leak(f"release/{assignment.name}/{where}", line, secrets))
    ]
    if found:
        raise InstructorError(
            "\n".join(found)
            + f"\nPut a region's markers around it, or, if it is no secret, name it "
            f"under [leaks] in assignments/{assignment.name}/assignment.toml."
        )


def course_secrets(course: Course) -> Iterator[Secret]:
    """Yield the solution lines, mark schemes and checks of all assignments."""
    for path in sorted(course.library.rglob("*.py")):
        module = ".".join(path.relative_to(course.library).with_suffix("").parts)
        text = path.read_text(encoding="utf-8")
        yield from _module_secrets(text, course.shown(path), module)
    for assignment in course.assignments():
        for path in assignment.notebooks:
            yield from _notebook_secrets(read_notebook(path), course.shown(path))
        if assignment.checks.exists():
            where = course.shown(assignment.checks)
            for number, line in enumerate(assignment.checks.read_text("utf-8").splitlines()):
                if CHECK_WORDS.search(line):
                    yield from _secret(line, f"{where}, line {number + 1}")


def _module_secrets(text: str, where: str, module: str) -> Iterator[Secret]:
    functions = _functions_by_line(text)
    for number, line in regions.solution_lines(text.splitlines(), where):
        name = functions.get(number, "")
        yield from _secret(line, f"{where}, line {number + 1}", f"{module}.{name}")


def _functions_by_line(text: str) -> dict[int, str]:
    """Return the qualified name of the function or method around each line."""
    names: dict[int, str] = {}

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef):
                name = f"{prefix}{child.name}"
                names.update(dict.fromkeys(range(child.lineno - 1, child.end_lineno or 0), name))
                if isinstance(child, ast.ClassDef):
                    visit(child, f"{name}.")

    visit(ast.parse(text), "")
    return names


def _notebook_secrets(notebook: nbformat.NotebookNode, where: str) -> Iterator[Secret]:
    for index, cell in enumerate(notebook.cells):
        place = f"{where}, cell {index + 1}"
        lines = cell.source.splitlines()
        secret = [line for _, line in regions.solution_lines(lines, place)]
        secret += _between(lines, "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
        secret += _between(lines, "BEGIN MARK SCHEME", "END MARK SCHEME")
        for line in secret:
            yield from _secret(line, place)


def _between(lines: list[str], begin: str, end: str) -> list[str]:
    inside, result = False, []
    for line in lines:
        if begin in line or end in line:
            inside = begin in line
        elif inside:
            result.append(line)
    return result


def _secret(line: str, where: str, function: str = "") -> Iterator[Secret]:
    if telling := _telling(line):
        yield Secret(telling, where, function)


def _telling(line: str) -> str:
    """Return a line without its white space, or nothing if it gives nothing away."""
    code = re.sub(r"\s+", "", line)
    if len(code) < TELLING_LENGTH or code.startswith(("#", "import", "from", "def", "class", "@")):
        return ""
    return code


def _lines(path: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield place and text of the lines of a released file."""
    if path.endswith(".ipynb"):
        for index, cell in enumerate(nbformat.reads(content.decode("utf-8"), as_version=4).cells):
            for line in cell.source.splitlines():
                yield f"{path}, cell {index + 1}", line
        return
    text = content.decode("utf-8", errors="replace")
    for number, line in enumerate(text.splitlines()):
        yield f"{path}, line {number + 1}", line


def _leak(where: str, line: str, secrets: Mapping[str, Secret]) -> str | None:
    if any(mark in line for mark in MARKS):
        return f'{where}: expected no marker in a release, got "{line.strip()}".'
    secret = secrets.get(_telling(line))
    if secret is None:
        return None
    return f'{where}: "{line.strip()}" is a secret: it stands in {secret.where}.'
