import json

from autograder.publish.outputs.gradescope import gradescope

# The keys and values the specification allows, copied from its page (see the module).
TOP = {
    "leaderboard": list,
    "extra_data": dict,
    "score": float, "execution_time": float, "output": str, "output_format": str,
    "test_output_format": str, "test_name_format": str, "visibility": str,
    "stdout_visibility": str, "tests": list,
}  # fmt: skip
TEST = {
    "name": str, "score": float, "max_score": float, "status": str, "output": str,
    "visibility": str,
}  # fmt: skip
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITIES = {"visible", "hidden", "after_due_date", "after_published"}


def test_document_follows_the_specification(result):
    document = json.loads(gradescope(result))
    assert document.keys() <= TOP.keys()
    assert all(isinstance(value, TOP[key]) for key, value in document.items())
    assert {document[key] for key in document if key.endswith("_format")} <= FORMATS
    assert {document[key] for key in document if key.endswith("visibility")} <= VISIBILITIES
    for test in document["tests"]:
        assert test.keys() <= TEST.keys()
        assert all(isinstance(value, TEST[key]) for key, value in test.items())
        assert test["status"] in {"passed", "failed"}
        assert test["visibility"] in VISIBILITIES


def test_scores_are_those_of_the_result(result):
    document = json.loads(gradescope(result))
    assert document["score"] == 3.5
    assert sum(test["score"] for test in document["tests"]) == 3.5
    assert [test["max_score"] for test in document["tests"]] == [2, 3, 3, 1, 1]
    assert [test["status"] for test in document["tests"]][:2] == ["passed", "failed"]


def test_all_text_is_declared_plain(result):
    document = json.loads(gradescope(result))
    assert document["output_format"] == "text"
    assert document["test_output_format"] == "text"
    assert document["test_name_format"] == "text"
    assert "\x1b" not in document["tests"][2]["output"]
