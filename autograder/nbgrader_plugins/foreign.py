"""Run the notebook of an assignment that knows nothing of the kit, behind the wall."""

from pathlib import Path
from typing import Any

from nbformat.notebooknode import NotebookNode

from autograder.grade.clock import Clock
from autograder.grade.notebook_run import NotebookRun
from autograder.intake.pictures import Painter
from autograder.wall.limits import Limits
from autograder.wall.zygote import Worker, Zygote
from autograder.wire import Remote

_LARGEST_FILE = 32 << 20
_PRELOAD = ("numpy", "matplotlib.pyplot")
_PUT_FILES = """
import os as _os, sys as _sys
for _name, _content in _files.items():
    _os.makedirs(_os.path.dirname(_name) or ".", exist_ok=True)
    with open(_name, "wb") as _file:
        _file.write(_content)
_sys.path.insert(0, "")
del _os, _sys, _files, _name, _content, _file
"""


def run_behind_the_wall(
    notebook: NotebookNode, resources: dict[str, Any], folder: Path, seconds: float | None
) -> None:
    """Run a notebook in place, beside copies of the files of its folder.

    Parameters
    ----------
    folder : Path
        The autograded submission; its files are copied into the worker's own
        folder, so that the notebook can read and write there.
    seconds : float or None
        nbgrader's time limit of a cell.
    """
    limits = Limits(cell_seconds=seconds or 600, submission_seconds=3600, disk_mb=256, file_mb=64)
    files = _files(folder)

    with Zygote(preload=_PRELOAD) as zygote:

        def new_worker() -> Worker:
            worker = zygote.worker({}, limits, environment={"NBGRADER_EXECUTION": "autograde"})
            worker.set(Remote("notebook").attribute("_files"), files)
            worker.run_cell(_PUT_FILES, limits.cell_seconds)
            return worker

        clock = Clock(limits.submission_seconds)
        name = resources["nbgrader"]["notebook"]
        NotebookRun(notebook, name, new_worker, lambda worker, cell: None, limits, clock).run()
        with Painter(lambda: zygote.worker({}, limits, figures=False)) as painter:
            painter.redraw_all(notebook)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and path.suffix != ".ipynb"
        and path.stat().st_size <= _LARGEST_FILE
    }
