import subprocess
import sys

import nbformat
import pytest

from autograder.errors import InstructorError
from autograder.handout import release
from tests import tiny_course


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_release_holds_notebook_skeleton_handout_and_pins(tiny):
    files = release.release(tiny)
    assert {
        "tiny.ipynb",
        "README.md",
        "requirements.txt",
        "cs_lib/__init__.py",
        "cs_lib/layers.py",
    } <= set(files)
    assert "numpy==" in (tiny.release / "requirements.txt").read_text()


def test_the_student_notebook_has_named_stubs_and_no_answer(tiny):
    release.release(tiny)
    notebook = nbformat.read(tiny.release / "tiny.ipynb", as_version=4)
    source = {cell.id: cell.source for cell in notebook.cells}
    assert 'raise NotImplementedError("tiny: implement triple")' in source["triple-code"]
    assert source["triple"] == "assert triple(1) == 3"
    assert source["why"].strip() == "Why twice?"


def test_two_releases_are_equal_to_the_byte(tiny):
    release.release(tiny)
    before = {p: p.read_bytes() for p in tiny.release.rglob("*") if p.is_file()}
    release.release(tiny)
    assert before == {p: p.read_bytes() for p in tiny.release.rglob("*") if p.is_file()}
    assert release.difference(tiny) == []


def test_a_changed_release_shows_as_a_diff(tiny):
    release.release(tiny)
    edit(tiny.release / "cs_lib/layers.py", "Return half", "Return a half")
    assert '-    """Return a half of x."""' in release.difference(tiny)


def test_the_release_needs_no_gradebook_and_makes_none(tiny):
    release.release(tiny)
    assert not tiny.course.gradebook.exists()


def test_nbgraders_own_command_makes_the_same_release(tiny):
    release.release(tiny)
    ours = {p.name: p.read_bytes() for p in tiny.release.rglob("*") if p.is_file()}
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "tiny", "--force"]
    subprocess.run(command, cwd=tiny.course.root, check=True, capture_output=True)
    assert ours == {p.name: p.read_bytes() for p in tiny.release.rglob("*") if p.is_file()}


def test_an_unclosed_region_in_a_notebook_stops_the_release_at_its_cell(tiny):
    notebook = tiny_course.notebook()
    notebook.cells[4].source = notebook.cells[4].source.replace("### END SOLUTION", "")
    nbformat.write(notebook, tiny.source / "tiny.ipynb")
    with pytest.raises(
        InstructorError, match=r'source/tiny/tiny.ipynb, cell 5, line 2: "### BEGIN'
    ):
        release.release(tiny)


def test_an_unclosed_region_in_a_module_stops_the_release_at_its_line(tiny):
    edit(tiny.course.library / "layers.py", "    ### END SOLUTION\n\n\ndef halve", "\n\ndef halve")
    with pytest.raises(InstructorError, match=r"assignments/cs_lib/layers.py, line \d+:"):
        release.release(tiny)


def test_a_failed_release_leaves_the_old_one(tiny):
    release.release(tiny)
    before = (tiny.release / "cs_lib/layers.py").read_bytes()
    edit(tiny.course.library / "layers.py", "    ### END SOLUTION\n\n\ndef halve", "\n\ndef halve")
    with pytest.raises(InstructorError):
        release.release(tiny)
    assert (tiny.release / "cs_lib/layers.py").read_bytes() == before
    assert [p.name for p in tiny.release.parent.iterdir()] == ["tiny"]


@pytest.mark.parametrize(
    ("file", "leak", "secret"),
    [
        (
            "assignments/tiny/README.md",
            "    return SCALE * np.asarray(x, dtype=float)",
            "layers.py",
        ),
        ("assignments/tiny/README.md", "Because once is not enough for anybody.", "tiny.ipynb"),
        ("assignments/tiny/README.md", "return 3 * np.asarray(x, dtype=float)", "cell 5"),
        (
            "assignments/tiny/README.md",
            "expect_close(student.layers.double(x), reference.layers.double(x))",
            "checks.py, line 10",
        ),
        ("source/tiny/notes.txt", "return np.asarray(x, dtype=float) * 123.0", "layers.py"),
        ("source/tiny/notes.txt", "    # === BEGIN MARK SCHEME ===", ""),
    ],
)
def test_a_secret_in_any_released_file_stops_the_release(tiny, file, leak, secret):
    path = tiny.course.root / file
    path.write_text((path.read_text() if path.exists() else "") + leak + "\n")
    with pytest.raises(InstructorError, match=rf"release/tiny/.*(is a secret|no marker).*{secret}"):
        release.release(tiny)


def test_a_solution_given_away_elsewhere_must_be_allowed_by_name(tiny):
    config = tiny.folder / "assignment.toml"
    edit(config, 'given = ["halve"]', 'given = ["halve", "elsewhere"]')
    with pytest.raises(InstructorError, match=r"layers.py, line \d+: .*is a secret"):
        release.release(tiny)
    config.write_text(config.read_text() + '\n[leaks]\nfunctions = ["layers.elsewhere"]\n')
    release.release(tiny.course.assignment("tiny"))
    assert "123.0" in (tiny.release / "cs_lib/layers.py").read_text()


def test_a_line_of_another_assignments_longer_solution_may_be_the_same_by_chance(tiny):
    edit(
        tiny.course.library / "layers.py",
        "    return np.asarray(x, dtype=float) * 123.0",
        "    rows = np.asarray(x, dtype=float)\n    mean = rows.mean(axis=0, keepdims=True)\n"
        "    return (rows - mean) / rows.std(axis=0)",
    )
    handout = tiny.folder / "README.md"
    handout.write_text("    rows = np.asarray(x, dtype=float)\n")
    release.release(tiny)
    handout.write_text(handout.read_text() + "    mean = rows.mean(axis=0, keepdims=True)\n")
    with pytest.raises(InstructorError, match=r"README.md, line 1: .*is a secret.*layers.py"):
        release.release(tiny)


def test_the_handout_ends_with_the_courses_rules_on_collaboration_and_ai(tiny):
    handout = tiny.release / "README.md"
    release.release(tiny)
    assert handout.read_text() == "# A tiny assignment\n"

    tiny.course.policy.write_text("## Working together, and AI\n\nAsk before.\n\n")
    release.release(tiny)
    expected = "# A tiny assignment\n\n## Working together, and AI\n\nAsk before.\n"
    assert handout.read_text() == expected

    (tiny.folder / "policy.md").write_text("Alone.")
    release.release(tiny)
    assert handout.read_text() == "# A tiny assignment\n\nAlone.\n"

    (tiny.folder / "policy.md").write_text("")
    release.release(tiny)
    assert handout.read_text() == "# A tiny assignment\n"


def test_the_rules_are_scanned_for_secrets_too(tiny):
    tiny.course.policy.write_text("Because once is not enough for anybody.\n")
    with pytest.raises(InstructorError, match=r"release/tiny/README.md.*is a secret"):
        release.release(tiny)


def test_a_module_under_source_is_refused(tiny):
    (tiny.source / "layers.py").write_text("x = 1\n")
    with pytest.raises(InstructorError, match=r"source/tiny/layers.py: expected no Python module"):
        release.release(tiny)


def test_a_solution_cell_without_region_is_refused(tiny):
    notebook = tiny_course.notebook()
    notebook.cells[4].source = "def triple(x):\n    return 3 * x"
    nbformat.write(notebook, tiny.source / "tiny.ipynb")
    with pytest.raises(InstructorError, match=r"cell 5: expected a \"### BEGIN SOLUTION\" region"):
        release.release(tiny)


def test_a_misspelt_key_of_the_configuration_is_named(tiny):
    edit(tiny.folder / "assignment.toml", "todo =", "todos =")
    with pytest.raises(
        InstructorError, match=r"assignment.toml: modules.layers.py.todos: no such key"
    ):
        release.release(tiny)


def test_packages_are_cut_to_what_is_handed_out(tiny):
    package = tiny.course.library / "nets"
    package.mkdir()
    (package / "one.py").write_text("def first():\n    return 1\n\n\ndef second():\n    return 2\n")
    (package / "__init__.py").write_text(
        '"""Nets."""\n\nfrom cs_lib.nets.one import first, second\n'
    )
    with (tiny.folder / "assignment.toml").open("a") as file:
        file.write('\n[modules."nets/one.py"]\ngiven = ["first"]\n')
    release.release(tiny)
    command = [
        sys.executable,
        "-c",
        "from cs_lib import nets; print(nets.first(), hasattr(nets, 'second'))",
    ]
    done = subprocess.run(command, cwd=tiny.release, check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["1", "False"]


UNKNOWN = '''

@check
def tripel(notebook, rng):
    """`triple` returns three times its argument."""
    expect_close(notebook.triple(2.0), 6.0)
'''


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("", UNKNOWN, "tripel: no graded cell of this name"),
        ("def shift(", "def shft(", '"shift" carries points but has no check of its name'),
        ("def double(student, reference", "def double(students, reference", "unknown argument"),
    ],
)
def test_what_grading_would_refuse_is_not_handed_out(tiny, old, new, reason):
    release.release(tiny)
    before = release.difference(tiny)
    text = tiny.checks.read_text()
    tiny.checks.write_text(text.replace(old, new) if old else text + new)
    with pytest.raises(InstructorError, match=reason):
        release.release(tiny)
    assert before == []
    assert (tiny.release / "tiny.ipynb").exists()


def test_nbgraders_own_command_refuses_it_too(tiny):
    edit(tiny.checks, "def shift(", "def shft(")
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "tiny", "--force"]
    ran = subprocess.run(command, cwd=tiny.course.root, check=False, capture_output=True, text=True)
    assert ran.returncode != 0
    assert '"shift" carries points but has no check of its name' in ran.stderr
    assert not tiny.release.exists()


def test_a_known_mistake_that_is_none_is_not_handed_out(tiny):
    (tiny.folder / "mistakes.toml").write_text('[[mistake]]\nname = "x"\n')
    with pytest.raises(InstructorError, match=r"mistakes\.toml"):
        release.release(tiny)


def test_checks_that_cannot_run_are_not_handed_out(tiny):
    settings = tiny.folder / "assignment.toml"
    settings.write_text(settings.read_text() + "\n[notebooks]\nexecute = false\n")
    with pytest.raises(
        InstructorError, match=r"execute: expected true, got false\. .* triple needs the notebook"
    ):
        release.release(tiny)


def test_an_assignment_whose_checks_are_not_written_yet_can_be_handed_out(tiny):
    tiny.checks.unlink()
    assert "tiny.ipynb" in release.release(tiny)
