"""Say where data comes from: a line when it is loaded, a label in every plot's title."""

from .folders import Location

_loaded: dict[str, Location] = {}


def announce(location: Location, content: str) -> None:
    """Print one line on what was loaded, and keep it for `plot_title`.

    Parameters
    ----------
    location : Location
    content : str
        What was loaded, such as ``"400 training, 100 validation, 100 test images"``.
    """
    _loaded[location.name] = location
    kind = location.origin or "real data"
    print(f"{location.name}: {content}; {kind}, from {location.folder}")


def plot_title(text: str, name: str | None = None) -> str:
    """The title of a plot, with a label if it shows synthetic data.

    Parameters
    ----------
    text : str
        The title.
    name : str, optional
        The data set that the plot shows; by default all that were loaded so far.

    Returns
    -------
    str
        ``text`` as it is for real data, ``"SYNTHETIC data: " + text`` otherwise.
    """
    shown = _loaded.values() if name is None else [_loaded[name]] if name in _loaded else []
    return f"SYNTHETIC data: {text}" if any(place.synthetic for place in shown) else text
