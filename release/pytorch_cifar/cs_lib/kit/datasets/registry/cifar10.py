"""CIFAR-10."""

from .dataset import TORCHVISION, DataFile, Dataset, Download

CIFAR10 = Dataset(
    name="cifar10",
    title="CIFAR-10, python version",
    format="python 2 pickles of uint8 rows (N, 3072), channel by channel",
    licence="none stated; the authors ask to be cited",
    citation="A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images. "
    "Technical report, University of Toronto, 2009.",
    homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
    checksum_source=f"the homepage (md5 c58f30108f718f92721af3b95e74349a) and {TORCHVISION}",
    downloads=(
        Download(
            name="cifar-10-python.tar.gz",
            urls=("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
            size=170_498_071,
            checksum="sha256:6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
            contents=tuple(
                DataFile(f"cifar-10-batches-py/{name}", f"md5:{digest}")
                for name, digest in (
                    ("batches.meta", "5ff9c542aee3614f3951f8cda6e48888"),
                    ("data_batch_1", "c99cafc152244af753f735de768cd75f"),
                    ("data_batch_2", "d4bba439e000b95fd0a9bffe97cbabec"),
                    ("data_batch_3", "54ebc095f3ab1f0389bbae665268c751"),
                    ("data_batch_4", "634d18415352ddfa80567beed471001a"),
                    ("data_batch_5", "482c414d41f54cd18b22e5b47cb7c3cb"),
                    ("test_batch", "40351d587109b95175f43aff81a1287e"),
                )
            ),
            unpacked_size=187_000_000,
        ),
    ),
)
