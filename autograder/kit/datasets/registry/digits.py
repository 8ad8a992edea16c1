"""scikit-learn's digits."""

from .dataset import Dataset

DIGITS = Dataset(
    name="digits",
    title="scikit-learn's handwritten digits 8x8",
    format="sklearn.datasets.load_digits(): 1797 images, 0...16",
    licence="CC BY 4.0 (UCI Machine Learning Repository)",
    citation="E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits. "
    "UCI Machine Learning Repository, 1998.",
    homepage="https://archive.ics.uci.edu/dataset/80",
    checksum_source="scikit-learn's own release",
    in_package=True,
)
