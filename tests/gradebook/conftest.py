import pytest


@pytest.fixture
def released(on_both):
    """Every test of the gradebook runs on both databases."""
    return on_both
