"""What the processor can do, for those who cannot see it from behind the wall."""

import re
from pathlib import Path

_KERNELS = {"avx512": {"avx512vl", "avx512bw", "avx512dq", "fma"}, "avx2": {"avx2", "fma"}}
"""PyTorch's, the quickest first, and the flags of a processor that runs them."""


def torch_kernels(processors: str | None = None) -> dict[str, str]:
    """Return the variable by which PyTorch takes the kernels that it chooses by itself outside.

    It looks for the processor in ``/proc/cpuinfo``, which is not there behind the wall, and then
    takes those that any processor runs: a small net trains half as long again with them.

    Parameters
    ----------
    processors : str, optional
        As ``/proc/cpuinfo`` has them; that of this machine by default.

    Returns
    -------
    dict of str to str
        Empty where any processor's are all there is, as for those of another kind.
    """
    if processors is None:
        file = Path("/proc/cpuinfo")
        processors = file.read_text() if file.exists() else ""
    of_each = re.findall(r"^flags\s*:(.*)$", processors, re.MULTILINE)
    common = set.intersection(*(set(flags.split()) for flags in of_each)) if of_each else set()
    for kernels, needed in _KERNELS.items():
        if needed <= common:
            return {"ATEN_CPU_CAPABILITY": kernels}
    return {}
