#!/usr/bin/env bash
# Fetches the data sets into datasets/: the students' script, on the library of this course.
# Usage: ./get_datasets.sh [NAME ...|--all] [--dest DIR] [--mirror URL] [--synthetic]; --help for more.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

for candidate in "$here/.venv/bin/python" "$here/.venv/Scripts/python.exe"; do
    if [ -z "${PYTHON:-}" ] && [ -x "$candidate" ]; then
        export PYTHON="$candidate"
    fi
done

export PYTHONPATH="$here:$here/assignments${PYTHONPATH:+:$PYTHONPATH}"
exec bash "$here/autograder/handout/templates/release/get_datasets.sh" "$@"
