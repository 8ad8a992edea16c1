"""Cats and cars."""

from .dataset import MEASURED, Dataset, Download

CATS_CARS = Dataset(
    name="cats_cars",
    title="Cats and cars, 32x32 grey",
    format="HDF5: trainims (1900, 32, 32), testims (1000, 32, 32) uint8, stored transposed; "
    "trainlbls, testlbls float64, 0 cat, 1 car",
    licence="none stated; handed out by the course",
    citation="Bilkent University, EEE 443/543 Neural Networks, assignment 2.",
    homepage="",
    checksum_source=MEASURED,
    downloads=(
        Download(
            name="assign2_data1.h5",
            size=3_005_480,
            checksum="sha256:355b1fd01cf0500a67b73376f60139c503fc7c20ccc89336abac9227d209c520",
        ),
    ),
)
