"""JupyterLab with nbgrader's extensions, as a process of its own."""

import json
import os
import re
import secrets
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

SECONDS_TO_START = 300
SECONDS_TO_ANSWER = 10
SECONDS_TO_STOP = 30
BETWEEN_LOOKS = 0.1  # seconds
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
"""No pop-ups, and every cell of a notebook on the page."""


class Server:
    """A running JupyterLab, at a port that the system gave it.

    Parameters
    ----------
    folder : Path
        Where it is started and what it shows.
    scratch : Path
        For Jupyter's own files, so that the user's settings play no part.

    Raises
    ------
    RuntimeError
        It did not start; the text is its log.
    """

    def __init__(self, folder: Path, scratch: Path) -> None:
        (scratch / "settings").mkdir()
        (scratch / "settings" / "overrides.json").write_text(json.dumps(SETTINGS))
        self._folder, self._scratch = folder, scratch
        # Only this server answers to it, whoever else may listen at the port.
        self._token = secrets.token_hex()
        self._process = self._launch()
        self.url = self._wait()
        if not self.url:
            self.stop()
            raise RuntimeError(f"JupyterLab did not start:\n{self._log.read_text()}")

    @property
    def _log(self) -> Path:
        return self._scratch / "log"

    def _launch(self) -> subprocess.Popen[bytes]:
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [
                    *(Path(sys.executable).with_name("jupyter"), "lab", "--no-browser"),
                    *("--ip=127.0.0.1", "--port=0", "--ServerApp.port_retries=0"),
                    f"--IdentityProvider.token={self._token}",
                    f"--ServerApp.root_dir={self._folder}",
                    f"--LabApp.app_settings_dir={self._scratch / 'settings'}",
                    *(["--allow-root"] if os.geteuid() == 0 else []),
                ],
                cwd=self._folder,
                env=_environment(self._scratch),
                stdout=log,
                stderr=log,
            )

    def _wait(self) -> str:
        """Return the server's address once it answers there, "" if it does not or has ended.

        Its log names the address some time before it listens.
        """
        end = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < end:
            found = re.search(r"http://127\.0\.0\.1:\d+(?=/)", self._log.read_text())
            if found and self._answers(found[0]):
                return found[0]
            try:
                self._process.wait(BETWEEN_LOOKS)
            except subprocess.TimeoutExpired:
                continue
            break
        return ""

    def _answers(self, url: str) -> bool:
        try:
            with urlopen(f"{url}/api/status?token={self._token}", timeout=SECONDS_TO_ANSWER):
                return True
        except OSError:
            return False

    def address(self, path: str) -> str:
        """Return the address of a page, by way of the login."""
        return f"{self.url}/login?{urlencode({'token': self._token, 'next': '/' + path})}"

    def stop(self) -> None:
        """End the server and, with it, its kernels."""
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _environment(scratch: Path) -> dict[str, str]:
    own = {"HOME": "home", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data"}
    folders = {name: str(scratch / folder) for name, folder in own.items()}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, **folders, "PATH": path, "OPENBLAS_NUM_THREADS": "1"}
