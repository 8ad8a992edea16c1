"""Street View House Numbers."""

from .dataset import TORCHVISION, Dataset, Download

_CITATION = (
    "Y. Netzer, T. Wang, A. Coates, A. Bissacco, B. Wu, A. Y. Ng: Reading Digits in Natural "
    "Images with Unsupervised Feature Learning. NIPS Workshop on Deep Learning and "
    "Unsupervised Feature Learning, 2011."
)
_URL = "http://ufldl.stanford.edu/housenumbers/"

SVHN = Dataset(
    name="svhn",
    title="Street View House Numbers, cropped digits",
    format="MATLAB 5 files: X (32, 32, 3, N) uint8, y (N, 1) uint8 with 10 for the digit 0",
    licence="for non-commercial use only",
    citation=_CITATION,
    homepage=_URL,
    checksum_source=TORCHVISION,
    downloads=(
        Download(
            name="train_32x32.mat",
            urls=(_URL + "train_32x32.mat",),
            size=182_040_794,
            checksum="sha256:435e94d69a87fde4fd4d7f3dd208dfc32cb6ae8af2240d066de1df7508d083b8",
        ),
        Download(
            name="test_32x32.mat",
            urls=(_URL + "test_32x32.mat",),
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
    citation=_CITATION,
    homepage=_URL,
    checksum_source=TORCHVISION,
    folders=("svhn",),
    by_name_only=True,
    downloads=(
        Download(
            name="extra_32x32.mat",
            urls=(_URL + "extra_32x32.mat",),
            size=1_329_278_602,
            checksum="sha256:a133a4beb38a00fcdda90c9489e0c04f900b660ce8a316a5e854838379a71eb3",
        ),
    ),
)
