"""How many workers a deadline night needs, by simulating it event by event.

Hand-ins arrive ever faster until the deadline and are graded first come, first
served, by workers that take one at a time.  What grading costs is measured
(docs/benchmarks.md); the curve of arrivals is an assumption, and ``--arrivals
FILE`` puts a course's own in its place.

    python tools/simulate_load.py --students 2000 --seconds 1.2
"""

import argparse
import heapq
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

HOUR = 3600.0
RAMP_HOURS = 3.0
"""Arrivals grow by the factor e in three hours: 63 % of the night's come in the last three."""
NIGHT_HOURS = 24.0


@dataclass(frozen=True)
class Cost:
    """What grading a submission costs a worker.

    Parameters
    ----------
    seconds : float
        Mean of those that do not hang.
    spread : float
        Their standard deviation, as a fraction of the mean; the law is log-normal.
    hanging : float
        Fraction of submissions that hang.
    limit : float
        Seconds after which one that hangs is stopped.
    """

    seconds: float
    spread: float = 0.5
    hanging: float = 0.01
    limit: float = 60.0

    def draw(self, rng: random.Random) -> float:
        """Return the seconds that one submission takes."""
        if rng.random() < self.hanging:
            return self.limit
        variance = math.log(1 + self.spread**2)
        return rng.lognormvariate(math.log(self.seconds) - variance / 2, math.sqrt(variance))

    @property
    def mean(self) -> float:
        """Mean seconds of all submissions."""
        return (1 - self.hanging) * self.seconds + self.hanging * self.limit


def deadline_night(number: int, rng: random.Random) -> list[float]:
    """Return when hand-ins come, in seconds, sorted; the deadline is the end of the night."""
    whole = math.expm1(NIGHT_HOURS / RAMP_HOURS)
    hours = (RAMP_HOURS * math.log1p(rng.random() * whole) for _ in range(number))
    return sorted(HOUR * hour for hour in hours)


def waits(
    arrivals: Sequence[float], workers: int, draw: Callable[[random.Random], float], seed: int
) -> list[float]:
    """Return how long each hand-in waits until its grading begins, in seconds.

    First come, first served; `arrivals` are sorted.
    """
    rng = random.Random(seed)
    free = [0.0] * workers  # when each worker is free
    waited = []
    for arrival in arrivals:
        begin = max(arrival, heapq.heappop(free))
        heapq.heappush(free, begin + draw(rng))
        waited.append(begin - arrival)
    return waited


def workers_needed(
    arrivals: Sequence[float], cost: Cost, within: float, share: float, seed: int
) -> int:
    """Return the fewest workers with which a share of hand-ins waits at most `within` seconds."""

    def enough(workers: int) -> bool:
        waited = sorted(waits(arrivals, workers, cost.draw, seed))
        return waited[math.ceil(share * len(waited)) - 1] <= within

    high = 1
    while not enough(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the workers that a night needs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--students", type=int, nargs="+", default=[2000, 100_000])
    parser.add_argument("--hand-ins", type=float, default=3, help="of a student in the night")
    parser.add_argument("--seconds", type=float, default=1.5, help="of a worker for a hand-in")
    parser.add_argument("--hanging", type=float, default=0.01, help="fraction that hangs")
    parser.add_argument("--minutes", type=float, default=10, help="until feedback")
    parser.add_argument("--share", type=float, default=0.99, help="of hand-ins in that time")
    parser.add_argument("--arrivals", type=Path, help="seconds of a night's hand-ins, one a line")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(arguments)
    cost = Cost(chosen.seconds, hanging=chosen.hanging)
    print(f"a hand-in costs {cost.mean:.2f} s on average, {chosen.hanging:.0%} hang")
    print("| students | hand-ins | in the last hour | workers | the longest wait |")
    print("|---|---|---|---|---|")
    for students in chosen.students:
        if chosen.arrivals:
            arrivals = sorted(map(float, chosen.arrivals.read_text().split()))
        else:
            number = round(students * chosen.hand_ins)
            arrivals = deadline_night(number, random.Random(chosen.seed))
        workers = workers_needed(
            arrivals, cost, 60 * chosen.minutes - cost.limit, chosen.share, chosen.seed
        )
        longest = max(waits(arrivals, workers, cost.draw, chosen.seed))
        last = sum(arrival > arrivals[-1] - HOUR for arrival in arrivals)
        print(f"| {students} | {len(arrivals)} | {last} | {workers} | {longest / 60:.1f} min |")


if __name__ == "__main__":
    main()
