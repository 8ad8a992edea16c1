"""Trigrams of words."""

from .dataset import Dataset, Download

TRIGRAMS = Dataset(
    name="trigrams",
    title="Trigrams over 250 words, and the word that follows",
    format="HDF5: trainx (372500, 3), traind (372500), valx, vald, testx, testd (46500) with "
    "word numbers from 1; words (250)",
    licence="none stated; handed out by the course",
    citation="Bilkent University, EEE 443/543 Neural Networks, assignment 2.",
    homepage="",
    checksum_source="no copy was at hand; recorded when the file is first fetched",
    downloads=(Download(name="assign2_data2.h5"),),
)
