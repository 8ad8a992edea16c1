"""Release notebook assignments, and grade what comes back behind a process wall."""

import sys

# nbformat imports jsonschema, which looks for optional checkers of formats. That of web addresses
# compiles a grammar for more than a second, the others a tenth of one; no notebook needs them.
for _checker in ("rfc3987_syntax", "rfc3986_validator", "isoduration"):
    sys.modules.setdefault(_checker, None)  # type: ignore[arg-type]
