"""``python -m cs_lib.datasets``: fetch, list and verify data sets, or make stand-ins."""

import argparse
import sys
from pathlib import Path

from .errors import DatasetError
from .fetching import Options, fetch
from .registry import all_names, get_dataset
from .synthetic import synthesize
from .verifying import list_datasets, verify

COMMANDS = ("fetch", "list", "verify", "synthesize")
_INTERRUPTED = 130  # what a shell reports for Ctrl-C


def main(arguments=None, every=None):
    """Run the command line.

    Parameters
    ----------
    arguments : list of str, optional
        By default those of the process.
    every : list of str, optional
        What ``--all`` means; by default all but what is fetched by its name only.

    Returns
    -------
    int
        0 done, 1 some data set failed, 2 wrong usage.
    """
    parser = _parser()
    # Options may stand between the names: ./get_datasets.sh cifar10 --dest DIR svhn
    wanted = parser.parse_intermixed_args(arguments)
    command = wanted.words.pop(0) if wanted.words and wanted.words[0] in COMMANDS else None
    names = (every or all_names()) if wanted.all else list(dict.fromkeys(wanted.words))
    if command is None:
        command = "synthesize" if wanted.synthetic or wanted.from_text else "fetch"
    if command in ("fetch", "synthesize") and not names:
        parser.print_usage(sys.stderr)
        print("Name a data set, or give --all. These there are:\n", file=sys.stderr)
        _list(names, wanted)
        return 2
    return _run(command, names, wanted)


def _run(command, names, wanted):
    run = {"fetch": _fetch, "list": _list, "verify": _verify, "synthesize": _synthesize}[command]
    try:
        for name in names:
            get_dataset(name)  # an unknown name among known ones: nothing is done
        return run(names, wanted)
    except DatasetError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on where it stopped.", file=sys.stderr)
        return _INTERRUPTED


def _parser():
    parser = argparse.ArgumentParser(
        prog="python -m cs_lib.datasets",
        usage="%(prog)s [fetch|list|verify|synthesize] [NAME ...|--all] [options]",
        description="Fetch data sets and verify them, or make synthetic stand-ins.",
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="NAME",
        help="data sets; before them what to do with them, fetch if it is not said",
    )
    parser.add_argument(
        "--all", action="store_true", help="all but what is fetched by its name only"
    )
    parser.add_argument("--dest", type=_folder, metavar="DIR", help="folder to write to and read")
    parser.add_argument(
        "--mirror", metavar="URL", help="address or folder with the same files, tried first"
    )
    parser.add_argument("--synthetic", action="store_true", help="make stand-ins: synthesize")
    parser.add_argument(
        "--size",
        type=_size,
        default="small",
        help="of stand-ins: small, full, or the number of training examples",
    )
    parser.add_argument("--seed", type=int, default=0, help="of stand-ins")
    parser.add_argument(
        "--from-text", type=Path, metavar="FILE", help="make the trigrams of this text"
    )
    parser.add_argument("--force", action="store_true", help="fetch although it is there")
    return parser


def _folder(text):
    return Path(text).expanduser().resolve()


def _size(text):
    return int(text) if text.isdigit() else text


def _report(results):
    """Print the lines of results; 1 if one failed."""
    code = 0
    for result in results:
        print(result.message, file=sys.stdout if result.ok else sys.stderr)
        code = code if result.ok else 1
    return code


def _fetch(names, wanted):
    options = Options(mirror=wanted.mirror, force=wanted.force, progress=sys.stderr.isatty())
    return _report(fetch(names, wanted.dest, options))


def _verify(names, wanted):
    return _report(verify(names or all_names(), wanted.dest))


def _synthesize(names, wanted):
    return _report(
        result
        for name in names  # one by one: a line as soon as each is made
        for result in synthesize([name], wanted.dest, wanted.size, wanted.seed, wanted.from_text)
    )


def _list(names, wanted):
    for status in list_datasets(wanted.dest):
        dataset = status.dataset
        if names and dataset.name not in names:
            continue
        where = f", {status.location.folder}" if status.location else ""
        size = sum(download.size or 0 for download in dataset.downloads)
        print(f"{dataset.name}: {dataset.title}")
        print(f"  here:      {status.state}{where}")
        print(f"  source:    {_source(dataset)}" + (f", {size / 1e6:,.1f} MB" if size else ""))
        print(f"  checksum:  {dataset.checksum_source}")
        print(f"  format:    {dataset.format}")
        print(f"  licence:   {dataset.licence}")
        print(f"  cite:      {dataset.citation}")
        if dataset.by_name_only:
            print("  --all:     without it; fetched by its name only")
    return 0


def _source(dataset):
    if dataset.in_package:
        return "comes with scikit-learn"
    return "the course (--mirror)" if dataset.course_provided else dataset.homepage


if __name__ == "__main__":
    sys.exit(main())
