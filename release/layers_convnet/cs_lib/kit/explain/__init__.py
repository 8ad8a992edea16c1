"""What is wrong with a result, and the likely why, without the expected values.

Pure NumPy. A copy goes into each release, so that a student's own test says
what the grader would say.

What may be said is decided here, in one place: shapes, types, places and
relations that have a name ("twice too large", "N times") may; an entry of the
expected array may not, and a single number's factor or offset may not either,
for it would give the number away.
"""

from .compare import Part, compare
from .errors import ONLY_THESE, STUB, explain_error, is_still_to_do, still_to_do
from .structure import Opaque

__all__ = [
    "ONLY_THESE",
    "STUB",
    "Opaque",
    "Part",
    "compare",
    "explain_error",
    "is_still_to_do",
    "still_to_do",
]
