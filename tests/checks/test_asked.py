"""Which names of a notebook a check looks at."""

import pytest

from autograder.checks.asked import names_asked
from autograder.checks.handle import form_of, item_of, values_of
from autograder.checks.registry import cases, check


def helper(results, student):
    return results.loss_hist, student


def elsewhere(**given):
    return given


@check
def plain(notebook, rng):
    notebook.w = 1
    return notebook.fn(notebook.np.exp(1))


@check
@cases(a={"name": "deep"}, b={"name": "deeper"})
def by_case(notebook, name):
    return getattr(notebook, name), notebook.net


@check
def item_by_item(notebook):
    return [item_of(notebook, "digits", part) for part in ("train", "val")]


@check
def several_at_once(notebook):
    return values_of(notebook, "W1", "b1"), form_of(notebook, "W2")


@check
def name_by_keyword(notebook):
    return form_of(notebook, name="W2")


@check
def owner_by_keyword(notebook):
    return item_of(owner=notebook, name="digits", key="train")


def of_another_course(results, name):
    return results.other, name


@check
def by_another_function_of_that_name(notebook):
    return item_of(notebook, "digits", "train")


@check
def handed_on(notebook, student):
    return helper(notebook, student), helper(results=notebook, student=1)


@check
def into_a_list(notebook):
    return [notebook]


@check
def computed(notebook):
    return [getattr(notebook, name) for name in "ab"]


@check
def to_something_else(notebook):
    return elsewhere(x=notebook)


@check
def renamed(notebook):
    book = notebook
    return book.x


def test_a_function_that_a_course_calls_item_of_is_its_own(monkeypatch):
    monkeypatch.setitem(globals(), "item_of", of_another_course)
    assert names_asked(by_another_function_of_that_name) == {"other"}


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (plain, {"w", "fn", "np"}),
        (by_case, {"deep", "deeper", "net"}),
        (item_by_item, {"digits"}),
        (several_at_once, {"W1", "b1", "W2"}),
        (name_by_keyword, None),
        (owner_by_keyword, None),
        (handed_on, {"loss_hist"}),
        (into_a_list, None),
        (computed, None),
        (to_something_else, None),
        (renamed, None),
    ],
)
def test_names(item, expected):
    assert names_asked(item) == expected
