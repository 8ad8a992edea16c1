"""What the processor can do, for those who cannot see it from behind the wall."""

import re
from pathlib import Path

_WANTED = (
    ("avx512", {"avx512vl", "avx512bw", "avx512dq", "fma"}),
    ("avx2", {"avx2", "fma"}),
)
"""Kernels of PyTorch, the quickest first, and the flags of a processor that runs them."""


def torch_kernels(processors: str = "") -> dict[str, str]:
    """Return the variable by which PyTorch takes the kernels that it would choose outside.

    It looks below ``/sys``, which is not there behind the wall, and takes then those that any
    processor runs, at twice the time.

    Parameters
    ----------
    processors : str
        As ``/proc/cpuinfo`` has them; that of this machine by default.

    Returns
    -------
    dict of str to str
        Empty where the choice is PyTorch's own, as for processors of another kind.
    """
    if not processors:
        processors = Path("/proc/cpuinfo").read_text()
    lines = re.findall(r"^flags\s*:(.*)$", processors, re.MULTILINE)
    flags = set.intersection(*(set(line.split()) for line in lines)) if lines else set()
    fitting = (kernels for kernels, needed in _WANTED if needed <= flags)
    return {"ATEN_CPU_CAPABILITY": kernels for kernels in [next(fitting, None)] if kernels}
