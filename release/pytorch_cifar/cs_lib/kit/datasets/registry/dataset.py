"""What is said of a data set: its files, where they come from, and on what terms."""

from dataclasses import dataclass

TORCHVISION = "torchvision (datasets/cifar.py, datasets/svhn.py and their prototypes)"
MEASURED = "measured on the copy with which the kit's figures were found"


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
    checksum_source : str
        Who published the checksums, or how they were found.
    in_package : bool
        True if an installed Python package brings the data, so that nothing is fetched.
    by_name_only : bool
        True if ``--all`` leaves it out.
    """

    name: str
    title: str
    format: str
    licence: str
    citation: str
    homepage: str
    checksum_source: str
    downloads: tuple[Download, ...] = ()
    folders: tuple[str, ...] = ()
    in_package: bool = False
    by_name_only: bool = False

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
