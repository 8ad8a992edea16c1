"""Which cells of a notebook a check needs: a static backward slice.

A check on notebook code asks for names.  The cells that bind or change what stands behind
them are found by reading the notebook's text and that of its modules; nothing is run.  What
the analysis cannot follow (``exec``, star imports, magics) raises `Beyond`: then all cells run.
"""

from autograder.slicing.cells import Beyond, all_lines, kept_lines
from autograder.slicing.flow import MODULES, Analysis, Lines, analyse
from autograder.slicing.modules import import_lines, library_imported, packages_imported

__all__ = [
    "MODULES",
    "Analysis",
    "Beyond",
    "Lines",
    "all_lines",
    "analyse",
    "import_lines",
    "kept_lines",
    "library_imported",
    "packages_imported",
]
