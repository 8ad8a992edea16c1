"""Hostile submissions, by what they try."""

from tests.attacks import answers, claims, ending, files, notebooks, reaching, reading

TABLE = [
    *reading.ATTACKS,
    *answers.ATTACKS,
    *claims.ATTACKS,
    *ending.ATTACKS,
    *reaching.ATTACKS,
    *files.ATTACKS,
    *notebooks.ATTACKS,
]
