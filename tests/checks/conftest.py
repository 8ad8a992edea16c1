"""A submission of a small course, graded behind the wall."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.checks import Outcome
from autograder.wall.zygote import Zygote
from tests.checks.small_course import grade_sources


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with Zygote(allow_unsafe=True, preload=["numpy"]) as zygote:
        yield zygote


@pytest.fixture
def grade(zygote: Zygote, tmp_path: Path) -> Callable[..., dict[str, Outcome]]:
    """Grade a submission of module ``layers.py`` with checks, all in source text."""

    def grade(*sources: str, **options: object) -> dict[str, Outcome]:
        course = tmp_path / str(len(list(tmp_path.iterdir())))
        return grade_sources(zygote, course, *sources, **options)

    return grade
