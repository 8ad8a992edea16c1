"""The four sandbox levels, best first, and what a worker may use at any of them."""

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How well a worker is locked up.  docs/security.md says what each promises."""

    A = "A"
    """Namespaces, Landlock, seccomp and resource limits."""
    B = "B"
    """Landlock, seccomp and resource limits: a plain container."""
    C = "C"
    """Seccomp without any opening of files, and resource limits."""
    D = "D"
    """Resource limits only: no wall against a hostile submission."""


_FEATURES = {
    Level.A: ("namespaces", "landlock", "seccomp", "rlimits"),
    Level.B: ("landlock", "seccomp", "rlimits"),
    Level.C: ("seccomp", "rlimits"),
    Level.D: ("rlimits",),
}


def features(level: Level) -> list[str]:
    """Return what a result says of its level."""
    return list(_FEATURES[level])


@dataclass(frozen=True)
class Policy:
    """What one worker may use.

    Attributes
    ----------
    memory_mb : int
        Address space beyond what the zygote already has, MiB.
    disk_mb : int
        The private folder (level A), MiB.
    file_mb : int
        One file, MiB.
    open_files, threads : int
    cpu_seconds : int
        Processor time, all threads together.
    wire : int
        The one file descriptor above 2 that stays open.
    """

    memory_mb: int
    disk_mb: int
    file_mb: int
    open_files: int
    threads: int
    cpu_seconds: int
    wire: int
