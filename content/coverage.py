"""Which key points an answer holds, with the member's own words as evidence: a hint, never a verdict.

A list of keywords and swapped roles ("low is flatter") deceive this method, as they do every one of its kind.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
# An alternative in its own words tells enough, and two of one point in words that say the same.
OWN_WORDS, EQUAL_WORDS, ENOUGH = 2, 1, 2
# What is asked of a point in a longer sentence when few of the other points are met, and when none is.
SHORT_SENTENCE = 10
IN_COMPANY, ALONE = 3, 4
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


Meaning = tuple[Stems, Stems]


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
    """A sentence's tokens, the rank of each among the content words, and which stems stand where.

    `near`: where it stands or a word that says the same.
    """

    span: Span
    tokens: list[Token]
    ranks: list[int]
    places: Mapping[str, list[int]]
    near: Mapping[str, list[int]]


@dataclass(frozen=True, slots=True)
class Hit:
    """The first and the last token of a place where an alternative stands, and how much that tells."""

    sentence: Sentence
    span: Span
    weight: int


@dataclass(frozen=True, slots=True)
class Trace:
    """What of a point an answer holds: its weight, the evidence, and the content words around it.

    `in_own_words`: whether one of the alternatives stands there as it is written.
    """

    label: str
    weight: int
    in_own_words: bool
    evidence: str | None
    around: int


def coverage(points: tuple[KeyPoint, ...], answer: str) -> tuple[Finding, ...]:
    """For each point in its order whether the answer holds it, and in which words."""
    found = traces(points, answer)
    return tuple(
        Finding(each.label, each.evidence if held else None)
        for each, held in zip(found, held_of(found), strict=True)
    )


def held_of(found: Sequence[Trace]) -> list[bool]:
    """For each point whether its traces are enough, beside those of the others."""
    told = [each.weight >= ENOUGH for each in found]
    return [each.weight >= wanted(each, told, own) for each, own in zip(found, told, strict=True)]


def wanted(trace: Trace, told: Sequence[bool], own: bool) -> int:
    """The weight that a point needs: more where it may have been met by chance.

    In a long sentence some words of a subject stand together by chance. That they do is likelier the fewer of
    the other points the answer meets.
    """
    others, met = len(told) - 1, sum(told) - own
    if trace.around <= SHORT_SENTENCE or 2 * met >= others:
        return ENOUGH
    return IN_COMPANY if met else ALONE


def traces(points: tuple[KeyPoint, ...], answer: str) -> tuple[Trace, ...]:
    """What the answer holds of each point."""
    ready = compiled(points)
    folded = fold(answer)
    read = sentences_of(folded.text, ready)
    held = {stem for sentence in read for stem in sentence.near}
    return tuple(
        trace(label, answer, folded, read, [each for each in alternatives if held.issuperset(each.stems)])
        for label, alternatives in ready.points
    )


def trace(
    label: str,
    answer: str,
    folded: Folded,
    read: Sequence[Sentence],
    alternatives: Iterable[Alternative],
) -> Trace:
    hits = [hit for each in alternatives if (hit := best_hit(read, each))]
    if not hits:
        return Trace(label, 0, False, None, 0)
    best = max(hits, key=lambda hit: hit.weight)
    start, end = folded.typed(*shown(folded.text, best.sentence, best.span))
    around = min(hit.sentence.ranks[-1] for hit in hits)
    weight = sum(hit.weight for hit in hits)
    return Trace(label, weight, best.weight == OWN_WORDS, answer[start:end], around)


def best_hit(read: Iterable[Sentence], alternative: Alternative) -> Hit | None:
    """Where an alternative stands in its own words, or else in such as say the same."""
    holding = (each for each in read if all(map(each.near.__contains__, alternative.stems)))
    found = [hit for sentence in holding if (hit := hit_in(sentence, alternative))]
    return max(found, key=lambda hit: (hit.weight, -hit.sentence.ranks[-1]), default=None)


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
    meanings = {word: meaning_of(word, points) for word in words}
    read = (sentence_of(span, each, meanings, points) for span, each in found if each)
    return [sentence for sentence in read if sentence.near]


def sentence_of(span: Span, found: list[Token], meanings: Mapping[str, Meaning], points: Points) -> Sentence:
    places: defaultdict[str, list[int]] = defaultdict(list)
    near: defaultdict[str, list[int]] = defaultdict(list)
    for place, token in enumerate(found):
        own, equal = meanings[token.word]
        if token.also:
            own += tuple(each for word in token.also for each in meanings[word][0])
        if token.word in points.beginnings and place + 1 < len(found):
            own += tuple({stem(token.word + found[place + 1].word)} & points.vocabulary)
        for each in dict.fromkeys(own):
            places[each].append(place)
        for each in dict.fromkeys((*own, *equal)):
            near[each].append(place)
    ranks = list(accumulate(int(token.is_content) for token in found))
    return Sentence(span, found, ranks, dict(places), dict(near))


def meaning_of(word: str, points: Points) -> Meaning:
    """The stems that a word stands for, and those for which it is one that says the same."""
    is_near = word[:2] in points.prefixes and word not in STOP_WORDS
    equal = points.equal.get(stem(word), ()) if is_near else ()
    return tuple(stems_of(word, points, is_known=bool(equal))), equal


def stems_of(word: str, points: Points, is_known: bool) -> Iterable[str]:
    """The stems that a word stands for: its own, those of its parts, or those it slipped from."""
    own = stem(word) if word[:2] in points.prefixes or word in NEGATIONS else word
    if own in points.vocabulary:
        return (own,)
    if parts := points.joined.get(own):
        return parts
    return () if is_known else slips(word, own, points)


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


def hit_in(sentence: Sentence, alternative: Alternative) -> Hit | None:
    """Where the alternative stands close together, not denied: in its own words, or half in equal ones."""
    for chosen in choices(sentence.places, alternative.stems):
        if holds(sentence, chosen, alternative):
            return Hit(sentence, span_of(chosen), OWN_WORDS)
    for chosen in choices(sentence.near, alternative.stems):
        if is_near(sentence, chosen) and holds(sentence, chosen, alternative):
            return Hit(sentence, span_of(chosen), EQUAL_WORDS)
    return None


def span_of(chosen: Mapping[str, int]) -> Span:
    return min(chosen.values()), max(chosen.values())


def holds(sentence: Sentence, chosen: Mapping[str, int], alternative: Alternative) -> bool:
    is_together = is_close(sentence, *span_of(chosen), len(chosen))
    return is_together and not is_denied(sentence, chosen, alternative)


def is_near(sentence: Sentence, chosen: Mapping[str, int]) -> bool:
    """Whether half of the stems or more stand there themselves, and no word stands for two."""
    own = sum(place in sentence.places.get(each, ()) for each, place in chosen.items())
    return 2 * own >= len(chosen) and len(set(chosen.values())) == len(chosen)


def choices(places: Mapping[str, list[int]], stems: Stems) -> Iterator[Mapping[str, int]]:
    """From each place where one of the stems stands, the next place of each of them."""
    if not all(map(places.__contains__, stems)):
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
        between = sentence.tokens[min(chosen.values()) : max(chosen.values())]
        return any(token.denies for token in between) or any(
            denied_at(sentence.tokens, place) for place in chosen.values()
        )
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
