"""Synthetic stand-ins in exactly the files and formats of the real data sets.

They are made so that the assignments' lessons show: a linear classifier is beaten by a two-layer
net and that by a ConvNet, momentum beats plain SGD, dropout narrows the gap between training and
validation accuracy, and a net that is too large overfits (``benchmarks/bench_synthetic.py``).
"""

import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cs_lib.datasets.errors import DatasetError
from cs_lib.datasets.folders import SYNTHETIC_FOLDER, destination
from cs_lib.datasets.origin import LABEL
from cs_lib.datasets.records import record
from cs_lib.datasets.registry import TRIGRAMS, get_dataset
from cs_lib.datasets.synthetic import writers


@dataclass(frozen=True)
class _Maker:
    write: Callable[[Path, tuple[int, ...], int, str], None]
    small: tuple[int, ...]  # examples in each set, training first
    full: tuple[int, ...]


MAKERS = {
    "cifar10": _Maker(writers.write_cifar10, (10_000, 2_000), (50_000, 10_000)),
    "svhn": _Maker(writers.write_svhn, (10_000, 2_500), (73_257, 26_032)),
    "svhn_extra": _Maker(writers.write_svhn_extra, (10_000,), (531_131,)),
    # Small as they are, these two have their real sizes by default.
    "usps_digits": _Maker(writers.write_usps_digits, (1_000, 1_000, 9_000), (1_000, 1_000, 9_000)),
    "cats_cars": _Maker(writers.write_cats_cars, (1_900, 1_000), (1_900, 1_000)),
    "trigrams": _Maker(writers.write_trigrams, (37_200,), (372_500,)),
}


@dataclass(frozen=True)
class SynthesisResult:
    """What became of one data set: ``ok``, where the stand-in lies, and a line for people."""

    name: str
    ok: bool
    folder: Path | None
    message: str


def synthesize(
    names: Sequence[str],
    dest: Path | None = None,
    size: str | int = "small",
    seed: int = 0,
    from_text: Path | None = None,
) -> list[SynthesisResult]:
    """Make synthetic stand-ins.

    Parameters
    ----------
    names : sequence of str
        Names in the registry.
    dest : Path, optional
        The stand-ins go to ``<dest>/synthetic/<name>``; by default
        `cs_lib.datasets.folders.destination`.
    size : {"small", "full"} or int
        ``"full"`` is the size of the real data set; a number is that of training examples, and
        the other sets shrink in proportion.
    seed : int
        The same seed gives the same bytes.
    from_text : Path, optional
        Make the trigrams of this text file, one sentence a line, instead of the grammar's.

    Returns
    -------
    list of SynthesisResult

    Raises
    ------
    DatasetError
        If a name is not in the registry, the size is none, or ``from_text`` does not fit.
    DatasetNotFoundError
        If ``dest`` is not given and no folder can be written.
    """
    for name in names:
        get_dataset(name)
    if from_text is not None and list(names) != [TRIGRAMS.name]:
        raise DatasetError(
            f"--from-text: expected the one data set {TRIGRAMS.name}, got {', '.join(names)}. "
            f"Name only {TRIGRAMS.name}."
        )
    root = dest or destination()
    return [_synthesize_one(name, root, size, seed, from_text) for name in names]


def _synthesize_one(
    name: str, root: Path, size: str | int, seed: int, from_text: Path | None
) -> SynthesisResult:
    if name not in MAKERS:
        return SynthesisResult(name, True, None, f"{name}: comes with scikit-learn, real")
    begin = time.perf_counter()
    folder = root / SYNTHETIC_FOLDER / name
    draft = folder.with_name(f".{name}.{os.getpid()}")
    files = [file.name for file in get_dataset(name).files]
    try:
        draft.mkdir(parents=True)
        if from_text is not None:
            origin = f"{LABEL} split of {from_text.name}, seed {seed}"
            writers.write_trigrams_of_text(draft, from_text, seed, origin)
        else:
            maker = MAKERS[name]
            maker.write(draft, _sizes(maker, size), seed, f"{LABEL} stand-in, seed {seed}")
        record(draft, files)
        for file in (*files, "checksums.json"):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            os.replace(draft / file, folder / file)
    except (OSError, DatasetError) as error:
        return SynthesisResult(name, False, None, f"{name}: not made: {error}")
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    seconds = time.perf_counter() - begin
    return SynthesisResult(name, True, folder, f"{name}: {LABEL}, in {folder} ({seconds:.1f} s)")


def _sizes(maker: _Maker, size: str | int) -> tuple[int, ...]:
    if size in ("small", "full"):
        return maker.full if size == "full" else maker.small
    if not isinstance(size, int) or size < 10:
        raise DatasetError(f"size: expected small, full or a number from 10 on, got {size!r}.")
    # At least ten of each, so that every class can be in every set.
    return tuple(max(10, count * size // maker.small[0]) for count in maker.small)
