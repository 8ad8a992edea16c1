"""One file from one address, resumed where an earlier attempt broke off."""

import json
import os
import shutil
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import requests
from tqdm import tqdm

CHUNK_BYTES = 1 << 14  # a broken connection loses what has come of the piece under way
TIMEOUT_SECONDS = (10, 30)  # to connect, between two pieces


class IncompleteDownloadError(requests.RequestException):
    """The connection ended before all bytes had come."""


class ResumingDownloader:
    """A downloader for pooch that keeps what has come and asks only for the rest.

    Bytes are collected in ``part``; pooch's own temporary file gets them when all are there, and
    pooch checks and places it.

    Parameters
    ----------
    part : Path
        File that keeps the bytes between attempts.
    size : int or None
        Bytes expected, where known.
    checked : bool
        True if a checksum will find a file put together from two versions.  If not, a download
        is resumed only where the server says that the file is the same as before.
    progress : bool
        Show a progress bar on standard error.
    timeout : pair of float
        Seconds to connect and seconds between two pieces.

    Attributes
    ----------
    resumed : bool
        True if the last call began with bytes of an earlier one.
    """

    def __init__(self, part, size, checked, progress=True, timeout=TIMEOUT_SECONDS):
        self.part = Path(part)
        self.size = size
        self.checked = checked
        self.progress = progress
        self.timeout = timeout
        self.resumed = False

    def __call__(self, url, output_file, pooch=None, check_only=False):
        """Download ``url`` to the file ``output_file``; called by pooch."""
        self.part.parent.mkdir(parents=True, exist_ok=True)
        local = local_path(url)
        self.resumed = local is None and self.have() > 0
        if local is not None:
            shutil.copyfile(local, self.part)
        elif not self.resumed or self.have() != self.size:
            self._request(url)
        os.replace(self.part, output_file)
        self._state.unlink(missing_ok=True)

    def have(self):
        """Bytes that have come so far."""
        return self.part.stat().st_size if self.part.exists() else 0

    def discard(self):
        """Forget what has come so far."""
        self.part.unlink(missing_ok=True)
        self._state.unlink(missing_ok=True)

    @property
    def _state(self):
        return self.part.with_name(self.part.name + ".json")

    def _request(self, url):
        headers = {"Accept-Encoding": "identity"} | self._range_headers(url)
        response = requests.get(url, headers=headers, stream=True, timeout=self.timeout)
        with closing(response):
            if response.status_code == requests.codes.requested_range_not_satisfiable:
                self.discard()
                raise IncompleteDownloadError(f"{url}: the server's file is shorter than before")
            response.raise_for_status()
            self._receive(url, response)

    def _range_headers(self, url):
        """Headers that ask for the rest, or none if the download has to start anew."""
        if not self.have():
            return {}
        if self.checked:
            return {"Range": f"bytes={self.have()}-"}
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            state = {}
        if state.get("url") == url and state.get("validator"):
            return {"Range": f"bytes={self.have()}-", "If-Range": state["validator"]}
        self.discard()
        return {}

    def _receive(self, url, response):
        begin = self.have() if _starts_at(response, self.have()) else 0
        self.resumed = begin > 0
        validator = response.headers.get("ETag") or response.headers.get("Last-Modified")
        self._state.write_text(json.dumps({"url": url, "validator": validator}), encoding="utf-8")
        length = response.headers.get("Content-Length")
        total = begin + int(length) if length and length.isdigit() else self.size
        with self.part.open("ab" if begin else "wb") as file, self._bar(total, begin) as bar:
            for piece in response.iter_content(CHUNK_BYTES):
                file.write(piece)
                bar.update(len(piece))
                if self.size is not None and file.tell() > self.size:
                    break  # not the file that was asked for: its checksum will say so
        if total is not None and self.have() < total:
            raise IncompleteDownloadError(
                f"{url}: the connection ended after {self.have():,} of {total:,} bytes"
            )

    def _bar(self, total, begin):
        return tqdm(
            total=total,
            initial=begin,
            desc=self.part.name.removesuffix(".part"),
            unit="B",
            unit_scale=True,
            ascii=sys.platform == "win32",
            disable=not self.progress,
        )


def _starts_at(response, offset):
    """Is this the rest of a file from byte ``offset`` on?"""
    content_range = response.headers.get("Content-Range", "")
    partial = response.status_code == requests.codes.partial_content
    return partial and content_range.startswith(f"bytes {offset}-")


def local_path(url):
    """The path that a ``file:`` address or a plain path names; None for a network address."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Path(url2pathname(parts.path))
    return None if parts.scheme in ("http", "https") else Path(url)
