"""The audit: does it tell good checks from weak ones?"""

import json

import pytest

from autograder.audit import Extent, __main__, audit, lines, number_of_mutants, table, tasks
from autograder.audit.accepted import read_accepted
from autograder.audit.mutants import mutants
from autograder.audit.targets import targets
from autograder.course.folder import Course
from autograder.errors import InstructorError
from autograder.grade.processes import Job
from autograder.grade.settings import Settings
from tests.audit.conftest import written
from tests.plain import courses
from tests.tiny_course import ROOT

KEYS = {"assignment", "reference_score", "skeleton_score", "max_score", "seeds", "false_alarms",
        "mutants", "seconds"}  # fmt: skip


def rewrite(course, old, new):
    checks = course.assignment("tiny").checks
    text = checks.read_text()
    assert old in text
    checks.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What an audit finds of good checks."""
    course = written(tmp_path_factory.mktemp("good") / "course")
    job = Job(course.root, "tiny", Settings(b"key", allow_unsafe=True))
    return audit(job, Extent(seeds=3, draws=3, jobs=1))


def test_good_checks_reject_every_mutant_that_is_no_equivalent(report):
    assert (report.reference_score, report.skeleton_score, report.max_score) == (4, 0, 4)
    assert (report.free_points, report.false_alarms, report.unstable) == (0, 0, [])
    assert report.mutants.survivors == []
    assert "- return np.where(x > 0, 1.0, 0.0)\n+ return np.where(x >= 0, 1.0, 0.0)" in [
        change.diff for change in report.mutants.equivalents
    ]
    assert report.mutants.rejected + report.mutants.equivalent == report.mutants.total > 60
    assert (report.draws.seeds, report.draws.tried) == (3, report.mutants.total)
    assert (report.draws.varying, report.draws.left_out) == ([], [])
    assert report.good
    content = json.loads(report.model_dump_json())
    assert set(content) >= KEYS
    assert {"total", "equivalent", "rejected", "survivors"} <= set(content["mutants"])


def test_a_weak_check_is_shown_by_its_survivors(course, setup):
    rewrite(course, "expect_matches(student.layers.total, x=rng.standard_normal(6))",
            "expect(student.layers.total(np.ones(6)) > 0, 'too small')")  # fmt: skip
    found = [t for t in targets(course.assignment("tiny")) if not t.in_notebook]
    every = [mutant for target in found for mutant in mutants(target)]
    caught = tasks.hunt_modules(setup, every)
    left = caught.left(every)
    assert {mutant.target.name for mutant in left} == {"total"}
    assert "- return result\n+ return 2 * (result)" in {mutant.diff for mutant in left}
    assert caught.calling[left[0].target] == ["shift"]


def test_points_for_zeros_are_told(course, setup):
    rewrite(course, "expect_close(student.layers.Scale(factor).forward(x), factor * x)", "")
    rewrite(course, "expect_matches(student.layers.total, x=rng.standard_normal(6))",
            "expect(student.layers.total(np.zeros(6)) == 0, 'not zero')")  # fmt: skip
    assert tasks.scores(setup).free == 1


def test_a_check_that_says_two_things_is_told(course, setup):
    rewrite(course, "x = rng.standard_normal(4)", "x = np.random.default_rng().standard_normal(4)")
    rewrite(course, "expect_close(notebook.triple(x), 3 * x)",
            "expect(bool((notebook.triple(x) == 3 * x).all()), repr(x))")  # fmt: skip
    assert tasks.scores(setup).unstable == ["triple"]


def test_false_alarms_are_counted_with_their_seeds(course, setup):
    rewrite(course, "expect_matches(student.layers.relu, x=x)",
            "expect(student.layers.relu(x).max() > 1.5, 'no large entry')")  # fmt: skip
    alarms = tasks.false_alarms(setup, range(30))
    assert 0 < len(alarms) < 30
    assert {alarm.check for alarm in alarms} == {"double"}
    assert alarms[0].explanation == "no large entry"


MISTAKE = """
[[mistake]]
says = "relu: {says}"
checks = ["double"]
file = "cs_lib/layers.py"
old = "return np.maximum(x, 0)"
new = "{new}"
"""


def test_a_known_mistake_that_is_not_told_is_shown(course, setup):
    path = course.assignment("tiny").folder / "mistakes.toml"
    path.write_text(
        MISTAKE.format(says="the negative part.", new="return np.minimum(x, 0)")
        + MISTAKE.format(says="this never comes second.", new="return np.minimum(0, x)")
        + MISTAKE.format(says="this is right.", new="return np.where(x > 0, x, 0)")
    )
    assert tasks.untold_mistakes(setup) == [
        "mistakes.toml, mistake 2: expected double to tell it, got: relu: the negative part. "
        "Put it before that one, or take the check off its list.",
        "mistakes.toml, mistake 3: expected double to tell it, got: nothing, it passes. "
        "Put it before that one, or take the check off its list.",
    ]
    report = audit(setup, Extent(seeds=1, mutants=20, draws=2, jobs=1))
    assert not report.good
    assert "mistakes.toml, mistake 3: expected double to tell it" in "\n".join(lines(report))
    is_told_in_words_and_in_a_table(report)


def is_told_in_words_and_in_a_table(report):
    assert report.mutants.total == 20
    text = "\n".join(lines(report))
    assert "tiny: reference 4 of 4, skeleton 0, zeros everywhere 0" in text
    assert "draws: 20 mutants under 2 seeds, 0 with points that depend on the draw" in text
    (row,) = table([report]).splitlines()[2:]
    assert row.startswith("| `tiny` | 4 of 4 | 0 | 0 | 1 | 0 | 20 |")
    assert row.endswith("| 20 × 2 | 0 (0.0 %) |")


FOUR = 'todo = ["relu", "relu_grad", "total", "Scale"]'
BY_THE_DRAW = "expect_matches(student.layers.relu, x=np.append(rng.standard_normal(), 1.0))"


def by_the_draw(course):
    """Let a check see negative entries, which the ReLU is for, for some seeds only."""
    rewrite(course, "expect_matches(student.layers.relu, x=x)", BY_THE_DRAW)


def test_points_that_depend_on_the_draw_are_told(course, setup):
    by_the_draw(course)
    found = [target for target in targets(course.assignment("tiny")) if target.name == "relu"]
    every = [mutant for target in found for mutant in mutants(target)]
    varying = tasks.draw_modules(setup, every, 12).varying
    told = {mutant.diff.partition("\n")[2]: earned for mutant, earned in varying.items()}
    assert "+ return np.maximum(x, -1)" in told
    assert {name for earned in told.values() for name in earned} == {"double"}
    shares = told["+ return np.maximum(x, -1)"]["double"]
    assert (len(shares), min(shares), max(shares)) == (12, 0.0, 1.0)
    # Wrong for any draw: no matter what the seed is, it earns nothing.
    assert "+ return -1 * (np.maximum(x, 0))" not in told


def test_where_points_may_depend_on_the_draw_it_is_listed_with_its_reason(course, setup):
    by_the_draw(course)
    config = course.assignment("tiny").folder / "assignment.toml"
    others = 'todo = ["relu"]\ngiven = ["relu_grad", "total", "Scale"]'
    config.write_text(config.read_text().replace(FOUR, others))
    report = audit(setup, Extent(seeds=1, draws=12, jobs=1))
    assert {(item.check, item.function, item.why) for item in report.draws.varying} == {
        ("double", "layers.relu", "")
    }
    assert not report.draws.good
    listed = course.assignment("tiny").folder / "audit.toml"
    listed.write_text('[[varying]]\ncheck = "double"\nfunction = "layers.relu"\nwhy = "Luck."\n')
    report = audit(setup, Extent(seeds=1, draws=12, jobs=1))
    assert "double gives 0% to 100%, by the draw (right here: Luck.)" in "\n".join(lines(report))
    assert not report.draws.good  # more than one of a hundred


@pytest.mark.parametrize(("text", "number"), [("all", None), ("25", 25)])
def test_the_number_of_mutants_is_read(text, number):
    assert number_of_mutants(text) == number


def test_another_number_of_mutants_is_refused():
    with pytest.raises(InstructorError, match="--mutants: expected a number"):
        number_of_mutants("many")


UNEARNED = {
    "constant": "expect(student.layers.total(np.ones(3)) == 0.5, 'another')",
    "argument": "expect_close(student.layers.total(3.0), 3.0)",
    "before": "x = np.ones(3); student.layers.total(x); expect_close(student.layers.total(x), 3.0)",
    "published": "expect_close(student.layers.total([1]), 1.0)",
}


@pytest.mark.parametrize("version", UNEARNED)
def test_points_without_work_are_told(course, setup, version):
    rewrite(course, "expect_close(student.layers.Scale(factor).forward(x), factor * x)", "")
    honest = "expect_matches(student.layers.total, x=rng.standard_normal(6))"
    library = course.library / "layers.py"
    if version == "argument":
        library.write_text(library.read_text().replace("result, index = 0.0, 0", "return 1.0 * x"))
    rewrite(course, honest, UNEARNED[version])
    found = [(item.check, item.version, item.share) for item in tasks.unearned(setup)]
    assert ("shift", version, 1.0) in found
    assert {check for check, _, _ in found} == {"shift"}


def test_where_the_trivial_answer_is_right_it_is_listed_with_its_reason(course, setup, report):
    rewrite(course, "expect_close(student.layers.Scale(factor).forward(x), factor * x)", "")
    honest = "expect_matches(student.layers.total, x=rng.standard_normal(6))"
    rewrite(course, honest, UNEARNED["published"])
    listed = course.assignment("tiny").folder / "audit.toml"
    listed.write_text('[[trivial]]\ncheck = "shift"\nversion = "published"\nwhy = "It is one."\n')
    found = tasks.unearned(setup)
    (item,) = [item for item in found if item.version == "published"]
    assert item.why == "It is one."
    told = "\n".join(lines(report.model_copy(update={"unearned": found})))
    assert 'the version "published" of its functions (right here: It is one.)' in told


def test_the_docs_list_where_points_may_depend_on_the_draw():
    course = Course(ROOT)
    rows = [
        f"| `{name}` | `{item.check}` | `{item.function}` | {item.why} |"
        for name in course.assignment_names()
        for item in read_accepted(course.assignment(name)).varying
    ]
    text = (ROOT / "docs" / "audit.md").read_text()
    _, _, section = text.partition("## Draws")
    section, _, _ = section.partition("\n## ")
    assert [line for line in section.splitlines() if line.startswith("| `")] == rows


def test_the_docs_list_where_the_trivial_answer_is_right():
    course = Course(ROOT)
    text = (ROOT / "docs" / "audit.md").read_text()
    rows = [
        f"| `{name}` | `{item.check}` | {item.version} | {item.why} |"
        for name in course.assignment_names()
        for item in read_accepted(course.assignment(name)).trivial
    ]
    assert rows
    listed = [
        line for line in text.splitlines() if line.startswith("| `") and "published |" in line
    ]
    assert listed == rows


def test_an_assignment_without_checks_has_nothing_to_audit(tmp_path, run, monkeypatch):
    root = courses.write(tmp_path)
    monkeypatch.chdir(root)
    code, out, error = run("audit", "lists", "--seeds", "1")
    assert (code, out.strip()) == (2, "")
    [told] = [line for line in error.splitlines() if line.startswith("autograder: assignments")]
    assert told.startswith("autograder: assignments/lists/checks.py: expected checks to audit, ")


@pytest.mark.parametrize(("content", "got"), [(None, "No such file"), ("{}", "something else")])
def test_a_file_that_is_no_report_is_named(content, got, tmp_path, monkeypatch, capsys):
    file = tmp_path / "report.json"
    if content is not None:
        file.write_text(content)
    monkeypatch.setattr("sys.argv", ["audit", str(file)])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith(f"{file}: expected a report")
    assert got in told
