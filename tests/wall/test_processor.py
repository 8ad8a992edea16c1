"""What the processor can do is told to those who cannot see it."""

import pytest

from autograder.wall.processor import torch_kernels

OLD, NEW = "sse4_2 avx", "avx fma avx2"
NEWEST = f"{NEW} avx512f avx512dq avx512bw avx512vl"


@pytest.mark.parametrize(
    ("flags", "kernels"),
    [
        ([OLD], None),
        ([NEW], "avx2"),
        ([NEWEST], "avx512"),
        ([NEWEST, NEW], "avx2"),  # each core has to run them
        ([NEWEST.replace("avx512vl", ""), NEWEST], "avx2"),
        ([NEW.replace("fma", "")], None),
        ([], None),
    ],
)
def test_the_quickest_kernels_that_every_core_runs(flags, kernels):
    cores = [f"processor\t: {n}\nflags\t\t: {each} \nbogomips\t: 1" for n, each in enumerate(flags)]
    expected = {"ATEN_CPU_CAPABILITY": kernels} if kernels else {}
    assert torch_kernels("\n\n".join(cores)) == expected


def test_a_processor_of_another_kind_has_none():
    assert torch_kernels("processor : 0\nFeatures : fp asimd\n") == {}
