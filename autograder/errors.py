"""Errors for people: each says where, what was expected, what came, and what to do.

The class says who must act, and carries the exit code of the command line.
"""


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
