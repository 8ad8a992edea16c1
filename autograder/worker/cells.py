"""Cells run one after the other, as a kernel runs them."""

import asyncio
import contextlib
import importlib
import pkgutil
import sys
from typing import Any

from IPython.core import magics
from IPython.core.interactiveshell import ExecutionResult
from IPython.core.pylabtools import select_figure_formats

from autograder.worker.confined import ConfinedShell

_PYPLOT = "matplotlib.pyplot"
_PLOT = f"import {_PYPLOT} as plt\nplt.plot([1, 2])\nplt.title('$x^2$')"
_WARM_UP = (
    "import asyncio\nawait asyncio.sleep(0)",
    "1",
    "def f():\n    return 1 / 0\nf()",
    "1 +",
)


class CellRunner:
    """Runs cells in a shell.

    Parameters
    ----------
    shell : ConfinedShell
    figures : bool
        False, where cells run for checks alone, shows figures by their size only: nothing is
        drawn. And errors as Python does, not with the lines around: that takes 25 ms each.
    """

    def __init__(self, shell: ConfinedShell, *, figures: bool) -> None:
        self.shell = shell
        self._figures = figures
        if not figures:
            shell.InteractiveTB.set_mode("Plain")
        self._has_pyplot = False
        self._open_loop()
        self._look_for_pyplot()

    def run(self, source: str) -> tuple[BaseException | None, list[dict[str, Any]], Any]:
        """Run one cell; return the error it ended with, if any, its outputs and its last value."""
        self.shell.outputs.start()
        if self._loop.is_closed():  # by the student
            self._open_loop()
        task = self._loop.create_task(self._run(source))
        error: BaseException | None
        value = None
        try:
            result = self._loop.run_until_complete(task)
            error, value = result.error_before_exec or result.error_in_exec, result.result
        except BaseException as interrupt:  # came while the cell awaited
            error = interrupt
        if not task.done():
            task.cancel()
            with contextlib.suppress(BaseException):
                self._loop.run_until_complete(task)
        self._look_for_pyplot()
        return error, self.shell.outputs.finish(), value

    def _look_for_pyplot(self) -> None:
        """Set figures up once pyplot is there: a zygote for one submission may be without."""
        if self._has_pyplot or _PYPLOT not in sys.modules:
            return
        self._has_pyplot = True
        _draw_once(self.shell)
        if not self._figures:
            select_figure_formats(self.shell, [])

    def _open_loop(self) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)

    async def _run(self, source: str) -> ExecutionResult:
        """Run as ipykernel's do_execute: plain cells too run while a loop is running.

        ``run_cell`` would do what is not to be awaited, but transform and compile it twice more.
        """
        shell = self.shell
        failed = result = None
        try:
            transformed = shell.transform_cell(source)
        except Exception:
            transformed, failed = source, sys.exc_info()
        try:
            result = await shell.run_cell_async(
                source,
                store_history=True,
                transformed_cell=transformed,
                preprocessing_exc_tuple=failed,
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def close(self) -> None:
        """Close the event loop that cells ran on."""
        self._loop.close()
        asyncio.set_event_loop(None)


def _draw_once(shell: ConfinedShell) -> None:
    """Let pyplot's hook after each cell do nothing: the inline backend draws what it shows.

    The hook stays registered, for ``plt.ioff()`` takes it away.
    """
    pyplot = sys.modules[_PYPLOT]
    with contextlib.suppress(ValueError):  # gone already: the shell was warmed up with a runner
        shell.events.unregister("post_execute", pyplot._draw_all_if_interactive)
    pyplot._draw_all_if_interactive = _draw_nothing  # type: ignore[attr-defined]
    shell.events.register("post_execute", _draw_nothing)


def _draw_nothing() -> None:
    pass


def _forget_fonts() -> None:
    """Empty matplotlib's store of open fonts: it does so in each worker, which takes longer."""
    fonts = sys.modules.get("matplotlib.font_manager")
    with contextlib.suppress(AttributeError):
        fonts._get_font.cache_clear()  # type: ignore[union-attr]


def warm_up(shell: ConfinedShell) -> None:
    """Run what most notebooks do, so that it is imported and cached once for all workers."""
    for module in pkgutil.iter_modules(magics.__path__, f"{magics.__name__}."):
        importlib.import_module(module.name)  # IPython leaves it to the first use of each
    runner = CellRunner(shell, figures=True)
    for source in (*_WARM_UP, *([_PLOT] if _PYPLOT in sys.modules else [])):
        runner.run(source)
    runner.close()
    _forget_fonts()
    shell.reset(new_session=True)
    shell.outputs.start()
    for name in ("last_type", "last_value", "last_traceback"):
        sys.__dict__.pop(name, None)
