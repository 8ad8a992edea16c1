"""Known mistakes of a course: who has made one is told so, and nobody else."""

import shutil

import pytest

from autograder.checks.known_mistakes import Known, KnownMistake, recognised
from autograder.checks.outcome import CaseRun, CheckRun, Outcome, Trace
from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade.plan import load_plan
from autograder.grade.settings import Settings
from autograder.grade.submission import Grader
from tests import tiny_course

CASES = '''

@check
@cases(small={"size": 2}, large={"size": 5})
def double(student, reference, rng, size):
    """`double` returns twice its argument, or three times."""
    x = rng.standard_normal(size)
    out, right = student.layers.double(x), reference.layers.double(x)
    any_of(lambda: expect_close(out, right), lambda: expect_close(out, 1.5 * right))
'''
SOLVED = "return SCALE * np.asarray(x, dtype=float)"
MISTAKES = '''
[[mistake]]
says = "double: this is the square of x."
checks = ["double"]
file = "cs_lib/layers.py"
old = "return SCALE * np.asarray(x, dtype=float)"
new = "return np.square(x)"

[[mistake]]
says = "double: only the first four entries are doubled."
checks = ["double"]
file = "cs_lib/layers.py"
old = "return SCALE * np.asarray(x, dtype=float)"
new = "return np.concatenate((SCALE * x[:4], x[4:]))"

[[mistake]]
says = "double: x has no entry of this name."
checks = ["double"]
file = "cs_lib/layers.py"
old = "return SCALE * np.asarray(x, dtype=float)"
new = "return x['x']"

[[mistake]]
says = "Shift.forward: the constant goes in twice."
checks = ["shift"]
file = "cs_lib/layers.py"
old = "np.add(x, self.by) + 0.0"
new = "np.add(x, self.by) + self.by"

[[mistake]]
says = "Shift: it returns nothing."
checks = ["shift"]
file = "cs_lib/layers.py"
old = "class Shift:"
new = """
def Shift(by):
    return None


class Unused:"""

[[mistake]]
says = "Shift.forward: the result has the wrong sign."
checks = ["shift"]
file = "cs_lib/layers.py"
old = "return np.add"
new = "return -np.add"

[[convention]]
checks = ["double"]
file = "cs_lib/layers.py"
old = "SCALE = 2.0"
new = "SCALE = 3.0"

[[mistake]]
says = "triple: this is four times x."
checks = ["triple"]
file = "tiny.ipynb"
old = "return 3 * np.asarray(x, dtype=float)"
new = "return 4 * np.asarray(x, dtype=float)"

[[mistake]]
says = "Shift.forward: the logarithm of a negative number."
checks = ["shift"]
file = "cs_lib/layers.py"
old = "np.add(x, self.by) + 0.0"
new = "np.log(-1.0 - np.abs(np.add(x, self.by)))"
'''


@pytest.fixture(scope="module")
def assignment(tmp_path_factory, released_once):
    root = tmp_path_factory.mktemp("known") / "course"
    shutil.copytree(released_once.root, root)
    assignment = Course(root).assignment("tiny")
    text = assignment.checks.read_text()
    start, end = text.index("\n\n@check\ndef double"), text.index("\n\n@check\ndef shift")
    text = (text[:start] + CASES.rstrip("\n") + text[end:]).replace(
        "import check,", "import any_of, cases, check,"
    )
    assignment.checks.write_text(text)
    (assignment.folder / "mistakes.toml").write_text(MISTAKES)
    return assignment


@pytest.fixture(scope="module")
def grader(assignment):
    with Grader(assignment, Settings(b"course key")) as grader:
        yield grader


def told(grader, old, new):
    """Grade the solution with a change; return what each check says."""
    submission = tiny_course.solved()
    tiny_course.replace(submission, old, new)
    submission.notebooks.clear()
    return {
        check.name: check.explanations
        for check in grader.grade(submission, "ada").result.checks
        if check.name != "triple"
    }


def test_the_same_mistake_in_other_words_is_recognised(grader):
    assert told(grader, SOLVED, "return x * x") == {
        "double": ["double: this is the square of x."],
        "shift": [],
    }


def test_another_mistake_is_not(grader):
    texts = told(grader, SOLVED, "return x * x * x")["double"]
    assert texts
    assert not any("square" in text for text in texts)


def test_values_that_are_not_finite_tell_no_known_mistake(grader):
    texts = told(grader, "np.add(x, self.by) + 0.0", "np.add(x, self.by) + np.nan")["shift"]
    assert texts
    assert not any("logarithm of a negative number." in text for text in texts)


def test_right_work_is_told_nothing(grader):
    assert told(grader, SOLVED, "return x + x") == {"double": [], "shift": []}


def test_only_the_cases_that_fail_by_it_are_told(grader):
    change = "return np.where(np.arange(len(x)) < 4, 2 * x, x)"
    assert told(grader, SOLVED, change)["double"] == [
        "large: double: only the first four entries are doubled."
    ]


def test_a_mistake_in_another_accepted_convention_is_recognised(grader):
    change = "return np.where(np.arange(len(x)) < 4, 3 * x, x)"
    assert told(grader, SOLVED, change)["double"] == [
        "large: double: only the first four entries are doubled."
    ]


def test_two_mistakes_at_once_are_both_told(grader):
    assert told(grader, "return np.add(x, self.by) + 0.0", "return np.negative(x)")["shift"] == [
        "Shift.forward: the constant goes in twice.",
        "Shift.forward: the result has the wrong sign.",
    ]


def test_two_changes_of_the_same_lines_make_no_pair(grader):
    """The mistakes of `double` each rewrite the same line."""
    versions = list(grader.plan.known.versions("double"))
    assert [len(version.changes) for version in versions] == [1, 1, 1, 2, 2, 2]
    assert all(len(version.says) == 1 for version in versions)


def test_what_a_call_of_an_object_gives_is_compared(grader):
    change = "np.add(x, 2 * self.by)"
    assert told(grader, "np.add(x, self.by) + 0.0", change)["shift"] == [
        "Shift.forward: the constant goes in twice."
    ]


def test_a_mistake_in_the_notebook_is_recognised(grader):
    submission = tiny_course.solved()
    tiny_course.replace_cell(submission, "triple-code", "def triple(x):\n    return x + x + x + x")
    tiny_course.insert_cell(submission, 2, "x = 1 / 0")
    checks = grader.grade(submission, "ada").result.checks
    assert {check.name: check.explanations for check in checks} == {
        "double": [], "shift": [], "triple": ["triple: this is four times x."],
    }  # fmt: skip


def test_a_mistake_that_a_check_trips_over_is_recognised(grader):
    change = "Shift = dict().get\n\n\nclass Other:"
    says, why = told(grader, "class Shift:", change)["shift"]
    assert says == "Shift: it returns nothing."
    assert "None" in why


def test_an_exception_is_not_taken_for_a_mistake_that_raises(grader):
    texts = told(grader, SOLVED, "return x.nothing")["double"]
    assert all("AttributeError" in text and "no entry" not in text for text in texts)


def test_what_is_still_to_do_is_compared_with_no_mistake(grader, monkeypatch):
    def versions(*_):
        yield pytest.fail("no known mistake is a stub")

    monkeypatch.setattr(Known, "versions", versions)
    (text,) = told(grader, SOLVED, "raise NotImplementedError('double')")["double"]
    assert text.startswith("still to do: ")


def mistake(says, new="b"):
    change = {"checks": ("double",), "file": "cs_lib/layers.py", "old": "a", "new": new}
    return KnownMistake(says=says, **change)


def of_double(*mistakes):
    """Return what is known of `double`, without pairs: there is no text that both would fit."""
    return Known(mistakes, texts={"cs_lib/layers.py": ""})


def test_of_cases_that_raised_the_same_one_is_tried_before_all():
    def take(version, follow):
        asked.append(sorted(follow))
        raised = {"first": "TypeError", "second": "ValueError"}[version.says[0]]
        return {name: Trace(False, raised=raised) for name in follow}

    asked = []
    failed = Outcome(0.0, "failed", "exception", ["ValueError"])
    raised = dict.fromkeys("abc", "ValueError") | {"d": "KeyError"}
    cases = {name: CaseRun(failed, Trace(False, raised=text)) for name, text in raised.items()}
    known = of_double(mistake("first"), mistake("second"))
    ran = recognised(CheckRun(cases), known, "double", take)
    assert asked == [["a", "d"], ["a", "d"], ["b", "c"]]
    told = {name: case.outcome.explanations[0] for name, case in ran.cases.items()}
    assert told == dict.fromkeys("abc", "second") | {"d": "ValueError"}


@pytest.mark.parametrize(
    "raised",
    [
        "NameError: name 'slope' is not defined",
        "UnboundLocalError: cannot access local variable 'slope' where it is not associated",
    ],
)
def test_a_name_that_is_not_bound_is_looked_for_in_the_mistakes_that_have_it(raised):
    def take(version, follow):
        asked.append(version.says)
        return {}

    asked = []
    case = CaseRun(Outcome(0.0, "failed", "exception", [raised]), Trace(False, raised=raised))
    known = Known(
        (mistake("no name"), mistake("it", "slope")), texts={"cs_lib/layers.py": "return a"}
    )
    recognised(CheckRun({"": case}), known, "double", take)
    assert ["no name"] not in asked
    assert ["it"] in asked


def test_a_hang_is_a_hang(assignment, tmp_path):
    shutil.copytree(assignment.course.root, tmp_path / "course")
    quick = Course(tmp_path / "course").assignment("tiny")
    with (quick.folder / "assignment.toml").open("a") as config:
        config.write("\n[limits]\ncheck_seconds = 0.5\n")
    with Grader(quick, Settings(b"course key")) as grader:
        texts = told(grader, SOLVED, "while True: pass")["double"]
    assert "endless loop" in texts[0]
    assert "square" not in "".join(texts)


def test_no_mistake_is_told_where_the_file_is_absent(released_once):
    with Grader(released_once.assignment("tiny"), Settings(b"course key")) as grader:
        (text,) = told(grader, SOLVED, "return x * x")["double"]
    assert "square" not in text


WRONG_FILES = {
    "no TOML": ("[[mistake", "assignments/tiny/mistakes.toml: expected TOML"),
    "no such key": (
        MISTAKES.replace("says", "say", 1),
        "mistake.1.say: no such key. Compare with docs/add_a_check.md.",
    ),
    "no sentence": (
        MISTAKES.replace('says = "double: this is the square of x."', "", 1),
        "mistakes.toml: mistake.1.says: expected this key, found none.",
    ),
    "no such check": (
        MISTAKES.replace('["double"]', '["dubble"]', 1),
        'mistake 1: checks: expected checks of modules, got "dubble". There are: double, shift.',
    ),
    "a check of notebook code for a module": (
        MISTAKES.replace('["double"]', '["triple"]', 1),
        'expected checks of modules, got "triple"',
    ),
    "a check of a module for a notebook": (
        MISTAKES.replace('["triple"]', '["double"]', 1),
        'checks: expected checks of code in tiny.ipynb, got "double". There are: triple.',
    ),
    "no Python": (
        MISTAKES.replace("np.square(x)", "np.square(x"),
        "mistake 1: new: expected Python, got a syntax error: '(' was never closed.",
    ),
    "a stub": (
        MISTAKES.replace("return np.square(x)", "raise NotImplementedError"),
        "mistake 1: new: expected a mistake, got NotImplementedError.",
    ),
    "no check": (MISTAKES.replace('["double"]', "[]", 1), "mistake.1.checks: "),
    "no such module": (
        MISTAKES.replace("cs_lib/layers.py", "layers.py", 1),
        'mistake 1: file: expected "cs_lib/NAME.py" or "NAME.ipynb", got "layers.py"',
    ),
    "nowhere": (
        MISTAKES.replace("np.add(x, self.by) + 0.0", "np.subtract(x, 1)"),
        "mistake 4: old: expected text that stands in cs_lib/layers.py once, found it 0 times",
    ),
    "in two places": (
        MISTAKES.replace("np.add(x, self.by) + 0.0", "np.asarray(x, dtype=float)"),
        "found it 3 times",
    ),
    "a convention that fits nowhere": (
        MISTAKES.replace("SCALE = 2.0", "SCALE = 7"),
        "mistakes.toml, convention 1: old: expected text that stands in cs_lib/layers.py once",
    ),
    "nothing to say": (
        MISTAKES.replace('"double: this', '"" # "double: this', 1),
        "mistake.1.says",
    ),
}


@pytest.mark.parametrize(("text", "problem"), WRONG_FILES.values(), ids=WRONG_FILES)
def test_a_file_that_does_not_fit_is_refused_with_its_place(assignment, text, problem):
    path = assignment.folder / "mistakes.toml"
    path.write_text(text)
    try:
        with pytest.raises(InstructorError) as refused:
            load_plan(assignment)
    finally:
        path.write_text(MISTAKES)
    assert problem in str(refused.value)
