"""Alternatives of key points that find nothing of their own, or more than they seem to: no faults."""

from __future__ import annotations

from collections.abc import Iterator

from content.alternatives import content_of
from content.coverage import coverage
from content.deck import KeyPoint
from content.stems import fold, stem, tokens


def idle(point: KeyPoint) -> Iterator[str]:
    """What is to be said against alternatives of a point, in their order."""
    finders = [finders_of(each, point.alternatives) for each in point.alternatives]
    for place, alternative in enumerate(point.alternatives):
        # Of two that find each other the first stays.
        others = [each for each in finders[place] if each < place or place not in finders[each]]
        if others:
            yield f"`{alternative}` has no effect beside `{point.alternatives[others[0]]}`"
        elif word := lone_word(alternative):
            yield f"`{alternative}` counts as the one word `{word}`"


def finders_of(text: str, alternatives: tuple[str, ...]) -> frozenset[int]:
    """The places of the alternatives that, each by itself, are found in a text."""
    return frozenset(place for place, each in enumerate(alternatives) if is_found(each, text))


def is_found(alternative: str, text: str) -> bool:
    (finding,) = coverage((KeyPoint("", (alternative,)),), text)
    return finding.found


def lone_word(alternative: str) -> str | None:
    """The word to which an alternative of several words shrinks, because the others are small."""
    written = tokens(fold(alternative).text)
    counted = {stem(token.word): token.word for token in content_of(written)}
    return next(iter(counted.values())) if len(counted) == 1 < len(written) else None
