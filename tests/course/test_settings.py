"""What an ``assignment.toml`` may say."""

import pytest
from pydantic import ValidationError

from autograder.course.settings import Attachments


@pytest.mark.parametrize("kind", ["svg", "HTML", "js", "xml"])
def test_files_in_which_a_browser_runs_something_are_no_attachments(kind):
    with pytest.raises(ValidationError, match=f'only shows, as "pdf", got "{kind.lower()}"'):
        Attachments(types=("pdf", kind))


def test_other_kinds_may_be_asked_for():
    assert Attachments(types=("gif", "txt", "csv")).types == ("gif", "txt", "csv")
