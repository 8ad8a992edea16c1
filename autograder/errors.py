"""Errors for people: each says where, what was expected, what came, and what to do.

The class says who must act, and carries the exit code of the command line.
"""

import errno

OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
"""Numbers of an OSError after which nothing more can be written, whosever it is."""


class AutograderError(Exception):
    """A foreseeable mistake; its text is shown as it is, without a traceback."""

    exit_code = 70


class NotFinal(AutograderError):
    """Grades were asked for that are final, and people have not graded all answers yet."""

    exit_code = 1


class InstructorError(AutograderError):
    """Something an instructor wrote is wrong: config, check, notebook or command."""

    exit_code = 2


class SubmissionError(AutograderError):
    """A submission cannot be read."""

    exit_code = 3


class SandboxUnavailable(AutograderError):
    """This machine cannot run hidden checks safely."""

    exit_code = 4


def of_the_machine(error: OSError) -> InstructorError | None:
    """Return what to tell of a file that cannot be read or written, None for another mistake."""
    if error.errno not in OF_THE_DISK | {errno.EACCES, errno.EPERM}:
        return None
    if error.errno in OF_THE_DISK:
        what_to_do = "Make room, or choose a place that can be written"
    else:
        what_to_do = "Ask its owner to give this account the right"
    return InstructorError(
        f"{error.filename or 'the disk'}: expected a file that can be read and written, got: "
        f"{error.strerror}. {what_to_do}, and run the command again: what is done is kept."
    )
