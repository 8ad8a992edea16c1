"""``python -m cs_lib.handin``: look whether all is there, and make the file to hand in."""

import sys

from cs_lib.kit.handin import main

if __name__ == "__main__":
    sys.exit(main())
