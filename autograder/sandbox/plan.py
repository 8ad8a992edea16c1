"""The trusted side: how the zygote of a level is started."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import SandboxUnavailable
from autograder.sandbox import identity, landlock, namespaces, seccomp
from autograder.sandbox.levels import Level, features
from autograder.sandbox.paths import Places, open_to_all, readable
from autograder.sandbox.system import CAP_DAC_READ_SEARCH, capabilities
from autograder.sandbox.wall import WallSettings


@dataclass(frozen=True)
class LevelPlan:
    """How to start a zygote: its command, and the settings to send it first.

    Attributes
    ----------
    level : Level
    features : list of str
    settings : bytes
        For `autograder.sandbox.prepare` in the zygote.
    """

    level: Level
    features: list[str]
    settings: bytes
    prefix: tuple[str, ...]

    def command(self, program: Sequence[str]) -> list[str]:
        """Return the command that starts a program as zygote of this level."""
        return [*self.prefix, *program]


def make_plan(
    level: Level,
    *,
    bubblewrap: bool,
    data: Path | None = None,
    beside: Path | None = None,
    extra: Iterable[Path] = (),
) -> LevelPlan:
    """Return the plan of a level, without trying whether it works.

    Parameters
    ----------
    level : Level
    bubblewrap : bool
        Build the outer wall of level A with bubblewrap, not by hand.
    data : Path, optional
        A folder the workers may read.
    beside : Path, optional
        Another one: the files that lie beside a notebook.
    extra : iterable of Path
        What the zygote itself has to read: the engine's own package.

    Raises
    ------
    SandboxUnavailable
        Something is missing that no trial need be made to see.
    """
    as_root = identity.can_change()
    open_to_workers = [folder for folder in (data, beside) if folder is not None]
    shared = readable(open_to_workers)
    everything = readable([*open_to_workers, *extra])
    read_all = as_root and level is not Level.C and _closed(level, shared)
    settings = WallSettings(
        level=level,
        as_root=as_root,
        read_all=read_all,
        readable=shared.real if level in (Level.A, Level.B) else (),
        program=_program(level),
        landlock=landlock.abi() if level in (Level.A, Level.B) else 0,
    )
    prefix: list[str] = []
    if level is Level.A:
        kept = namespaces.kept_capabilities(as_root=as_root, read_all=read_all)
        build = namespaces.bubblewrap if bubblewrap else namespaces.by_hand
        prefix = build(everything, kept, as_root=as_root)
    return LevelPlan(level, features(level), settings.encode(), tuple(prefix))


def _closed(level: Level, places: Places) -> bool:
    """Return whether an unprivileged user cannot read all of the places by himself."""
    closed = [p for p in places.real if not open_to_all(p, parents=level is not Level.A)]
    if closed and CAP_DAC_READ_SEARCH not in capabilities():
        raise SandboxUnavailable(
            f"{closed[0]}: expected to be open to every user, as workers of root become "
            "unprivileged users. Open it and the folders above it (chmod o+rX), or grade as an "
            "ordinary user."
        )
    return bool(closed)


def _program(level: Level) -> bytes:
    if level is Level.D:
        return b""
    return seccomp.build(files=level is not Level.C, attributes=level is Level.A)
