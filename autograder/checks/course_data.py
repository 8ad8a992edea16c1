"""What a check takes from the course as a submission would: data sets, behind the wall."""

from __future__ import annotations

from typing import Any

from autograder.checks.reference import PACKAGE
from autograder.checks.run import current_run
from autograder.errors import InstructorError
from autograder.wall.replies import StudentError
from autograder.wire import Remote

SECONDS = 60.0
"""A data set that is nowhere is made on the spot."""


def reference_call(function: str, *args: Any) -> Any:
    """Call a function of the reference in a worker of its own, and return what it gives.

    There it finds the data sets that a submission finds. A check that judges figures by
    them loads them so: what the notebook's variables have become is the student's word.

    Parameters
    ----------
    function : str
        As ``datasets.load_usps_digits``.

    Raises
    ------
    InstructorError
        It fails.
    """
    new_worker = current_run().context.reference_worker
    if new_worker is None:
        raise ValueError("reference_call: this run has no worker for the reference")
    module, _, name = function.rpartition(".")
    try:
        with new_worker() as worker, worker.time_limit(SECONDS):
            return worker.call(Remote(f"module:{PACKAGE}.{module}").attribute(name), args)
    except StudentError as error:
        raise InstructorError(f"reference_call: {function}: {error.message}") from None
