"""The alternatives of key points, made ready for finding them in many answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from content.deck import KeyPoint
from content.stems import (
    EQUALS,
    NEGATIONS,
    NOT,
    ONE_FORM,
    STOP_WORDS,
    Token,
    content_stems,
    fold,
    stem,
    tokens,
)

# A slip of the finger is only taken for one in a word this long: short words are too close to each other.
TYPO_LENGTH = 5

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """The stems that have to stand together. `denied`: those behind its own "not"."""

    stems: Stems
    denies: bool
    denied: frozenset[str]


@dataclass(frozen=True, slots=True)
class LongWords:
    """Words, and the stem of each."""

    words: Stems
    stems: Stems


@dataclass(frozen=True, slots=True)
class Points:
    """Key points made ready for many answers.

    `prefixes`: only a word with one of them can have a stem that counts, and stemming is slow.
    `beginnings`: words that may be the first half of one of the vocabulary. `joined`: compounds and the two
    stems that they stand for. `equal`: other stems, and those of the vocabulary that they may stand for.
    """

    points: tuple[tuple[str, tuple[Alternative, ...]], ...]
    vocabulary: frozenset[str]
    prefixes: frozenset[str]
    beginnings: frozenset[str]
    long_words: Mapping[str, LongWords]
    joined: Mapping[str, Stems]
    equal: Mapping[str, Stems]


@lru_cache(maxsize=1024)
def compiled(points: tuple[KeyPoint, ...]) -> Points:
    """The points ready for matching."""
    worded = [(point.label, [tokens(fold(each).text) for each in point.alternatives]) for point in points]
    required = [content_of(each) for _, alternatives in worded for each in alternatives]
    words = {token.word for each in required for token in each}
    vocabulary = frozenset(map(stem, words))
    equal = equal_to(vocabulary)
    return Points(
        tuple((label, distinct(map(alternative_of, filter(None, each)))) for label, each in worded),
        vocabulary,
        frozenset(word[:2] for word in words) | prefixes_of({*vocabulary, *equal}),
        frozenset(each[:length] for each in vocabulary for length in range(2, len(each))),
        long_words(words),
        {
            stem(first.word + second.word): (stem(first.word), stem(second.word))
            for each in required
            for first, second in pairwise(each)
        },
        equal,
    )


def prefixes_of(stems: Set[str]) -> frozenset[str]:
    """How words of these stems may begin."""
    forms = (form for form, first in ONE_FORM.items() if first in stems)
    return frozenset(each[:2] for each in (*stems, *forms))


def equal_to(vocabulary: Set[str]) -> Mapping[str, Stems]:
    """For each stem of the lexicon those of the vocabulary that it may stand for."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for meant in sorted(vocabulary):
        for each in EQUALS.get(meant, ()):
            found[each].append(meant)
    return {each: tuple(meant) for each, meant in found.items()}


def content_of(alternative: list[Token]) -> list[Token]:
    """The words that count: the content words, or all where there is no other."""
    return [token for token in alternative if token.is_content] or alternative


def distinct(alternatives: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Without those of the same stems, which would count twice."""
    return tuple({frozenset(each.stems): each for each in alternatives}.values())


def alternative_of(words: list[Token]) -> Alternative:
    stems = [stem(token.word) for token in content_of(words)]
    denied = stems[stems.index(NOT) + 1 :] if NOT in stems else []
    return Alternative(tuple(dict.fromkeys(stems)), NOT in stems, frozenset(denied) - {NOT})


def long_words(words: Set[str]) -> Mapping[str, LongWords]:
    """By their first letter the words in which one slip is forgiven."""
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(words - NEGATIONS - STOP_WORDS):
        if len(word) >= TYPO_LENGTH and word.isalpha():
            by_letter[word[0]].append(word)
    return {letter: LongWords(tuple(each), tuple(map(stem, each))) for letter, each in by_letter.items()}


def missing_words(alternative: str, answer: str) -> list[str]:
    """The words of an alternative that stand nowhere in an answer."""
    held = content_stems(answer)
    wanted = [token.word for token in content_of(tokens(fold(alternative).text))]
    return [word for word in dict.fromkeys(wanted) if stem(word) not in held]
