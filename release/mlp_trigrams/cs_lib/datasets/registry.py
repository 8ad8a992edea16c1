"""The data sets of the kit: the one place that names their files, sources and terms.

Every other module reads `DATASETS`.  To give a course's own mirror for good, add its address
to ``urls``; to use another copy of a course-provided file, replace its ``checksum``.
"""

from dataclasses import dataclass
from difflib import get_close_matches

from cs_lib.datasets.errors import DatasetError


@dataclass(frozen=True)
class DataFile:
    """One file as the loaders read it.

    Attributes
    ----------
    name : str
        Path below the data set's folder, with forward slashes.
    checksum : str or None
        ``algorithm:hex digits``; None if it is recorded when the file is first fetched.
    """

    name: str
    checksum: str | None = None


@dataclass(frozen=True)
class Download:
    """One file as a server has it.

    Attributes
    ----------
    name : str
        File name on the server and, unless it is an archive, below the data set's folder.
    urls : tuple of str
        Tried in this order.  Empty for files that only the course hands out.
    size : int or None
        Bytes.
    checksum : str or None
        As in `DataFile`, of the download itself.
    contents : tuple of DataFile
        What an archive holds; empty if the file is used as it is.
    unpacked_size : int
        Bytes of ``contents`` on disk.
    """

    name: str
    urls: tuple[str, ...] = ()
    size: int | None = None
    checksum: str | None = None
    contents: tuple[DataFile, ...] = ()
    unpacked_size: int = 0


@dataclass(frozen=True)
class Dataset:
    """What is known of one data set.

    Attributes
    ----------
    folders : tuple of str
        Further folder names under which courses keep the same files.
    assignments : tuple of str
        Assignments that use it; ``--all`` takes the data sets that have some.
    checksum_source : str
        Who published the checksums, or how they were found.
    in_package : bool
        True if an installed Python package brings the data, so that nothing is fetched.
    """

    name: str
    title: str
    format: str
    licence: str
    citation: str
    homepage: str
    assignments: tuple[str, ...]
    checksum_source: str
    downloads: tuple[Download, ...] = ()
    folders: tuple[str, ...] = ()
    in_package: bool = False

    @property
    def files(self) -> tuple[DataFile, ...]:
        """The files that the loaders read, below the data set's folder."""
        files: list[DataFile] = []
        for download in self.downloads:
            files += download.contents or [DataFile(download.name, download.checksum)]
        return tuple(files)

    @property
    def course_provided(self) -> bool:
        """True if no public address is known: the course hands the files out."""
        return not self.in_package and not any(download.urls for download in self.downloads)


_TORCHVISION = "torchvision (datasets/cifar.py, datasets/svhn.py and their prototypes)"
_MEASURED = "measured on the copy with which the kit's figures were found"
_SVHN_CITATION = (
    "Y. Netzer, T. Wang, A. Coates, A. Bissacco, B. Wu, A. Y. Ng: Reading Digits in Natural "
    "Images with Unsupervised Feature Learning. NIPS Workshop on Deep Learning and "
    "Unsupervised Feature Learning, 2011."
)
_SVHN_URL = "http://ufldl.stanford.edu/housenumbers/"
_BILKENT_CITATION = "Bilkent University, EEE 443/543 Neural Networks, assignment 2."

CIFAR10 = Dataset(
    name="cifar10",
    title="CIFAR-10, python version",
    format="python 2 pickles of uint8 rows (N, 3072), channel by channel",
    licence="none stated; the authors ask to be cited",
    citation="A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images. "
    "Technical report, University of Toronto, 2009.",
    homepage="https://www.cs.toronto.edu/~kriz/cifar.html",
    assignments=("softmax_two_layer", "layers_convnet", "fc_nets_dropout"),
    checksum_source=f"the homepage (md5 c58f30108f718f92721af3b95e74349a) and {_TORCHVISION}",
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

SVHN = Dataset(
    name="svhn",
    title="Street View House Numbers, cropped digits",
    format="MATLAB 5 files: X (32, 32, 3, N) uint8, y (N, 1) uint8 with 10 for the digit 0",
    licence="for non-commercial use only",
    citation=_SVHN_CITATION,
    homepage=_SVHN_URL,
    assignments=("mlp_svhn",),
    checksum_source=_TORCHVISION,
    downloads=(
        Download(
            name="train_32x32.mat",
            urls=(_SVHN_URL + "train_32x32.mat",),
            size=182_040_794,
            checksum="sha256:435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8",
        ),
        Download(
            name="test_32x32.mat",
            urls=(_SVHN_URL + "test_32x32.mat",),
            size=64_275_384,
            checksum="sha256:cdce80dfb2a2c4c6160906d0bd7c68ec5a99d7ca4831afa54f09182025b6a75b",
        ),
    ),
)

SVHN_EXTRA = Dataset(
    name="svhn_extra",
    title="Street View House Numbers, the 531,131 easier extra digits",
    format=SVHN.format,
    licence=SVHN.licence,
    citation=_SVHN_CITATION,
    homepage=_SVHN_URL,
    assignments=(),
    checksum_source=_TORCHVISION,
    folders=("svhn",),
    downloads=(
        Download(
            name="extra_32x32.mat",
            urls=(_SVHN_URL + "extra_32x32.mat",),
            size=1_329_278_602,
            checksum="sha256:a133a4beb38a00fcdda90c9489e0c04f900b660ce8a316a5e854838379a71eb3",
        ),
    ),
)

USPS_DIGITS = Dataset(
    name="usps_digits",
    title="USPS digits 16x16 of G. Hinton's csc321 assignment 2",
    format="MATLAB 5 files: inputs (256, N) float64 in 0...1, target (10, N) uint8 one-hot",
    licence="none stated; handed out by the course",
    citation="G. Hinton: csc321, assignment 2, University of Toronto; in this form "
    "Aalto University, CS-E4850 Computer Vision, exercise round 9.",
    homepage="https://www.cs.toronto.edu/~tijmen/csc321/",
    assignments=("backprop_a2",),
    checksum_source=_MEASURED,
    folders=("exercise-09-data",),
    downloads=(
        Download(
            name="data_train.mat",
            size=373_990,
            checksum="sha256:5255f3e6777797bb585acdd3f4527c1f0c0eaa7c15f842d3f3b7dc56baaee3b9",
        ),
        Download(
            name="data_validation.mat",
            size=373_356,
            checksum="sha256:2693364f0766a2156c04ddb36b188875bb50c53c4f8c7137bad279d9fad8da69",
        ),
        Download(
            name="data_test.mat",
            size=3_359_668,
            checksum="sha256:4fb85205f16acb934efca47ccecdc3ce7e4396370a9eb9757b8c32ee39555fe5",
        ),
    ),
)

CATS_CARS = Dataset(
    name="cats_cars",
    title="Cats and cars, 32x32 grey",
    format="HDF5: trainims (1900, 32, 32), testims (1000, 32, 32) uint8, stored transposed; "
    "trainlbls, testlbls float64, 0 cat, 1 car",
    licence="none stated; handed out by the course",
    citation=_BILKENT_CITATION,
    homepage="",
    assignments=("mlp_trigrams",),
    checksum_source=_MEASURED,
    downloads=(
        Download(
            name="assign2_data1.h5",
            size=3_005_480,
            checksum="sha256:355b1fd01cf0500a67b73376f60139c503fc7c20ccc89336abac9227d209c520",
        ),
    ),
)

TRIGRAMS = Dataset(
    name="trigrams",
    title="Trigrams over 250 words, and the word that follows",
    format="HDF5: trainx (372500, 3), traind (372500), valx, vald, testx, testd (46500) with "
    "word numbers from 1; words (250)",
    licence="none stated; handed out by the course",
    citation=_BILKENT_CITATION,
    homepage="",
    assignments=("mlp_trigrams",),
    checksum_source="no copy was at hand; recorded when the file is first fetched",
    downloads=(Download(name="assign2_data2.h5"),),
)

DIGITS = Dataset(
    name="digits",
    title="scikit-learn's handwritten digits 8x8",
    format="sklearn.datasets.load_digits(): 1797 images, 0...16",
    licence="CC BY 4.0 (UCI Machine Learning Repository)",
    citation="E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits. "
    "UCI Machine Learning Repository, 1998.",
    homepage="https://archive.ics.uci.edu/dataset/80",
    assignments=("gradient_descent_digits",),
    checksum_source="scikit-learn's own release",
    in_package=True,
)

DATASETS = {
    dataset.name: dataset
    for dataset in (CIFAR10, SVHN, SVHN_EXTRA, USPS_DIGITS, CATS_CARS, TRIGRAMS, DIGITS)
}


def get_dataset(name: str) -> Dataset:
    """Look a data set up by its name.

    Raises
    ------
    DatasetError
        If there is none of that name.
    """
    if name in DATASETS:
        return DATASETS[name]
    near = get_close_matches(name, DATASETS, n=1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    raise DatasetError(
        f'datasets: expected one of {", ".join(DATASETS)}, got "{name}". {hint}'
        "`python -m cs_lib.datasets list` describes them."
    )


def all_names() -> list[str]:
    """Names of the data sets that some assignment uses: what ``--all`` means."""
    return [name for name, dataset in DATASETS.items() if dataset.assignments]
