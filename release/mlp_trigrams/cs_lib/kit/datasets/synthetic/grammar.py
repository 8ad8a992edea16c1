"""Sentences from a small English grammar over exactly 250 words."""

import random
from dataclasses import dataclass

# Six topics: a noun goes with the verbs, adjectives and places of its topic, so that a word three
# back still tells something, which one back does not.
_TOPICS = (
    (
        "cat dog bird horse fish mouse cow fox",
        "runs sleeps eats jumps hides barks",
        "small young brown hungry quick wild",
        "garden field forest barn river yard",
    ),
    (
        "teacher student doctor writer friend lady king child",
        "speaks writes listens thinks laughs waits",
        "kind old clever famous tired polite",
        "school office library town street room",
    ),
    (
        "car train ship bus plane truck boat bike",
        "stops turns leaves arrives breaks rolls",
        "fast red heavy new noisy empty",
        "road station harbour bridge corner square",
    ),
    (
        "storm rain wind sun cloud snow moon star",
        "rises falls shines moves ends returns",
        "cold bright dark warm grey strong",
        "sky valley coast mountain north sea",
    ),
    (
        "cook baker soup bread cake apple cheese tea",
        "boils burns cools smells tastes helps",
        "sweet fresh hot good round cheap",
        "kitchen market shop table oven house",
    ),
    (
        "team player game match goal coach crowd song",
        "wins loses starts plays shouts begins",
        "loud great fair long poor happy",
        "stadium hall city park theatre club",
    ),
)
_DETERMINERS = ["the", "a", "this", "that", "every", "my", "your", "his", "her", "our"]
_PRONOUNS = ["he", "she", "it", "nobody", "somebody", "everyone"]
_PREPOSITIONS = ["in", "near", "behind", "from", "into", "across", "outside", "beyond"]
_ADVERBS = ["often", "never", "always", "again", "slowly", "today", "soon", "early"]
_AUXILIARIES = ["can", "will", "must", "may", "should", "could"]
_PLAIN_VERBS = ["know", "see", "find", "like", "want", "need", "hear", "remember"]
_STATES = ["is", "was", "seems", "looks"]
_CONJUNCTIONS = ["and", "but", "because", "when", "while", "if", "before"]
_DEGREES = ["very", "rather", "too", "quite", "so"]
_QUESTIONS = ["who", "what", "where", "why", "how"]
_MARKS = [".", "?", ",", "!"]
_PEOPLE = ["i", "you", "we", "they"]
_NUMBERS = ["one", "two", "three"]
_SHORT_PREPOSITIONS = ["to", "at", "on", "with", "for", "by"]
_OPENERS = ["yes", "no", "well"]
_FIXED = ["do", "not", "there", "more", "than", "all", "of"]

WORDS = sorted(
    word
    for words in (
        *(group.split() for topic in _TOPICS for group in topic),
        *(_DETERMINERS, _PRONOUNS, _PREPOSITIONS, _ADVERBS, _AUXILIARIES, _PLAIN_VERBS, _STATES),
        *(_CONJUNCTIONS, _DEGREES, _QUESTIONS, _MARKS, _PEOPLE, _NUMBERS, _SHORT_PREPOSITIONS),
        *(_OPENERS, _FIXED),
    )
    for word in words
)


class Grammar:
    """Draws sentences.

    Parameters
    ----------
    seed : int
    """

    def __init__(self, seed):
        self._random = random.Random(seed)

    def sentence(self):
        """One sentence.

        Returns
        -------
        list of str
            Words of `WORDS`, the closing mark included.
        """
        nouns, verbs, adjectives, places = (group.split() for group in self._random.choice(_TOPICS))
        topic = _Topic(nouns, verbs, adjectives, places)
        forms = (self._statement, self._statement, self._linked, self._question, self._denial)
        words = self._random.choice((*forms, self._existence, self._opened))(topic)
        if words[-1] not in _MARKS:
            words.append("!" if self._random.random() < 0.05 else ".")
        return words

    def _pick(self, words):
        """A word; the first ones of a list are the frequent ones, as in real text."""
        return words[int(len(words) * self._random.random() ** 2)]

    def _maybe(self, probability, words):
        return words() if self._random.random() < probability else []

    def _noun_phrase(self, topic):
        if self._random.random() < 0.2:
            return [self._pick(_PRONOUNS)]
        adjective = self._maybe(0.4, lambda: [self._pick(topic.adjectives)])
        return [self._pick(_DETERMINERS), *adjective, self._pick(topic.nouns)]

    def _place(self, topic):
        prepositions = _PREPOSITIONS if self._random.random() < 0.7 else _SHORT_PREPOSITIONS
        return [self._pick(prepositions), self._pick(_DETERMINERS), self._pick(topic.places)]

    def _time(self):
        if self._random.random() < 0.8:
            return [self._pick(_ADVERBS)]
        return [self._pick(_SHORT_PREPOSITIONS[1:]), self._pick(_NUMBERS)]

    def _statement(self, topic):
        subject = self._noun_phrase(topic)
        if self._random.random() < 0.3:
            verb = [self._pick(_AUXILIARIES), self._pick(_PLAIN_VERBS), *self._noun_phrase(topic)]
        else:
            verb = [self._pick(topic.verbs)]
        place = self._maybe(0.6, lambda: self._place(topic))
        return [*subject, *verb, *place, *self._maybe(0.3, self._time)]

    def _state(self, topic):
        degree = self._maybe(0.5, lambda: [self._pick(_DEGREES)])
        state = [self._pick(_STATES), *degree, self._pick(topic.adjectives)]
        return [*self._noun_phrase(topic), *state]

    def _linked(self, topic):
        comma = self._maybe(0.4, lambda: [","])
        return [*self._state(topic), *comma, self._pick(_CONJUNCTIONS), *self._statement(topic)]

    def _question(self, topic):
        start = [self._pick(_QUESTIONS), "do", self._pick(_PEOPLE), self._pick(_PLAIN_VERBS)]
        return [*start, *self._noun_phrase(topic), "?"]

    def _denial(self, topic):
        everybody = self._maybe(0.2, lambda: ["all"])
        start = [self._pick(_PEOPLE), *everybody, "do", "not", self._pick(_PLAIN_VERBS)]
        return [*start, *self._noun_phrase(topic), *self._maybe(0.3, lambda: self._place(topic))]

    def _existence(self, topic):
        amount = self._random.choice((["no"], ["one"], ["more", "than", "one"]))
        thing = [self._pick(topic.adjectives), self._pick(topic.nouns)]
        if self._random.random() < 0.3:
            thing = ["of", self._pick(_DETERMINERS), *thing]
        return ["there", self._pick(_STATES[:2]), *amount, *thing, *self._place(topic)]

    def _opened(self, topic):
        return [self._pick(_OPENERS), ",", *self._statement(topic)]


@dataclass(frozen=True)
class _Topic:
    nouns: list[str]
    verbs: list[str]
    adjectives: list[str]
    places: list[str]
