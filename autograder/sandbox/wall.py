"""The untrusted side: what the zygote prepares once and each forked child enters."""

import base64
import json
import os
import resource
import signal
from dataclasses import dataclass, field

from autograder.sandbox import identity, landlock, rlimits, seccomp, system
from autograder.sandbox.levels import Level, Policy
from autograder.sandbox.namespaces import SCRATCH
from autograder.sandbox.paths import DEVICES

_FILES_IN_SCRATCH = 4096


@dataclass(frozen=True)
class WallSettings:
    """What the grader knows and the zygote needs.

    Attributes
    ----------
    level : Level
    as_root : bool
        The zygote is root and each worker becomes an unprivileged user.
    read_all : bool
        A worker keeps the capability to read what is not open to all.
    readable : tuple of str
        Real paths below which a worker may read (levels A and B).
    program : bytes
        The seccomp program; empty at level D.
    landlock : int
        ABI to use; 0 where Landlock is not used.
    """

    level: Level
    as_root: bool
    read_all: bool
    readable: tuple[str, ...]
    program: bytes
    landlock: int

    def encode(self) -> bytes:
        """Return these as bytes that cross into the zygote."""
        plain = self.__dict__ | {"program": base64.b64encode(self.program).decode()}
        return json.dumps(plain).encode()

    @classmethod
    def decode(cls, data: bytes) -> "WallSettings":
        """Read what `encode` has written."""
        plain = json.loads(data)
        plain["level"] = Level(plain["level"])
        plain["readable"] = tuple(plain["readable"])
        plain["program"] = base64.b64decode(plain["program"])
        return cls(**plain)


def prepare(settings: bytes) -> "Wall":
    """Prepare in the zygote, once its libraries are loaded, what every worker shares.

    Raises
    ------
    OSError
    """
    return Wall(WallSettings.decode(settings))


@dataclass
class Wall:
    """The wall around one worker after another."""

    settings: WallSettings
    rules: list[tuple[int, int]] = field(default_factory=list)
    in_use: int = field(default_factory=rlimits.address_space)
    zygote: int = field(default_factory=os.getpid)

    def __post_init__(self) -> None:
        if self.settings.landlock:
            for path in self.settings.readable:
                self.rules.append((os.open(path, os.O_PATH | os.O_CLOEXEC), landlock.READ))
            for path in DEVICES:
                if os.path.exists(path):
                    self.rules.append((os.open(path, os.O_PATH | os.O_CLOEXEC), landlock.DEVICE))

    def enter(self, policy: Policy) -> str:
        """Lock this process up for good.  The caller has just been forked and has one thread.

        Returns
        -------
        str
            The private writable folder, empty where there is none.

        Raises
        ------
        OSError
            A step failed; the process must end without reading the submission.
        """
        scratch = self._mount_scratch(policy) if self.settings.level is Level.A else ""
        threads = self._lower_identity(policy)
        rlimits.apply(rlimits.limits(policy, in_use=self.in_use))
        rlimits.apply({resource.RLIMIT_NPROC: threads})
        system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self.zygote:
            raise ProcessLookupError("the zygote has ended")
        system.prctl(system.PR_SET_DUMPABLE, 0)
        system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
        if self.settings.landlock:
            self._restrict_files(scratch)
        os.closerange(3, policy.wire)
        os.closerange(policy.wire + 1, system.MOST_DESCRIPTORS)
        if self.settings.program:
            seccomp.install(self.settings.program)
        return scratch

    def _mount_scratch(self, policy: Policy) -> str:
        system.unshare(system.CLONE_NEWNS | system.CLONE_NEWIPC)
        size = f"size={policy.disk_mb}m,nr_inodes={_FILES_IN_SCRATCH},mode=777"
        flags = system.MS_NOSUID | system.MS_NODEV | system.MS_NOEXEC
        system.mount("none", SCRATCH, "tmpfs", flags, size)
        return SCRATCH

    def _lower_identity(self, policy: Policy) -> int:
        """Become an unprivileged user and return the limit on threads that this asks for."""
        if self.settings.as_root:
            identity.become(identity.pick(), read_all=self.settings.read_all)
            return policy.threads
        if self.settings.level is Level.A:
            identity.become_nobody()
            return policy.threads
        system.set_capabilities([])  # of a root that cannot become somebody else
        return rlimits.threads_of_this_user() + policy.threads

    def _restrict_files(self, scratch: str) -> None:
        rules = list(self.rules)
        if scratch:
            rules.append((os.open(scratch, os.O_PATH | os.O_CLOEXEC), landlock.PRIVATE))
        landlock.restrict(self.settings.landlock, rules)
