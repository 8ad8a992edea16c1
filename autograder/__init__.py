"""Release notebook assignments, and grade what comes back behind a process wall."""

import sys

# nbformat imports jsonschema, which looks for optional checkers of formats. One of them, of web
# addresses, compiles a grammar for more than a second; no notebook needs it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
