"""Find a data set, or make its synthetic stand-in, so that a loader always has something."""

from .errors import DatasetNotFoundError
from .folders import Location, find


def find_or_synthesize(name: str, source: str = "auto") -> Location:
    """Find a data set; where it is nowhere, make its small synthetic stand-in.

    Never touches the network.  The real data comes by ``python -m cs_lib.datasets``.

    Parameters
    ----------
    name : str
        Name in the registry.
    source : {"auto", "real", "synthetic"}
        ``"real"`` insists on the real data, ``"synthetic"`` on a stand-in.

    Returns
    -------
    Location

    Raises
    ------
    DatasetNotFoundError
        If the real data is insisted on and missing, or nothing can be written.
    """
    try:
        return find(name, source)
    except DatasetNotFoundError:
        if source == "real":
            raise
    from .synthetic import synthesize  # only here: most loads need no generator

    print(
        f"{name}: not on this machine, making a SYNTHETIC stand-in. "
        f"The real data: `python -m cs_lib.datasets {name}`."
    )
    (result,) = synthesize([name])
    if result.folder is None:
        raise DatasetNotFoundError(result.message)
    return find(name, "synthetic", [result.folder])
