"""The server that the browser tests talk to says why it did not start."""

import pytest

from tests.browser.server import Server


def test_of_one_that_ends_the_log_is_shown(tmp_path):
    ends = "import os\nprint('closed on Sundays', flush=True)\nos._exit(1)\n"
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "jupyter_server_config.py").write_text(ends)
    with pytest.raises(RuntimeError, match="closed on Sundays"):
        Server(tmp_path, tmp_path)
