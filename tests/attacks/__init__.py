"""Hostile submissions, by what they try."""

from tests.attacks import answers, ending, files, notebooks, reaching, reading

TABLE = [
    *reading.ATTACKS,
    *answers.ATTACKS,
    *ending.ATTACKS,
    *reaching.ATTACKS,
    *files.ATTACKS,
    *notebooks.ATTACKS,
]
