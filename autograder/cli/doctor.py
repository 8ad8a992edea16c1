"""``autograder doctor``: which sandbox level this machine gives, and why not a better one."""

import os
import platform
from dataclasses import asdict, dataclass

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder import sandbox
from autograder.errors import SandboxUnavailable
from autograder.sandbox import landlock, namespaces, seccomp

PROMISES = {
    "A": "namespaces, Landlock, seccomp and resource limits",
    "B": "Landlock, seccomp and resource limits",
    "C": "seccomp without any opening of files, and resource limits: notebooks cannot read data",
    "D": "resource limits only: hidden checks are refused without --allow-unsafe",
}


@dataclass(frozen=True)
class Diagnosis:
    """What `diagnose` found.

    Attributes
    ----------
    level : str or None
        ``A`` to ``D``; None where there is no sandbox at all (not Linux).
    features : list of str
    reasons : list of str
        Why each better level is out of reach and what to do, best first.
    facts : dict of str to str
        What was found on the machine.
    """

    level: str | None
    features: list[str]
    reasons: list[str]
    facts: dict[str, str]

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def diagnose() -> Diagnosis:
    """Try the sandbox levels on this machine."""
    facts = {
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "Python": platform.python_version(),
    }
    try:
        choice = sandbox.explain()
    except SandboxUnavailable as error:
        return Diagnosis(None, [], [str(error)], facts)
    facts["user"] = "root" if os.geteuid() == 0 else f"ordinary user {os.geteuid()}"
    facts["Landlock"] = _landlock()
    facts["libseccomp"] = "installed" if seccomp.available() else "missing"
    facts["bubblewrap"] = "installed" if namespaces.find_bubblewrap() else "missing"
    if choice.level is sandbox.Level.A:
        builder = "bubblewrap" if choice.bubblewrap else "the autograder itself"
        facts["outer wall"] = f"built by {builder}"
    return Diagnosis(str(choice.level), choice.features, list(choice.reasons), facts)


def _landlock() -> str:
    try:
        return f"version {landlock.abi()}"
    except OSError as error:
        return f"none ({error.strerror})"


def rendered(diagnosis: Diagnosis) -> RenderableType:
    """Return the diagnosis for a terminal."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in diagnosis.facts.items():
        table.add_row(name, value)
    if diagnosis.level is None:
        verdict = Text("No sandbox: hidden checks cannot run on this machine.", style="bold red")
    else:
        safe = diagnosis.level != sandbox.Level.D
        verdict = Text(
            f"Sandbox level {diagnosis.level}: {PROMISES[diagnosis.level]}.",
            style="bold green" if safe else "bold red",
        )
    return Group(table, Text(), verdict, *(Text(f"Not {reason}") for reason in diagnosis.reasons))
