"""Pretend to be a machine that gives less, as a container's seccomp filter makes it.

Usage: ``lesser_machine.py KIND …``; prints which level is chosen there, and why.
"""

import errno
import json
import sys

import pyseccomp

from autograder.errors import SandboxUnavailable
from autograder.sandbox import choose, explain, system

NAMESPACES = 0x7E020000


def refuse(kinds):
    program = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    denied, unknown = pyseccomp.ERRNO(errno.EPERM), pyseccomp.ERRNO(errno.ENOSYS)
    if "namespaces" in kinds:
        program.add_rule(denied, "unshare")
        program.add_rule(denied, "mount")
        program.add_rule(unknown, "clone3")
        for bit in range(7, 31):
            if NAMESPACES >> bit & 1:
                flag = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, 1 << bit, 1 << bit)
                program.add_rule(denied, "clone", flag)
    if "landlock" in kinds:
        program.add_rule(unknown, "landlock_create_ruleset")
    if "seccomp" in kinds:
        mode = pyseccomp.Arg(0, pyseccomp.EQ, system.PR_SET_SECCOMP)
        program.add_rule(pyseccomp.ERRNO(errno.EINVAL), "prctl", mode)
    if kinds:
        program.load()


def main():
    kinds = sys.argv[1:]
    if "capabilities" in kinds:
        kept = system.capabilities() - {system.CAP_SYS_ADMIN, system.CAP_DAC_READ_SEARCH}
        system.set_capabilities(sorted(kept))
    refuse(kinds)
    answer = {"level": explain().level, "reasons": explain().reasons}
    try:
        answer["chosen"] = choose()
    except SandboxUnavailable as error:
        answer["error"] = str(error)
    print(json.dumps(answer))


main()
