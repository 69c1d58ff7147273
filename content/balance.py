"""What can be counted of a deck as a whole: its levels, its reading ease and its chains of questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from math import ceil, floor
from statistics import median

from content.bounds import CHAIN, LEVEL_SLACK, LEVELS, READING_EASE, SHARED_POINTS, Bound
from content.deck import Deck, Question
from content.measures import Measure, outside
from content.meeting import met
from content.prose import reading_ease


def deck_measures(deck: Deck) -> Iterator[tuple[int, Measure]]:
    """The line and what is outside its bound in a deck as a whole."""
    for measure in (
        *level_mix(deck),
        *outside(round(median_ease(deck)), "is the median reading ease", READING_EASE),
    ):
        yield 1, measure
    by_id = {question.id: question for question in deck.questions}
    for question in deck.questions:
        for found, bound in chain_measures(question, by_id):
            yield question.line, (f"`{question.id}`: {found}", bound)


def median_ease(deck: Deck) -> float:
    return median([reading_ease(question.answer) for question in deck.questions] or [100.0])


def level_mix(deck: Deck) -> Iterator[Measure]:
    """Levels whose share is off by more than the slack and more than the number of questions forces."""
    counts = Counter(question.level for question in deck.questions)
    for level, share in LEVELS.items():
        wanted = share * len(deck.questions)
        slack = LEVEL_SLACK * len(deck.questions)
        bound = Bound(min(ceil(wanted - slack), floor(wanted)), max(floor(wanted + slack), ceil(wanted)))
        yield from outside(counts[level], f"{level} questions of {len(deck.questions)}", bound)


def chain_measures(question: Question, by_id: Mapping[str, Question]) -> Iterator[Measure]:
    yield from outside(len(chain(question, by_id)), "questions in its chain", CHAIN)
    if parent := by_id.get(question.follow_up_of or ""):
        shared = sum(met(question.key_points, parent.answer))
        yield from outside(shared, f"of its points are in the answer of `{parent.id}`", SHARED_POINTS)
        if question.line < parent.line:
            yield f"stands above `{parent.id}`, which it follows", "stands below it"


def chain(question: Question, by_id: Mapping[str, Question]) -> list[str]:
    """The question and those that it follows; each once, should they follow each other."""
    ids: list[str] = []
    link: Question | None = question
    while link and link.id not in ids:
        ids.append(link.id)
        link = by_id.get(link.follow_up_of or "")
    return ids
