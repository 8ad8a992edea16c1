"""The leak scan: no solution line, mark scheme or hidden check in a release.

A release is compared with the secrets of *every* assignment of the course: one
library serves them all, so one assignment's given code may be another's TODO.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import nbformat

from autograder.course.folder import Assignment, Course
from autograder.course.notebooks import nbgrader_metadata
from autograder.errors import InstructorError
from autograder.handout import regions

MARKS = tuple(
    f"{edge} {kind}" for edge in ("BEGIN", "END") for kind in ("SOLUTION", *regions.SECRETS)
)
TELLING_LENGTH = 16
"""Shorter lines, as ``return out``, give nothing away and stand everywhere."""

IDIOMS = re.compile(
    r"""(rng|random|generator)\s*=\s*np\.random\.(default_rng|RandomState)\([\w\s,]*\)$
    | np\.random\.seed\([\w\s]*\)$ | random\.seed\([\w\s]*\)$
    | (np|numpy|pd|torch|plt)\.set_\w+\(.*\)$ | warnings\.\w+\(.*\)$
    | (\w+,\s*\w+|\w+)\s*=\s*plt\.(subplots|figure|gca|axes)\(.*\)$
    | (plt|ax)\.\w+\((["'][^"']*["'])?\)$
    | for\s+\w+(,\s*\w+)?\s+in\s+(range|enumerate|zip)\([\w\s,.()]*\):$
    | with\s+open\([^()]*\)\s+as\s+\w+:$ | with\s+pytest\.raises\(\w+\):$
    | if\s+__name__\s*==\s*["']__main__["']:$ | raise\s+NotImplementedError
    | except\s+\w+(\s+as\s+\w+)?:$ | assert\s+isinstance\(\w+,\s*[\w.]+\)$
    """,
    re.VERBOSE,
)
"""Lines as they stand in any notebook: who reads one learns of a library, and of no answer."""

CHECK_WORDS = re.compile(r"\b(student|reference|notebook)\.|\bexpect_|@check\b")
"""What makes a line of ``checks.py`` a hidden check; its inputs may stand in visible tests too."""


@dataclass(frozen=True)
class Secret:
    """A line that no release may show.

    ``region`` names the solution region it belongs to, and is empty for a line
    that is a secret by itself.
    """

    line: str
    where: str
    region: str = ""
    function: str = ""


@dataclass(frozen=True)
class Line:
    """A line of a released file; ``unit`` is the function or cell around it."""

    text: str
    where: str
    unit: str


def scan(assignment: Assignment, release: Mapping[str, bytes]) -> None:
    """Raise if a release shows a secret of the course.

    Of this assignment's own solutions, of mark schemes and of hidden checks, a
    single line is a leak.  A solution of another assignment leaks where half of
    its lines stand in one function or cell: single lines of short numerical code
    are often the same by chance.

    Parameters
    ----------
    release : mapping
        Path in the release to content, notebooks included.

    Raises
    ------
    InstructorError
        Lists file and line of what leaks, and where the secret stands.
    """
    secrets = _kept_secret(assignment)
    lines = [line for path, content in sorted(release.items()) for line in _lines(path, content)]
    found = [*_marks(lines), *_single(lines, secrets), *_foreign(lines, secrets)]
    if found:
        advice = (
            "Keep it between markers in the source, or, if it is no secret, name it under "
            f"[leaks] in assignments/{assignment.name}/assignment.toml."
        )
        shown = (f"release/{assignment.name}/{message}" for message in found)
        raise InstructorError("\n".join([*shown, advice]))


def _kept_secret(assignment: Assignment) -> list[Secret]:
    """Return the secrets but for those that the assignment gives away."""
    allowed = assignment.config.leaks
    public = {_telling(line) for line in allowed.lines}
    return [
        secret
        for secret in _secrets(assignment)
        if secret.line not in public and secret.function not in allowed.functions
    ]


def _marks(lines: list[Line]) -> Iterator[str]:
    for line in lines:
        if any(mark in line.text for mark in MARKS):
            yield f'{line.where}: expected no marker in a release, got "{line.text.strip()}".'


def _single(lines: list[Line], secrets: list[Secret]) -> Iterator[str]:
    by_line = {secret.line: secret for secret in secrets if not secret.region}
    seen: Counter[str] = Counter()
    for line in lines:
        secret = by_line.get(_telling(line.text))
        if secret is not None:
            seen[secret.line] += 1
            if seen[secret.line] == 1:
                yield _message(line, secret)


def _foreign(lines: list[Line], secrets: list[Secret]) -> Iterator[str]:
    regions_of: defaultdict[str, list[Secret]] = defaultdict(list)
    size: Counter[str] = Counter()
    for secret in {(s.region, s.line): s for s in secrets if s.region}.values():
        regions_of[secret.line].append(secret)
        size[secret.region] += 1
    shown: defaultdict[tuple[str, str], dict[str, tuple[Line, Secret]]] = defaultdict(dict)
    for line in lines:
        for secret in regions_of.get(_telling(line.text), ()):
            shown[line.unit, secret.region].setdefault(secret.line, (line, secret))
    for (_, region), matches in shown.items():
        if 2 * len(matches) >= size[region]:
            yield _message(*next(iter(matches.values())))


def _message(line: Line, secret: Secret) -> str:
    return f'{line.where}: "{line.text.strip()}" is a secret: it stands in {secret.where}.'


def _secrets(assignment: Assignment) -> Iterator[Secret]:
    """Yield the solution lines, mark schemes and checks of all assignments of the course."""
    course = assignment.course
    modules = assignment.config.modules
    for path in sorted(course.library.rglob("*.py")):
        name = path.relative_to(course.library).as_posix()
        todo = modules[name].todo if name in modules else ()
        text = path.read_text(encoding="utf-8")
        yield from _module_secrets(text, course.shown(path), name, todo)
    for other in course.assignments():
        visible = _visible(other)
        for path in other.notebooks:
            notebook = other.sources[path.stem]
            yield from _notebook_secrets(notebook, course.shown(path), other, assignment, visible)
        yield from _check_secrets(course, other)


def _module_secrets(text: str, where: str, name: str, todo: tuple[str, ...]) -> Iterator[Secret]:
    functions = _functions_by_line(text)
    module = name.removesuffix(".py").replace("/", ".")
    lines = text.splitlines()
    for region in regions.find_regions(lines, where):
        function = functions.get(region.begin, "")
        own = function in todo or function.partition(".")[0] in todo
        for number in range(region.begin + 1, region.end):
            yield from _secret(
                lines[number],
                f"{where}, line {number + 1}",
                "" if own else f"{where}:{region.begin}",
                f"{module}.{function}",
            )


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


def _notebook_secrets(
    notebook: nbformat.NotebookNode,
    where: str,
    owner: Assignment,
    assignment: Assignment,
    visible: Collection[str],
) -> Iterator[Secret]:
    for index, cell in enumerate(notebook.cells):
        place = f"{where}, cell {index + 1}"
        lines = cell.source.splitlines()
        solution = [line for _, line in regions.solution_lines(lines, place)]
        own = owner.name == assignment.name and bool(solution)
        if not solution and cell.cell_type == "code" and nbgrader_metadata(cell).get("solution"):
            solution = lines  # without a region, nbgrader takes the whole cell away
        for line in solution:
            yield from _secret(line, place, "" if own else place)
        for line in regions.secret_lines(cell.source):
            if _telling(line) not in visible:
                yield from _secret(line, place)


def _visible(assignment: Assignment) -> set[str]:
    """Return the lines that an assignment's notebooks hold outside of what nbgrader cuts.

    A worked example that a hidden test repeats is no secret.
    """
    found = set[str]()
    for path in assignment.notebooks:
        for index, cell in enumerate(assignment.sources[path.stem].cells):
            place, lines = f"{path.name}, cell {index + 1}", cell.source.splitlines()
            hidden = {line for _, line in regions.solution_lines(lines, place)}
            hidden.update(regions.secret_lines(cell.source))
            if hidden or not nbgrader_metadata(cell).get("solution"):
                found.update(_telling(line) for line in lines if line not in hidden)
    return found


def _check_secrets(course: Course, assignment: Assignment) -> Iterator[Secret]:
    for path in assignment.check_files:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            if CHECK_WORDS.search(line):
                yield from _secret(line, f"{course.shown(path)}, line {number + 1}")


def _secret(line: str, where: str, region: str = "", function: str = "") -> Iterator[Secret]:
    if telling := _telling(line):
        yield Secret(telling, where, region, function)


def _telling(line: str) -> str:
    """Return a line without its white space, or nothing if it gives nothing away."""
    code = re.sub(r"\s+", "", line)
    if len(code) < TELLING_LENGTH or line.strip().startswith(
        ("#", "import ", "from ", "def ", "class ", "@")
    ):
        return ""
    if IDIOMS.match(line.strip()):
        return ""
    return code


def _lines(path: str, content: bytes) -> Iterator[Line]:
    """Yield the lines of a released file with their place and unit."""
    if path.endswith(".ipynb"):
        for index, cell in enumerate(nbformat.reads(content.decode("utf-8"), as_version=4).cells):
            place = f"{path}, cell {index + 1}"
            yield from (Line(line, place, place) for line in cell.source.splitlines())
        return
    text = content.decode("utf-8", errors="replace")
    functions = _functions_by_line(text) if path.endswith(".py") else {}
    for number, line in enumerate(text.splitlines()):
        yield Line(line, f"{path}, line {number + 1}", f"{path}:{functions.get(number, '')}")
