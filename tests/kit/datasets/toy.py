"""A small data set of three downloads: checked, unchecked, and an archive.

As a program it fetches the data set like the command line does, for tests that need a process of
its own: ``python toy.py URL DEST [--plain]``.
"""

import hashlib
import io
import sys
import tarfile
from pathlib import Path

from cs_lib.kit.datasets import fetch
from cs_lib.kit.datasets.fetching import Options
from cs_lib.kit.datasets.registry import DATASETS
from cs_lib.kit.datasets.registry.dataset import DataFile, Dataset, Download

PAYLOAD = bytes(range(256)) * 1200  # more than one piece of a download
MEMBER = b"what the archive holds" * 50


def sha256(data):
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def archive(members=(("batches/one", MEMBER),)):
    """A tar.gz archive, as bytes; a member may be a TarInfo without content."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def dataset(name, *downloads):
    return Dataset(
        name=name,
        title="Toy",
        format="bytes",
        licence="none",
        citation="none",
        homepage="",
        checksum_source="its author",
        downloads=downloads,
    )


def checked(*urls, payload=PAYLOAD):
    """A data set of one file with a checksum."""
    return dataset("toy", Download("toy.bin", urls, len(payload), sha256(payload)))


def unchecked(*urls):
    """A data set of one file of which nothing is known."""
    return dataset("toy", Download("toy.bin", urls))


def packed(url, content, expected=MEMBER):
    """A data set of one archive."""
    members = (DataFile("batches/one", sha256(expected)),)
    return dataset("toy", Download("toy.tar.gz", (url,), len(content), sha256(content), members))


if __name__ == "__main__":
    make = unchecked if "--plain" in sys.argv else checked
    DATASETS["toy"] = make(sys.argv[1])
    (result,) = fetch(
        ["toy"],
        Path(sys.argv[2]),
        Options(progress=False, first_wait=0, say=lambda line: print(line, flush=True)),
    )
    print(result.message)
    sys.exit(0 if result.ok else 1)
