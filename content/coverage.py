"""Which key points an answer holds, with the member's own words as evidence: a hint, never a verdict.

A list of keywords and swapped roles ("low is flatter") deceive this method, as they do every one of its kind.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from content.alternatives import TYPO_LENGTH, Alternative, Points, Stems, compiled
from content.deck import KeyPoint
from content.lookalikes import LOOKALIKES
from content.sentences import Span, clause, sentences
from content.stems import NEGATIONS, NOT, STOP_WORDS, Folded, Token, fold, listed, stem, tokens

# Content words that may stand between those of an alternative. A long one may be further apart: one more
# than it has words itself.
SPARE_WORDS = 4
# A longer sentence is shown by the clause that holds the words.
EVIDENCE_LENGTH = 160
# Words that may stand between a "not" and what it denies, beside articles, auxiliaries and prepositions.
ADVERBS = listed("really actually always necessarily ever even any")
MOST_SKIPPED = 3
# A "no" denies what follows at once; further off it is an answer to a question.
NEAR_DENIALS = listed("no none non un")
# Whoever writes one of these means it.
NO_SLIPS = STOP_WORDS | NEGATIONS | ADVERBS | LOOKALIKES

# What "not" may reach over: "but" ends its reach.
SMALL_WORDS = (STOP_WORDS | ADVERBS) - {"but"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A key point's label, and where the answer was found to hold it, its own words; else no evidence."""

    label: str
    evidence: str | None

    @property
    def found(self) -> bool:
        return self.evidence is not None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence's tokens, the rank of each among the content words, and which stems stand where."""

    span: Span
    tokens: list[Token]
    ranks: list[int]
    places: Mapping[str, list[int]]


def coverage(points: tuple[KeyPoint, ...], answer: str) -> tuple[Finding, ...]:
    """For each point in its order whether the answer holds it, and in which words."""
    ready = compiled(points)
    folded = fold(answer)
    read = sentences_of(folded.text, ready)
    held = {stem for sentence in read for stem in sentence.places}
    return tuple(
        Finding(
            label,
            evidence(answer, folded, read, [each for each in alternatives if held.issuperset(each.stems)]),
        )
        for label, alternatives in ready.points
    )


def evidence(
    answer: str, folded: Folded, read: Iterable[Sentence], alternatives: Iterable[Alternative]
) -> str | None:
    """The sentence or clause that holds one of the alternatives, literally."""
    for sentence in read:
        for alternative in alternatives:
            if hit := hit_in(sentence, alternative):
                start, end = folded.typed(*shown(folded.text, sentence, hit))
                return answer[start:end]
    return None


def shown(text: str, sentence: Sentence, hit: Span) -> Span:
    start, end = sentence.span
    if end - start <= EVIDENCE_LENGTH:
        return sentence.span
    return clause(text, sentence.span, (sentence.tokens[hit[0]].start, sentence.tokens[hit[1]].end))


# What a sentence holds.


def sentences_of(text: str, points: Points) -> list[Sentence]:
    """The sentences of a folded text in which a stem of the points' vocabulary stands."""
    found = [(span, tokens(text, *span)) for span in sentences(text)]
    words = {word for _, each in found for token in each for word in (token.word, *token.also)}
    meanings = {word: tuple(stems_of(word, points)) for word in words}
    read = (sentence_of(span, each, meanings, points) for span, each in found if each)
    return [sentence for sentence in read if sentence.places]


def sentence_of(span: Span, found: list[Token], meanings: Mapping[str, Stems], points: Points) -> Sentence:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(found):
        stems = [each for word in (token.word, *token.also) for each in meanings[word]]
        if token.word in points.beginnings and place + 1 < len(found):
            stems += {stem(token.word + found[place + 1].word)} & points.vocabulary
        for each in dict.fromkeys(stems):
            places[each].append(place)
    ranks = list(accumulate(int(token.is_content) for token in found))
    return Sentence(span, found, ranks, dict(places))


def stems_of(word: str, points: Points) -> Iterable[str]:
    """The stems that a word stands for: its own, those of its parts, or those it slipped from."""
    own = stem(word) if word[:2] in points.prefixes or word in NEGATIONS else word
    if own in points.vocabulary:
        return (own,)
    if parts := points.joined.get(own):
        return parts
    return slips(word, own, points)


def slips(word: str, own: str, points: Points) -> Iterator[str]:
    """The stems from which the word is one slip away: a letter too many, too few, wrong, or swapped."""
    if len(word) < TYPO_LENGTH - 1 or not word.isalpha() or word in NO_SLIPS:
        return
    if meant := points.long_words.get(word[0]):
        found = [meant.stems[place] for place in slipped_from(word, meant.words)]
        long = (meant.stems[place] for place in slipped_from(own, meant.stems))
        found += [each for each in long if len(each) >= TYPO_LENGTH]
        # Stemming is slow: only now.
        if found and stem(word) not in NO_SLIPS:
            yield from found


def slipped_from(word: str, meant: Stems) -> list[int]:
    """The places of the words that are one slip away."""
    found = process.extract(word, meant, scorer=DamerauLevenshtein.distance, score_cutoff=1, limit=None)
    return [place for _, _, place in found]


# Where an alternative is hit.


def hit_in(sentence: Sentence, alternative: Alternative) -> Span | None:
    """The first and the last token of a place where the alternative stands, close together and not denied."""
    for chosen in choices(sentence.places, alternative.stems):
        places = chosen.values()
        first, last = min(places), max(places)
        if is_close(sentence, first, last, len(chosen)) and not is_denied(sentence, chosen, alternative):
            return first, last
    return None


def choices(places: Mapping[str, list[int]], stems: Stems) -> Iterator[Mapping[str, int]]:
    """From each place where one of the stems stands, the next place of each of them."""
    if not all(each in places for each in stems):
        return
    for start in sorted({place for each in stems for place in places[each]}):
        chosen = {each: next_place(places[each], start) for each in stems}
        if None in chosen.values():
            return
        yield {each: place for each, place in chosen.items() if place is not None}


def next_place(places: list[int], start: int) -> int | None:
    found = bisect_left(places, start)
    return places[found] if found < len(places) else None


def is_close(sentence: Sentence, first: int, last: int, wanted: int) -> bool:
    """Whether no more than a few other content words stand between."""
    between = sentence.ranks[last] - sentence.ranks[first] + 1 - wanted
    return between <= max(SPARE_WORDS, wanted + 1)


def is_denied(sentence: Sentence, chosen: Mapping[str, int], alternative: Alternative) -> bool:
    """Whether the answer denies what the alternative says, or says what it denies."""
    if not alternative.denies:
        return any(denied_at(sentence.tokens, place) for place in chosen.values())
    denied = [chosen[each] for each in alternative.denied]
    return bool(denied) and max(denied) < chosen[NOT]


def denied_at(found: list[Token], place: int) -> bool:
    """Whether a "not" stands just before, with nothing but small words between."""
    between: list[str] = []
    for token in reversed(found[max(0, place - MOST_SKIPPED - 1) : place]):
        if token.denies:
            return token.word not in NEAR_DENIALS or ADVERBS.issuperset(between)
        if token.word not in SMALL_WORDS:
            return False
        between.append(token.word)
    return False
