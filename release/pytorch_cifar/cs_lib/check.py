"""``python -m cs_lib.check``: run the visible tests; with names of functions, only theirs."""

import sys

from cs_lib.kit.check import main

if __name__ == "__main__":
    sys.exit(main())
