"""A late policy for nbgrader: ``c.AssignLatePenalties.plugin_class`` in nbgrader_config.py.

    c.AssignLatePenalties.plugin_class = "autograder.nbgrader_plugins.late.LatePolicy"
    c.LatePolicy.grace_minutes = 15
    c.LatePolicy.percent_per_day = 10
    c.LatePolicy.closed_after_days = 7

nbgrader asks it about each notebook of a late submission, with the score that
was earned and the seconds after the due date; extensions are counted in already.
"""

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float

_DAY = 24 * 60 * 60  # seconds


class LatePolicy(BasePlugin):
    """Takes a part of the score for each day begun, up to a most, and all after the last day."""

    grace_minutes = Float(0, min=0, help="Lateness that costs nothing.").tag(config=True)
    percent_per_day = Float(
        0, min=0, max=100, help="Part of the score that each day begun costs."
    ).tag(config=True)
    most_percent = Float(100, min=0, max=100, help="The most that days may cost.").tag(config=True)
    closed_after_days = Float(
        math.inf, min=0, help="Work that is later than this scores zero."
    ).tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the points to take off, None for none."""
        if total_seconds_late <= 60 * self.grace_minutes:
            return None
        if total_seconds_late > self.closed_after_days * _DAY:
            return score
        days = math.ceil(total_seconds_late / _DAY)
        percent: float = min(days * self.percent_per_day, self.most_percent)
        return score * percent / 100
