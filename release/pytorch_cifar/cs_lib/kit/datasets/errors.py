"""What can go wrong with a data set; each text says where, what, and what to do."""


class DatasetError(Exception):
    """A foreseeable trouble with a data set; shown to people as it is."""


class DatasetNotFoundError(DatasetError):
    """The files of a data set are in none of the folders that are searched."""


class FetchError(DatasetError):
    """A data set could not be downloaded."""


class DamagedFileError(DatasetError):
    """A file is there but is truncated, or is not what its name says."""
