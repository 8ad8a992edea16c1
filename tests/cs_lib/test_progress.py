"""``cs_lib.progress``: a bar where there is a screen, lines everywhere, nothing on stderr."""

import io
import sys

import pytest
from cs_lib.progress import progress_bar


class Screen(io.StringIO):
    def isatty(self):
        return True


def run(enabled=True):
    bar = progress_bar(range(3), "training", enabled=enabled)
    seen = []
    for step in bar:
        seen.append(step)
        bar.set_postfix_str(f"loss {step}")
        bar.write(f"line {step}")
    return seen


@pytest.mark.parametrize("enabled", [True, False])
def test_every_step_is_seen_and_every_line_printed(capsys, enabled):
    assert run(enabled) == [0, 1, 2]
    captured = capsys.readouterr()
    assert captured.out.splitlines() == ["line 0", "line 1", "line 2"]
    assert captured.err == ""


def test_a_terminal_shows_the_bar(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    run()
    assert "training" in screen.getvalue()


def test_without_tqdm_only_the_bar_is_missing(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert run() == [0, 1, 2]
    assert capsys.readouterr().out.splitlines() == ["line 0", "line 1", "line 2"]
