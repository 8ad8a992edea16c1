"""The course key: found, made once, or told why it cannot be read."""

import os

import pytest

from autograder.course.key import KEY_FILE, course_key
from autograder.errors import InstructorError


def test_the_key_is_made_once(tmp_path):
    first = course_key(tmp_path, pytest.fail)
    assert len(first) == 64
    assert course_key(tmp_path, pytest.fail) == first
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_a_key_that_cannot_be_read_is_told_with_what_to_do(tmp_path):
    (tmp_path / KEY_FILE).mkdir()
    with pytest.raises(InstructorError) as caught:
        course_key(tmp_path, pytest.fail)
    text = str(caught.value)
    assert text.startswith(f"{tmp_path / KEY_FILE}: expected the course key in a file that this")
    assert "Is a directory" in text
    assert "$AUTOGRADER_KEY" in text
    assert "\n" not in text


@pytest.mark.skipif(os.geteuid() == 0, reason="NOT run as root, who may read everything")
def test_a_key_of_another_account_is_told(tmp_path):
    (tmp_path / KEY_FILE).write_text("key")
    (tmp_path / KEY_FILE).chmod(0)
    with pytest.raises(InstructorError, match="Permission denied"):
        course_key(tmp_path, pytest.fail)
