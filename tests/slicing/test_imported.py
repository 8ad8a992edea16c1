"""What texts import, themselves and through modules: so much is there before a worker is forked."""

import pytest

from autograder.slicing import packages_imported

MODULE = """
import numpy as np

def later():
    import scipy

{}
"""


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ('if __name__ == "__main__":\n    import pooch', set()),
        ('if __name__ == "__main__":\n    import pooch\nelse:\n    import tqdm', {"pooch", "tqdm"}),
        ('if __name__ != "__main__":\n    import pooch', {"pooch"}),
        ("if np:\n    import pooch", {"pooch"}),
    ],
)
def test_what_a_module_imports_as_the_main_program_is_left_out(lines, found):
    modules = {"cs_lib/__init__.py": b"", "cs_lib/data.py": MODULE.format(lines).encode()}
    assert packages_imported(["from cs_lib import data"], modules) == {"numpy", *found}


def test_a_cell_is_the_main_program():
    cell = 'if __name__ == "__main__":\n    import pooch'
    assert packages_imported([cell], {}) == {"pooch"}
