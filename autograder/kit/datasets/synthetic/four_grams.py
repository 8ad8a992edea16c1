"""Four-grams of sentences, in the arrays of the trigram file."""

from collections import Counter

import numpy as np

VOCABULARY_SIZE = 250
_ROUND = 100  # the real sets are 80, 10 and 10 per cent of 465,686 four-grams, in hundreds


def words_of_text(text):
    """Sentences of a text in a vocabulary of its 250 most frequent words.

    Parameters
    ----------
    text : str
        One sentence a line; words and marks stand apart, as in ``raw_sentences.txt``.

    Returns
    -------
    sentences : list of list of str
        Lower case, cut at every word outside the vocabulary.
    words : list of str
        The vocabulary in alphabetical order.
    """
    lines = [line.lower().split() for line in text.splitlines()]
    counts = Counter(word for line in lines for word in line)
    known = {word for word, _ in counts.most_common(VOCABULARY_SIZE)}
    sentences = []
    for line in lines:
        piece = []
        for word in line:
            if word in known:
                piece.append(word)
            else:
                sentences.append(piece)
                piece = []
        sentences.append(piece)
    return sentences, sorted(known)


def four_grams(sentences, words):
    """All four words that follow one another within a sentence.

    Parameters
    ----------
    sentences : iterable of list of str
    words : list of str

    Returns
    -------
    ndarray, shape (N, 4), uint8
        Word numbers from 1.
    """
    number = {word: index for index, word in enumerate(words, start=1)}
    found = []
    for sentence in sentences:
        numbers = [number[word] for word in sentence]
        found += zip(numbers, numbers[1:], numbers[2:], numbers[3:], strict=False)
    return np.array(found, dtype=np.uint8).reshape(-1, 4)


def trigram_arrays(grams, rng, num_training=None):
    """Shuffle four-grams and split them as the real file does.

    Parameters
    ----------
    grams : ndarray, shape (N, 4), uint8
    rng : numpy.random.Generator
    num_training : int, optional
        By default four fifths, in whole hundreds.  Validation and test get an eighth of it each, in
        whole hundreds where there are some.

    Returns
    -------
    dict of str to ndarray
        ``trainx`` (n, 3), ``traind`` (n,), ``valx``, ``vald``, ``testx``, ``testd``; uint8.
    """
    if num_training is None:
        num_training = len(grams) * 8 // 10 // _ROUND * _ROUND
        num_held_out = len(grams) // 10 // _ROUND * _ROUND
    else:
        num_held_out = num_training // 8
        if num_held_out > _ROUND:
            num_held_out -= num_held_out % _ROUND
    grams = rng.permutation(grams)
    arrays, begin = {}, 0
    sizes = {"train": num_training, "val": num_held_out, "test": num_held_out}
    for name, size in sizes.items():
        part = grams[begin : begin + size]
        arrays[f"{name}x"] = np.ascontiguousarray(part[:, :3])
        arrays[f"{name}d"] = np.ascontiguousarray(part[:, 3])
        begin += size
    return arrays
