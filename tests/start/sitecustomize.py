"""Python's start in processes that tests start, as nbgrader and JupyterLab.

jsonschema looks for an optional checker of web addresses, which takes 2 s of processor time to
import and which nothing here asks for: `autograder` leaves it out in the same way.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)
