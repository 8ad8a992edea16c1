"""``autograder import otter``: an Otter Assign notebook as a plain nbgrader assignment.

Each question becomes its cells with nbgrader's metadata: answers with solution regions, one
graded cell a test, hidden tests between nbgrader's markers, written questions for people.  What
has no counterpart is listed, never dropped in silence.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

from autograder.course.folder import Course
from autograder.course.notebooks import read_notebook
from autograder.errors import InstructorError
from autograder.write import write_files

_MARK = re.compile(r"^\s*#\s*(BEGIN|END|ASSIGNMENT)\s+([A-Z ]+?)\s*$", re.MULTILINE)
_QUOTES = r"""[ \t]*(?:\"{3}|'{3})?[ \t]*"""
_TEST_CONFIG = re.compile(
    rf"{_QUOTES}#\s*BEGIN TEST CONFIG\s*\n(.*?){_QUOTES}#\s*END TEST CONFIG[ \t]*\n?", re.DOTALL
)
_KEPT = {"name", "points", "manual"}
_SAID = {"check_cell", "export", "all_or_nothing"}
"""Keys of a question that change nothing in what it is worth, or that are told apart."""


@dataclass
class _Question:
    name: str
    points: float
    manual: bool
    tests: list[NotebookNode] = field(default_factory=list)


@dataclass
class Imported:
    """The files of ``source/<name>``, and what could not be carried over."""

    files: dict[str, bytes]
    left: list[str]


def import_otter(course: Course, folder: Path, name: str) -> tuple[list[str], list[str]]:
    """Write ``source/<name>`` of an Otter assignment.

    Returns
    -------
    written, left : list of str
        Paths in the course; what could not be carried over, with its place.

    Raises
    ------
    InstructorError
        There is no Otter notebook, a mark has no partner, or the place is taken.
    """
    place = course.root / "source" / name
    if place.exists():
        raise InstructorError(
            f"{course.shown(place)}: expected nothing there yet. Choose another name: --name NAME."
        )
    made = converted(folder)
    write_files(place, made.files)
    return [course.shown(place / path) for path in made.files], made.left


def converted(folder: Path) -> Imported:
    """Return an Otter assignment's folder as nbgrader has it."""
    files: dict[str, bytes] = {}
    left: list[str] = []
    notebooks = 0
    for path in sorted(folder.rglob("*")):
        shown = path.relative_to(folder).as_posix()
        if not path.is_file() or ".ipynb_checkpoints" in path.parts or path.suffix == ".pyc":
            continue
        if path.suffix != ".ipynb":
            files[shown] = path.read_bytes()
            continue
        notebook = read_notebook(path)
        if not any("ASSIGNMENT CONFIG" in cell.source for cell in notebook.cells):
            left.append(f"{shown}: no Otter notebook, as it has no ASSIGNMENT CONFIG; not taken.")
            continue
        notebooks += 1
        made = _Converter(shown).notebook(notebook)
        if path.name in files:
            raise InstructorError(
                f"{shown}: expected notebooks of different names, as nbgrader has them side by "
                f"side, got {path.name} twice. Rename one."
            )
        files[path.name] = nbformat.writes(made[0]).encode()
        left += made[1]
    if not notebooks:
        raise InstructorError(
            f"{folder}: expected a notebook with a cell `# ASSIGNMENT CONFIG`, found none."
        )
    return Imported(files, left)


class _Converter:
    """Goes through the cells of one notebook."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.left: list[str] = []
        self.cells: list[NotebookNode] = []
        self.question: _Question | None = None
        self.inside: list[str] = []

    def notebook(self, notebook: NotebookNode) -> tuple[NotebookNode, list[str]]:
        """Return the notebook, and what could not be carried over."""
        for number, cell in enumerate(notebook.cells, start=1):
            self.where = f"{self.shown}, cell {number}"
            mark = _MARK.search(cell.source) if self._is_marked(cell) else None
            if mark:
                self._mark(mark[1], mark[2], cell.source)
            else:
                self._keep(cell)
        if self.inside:
            what = self.inside[-1]
            raise InstructorError(f'{self.shown}: "# BEGIN {what}" has no "# END {what}". Add it.')
        return new_notebook(cells=self.cells, metadata=notebook.metadata), self.left

    def _is_marked(self, cell: NotebookNode) -> bool:
        first = cell.source.lstrip().partition("\n")[0]
        alone = cell.cell_type == "raw" or first == cell.source.strip()
        return alone and bool(_MARK.match(first))

    def _mark(self, edge: str, what: str, text: str) -> None:
        if edge == "ASSIGNMENT":
            for key in self._config(text):
                self.left.append(f"{self.where}: ASSIGNMENT CONFIG: {key}: not carried over.")
        elif edge == "BEGIN":
            self.inside.append(what)
            if what == "QUESTION":
                self.question = self._begun(self._config(text))
            elif what not in ("SOLUTION", "TESTS", "PROMPT"):
                self.left.append(f"{self.where}: # BEGIN {what}: its cells are kept as they are.")
        else:
            if not self.inside or self.inside.pop() != what:
                raise InstructorError(f'{self.where}: "# END {what}" has no "# BEGIN {what}".')
            if what == "QUESTION" and self.question is not None:
                self._add_tests(self.question)
                self.question = None

    def _config(self, text: str) -> dict[str, Any]:
        return self._yaml("\n".join(text.strip().splitlines()[1:]))

    def _yaml(self, text: str) -> dict[str, Any]:
        try:
            found = yaml.safe_load(text) or {}
        except yaml.YAMLError as error:
            said = " ".join(str(error).split())
            raise InstructorError(
                f"{self.where}: expected YAML below the mark, got: {said}. Mend it in the notebook."
            ) from None
        return found if isinstance(found, dict) else {}

    def _points(self, value: Any) -> float:
        try:
            return float(value or 0)
        except (TypeError, ValueError):
            raise InstructorError(
                f'{self.where}: points: expected a number, got "{value}". Mend it in the notebook.'
            ) from None

    def _begun(self, config: dict[str, Any]) -> _Question:
        for key in config.keys() - _KEPT - _SAID:
            self.left.append(f"{self.where}: question: {key}: not carried over.")
        if config.get("all_or_nothing"):
            self.left.append(f"{self.where}: all_or_nothing: each test has its own points now.")
        points = config.get("points", 1)
        if isinstance(points, dict):
            self.left.append(f"{self.where}: points: {points}: shared out evenly instead.")
            points = points.get("total", 1)
        if isinstance(points, list):
            points = sum(map(self._points, points))
        name = re.sub(r"[^A-Za-z0-9_-]", "-", str(config.get("name", f"q{len(self.cells)}")))
        return _Question(name, self._points(points), bool(config.get("manual")))

    def _keep(self, cell: NotebookNode) -> None:
        question, what = self.question, self.inside[-1] if self.inside else ""
        if what == "PROMPT":
            return  # nbgrader makes its own
        if question is not None and what == "TESTS":
            question.tests.append(cell)
        elif question is not None and what == "SOLUTION":
            self._answer(cell, question)
        else:
            self.cells.append(_copy(cell))

    def _answer(self, cell: NotebookNode, question: _Question) -> None:
        names = {c.metadata.get("nbgrader", {}).get("grade_id") for c in self.cells}
        number = next(n for n in range(1, 1000) if f"{question.name}-answer-{n}" not in names)
        flags: dict[str, Any] = {"solution": True}
        if question.manual and number == 1:
            flags |= {"grade": True, "points": question.points}
        made = _copy(cell)
        if cell.cell_type == "code":
            made.source = _with_regions(cell.source)
        made.metadata = _metadata(f"{question.name}-answer-{number}", **flags)
        self.cells.append(made)

    def _add_tests(self, question: _Question) -> None:
        share = question.points / max(len(question.tests), 1)
        for number, cell in enumerate(question.tests, start=1):
            text, source = _test_config(cell.source)
            config = self._yaml(text)
            for key in config.keys() - {"hidden", "points"}:
                self.left.append(
                    f"{self.where}: test {number} of {question.name}: {key}: not carried over."
                )
            hidden = config.get("hidden") or re.search(r"^\s*#\s*HIDDEN\s*$", source, re.MULTILINE)
            source = re.sub(r"^\s*#\s*(HIDDEN|TEST)\s*\n", "", source, flags=re.MULTILINE)
            code = self._as_code(source, cell)
            if hidden:
                code = f"### BEGIN HIDDEN TESTS\n{code}\n### END HIDDEN TESTS"
            points = self._points(config.get("points", share))
            metadata = _metadata(
                f"{question.name}-{number}", grade=True, locked=True, points=points
            )
            self.cells.append(new_code_cell(code, metadata=metadata))

    def _as_code(self, source: str, cell: NotebookNode) -> str:
        """Return a test that compares its output, as Otter does, as one that asserts it."""
        shown = "".join(_text(output) for output in cell.get("outputs", []))
        if not shown.strip():
            return source.strip()
        printed = any(output.output_type == "stream" for output in cell.outputs)
        try:
            body = ast.parse(source).body
        except SyntaxError:
            self.left.append(f"{self.where}: a test with magics keeps its code, not its output.")
            return source.strip()
        if printed or not body or not isinstance(body[-1], ast.Expr):
            inner = "\n".join(f"    {line}" for line in source.strip().splitlines())
            return (
                "import contextlib as _contextlib, io as _io\n"
                f"with _contextlib.redirect_stdout(_io.StringIO()) as _printed:\n{inner}\n"
                f"assert _printed.getvalue().strip() == {shown.strip()!r}"
            )
        lines = [ast.unparse(node) for node in body[:-1]]
        value = ast.unparse(body[-1].value)
        return "\n".join([*lines, f"_value = {value}", f"assert repr(_value) == {shown.strip()!r}"])


def _copy(cell: NotebookNode) -> NotebookNode:
    """Return a cell without outputs and Otter's metadata; pictures in its text are kept."""
    make = {"code": new_code_cell, "raw": new_raw_cell}.get(cell.cell_type, new_markdown_cell)
    kept = {"attachments": cell.attachments} if cell.get("attachments") else {}
    return make(cell.source, **kept)


def _metadata(name: str, **flags: Any) -> NotebookNode:
    standard = {"grade": False, "solution": False, "locked": False, "task": False}
    return NotebookNode(nbgrader={"grade_id": name, "schema_version": 3, **standard, **flags})


def _text(output: NotebookNode) -> str:
    if output.output_type == "stream":
        return str(output.text)
    return str(output.get("data", {}).get("text/plain", ""))


def _test_config(source: str) -> tuple[str, str]:
    """Return the YAML at the head of a test, "" for none, and what follows it."""
    found = _TEST_CONFIG.match(source.lstrip())
    return (found[1], source.lstrip()[found.end() :]) if found else ("", source)


def _with_regions(source: str) -> str:
    """Return an answer with nbgrader's solution regions in the place of Otter's marks.

    A whole cell without a mark is the solution, as nbgrader has it.
    """
    return "\n".join(_region_lines(source.splitlines()))


def _region_lines(lines: list[str]) -> Iterator[str]:
    prompt = False
    for line in lines:
        indent, mark = line[: len(line) - len(line.lstrip())], line.strip()
        if re.fullmatch(r"(\"\"\"|''')?\s*#\s*BEGIN PROMPT", mark):
            prompt = True
        elif prompt:
            prompt = not re.fullmatch(r"#\s*END PROMPT\s*(\"\"\"|''')?;?", mark)
        elif found := re.fullmatch(r"#\s*(BEGIN|END) SOLUTION( NO PROMPT)?", mark):
            yield f"{indent}### {found[1]} SOLUTION"
        elif found := re.fullmatch(r"(.*?)\s*#\s*SOLUTION( NO PROMPT)?", mark):
            yield from (
                f"{indent}### BEGIN SOLUTION", f"{indent}{found[1]}", f"{indent}### END SOLUTION"
            )  # fmt: skip
        else:
            yield line
