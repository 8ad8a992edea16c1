#!/bin/sh
# Gradescope builds the image with this, once: Python's packages, and the sandbox.
set -eu
cd /autograder/source
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends python3 python3-pip python3-venv libseccomp2 bubblewrap
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "setup.sh: expected Python 3.11 or newer, got $(python3 --version). Choose a newer Ubuntu image." >&2
    exit 1
}
python3 -m venv /autograder/venv
/autograder/venv/bin/pip install --quiet --no-cache-dir -r requirements-grader.txt
/autograder/venv/bin/python -m autograder doctor
