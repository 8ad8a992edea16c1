"""29 wrong backward functions are rejected, whatever is drawn; right ones are accepted."""

import pytest

from autograder.wall.limits import Limits
from tests.checks.layers_for_gradients import CHECKS, LAYERS, WRONG, wrong_layers
from tests.checks.small_course import run_checks, write_layers

SEEDS = 5


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    return write_layers(tmp_path_factory.mktemp("course") / "layers", LAYERS, CHECKS)


def outcomes(zygote, assignment, source, seeds):
    with zygote.worker({"cs_lib/layers.py": source.encode()}, Limits()) as worker:
        for seed in seeds:
            yield run_checks(zygote, assignment, worker, seed=seed)
            worker.forget()


def test_there_are_29():
    assert len(WRONG) == 29


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_backward_is_rejected_in_every_draw(zygote, assignment, name):
    check, source = wrong_layers(name)
    for result in outcomes(zygote, assignment, source, range(SEEDS)):
        assert result.pop(check).status in ("failed", "partial")
        assert {outcome.status for outcome in result.values()} == {"passed"}


def test_right_layers_are_accepted_in_every_draw(zygote, assignment):
    for result in outcomes(zygote, assignment, LAYERS, range(20)):
        assert {outcome.status for outcome in result.values()} == {"passed"}


@pytest.mark.slow
def test_five_thousand_right_runs_are_accepted(zygote, assignment):
    runs = 0
    for result in outcomes(zygote, assignment, LAYERS, range(1000, 1715)):
        assert {outcome.status for outcome in result.values()} == {"passed"}
        runs += len(result)
    assert runs >= 5000
