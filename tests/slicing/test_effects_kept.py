"""What the course's own functions do is found once: that changes nothing of what is found."""

import pytest

from autograder.course.folder import Course
from autograder.grade.plan import load_plan
from autograder.slicing.effects import Effects
from autograder.slicing.modules import read_library
from autograder.slicing.records import Call

# what pytorch_cifar's modules do with `vars` cannot be followed
NAMES = [name for name in Course.here().assignment_names() if name != "pytorch_cifar"]


def told(effects, functions):
    calls = [step for item in functions for step in item.facts.steps if isinstance(step, Call)]
    found = [vars(effects.of(call)) for call in calls]
    for effect in found:  # what stands first depends on the order of the functions
        effect |= {name: sorted(map(repr, effect[name])) for name in ("stores", "keeps")}
    return found, {item.name: effects.free_of(item.name) for item in functions}


@pytest.mark.parametrize("name", NAMES)
def test_effects_are_those_of_all_functions_together(name):
    assignment = Course.here().assignment(name)
    modules = load_plan(assignment).reference.sources
    own = assignment.config.student_modules
    given = {path: text for path, text in modules.items() if path not in own}
    origins = [path.removesuffix(".py").replace("/", ".") for path in modules]
    library = read_library(origins, modules, given)
    assert library.given, "some modules are the course's"
    assert told(library.effects, library.functions) == told(
        Effects(library.functions, library.given), library.functions
    )


def test_a_function_of_a_students_changes_what_a_given_one_does():
    given = {"cs_lib/given.py": b"def outer(a, b):\n    return helper(a, b)\n"}
    own = {"cs_lib/own.py": b"def helper(a, b):\n    b[0] = 1\n    return a\n"}
    for modules in (given, given | own):  # the first is kept
        library = read_library(["cs_lib.given", "cs_lib.own"], modules, given)
        call = Call("outer", (frozenset("x"), frozenset("y")), {}, None)
        changed = library.effects.of(call).changes
    assert changed == {"y"}
