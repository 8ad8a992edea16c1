"""The simulation of a deadline night against queueing theory."""

import itertools
import math
import random
import statistics

import pytest

from tools import simulate_load as room


def erlang_c(servers, load):
    """Return the probability of having to wait (Erlang 1917, as in Kleinrock, vol. 1, 3.36)."""
    top = load**servers / math.factorial(servers) * servers / (servers - load)
    return top / (sum(load**k / math.factorial(k) for k in range(servers)) + top)


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (3, 2.4), (10, 8.0)])
def test_waits_are_those_of_erlang(servers, load):
    rng = random.Random(1)
    gaps = (rng.expovariate(load) for _ in range(100_000))
    arrivals = list(itertools.accumulate(gaps))
    waited = room.waits(arrivals, servers, lambda rng: rng.expovariate(1.0), seed=2)
    expected = erlang_c(servers, load)
    assert sum(wait > 0 for wait in waited) / len(waited) == pytest.approx(expected, rel=0.06)
    assert statistics.fmean(waited) == pytest.approx(expected / (servers - load), rel=0.1)


def test_costs_have_the_mean_they_say():
    cost = room.Cost(1.5, spread=0.5, hanging=0.02, limit=60)
    rng = random.Random(3)
    drawn = [cost.draw(rng) for _ in range(100_000)]
    assert statistics.fmean(drawn) == pytest.approx(cost.mean, rel=0.03)
    usual = [seconds for seconds in drawn if seconds != 60]
    assert statistics.stdev(usual) / statistics.fmean(usual) == pytest.approx(0.5, rel=0.03)
    assert len(usual) / len(drawn) == pytest.approx(0.98, abs=0.002)


def test_most_hand_in_late():
    night = room.deadline_night(50_000, random.Random(4))
    assert night == sorted(night)
    assert 0 <= night[0] <= night[-1] <= 24 * 3600
    late = sum(moment > 21 * 3600 for moment in night) / len(night)
    assert late == pytest.approx(-math.expm1(-1) / -math.expm1(-8), abs=0.01)


def test_one_worker_less_is_not_enough():
    night = room.deadline_night(30_000, random.Random(5))
    cost = room.Cost(4.0)
    needed = room.workers_needed(night, cost, within=300, share=0.99, seed=6)
    assert needed > 1

    def share(workers):
        waited = room.waits(night, workers, cost.draw, 6)
        return sum(wait <= 300 for wait in waited) / len(waited)

    assert share(needed) >= 0.99 > share(needed - 1)


def test_its_table_names_every_size(capsys):
    room.main(["--students", "100", "4000", "--seconds", "2"])
    told = capsys.readouterr().out
    rows = [line.split("|")[1].strip() for line in told.splitlines() if line.startswith("| ")]
    assert rows == ["students", "100", "4000"]


def test_a_course_may_bring_its_own_arrivals(capsys, tmp_path):
    path = tmp_path / "arrivals.txt"
    path.write_text("\n".join(["10"] * 500))
    room.main(["--students", "500", "--seconds", "6", "--hanging", "0", "--arrivals", str(path)])
    row = capsys.readouterr().out.splitlines()[-1].split("|")
    assert row[2].strip() == row[3].strip() == "500"
    assert int(row[4]) == math.ceil(500 * 6 / (600 - 60))  # work, by the time it may begin in
