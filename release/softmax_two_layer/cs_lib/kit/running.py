"""A notebook's cells, run one by one in one namespace, each with a limit."""

import _thread
import ast
import builtins
import contextlib
import signal
import threading
import warnings

PATIENCE = 60
"""Seconds that a cell may take: notebooks are tested with little training."""


class StdinNotImplementedError(RuntimeError):
    """Code waits for input; it is called as in a notebook that is graded."""


class Stopped(Exception):
    """A cell took too long, or Ctrl-C was pressed."""


def execute(cell, namespace, output):
    """Run a cell.

    Parameters
    ----------
    cell : Cell
    namespace : dict
    output : file
        Takes what the cell prints.

    Returns
    -------
    Exception or None
        What ended it.
    """
    name = cell.file
    try:
        with contextlib.redirect_stdout(output), _no_input(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _with_what_is_installed(ast.parse(cell.source, name), namespace)
            with _limit():
                exec(compile(tree, name, "exec"), namespace)
    except (Exception, SystemExit) as error:
        return error
    return None


@contextlib.contextmanager
def _limit():
    """Interrupt what takes too long; works on every platform for what runs in Python."""
    late = threading.Event()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # so begins what a shell runs behind
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def stop():
        late.set()
        _thread.interrupt_main()

    timer = threading.Timer(PATIENCE, stop)
    timer.daemon = True
    timer.start()
    try:
        yield
    except KeyboardInterrupt as error:
        why = f"no result after {PATIENCE} s, stopped." if late.is_set() else "stopped by Ctrl-C."
        raise Stopped(f"{why} Look for an endless loop.").with_traceback(
            error.__traceback__
        ) from None
    finally:
        timer.cancel()


@contextlib.contextmanager
def _no_input():
    """Let code that waits for input fail, as in grading; nobody would see that it waits."""

    def refuse(prompt=""):
        raise StdinNotImplementedError(
            "raw_input was called, but this frontend does not support input requests."
        )

    before, builtins.input = builtins.input, refuse
    try:
        yield
    finally:
        builtins.input = before


class Absent:
    """Stands for what cannot be imported, so that the tests without need of it can run."""

    def __init__(self, package):
        self.package = package

    def __getattr__(self, name):
        raise ModuleNotFoundError(f"No module named {self.package!r}", name=self.package)

    def __call__(self, *args, **keywords):
        self.__getattr__("")


def _with_what_is_installed(tree, namespace):
    """Return a cell without the imports of packages that are not there; their names are set."""
    body = []
    for statement in tree.body:
        package = _absent_package(statement)
        if package is None:
            body.append(statement)
        else:
            names = [(alias.asname or alias.name).split(".")[0] for alias in statement.names]
            namespace.update(dict.fromkeys(names, Absent(package)))
    return ast.Module(body=body, type_ignores=[])


def _absent_package(statement):
    if not isinstance(statement, (ast.Import, ast.ImportFrom)):
        return None
    try:
        exec(compile(ast.Module(body=[statement], type_ignores=[]), "imports", "exec"), {})
    except Exception as error:  # of another kind: the run of the cell will tell
        return missing_package(error)
    return None


def missing_package(error):
    """Return the package that is not installed, if that is the error, else None."""
    if not isinstance(error, ModuleNotFoundError):
        return None
    package = (error.name or "").split(".")[0]
    return package if package not in ("", "cs_lib") else None
