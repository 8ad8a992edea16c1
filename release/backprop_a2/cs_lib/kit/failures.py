"""Why a visible test failed, in the words that grading would use."""

import ast
import copy
import io
import json
import linecache
import random
import time
from pathlib import Path

import numpy as np

from .explain import explain_error, is_still_to_do, still_to_do
from .explain.calls import Recording
from .explain.visible import explain_assertion
from .loops import in_loop
from .running import PATIENCE, Stopped, execute, missing_package

KIT = Path(__file__).resolve().parent


class Cells:
    """The cells of a notebook by the name that a traceback has for them."""

    def __init__(self, cells):
        self.by_file = {cell.file: cell for cell in cells}
        self.attributes = frozenset(
            node.attr
            for cell in cells
            if not cell.is_solution
            for node in ast.walk(cell.tree)
            if isinstance(node, ast.Attribute)
        )

    def is_tested(self, file):
        """Whether code in a file is the student's."""
        if file in self.by_file:
            return self.by_file[file].is_solution
        return _in_library(file) and _inside(file) in student_modules(_inside(file))

    def is_called(self, file):
        """Whether code in a file is called by tests: the student's, or given beside it."""
        return self.is_tested(file) or _in_library(file)


def _in_library(file):
    path = Path(file)
    return "cs_lib" in path.parts and KIT not in path.parents


def _inside(file):
    """Return a module's path from the assignment's folder, ``cs_lib/layers.py``."""
    parts = Path(file).parts
    return "/".join(parts[len(parts) - 1 - parts[::-1].index("cs_lib") :])


def student_modules(otherwise):
    """Return the modules that are handed in; among the course's own files, that of one file."""
    manifest = KIT / "assignment.json"
    return json.loads(manifest.read_text("utf-8"))["modules"] if manifest.exists() else [otherwise]


class Moment:
    """The state before a test, so that a test that fails can be run once more and looked at."""

    def __init__(self, namespace):
        self.namespace = dict(namespace)
        self.begin = time.perf_counter()
        self.legacy, self.python = np.random.get_state(), random.getstate()
        self.generators = {
            name: copy.deepcopy(value.bit_generator.state)
            for name, value in namespace.items()
            if isinstance(value, np.random.Generator)
        }

    def again(self):
        """Return the namespace as it was, with the random numbers that come next."""
        np.random.set_state(self.legacy)
        random.setstate(self.python)
        for name, state in self.generators.items():
            self.namespace[name].bit_generator.state = state
        return self.namespace


def looked_at(error, test, moment, cells):
    """Run a failed test again and record its calls.

    Returns
    -------
    error : Exception
        Of the second run, or of the first where the second ends in another way.
    recording : Recording
    """
    recording = Recording(cells.is_tested, cells.is_called, cells.attributes)
    if isinstance(error, Stopped) or time.perf_counter() - moment.begin > PATIENCE / 4:
        return error, recording
    with recording.running():
        second = execute(test.cell, moment.again(), io.StringIO())
    return (second if type(second) is type(error) else error), recording


def explain(error, recording, cells):
    """Say what went wrong: the message, the student's own lines, the likely why.

    Parameters
    ----------
    error : Exception
        That ended the test.
    recording : Recording
        The calls that the test made.
    cells : Cells

    Returns
    -------
    list of str
    """
    frames = list(_frames(error))
    own = not frames or cells.is_tested(frames[-1][0])
    if isinstance(error, AssertionError) and not own:
        file, line, scope = frames[-1]
        if file not in cells.by_file:  # what is given beside the student's code expects something
            return [str(error) or told(error)]
        source = cells.by_file[file].source
        message = str(error) or f"`{_line(source, line)}` does not hold."
        return [message, *explain_assertion(source, line, scope, recording)]
    lines = own_lines(error, cells)
    hint = ""
    if not isinstance(error, Stopped):
        hint = explain_error(type(error).__name__, "\n".join([str(error), *lines]))
    return ["\n".join(text for text in (told(error), *lines, hint) if text)]


def told(error):
    """Return an exception as a student reads it."""
    if is_still_to_do(type(error).__name__, str(error)):
        return still_to_do(str(error))
    if (text := missing(error)) is not None:
        return text
    return str(error) if isinstance(error, Stopped) else f"{type(error).__name__}: {error}"


def missing(error):
    """Say what is not there to be imported, None if the error is another one."""
    if (package := missing_package(error)) is not None:
        return f"needs {package}, which is not installed: run `pip install -r requirements.txt`."
    if isinstance(error, ModuleNotFoundError) and error.name and error.name.startswith("cs_lib."):
        return f"{error.name.replace('.', '/')}.py: expected this file, got none. Hand it in."
    return None


def is_own(error, cells):
    """Whether a test failed by what it asserts, or by an error in the student's code."""
    own = any(cells.is_tested(file) for file, _, _ in _frames(error))
    return isinstance(error, AssertionError) or (own and missing(error) is None)


def own_lines(error, cells):
    """Return the lines of the traceback that are in the notebook or in cs_lib, kit left out."""
    texts = []
    frame = error.__traceback__
    while frame is not None:
        code = frame.tb_frame.f_code
        cell = cells.by_file.get(code.co_filename)
        if cell is not None:
            line = _line(cell.source, frame.tb_lineno)
            loop = _loop(error, frame, cell.source)
            place = f"{cell.place or 'the notebook'}, line {frame.tb_lineno}"
            texts.append(f"  {place}{', in a loop' if loop else ''}: `{line}`")
        elif _in_library(code.co_filename):
            inside = _inside(code.co_filename)
            line = linecache.getline(code.co_filename, frame.tb_lineno).strip()
            source = "".join(linecache.getlines(code.co_filename))
            loop = "a loop of " if _loop(error, frame, source) else ""
            texts.append(f"  {inside}, line {frame.tb_lineno}, in {loop}{code.co_name}: `{line}`")
        frame = frame.tb_next
    return texts


def _loop(error, frame, source):
    """Whether an index is wrong in a loop, which may then be to blame."""
    return (
        isinstance(error, IndexError) and frame.tb_next is None and in_loop(source, frame.tb_lineno)
    )


def _line(source, number):
    lines = source.splitlines()
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


def _frames(error):
    """Go through the frames of cells and of cs_lib: file, line, names."""
    frame = error.__traceback__
    while frame is not None:
        file = frame.tb_frame.f_code.co_filename
        if file.startswith("cell ") or (
            "cs_lib" in Path(file).parts and KIT not in Path(file).parents
        ):
            yield file, frame.tb_lineno, {**frame.tb_frame.f_globals, **frame.tb_frame.f_locals}
        frame = frame.tb_next
