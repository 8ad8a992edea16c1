"""Results made to please every comparison are judged by what they are."""

import pytest

REFERENCE = """
    import numpy as np

    def mean(x):
        return x.mean(axis=0)

    def total(x):
        return float(x.sum())

    def both(x):
        return x.mean(axis=0), float(x.sum())
"""
CHECKS = """
    @check
    def mean(student, rng):
        "Means."
        expect_matches(student.layers.mean, x=rng.standard_normal((6, 5)))

    @check
    def total(student, rng):
        "Sums."
        expect_matches(student.layers.total, x=rng.standard_normal((6, 5)))

    @check
    def both(student, rng):
        "Means and sums."
        x = rng.standard_normal((6, 5))
        expect_matches(student.layers.both, names=("mean", "total"), x=x, partial=True)
"""
PRELUDE = """
import numpy as np

class Always(np.ndarray):
    def __eq__(self, other): return True
    def __sub__(self, other): return np.zeros(5)
    def __array_ufunc__(self, *args, **kwargs): return np.zeros(5)
    def __array_function__(self, *args, **kwargs): return True

class Agreeable:
    dtype, shape, ndim, size = np.dtype(float), (5,), 1, 5
    def __eq__(self, other): return True
    def __le__(self, other): return True
    def __float__(self): return 0.0
    def __array__(self, *args, **kwargs): return np.zeros(5)
    def __len__(self): return 5
    def __getattr__(self, name): return self
    def __call__(self, *args): return self

class Number(float):
    def __sub__(self, other): return 0.0
    def __abs__(self): return 0.0

class Pair(tuple):
    def __len__(self): return 2
"""

RESULTS = {
    "subclass": "np.zeros(5).view(Always)",
    "agreeable": "Agreeable()",
    "float_subclass": "Number(3)",
    "masked": "np.ma.masked_all(5)",
    "nan": "np.full(5, np.nan)",
    "inf": "np.full(5, np.inf)",
    "nan_scalar": "float('nan')",
    "scalar_that_broadcasts": "0.0",
    "array_that_broadcasts": "np.zeros((1, 5))",
    "empty": "np.array([])",
    "nothing": "()",
    "tuple_subclass": "Pair()",
    "too_many": "(np.zeros(5),) * 3",
    "generator": "(i for i in range(5))",
    "objects": "np.array([Agreeable()] * 5, dtype=object)",
    "text": "np.array(['0.0'] * 5)",
    "structured": "np.zeros(5, dtype=[('a', float)])",
    "complex": "np.zeros(5, complex)",
    "half": "np.zeros(5, np.float16)",
    "dates": "np.zeros(5, 'M8[s]')",
    "bytes": "b'\\0' * 40",
    "huge_integer": "10**400",
    "itself": "mean",
    "class": "Agreeable",
    "module": "np",
    "not_implemented": "NotImplemented",
    "ellipsis": "...",
    "exception": "ValueError('equal')",
    "read_only_zero_strides": "np.broadcast_to(0.0, (5,))",
}


@pytest.mark.parametrize("name", RESULTS)
def test_no_result_but_the_right_one_earns_a_point(grade, name):
    functions = "\n".join(
        f"def {function}(x):\n    return {RESULTS[name]}\n"
        for function in ("mean", "total", "both")
    )
    outcomes = grade(REFERENCE, CHECKS, PRELUDE + functions)
    for outcome in outcomes.values():
        assert (outcome.status, outcome.fraction) == ("failed", 0.0)
        assert outcome.explanations[0]


def test_a_part_beside_a_pleasing_one_earns_its_share_alone(grade):
    student = PRELUDE + "def both(x):\n    return x.mean(axis=0), Number(3)\n"
    outcome = grade(REFERENCE, CHECKS, student)["both"]
    assert (outcome.status, outcome.fraction) == ("partial", 0.5)
    assert outcome.explanations == [
        "both: total: expected one number, got an object of type Number."
    ]
