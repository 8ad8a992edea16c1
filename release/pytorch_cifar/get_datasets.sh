#!/usr/bin/env bash
# Fetches the data sets: a thin front of `python -m cs_lib.datasets`, which does the same on Windows.
# Usage: ./get_datasets.sh [NAME ...|--all] [--dest DIR] [--mirror URL] [--synthetic]; --help for more.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

python="${PYTHON:-}"
for candidate in "$here/.venv/bin/python" "$here/.venv/Scripts/python.exe" python3 python; do
    if [ -z "$python" ] && command -v "$candidate" >/dev/null 2>&1; then
        python="$candidate"
    fi
done
if [ -z "$python" ]; then
    echo "get_datasets.sh: expected Python 3.11 or newer, found none. Install it, or set PYTHON." >&2
    exit 2
fi

PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}" exec "$python" -m cs_lib.datasets "$@"
