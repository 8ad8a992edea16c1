"""JupyterLab with nbgrader's extensions, as a process of its own."""

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlencode

TOKEN = "demo"
STARTED = "is running at"
SECONDS_TO_START = 300
SECONDS_TO_STOP = 30
SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
}
"""No pop-ups, and every cell of a notebook on the page."""


class Server:
    """A running JupyterLab.

    Parameters
    ----------
    folder : Path
        Where it is started and what it shows.
    scratch : Path
        For Jupyter's own files, so that the user's settings play no part.
    """

    def __init__(self, folder: Path, scratch: Path) -> None:
        (scratch / "settings").mkdir()
        (scratch / "settings" / "overrides.json").write_text(json.dumps(SETTINGS))
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._log: list[str] = []
        self._process = subprocess.Popen(
            [
                *(Path(sys.executable).with_name("jupyter"), "lab", "--no-browser"),
                *("--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
                f"--IdentityProvider.token={TOKEN}",
                f"--ServerApp.root_dir={folder}",
                f"--LabApp.app_settings_dir={scratch / 'settings'}",
                *(["--allow-root"] if os.geteuid() == 0 else []),
            ],
            cwd=folder,
            env=_environment(scratch),
            stderr=subprocess.PIPE,
            text=True,
        )
        started = threading.Event()
        self._reader = threading.Thread(target=self._read, args=[started])
        self._reader.start()
        if not started.wait(SECONDS_TO_START) or self._process.poll() is not None:
            self.stop()
            raise RuntimeError(f"JupyterLab did not start:\n{''.join(self._log)}")

    def _read(self, started: threading.Event) -> None:
        for line in self._process.stderr:
            self._log.append(line)
            if STARTED in line:
                started.set()
        started.set()  # it ended

    def address(self, path: str) -> str:
        """Return the address of a page, by way of the login."""
        return f"{self.url}/login?{urlencode({'token': TOKEN, 'next': '/' + path})}"

    def stop(self) -> None:
        """End the server and, with it, its kernels."""
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()  # kernels end with the server
        self._process.stderr.close()


def _environment(scratch: Path) -> dict[str, str]:
    own = {"HOME": "home", "JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data"}
    folders = {name: str(scratch / folder) for name, folder in own.items()}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, **folders, "PATH": path, "OPENBLAS_NUM_THREADS": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
