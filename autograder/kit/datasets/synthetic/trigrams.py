"""The stand-in of the trigrams: sentences of a grammar, or of any text."""

import numpy as np

from ..errors import DatasetError
from ..hdf5_files import write_hdf5
from ..registry.trigrams import TRIGRAMS
from .four_grams import VOCABULARY_SIZE, four_grams, trigram_arrays, words_of_text
from .grammar import WORDS, Grammar
from .maker import Maker


def _write_trigrams(folder, sizes, seed, origin):
    """Four-grams of sentences from the grammar."""
    (num_training,) = sizes
    wanted, grammar, sentences, have = num_training * 5 // 4, Grammar(seed), [], 0
    while have < wanted:
        sentences.append(grammar.sentence())
        have += max(0, len(sentences[-1]) - 3)
    grams = four_grams(sentences, WORDS)
    arrays = trigram_arrays(grams, np.random.default_rng(seed), num_training)
    write_hdf5(folder / TRIGRAMS.files[0].name, arrays | {"words": WORDS}, origin)


def _write_text(folder, text_file, seed, origin):
    """Four-grams of the lines of a text file.

    Raises
    ------
    DatasetError
        If the file cannot be read as text or is too short.
    """
    try:
        text = text_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(
            f"trigrams: {text_file}: expected a text file in UTF-8, got none ({error}). "
            "Name another with --from-text."
        ) from None
    sentences, words = words_of_text(text)
    grams = four_grams(sentences, words)
    if len(words) < VOCABULARY_SIZE or len(grams) < 1000:
        raise DatasetError(
            f"trigrams: {text_file}: expected at least {VOCABULARY_SIZE} different words and "
            f"1,000 four-grams of them, got {len(words)} and {len(grams):,}. Take a longer text."
        )
    arrays = trigram_arrays(grams, np.random.default_rng(seed))
    write_hdf5(folder / TRIGRAMS.files[0].name, arrays | {"words": words}, origin)


MAKERS = {TRIGRAMS.name: Maker(_write_trigrams, (37_200,), (372_500,), _write_text)}
