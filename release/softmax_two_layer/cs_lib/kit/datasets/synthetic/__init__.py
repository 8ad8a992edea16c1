"""Synthetic stand-ins in exactly the files and formats of the real data sets.

They are made so that the assignments' lessons show: a linear classifier is beaten by a two-layer
net and that by a ConvNet, momentum beats plain SGD, dropout narrows the gap between training and
validation accuracy, and a net that is too large overfits (``benchmarks/bench_synthetic.py``).
"""

import os
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..errors import DatasetError
from ..folders import SYNTHETIC_FOLDER, destination
from ..origin import LABEL
from ..records import record
from ..registry import get_dataset, present
from .maker import Maker


@cache
def makers() -> dict[str, Maker]:
    """Return what makes each stand-in; to draw a few pictures takes none of them."""
    return {name: maker for _, module in present(__name__) for name, maker in module.MAKERS.items()}


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
        `folders.destination`.
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
    of_texts = [name for name, maker in makers().items() if maker.write_text]
    if from_text is not None and (len(names) != 1 or names[0] not in of_texts):
        raise DatasetError(
            "--from-text: expected one data set of texts "
            f"({', '.join(of_texts) or 'none is here'}), got {', '.join(names)}. Name only that."
        )
    root = dest or destination()
    return [_synthesize_one(name, root, size, seed, from_text) for name in names]


def _synthesize_one(
    name: str, root: Path, size: str | int, seed: int, from_text: Path | None
) -> SynthesisResult:
    if name not in makers():
        return SynthesisResult(name, True, None, f"{name}: comes with scikit-learn, real")
    begin = time.perf_counter()
    folder = root / SYNTHETIC_FOLDER / name
    draft = folder.with_name(f".{name}.{os.getpid()}")
    files = [file.name for file in get_dataset(name).files]
    try:
        draft.mkdir(parents=True)
        maker = makers()[name]
        if from_text is not None and maker.write_text is not None:
            origin = f"{LABEL} split of {from_text.name}, seed {seed}"
            maker.write_text(draft, from_text, seed, origin)
        else:
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


def _sizes(maker: Maker, size: str | int) -> tuple[int, ...]:
    if size in ("small", "full"):
        return maker.full if size == "full" else maker.small
    if not isinstance(size, int) or size < 10:
        raise DatasetError(f"size: expected small, full or a number from 10 on, got {size!r}.")
    # At least ten of each, so that every class can be in every set.
    return tuple(max(10, count * size // maker.small[0]) for count in maker.small)
