import pytest

from autograder.text import one_line, plain, points, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\tb\nc", "a\tb\nc"),
        ("a\r\nb", "a\nb"),
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b]0;title\x07x", "x"),
        ("\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("a\x00b\x07c\x7fd\x9be", "abcde"),
        ("\ud800x", "x"),
        ("\u202egnp.exe", "gnp.exe"),
        ("naïve ∂L/∂w 数", "naïve ∂L/∂w 数"),
    ],
)
def test_plain_keeps_what_people_read(text, shown):
    assert plain(text) == shown


def test_long_text_is_cut():
    assert plain("x" * 10_000_000, longest=100) == "x" * 99 + "…"


def test_one_line():
    assert one_line(" a\n\tb  c ") == "a b c"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2.0, "2"),
        (0.5, "0.5"),
        (8 / 3, "2.67"),
        (100, "100"),
        (1234567.5, "1234567.5"),
        (-1e-9, "0"),
    ],
)
def test_points(value, shown):
    assert points(value) == shown


def test_printable_leaves_no_control_characters():
    text = "a\x1b[31m\n\x00\u202eb\u2028" + "x" * 100
    assert printable(text, 12) == "a�[31m\n��b�…"
    assert printable(text, 12, keep="") == "a�[31m���b�…"
