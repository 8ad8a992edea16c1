#!/bin/sh
# distributed 2026.8.0: with `distributed.comm.timeouts.tcp: 10s` a scheduler starts, and nobody can ever connect to it.
#
# The setting is "time before calling an unresponsive connection dead", 30 s by default, and no least value is named. Up to
# 10 s the scheduler starts and tells its address as always; each connection then fails by a bare `assert` of ten probes, one a
# second ("Timeout too low"), here and there; of a worker one reads "Nanny failed to start". With 11 s all is well.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check distributed==2026.8.0
cd "$folder"
cat >look.py <<'END'
import asyncio
import logging
import sys

import dask
import distributed
from distributed import Scheduler
from distributed.comm import connect

logging.disable(logging.CRITICAL)
print("distributed", distributed.__version__)


async def tried(seconds):
    """Start a scheduler and connect to it."""
    dask.config.set({"distributed.comm.timeouts.tcp": f"{seconds}s"})
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as scheduler:
        try:
            comm = await connect(scheduler.address, timeout=10)
        except Exception as error:
            return f"started, no connection: {error!r}"
        await comm.close()
        return "started, connected"


found = {seconds: asyncio.run(tried(seconds)) for seconds in (10, 11)}
for seconds, what in found.items():
    print(f"tcp: {seconds}s: {what}")
as_seen = found == {
    10: "started, no connection: AssertionError('Timeout too low')",
    11: "started, connected",
}
print("as found" if as_seen else "CHANGED")
sys.exit(not as_seen)
END
venv/bin/python look.py
