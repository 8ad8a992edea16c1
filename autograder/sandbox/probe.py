"""Which level this machine gives, by trying, and why not a better one."""

import functools
import json
import os
import platform
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SandboxUnavailable
from autograder.sandbox import landlock, namespaces, seccomp
from autograder.sandbox.levels import Level, features
from autograder.sandbox.paths import PACKAGE, command
from autograder.sandbox.plan import LevelPlan, make_plan

_TRIAL_SECONDS = 120
"""Of a trial that takes half a second: what it takes longer is a busy machine."""


@dataclass(frozen=True)
class Choice:
    """What `explain` found.

    Attributes
    ----------
    level : Level
        The best level that works here.
    bubblewrap : bool
        Level A's outer wall is built with bubblewrap.
    reasons : tuple of str
        Why each better level is out of reach, best first, and what to do.
    """

    level: Level
    bubblewrap: bool
    reasons: tuple[str, ...]

    @property
    def features(self) -> list[str]:
        """What holds at this level, as results report it."""
        return features(self.level)


@functools.cache
def explain() -> Choice:
    """Try the levels, best first, and say which works and why no better one.

    Raises
    ------
    SandboxUnavailable
        This is not Linux, or a trial does not end: no level is taken for missing by that.
    """
    if platform.system() != "Linux":
        raise SandboxUnavailable(
            f"sandbox: expected Linux, got {platform.system()}. Student code can only be locked up "
            "on Linux: grade in a Linux container, in WSL 2 or in CI. Releasing, hand-out tests "
            "and feedback work here."
        )
    reasons: list[str] = []
    for level in (Level.A, Level.B, Level.C):
        for bubblewrap in (True, False) if level is Level.A else (False,):
            problem = _problem(level, bubblewrap)
            if problem is None:
                return Choice(level, bubblewrap, tuple(reasons))
        reasons.append(f"{level}: {problem}")
    return Choice(Level.D, False, tuple(reasons))


def _unprotected(best: Choice) -> SandboxUnavailable:
    why = " ".join(best.reasons) if best.level is Level.D else "Level D was asked for."
    return SandboxUnavailable(
        f"sandbox: expected level C or better for hidden checks, got D. {why} "
        "Run `autograder doctor`, or accept the risk with --allow-unsafe."
    )


def choose(level: Level | None = None, *, allow_unsafe: bool = False) -> Level:
    """Return the best level, or the one asked for if it works.

    Raises
    ------
    SandboxUnavailable
        The level does not work here, or is D without leave.
    """
    best = explain()
    wanted = level or best.level
    if wanted is Level.D:
        if allow_unsafe:
            return wanted
        raise _unprotected(best)
    if wanted < best.level:
        reason = next(text for text in best.reasons if text.startswith(wanted))
        raise SandboxUnavailable(
            f"sandbox: expected level {wanted}, this machine gives {best.level}. {reason}"
        )
    if wanted > best.level:
        problem = _problem(wanted, False)
        if problem is not None:
            raise SandboxUnavailable(f"sandbox: level {wanted} does not work here: {problem}")
    return wanted


def plan(
    level: Level,
    *,
    data: Path | None = None,
    beside: Path | None = None,
    readable: Iterable[Path] = (),
) -> LevelPlan:
    """Return how to start the zygote of a level that `choose` returned.

    Parameters
    ----------
    level : Level
    data : Path, optional
        A folder that workers may read (levels A and B).
    readable : iterable of Path
        What else the zygote itself has to read.
    """
    bubblewrap = level is Level.A and explain().bubblewrap
    return make_plan(level, bubblewrap=bubblewrap, data=data, beside=beside, extra=readable)


@functools.cache
def _problem(level: Level, bubblewrap: bool) -> str | None:
    """Return why a level does not work, None if it does."""
    if not seccomp.available():
        return "libseccomp is missing. Install it (Debian, Ubuntu: apt install libseccomp2)."
    if level in (Level.A, Level.B) and (reason := landlock.why_not()):
        return reason
    if bubblewrap and namespaces.find_bubblewrap() is None:
        return "bubblewrap is not installed."
    try:
        plan = make_plan(level, bubblewrap=bubblewrap, extra=[PACKAGE])
    except SandboxUnavailable as error:
        return str(error)
    found = _try(plan)
    if found["error"]:
        return _advice(level, str(found["error"]))
    if found["holes"]:
        return f"it leaks here: {', '.join(found['holes'])}. Report this as a bug."
    return None


def _try(plan: LevelPlan) -> dict[str, list[str] | str | None]:
    try:
        ended = subprocess.run(
            plan.command(command("autograder.sandbox.trial")),
            input=plan.settings,
            capture_output=True,
            cwd="/",
            env={"PATH": os.defpath},
            timeout=_TRIAL_SECONDS,
            check=False,
        )
        report: dict[str, list[str] | str | None] = json.loads(ended.stdout)
    except subprocess.TimeoutExpired:
        raise SandboxUnavailable(
            f"sandbox: expected a trial of level {plan.level} to end within {_TRIAL_SECONDS} s, it "
            "did not. Is the machine overloaded? End other work, and run the command again."
        ) from None
    except OSError as error:
        return {"error": str(error), "holes": []}
    except ValueError:
        lines = ended.stderr.decode(errors="replace").strip().splitlines()
        return {"error": lines[-1] if lines else f"exit status {ended.returncode}", "holes": []}
    return report


def _advice(level: Level, error: str) -> str:
    """Add to an error what usually causes it and what to do."""
    if level is not Level.A:
        return f"{error}."
    causes = [
        (
            _reads("kernel/unprivileged_userns_clone") == "0",
            "sysctl kernel.unprivileged_userns_clone=1",
        ),
        (_reads("user/max_user_namespaces") == "0", "sysctl user.max_user_namespaces=10000"),
        (
            _reads("kernel/apparmor_restrict_unprivileged_userns") == "1",
            "AppArmor restricts user namespaces here: sysctl "
            "kernel.apparmor_restrict_unprivileged_userns=0, or give this Python an AppArmor "
            "profile that allows userns",
        ),
        (
            _in_a_container(),
            "in a container: --security-opt seccomp=unconfined --security-opt apparmor=unconfined, "
            "and --cap-add SYS_ADMIN when it runs as root",
        ),
    ]
    advice = [what for holds, what in causes if holds]
    todo = f" Allow them: {'; or '.join(advice)}." if advice else ""
    return f"namespaces are refused ({error}).{todo}"


def _reads(name: str) -> str:
    try:
        return Path("/proc/sys", name).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _in_a_container() -> bool:
    marks = (Path("/.dockerenv"), Path("/run/.containerenv"))
    return any(mark.exists() for mark in marks) or "container" in os.environ
