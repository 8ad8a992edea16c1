"""Cells in ipykernel's own kernel, inside the worker: the other executor.

It is the kernel object of a real kernel, with its shell, displays, widgets'
comms and payloads, but without its sockets and threads: what it would send to
a notebook's page is collected instead.
"""

import logging
from types import SimpleNamespace
from typing import Any

import ipykernel.debugger  # noqa: F401 - a kernel wants it when it starts, at level C too late
from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.compilerop import CachingCompiler
from IPython.core.interactiveshell import ExecutionResult
from jupyter_client.session import Session
from matplotlib import pyplot
from matplotlib_inline.backend_inline import configure_inline_support

from autograder.worker.cells import CellRunner
from autograder.worker.confined import ConfinedShell
from autograder.worker.errors import without_paths
from autograder.worker.outputs import Outputs, as_json
from autograder.worker.shell import CourseShell


class _Collector(Session):
    """In place of the wire to the page."""

    outputs: Outputs

    def send(
        self,
        stream: object,
        msg_or_type: Any,
        content: dict[str, Any] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> dict[str, Any]:
        message: dict[str, Any] = msg_or_type
        if isinstance(msg_or_type, str):
            message = self.msg(msg_or_type, content)
        self._collect(message["header"]["msg_type"], message["content"])
        return message

    def _collect(self, kind: str, content: dict[str, Any]) -> None:
        display_id = content.get("transient", {}).get("display_id")
        if kind == "error":
            lines = [without_paths(line) for line in content["traceback"]]
            self.outputs.error(content["ename"], without_paths(content["evalue"]), lines)
        elif kind == "clear_output":
            self.outputs.clear(content["wait"])
        elif kind in ("display_data", "update_display_data", "execute_result"):
            item: dict[str, Any] = {"output_type": kind, "data": as_json(content["data"])}
            item["metadata"] = as_json(content["metadata"])
            if kind == "execute_result":
                item["execution_count"] = content["execution_count"]
            if kind == "update_display_data":
                self.outputs.update(display_id, item["data"], item["metadata"])
            else:
                self.outputs.add(item, display_id)


class KernelShell(ConfinedShell, ZMQInteractiveShell):
    """A kernel's shell that keeps to itself."""


class _Compiler(XCachingCompiler):
    """Names cells as IPython does; the kernel's names want a temporary folder."""

    get_code_name = CachingCompiler.get_code_name


class KernelRunner(CellRunner):
    """Runs cells as `CellRunner` does, by a kernel.

    Parameters
    ----------
    shell : ConfinedShell
        Gives its place as the process's one shell, and its outputs, to the kernel's.
    figures : bool
        False shows figures by their size only: nothing is drawn.
    """

    def __init__(self, shell: ConfinedShell, *, figures: bool) -> None:
        outputs = shell.outputs
        pyplot.uninstall_repl_displayhook()
        CourseShell.clear_instance()
        session = _Collector(key=b"unused")
        session.outputs = outputs
        log = logging.getLogger("ipykernel")
        log.setLevel(logging.CRITICAL)  # it would tell of each error a second time
        self._kernel = IPythonKernel(
            session=session,
            shell_class=KernelShell,
            compiler_class=_Compiler,
            log=log,
        )
        # interrupts come as KeyboardInterrupt; without a parent thread it leaves them alone
        self._kernel.shell_channel_thread = SimpleNamespace(parent_thread=None)
        kernel_shell: KernelShell = self._kernel.shell
        kernel_shell.collect(outputs)
        configure_inline_support.current_backend = "unset"  # it is this shell's now
        kernel_shell.enable_matplotlib("inline")
        pyplot.install_repl_displayhook()
        super().__init__(kernel_shell, figures=figures)

    async def _run(self, source: str) -> ExecutionResult:
        self.shell.last_execution_result = None
        reply = await self._kernel.do_execute(
            source, silent=False, store_history=True, allow_stdin=False
        )
        result = self.shell.last_execution_result
        if result is None:  # an empty cell, or the kernel itself has failed
            result = ExecutionResult(None)
            if reply["status"] == "error":
                result.error_in_exec = RuntimeError(f"{reply['ename']}: {reply['evalue']}")
        return result
