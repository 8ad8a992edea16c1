"""The data sets, as `load_cifar10`; on the command line ``python -m cs_lib.datasets``."""

import sys

from cs_lib.kit import datasets


def __getattr__(name):
    return getattr(datasets, name)


def __dir__():
    return dir(datasets)


if __name__ == "__main__":
    from cs_lib.kit.datasets.__main__ import main

    sys.exit(main())
