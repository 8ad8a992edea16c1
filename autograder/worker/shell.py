"""The shell in which cells run in-process: its displays and errors are collected."""

from typing import Any

from IPython.core.display_trap import DisplayTrap
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from traitlets import Any as AnyTrait

from autograder.worker.bare import confine_python
from autograder.worker.confined import ConfinedShell
from autograder.worker.errors import without_paths
from autograder.worker.outputs import Outputs, as_json


class _Publisher(DisplayPublisher):
    """Collects what cells display."""

    outputs = AnyTrait()

    def publish(  # type: ignore[override,unused-ignore]
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **kwargs: Any,
    ) -> None:
        self._validate_data(data, metadata or {})
        display_id = (transient or {}).get("display_id")
        data, metadata = as_json(data), as_json(metadata or {})
        if update:
            self.outputs.update(display_id, data, metadata)
        else:
            item = {"output_type": "display_data", "data": data, "metadata": metadata}
            self.outputs.add(item, display_id)

    def clear_output(self, wait: bool = False) -> None:
        self.outputs.clear(wait)


class _ResultHook(DisplayHook):
    """Collects the value of a cell's last expression."""

    outputs = AnyTrait()

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        self.outputs.add(
            {
                "output_type": "execute_result",
                "execution_count": self.prompt_count,
                "data": as_json(format_dict),
                "metadata": as_json(md_dict or {}),
            }
        )


class CourseShell(ConfinedShell):
    """The shell in which the cells of a submission run."""

    def init_display_pub(self) -> None:
        """Let what is shown go to the cell's outputs."""
        self.display_pub = _Publisher(parent=self, shell=self)

    def init_displayhook(self) -> None:
        """Let a cell's last value go to its outputs."""
        self.displayhook = _ResultHook(parent=self, shell=self)
        self.display_trap = DisplayTrap(hook=self.displayhook)

    def collect(self, outputs: Outputs) -> None:
        """Let all output of cells go there."""
        super().collect(outputs)
        self.display_pub.outputs = outputs
        self.displayhook.outputs = outputs

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        try:
            text = str(evalue)
        except BaseException:
            text = "(its text cannot be shown)"
        lines = [without_paths(line) for line in stb]
        self.outputs.error(str(etype.__name__), without_paths(text), lines)


def make_shell(limit: int, *, figures: bool) -> CourseShell:
    """Return the one shell of this process, with inline figures and all output collected.

    Parameters
    ----------
    limit : int
        Bytes of output a cell may have.
    figures : bool
        Whether matplotlib is set up already; else by the first cell that imports it.
    """
    confine_python()
    shell: CourseShell = CourseShell.instance()
    shell.collect(Outputs(limit))
    if figures:
        shell.enable_matplotlib("inline")
    return shell
