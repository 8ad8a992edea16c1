"""Run a restored notebook, cell by cell, on workers of its own.

A cell that hangs or crashes costs that cell: the cells before it are run again
on a fresh worker, without it, and the run goes on.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nbformat.notebooknode import NotebookNode, from_dict

from autograder.course.notebooks import nbgrader_metadata
from autograder.grade.clock import Clock
from autograder.grade.in_notebook import Judge
from autograder.intake.pictures import safe_pictures
from autograder.results import NotebookResult
from autograder.slicing import Lines, kept_lines
from autograder.text import plain
from autograder.wall.limits import Limits
from autograder.wall.zygote import CellRun, StudentError, Worker

OUTPUT_MB = 16
"""Outputs that are kept of one notebook, in all."""
NOT_REACHED = "not run: the submission used up its {:g} s."


@dataclass
class NotebookRun:
    """The run of one notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Restored; its outputs are filled in.
    name : str
    new_worker : callable
        Gives a fresh worker with the submission's modules.
    at_cell : callable
        Called with the worker and the cell's name before a graded cell runs.
        Where it leaves the worker dead, the run goes on with a fresh one.
    limits : Limits
    clock : Clock
        The submission's time.
    lines : dict of int to frozenset of int, optional
        The code cells to run, from 0, and the lines of each, from 1; by default all.
    judge : Judge, optional
        Gives the code of test cells that grade themselves, and is told how they ended.
    failed : dict of int to str
        The code cells that ended in an error, and in which.
    seconds : dict of int to float
        How long each cell ran, by its number from 1.
    """

    notebook: NotebookNode
    name: str
    new_worker: Callable[[], Worker]
    at_cell: Callable[[Worker, str], None]
    limits: Limits
    clock: Clock
    lines: Lines | None = None
    judge: Judge | None = None
    failed: dict[int, str] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)
    failure: str | None = None
    timed_out: bool = False
    _worker: Worker | None = None
    _done: list[tuple[int, str]] = field(default_factory=list)
    """Numbers and sources of cells that ran, to be run again on a fresh worker."""
    _room: int = OUTPUT_MB << 20

    def run(self) -> NotebookResult:
        """Run all cells; return how it went."""
        start = time.monotonic()
        try:
            code = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
            for number, cell in enumerate(code):  # as Jupyter numbers them in a fresh run
                self._run_cell(cell, number + 1)
        finally:
            self._close()
        status: Literal["ok", "error", "timeout"] = "error" if self.failure else "ok"
        return NotebookResult(
            name=self.name,
            status="timeout" if self.timed_out else status,
            seconds=time.monotonic() - start,
            error=self.failure,
        )

    def _run_cell(self, cell: NotebookNode, number: int) -> None:
        name = str(nbgrader_metadata(cell).get("grade_id", ""))
        if name and self.clock.left > 0:
            self.at_cell(self._ready(), name)
        test = self.judge.source(name) if self.judge is not None else None
        source = self._source(cell, number) if test is None else test
        if source is None:
            return
        if self.clock.left <= 0:
            self._stop(cell, number, NOT_REACHED.format(self.clock.seconds))
            return
        seconds = min(self.limits.cell_seconds, self.clock.left)
        try:
            result = self._ready().run_cell(source, seconds, number, valued=test is not None)
        except StudentError as error:
            result = self._judged(
                name, CellRun("error", [], None, error.message, 0.0, None, error.cause)
            )
            self._stop(cell, number, result.error or "", timed_out=error.cause == "timeout")
            return
        self.seconds[number] = result.seconds
        self._keep(cell, number, self._judged(name, result), source)

    def _judged(self, name: str, result: CellRun) -> CellRun:
        """Have a cell judged that has run; return of it what may be told."""
        if self.judge is None:
            return result
        self.judge.ended(name, result)
        outputs = [] if self.judge.secret else result.outputs
        return replace(result, error=self.judge.told(name, result) or None, outputs=outputs)

    def _source(self, cell: NotebookNode, number: int) -> str | None:
        """Return what is to run of a cell, None if nothing is."""
        if self.lines is None:
            return str(cell.source)
        lines = self.lines.get(number - 1)
        return None if lines is None else kept_lines(cell.source, lines)

    def _keep(self, cell: NotebookNode, number: int, result: CellRun, source: str) -> None:
        cell.execution_count = result.execution_count
        cell.outputs = self._within_room([safe_output(output) for output in result.outputs])
        if result.status == "timeout":
            self._stop(cell, number, result.error or "")
            return
        self._done.append((number, source))
        if result.error:
            self.failed[number - 1] = result.error
        # A failing test cell is a verdict, not a notebook that cannot be run.
        if result.error and not nbgrader_metadata(cell).get("grade"):
            self.failure = self.failure or f"cell {number}: {result.error}"

    def _stop(
        self, cell: NotebookNode, number: int, reason: str, *, timed_out: bool = True
    ) -> None:
        """Note a cell that did not finish; it is left out when the others run again."""
        self.timed_out = self.timed_out or timed_out
        self.failed[number - 1] = reason
        self.failure = self.failure or f"cell {number}: {reason}"
        cell.outputs = [*cell.outputs, _stream("stderr", plain(reason))]

    def _ready(self) -> Worker:
        """Return a worker in the state that the cells so far have made."""
        while self._worker is None or not self._worker.alive:
            self._close()
            self._worker = self.new_worker()
            self._replay(self._worker)
        return self._worker

    def _replay(self, worker: Worker) -> None:
        for position, (number, source) in enumerate(self._done):
            seconds = min(self.limits.cell_seconds, self.clock.left)
            try:
                if seconds > 0:
                    worker.run_cell(source, seconds, number)
            except StudentError:  # it went well before; without it, the others still count
                del self._done[position]
                return

    def _within_room(self, outputs: list[NotebookNode]) -> list[NotebookNode]:
        kept: list[NotebookNode] = []
        for output in outputs:
            self._room -= len(str(output))
            if self._room < 0:
                text = "[an output is left out: the notebook has too many]\n"
                return [*kept, _stream("stdout", text)]
            kept.append(output)
        return kept

    def _close(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def safe_output(output: dict[str, Any]) -> NotebookNode:
    """Return a cell's output with nothing in it that a browser would run.

    Text stays text; of rich output only its plain text and pictures are kept.
    """
    kind = output["output_type"]
    if kind == "stream":
        return _stream("stderr" if output["name"] == "stderr" else "stdout", output["text"])
    made: dict[str, Any] = {"output_type": kind}
    if kind == "error":
        made |= {name: _text(output[name]) for name in ("ename", "evalue")}
        made["traceback"] = [_text(line) for line in output["traceback"]]
    else:
        made |= {"data": _safe_data(output["data"]), "metadata": {}}
    if kind == "execute_result":
        made["execution_count"] = output["execution_count"]
    node: NotebookNode = from_dict(made)  # `new_output` validates what `wall.replies` has
    return node


def _stream(name: str, text: object) -> NotebookNode:
    """Return text as a cell prints it."""
    return NotebookNode(output_type="stream", name=name, text=_text(text))


def _safe_data(data: dict[str, Any]) -> dict[str, str]:
    text = {"text/plain": _text(data["text/plain"])} if "text/plain" in data else {}
    return text | safe_pictures(data) or {"text/plain": "[an output of a kind that is not shown]"}


def _text(value: object) -> str:
    """Return text that can be written as UTF-8; terminal colours are for the viewer to show."""
    return str(value).encode("utf-8", errors="replace").decode()
