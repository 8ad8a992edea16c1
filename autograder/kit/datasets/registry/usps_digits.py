"""The USPS digits of Hinton's course."""

from .dataset import MEASURED, Dataset, Download

USPS_DIGITS = Dataset(
    name="usps_digits",
    title="USPS digits 16x16 of G. Hinton's csc321 assignment 2",
    format="MATLAB 5 files: inputs (256, N) float64 in 0...1, target (10, N) uint8 one-hot",
    licence="none stated; handed out by the course",
    citation="G. Hinton: csc321, assignment 2, University of Toronto; in this form "
    "Aalto University, CS-E4850 Computer Vision, exercise round 9.",
    homepage="https://www.cs.toronto.edu/~tijmen/csc321/",
    checksum_source=MEASURED,
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
