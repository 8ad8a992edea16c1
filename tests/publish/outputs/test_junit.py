import xml.etree.ElementTree as ElementTree

from autograder.publish.outputs.junit import junit


def test_counts_and_verdicts_are_those_of_the_result(result):
    suite = ElementTree.fromstring(junit(result)).find("testsuite")
    counts = {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped", "time")}
    assert counts == {
        "tests": "5",
        "failures": "2",
        "errors": "1",
        "skipped": "1",
        "time": "0.250",
    }
    verdicts = {case.get("name"): [child.tag for child in case] for case in suite.iter("testcase")}
    assert verdicts == {
        "affine": [],
        "relu": ["failure"],
        "conv": ["failure"],
        "pool": ["skipped"],
        "own": ["error"],
    }


def test_a_partial_check_says_what_it_earned(result):
    failure = ElementTree.fromstring(junit(result)).find(".//testcase[@name='relu']/failure")
    assert failure.get("message") == "partial: 1.5 of 3 points"
    assert "missing 1/N" in failure.text


def test_what_a_student_wrote_is_text_and_nothing_else(result):
    document = ElementTree.fromstring(junit(result))
    assert document.find(".//script") is None
    text = document.find(".//testcase[@name='conv']/failure").text
    assert "</system-out>]]><script>alert(1)</script>" in text
    assert "\x1b" not in text
    assert "\x00" not in text
