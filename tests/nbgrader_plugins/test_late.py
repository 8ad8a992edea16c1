import pytest
from traitlets.config import Config

from autograder.nbgrader_plugins.late import LatePolicy

HOUR = 3600
DAY = 24 * HOUR


def policy(**settings):
    return LatePolicy(config=Config({"LatePolicy": settings}))


@pytest.mark.parametrize(
    ("settings", "seconds_late", "penalty"),
    [
        ({}, DAY, 0),
        ({"percent_per_day": 10}, 1, 8),
        ({"percent_per_day": 10}, DAY, 8),
        ({"percent_per_day": 10}, DAY + 1, 16),
        ({"percent_per_day": 10, "most_percent": 25}, 9 * DAY, 20),
        ({"percent_per_day": 10}, 90 * DAY, 80),
        ({"percent_per_day": 10, "grace_minutes": 15}, 900, None),
        ({"percent_per_day": 10, "grace_minutes": 15}, 901, 8),
        ({"percent_per_day": 10, "closed_after_days": 2}, 2 * DAY, 16),
        ({"percent_per_day": 10, "closed_after_days": 2}, 2 * DAY + 1, 80),
    ],
)
def test_what_lateness_costs_of_80_points(settings, seconds_late, penalty):
    assert policy(**settings).late_submission_penalty("ada", 80.0, seconds_late) == penalty
