import re

import pytest

from autograder.publish.similar import fingerprints, similar
from tests import tiny_course
from tests.course_run import hand_in

# Four ways to do the same; each long enough to have a hand of its own.
WAYS = [
    "    total = 0.0 * np.asarray(x, dtype=float)\n    for _ in range(int(SCALE)):\n"
    "        total = total + np.asarray(x)\n    if total.ndim == 0:\n        return float(total)\n"
    "    return total",
    "    x = np.array(x, dtype=float, copy=True)\n    x *= SCALE\n"
    "    assert np.isfinite(x).all(), x\n"
    "    result = np.where(x > 0, x, x)\n    return result[()] if result.shape == () else result",
    "    flat = [float(value) for value in np.ravel(x)]\n    doubled = [SCALE * v for v in flat]\n"
    "    shape = np.shape(x)\n    return np.array(doubled).reshape(shape) if shape else doubled[0]",
    "    try:\n        factor = float(SCALE)\n    except (TypeError, ValueError) as error:\n"
    "        raise RuntimeError('no scale') from error\n    with np.errstate(all='raise'):\n"
    "        return np.multiply(factor, x, dtype=np.float64)",
]
SOLUTION = "    return SCALE * np.asarray(x, dtype=float)"


def work(body):
    submission = tiny_course.solved()
    tiny_course.replace(submission, SOLUTION, body)
    return submission


def renamed(body):
    """The same code with other names, other comments and other spaces."""
    for old, new in (("total", "acc"), ("flat", "items"), ("doubled", "out"), ("result", "y")):
        body = re.sub(rf"\b{old}\b", new, body)
    return "    # my own idea\n" + body.replace(" = ", "  =  ") + "  # done"


@pytest.fixture
def course_of(released):
    def make(**bodies):
        for student, body in bodies.items():
            hand_in(released, student, work(body))
        return similar(released)

    return make


def test_different_ways_are_not_similar(course_of):
    assert course_of(**dict(zip("abcd", WAYS, strict=True))) == []


@pytest.mark.parametrize("way", range(len(WAYS)))
def test_a_copy_with_other_names_is_found(course_of, way):
    (group,) = course_of(**dict(zip("abcd", WAYS, strict=True)), copy=renamed(WAYS[way]))
    (pair,) = group.pairs
    assert {pair.first, pair.second} == {"abcd"[way], "copy"}
    assert pair.share > 0.8
    ((file, *lines),) = pair.places
    assert file == "cs_lib/layers.py"
    by_student = dict(zip((pair.first, pair.second), lines, strict=True))
    assert by_student["copy"][1] == by_student["abcd"[way]][1] + 1  # a comment stands above


def test_the_hand_out_and_the_reference_say_nothing(course_of):
    assert course_of(**dict.fromkeys("abcdefghij", SOLUTION)) == []


def test_a_small_class_that_copied_as_a_whole_is_one_group(course_of):
    copies = {f"copy{i}": renamed(WAYS[0]) + f"\n    # {i}" for i in range(5)}
    (group,) = course_of(first=WAYS[0], **copies, other=WAYS[1])
    assert group.students == ("copy0", "copy1", "copy2", "copy3", "copy4", "first")
    assert len(group.pairs) == 15
    assert len(group.closest) == 5
    assert min(pair.share for pair in group.pairs) > 0.8


def test_groups_that_share_nothing_stand_apart(course_of):
    groups = course_of(a=WAYS[0], b=WAYS[0], c=WAYS[1], d=WAYS[1], e=WAYS[1], f=WAYS[2])
    assert sorted(group.students for group in groups) == [("a", "b"), ("c", "d", "e")]
    assert [group.is_large for group in sorted(groups, key=lambda g: g.students)] == [False, True]


def test_code_that_does_not_parse_is_compared_as_far_as_it_goes():
    whole = f"def f(x):\n{WAYS[1]}\n"
    broken = whole + "x = '''never closed\n"
    assert set(fingerprints([("a.py", whole)])) <= set(fingerprints([("a.py", broken)]))
