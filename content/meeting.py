"""Which answers meet a question's key points: its own should, others should not."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor

from content.bounds import ALTERNATIVES, FEWEST_ELSEWHERE, MET_ELSEWHERE, Bound
from content.coverage import ENOUGH, held_of, traces
from content.deck import Deck, KeyPoint, Question
from content.measures import Measure, outside
from content.prose import prose


def met(points: tuple[KeyPoint, ...], markdown: str) -> list[bool]:
    """For each point whether the text meets it, and in the words of one of its alternatives."""
    found = traces(points, prose(markdown))
    return [each.in_own_words and held for each, held in zip(found, held_of(found), strict=True)]


def told(points: tuple[KeyPoint, ...], markdown: str) -> list[bool]:
    """For each point whether the text meets it, be it in words that say the same."""
    return [each.weight >= ENOUGH for each in traces(points, prose(markdown))]


def met_elsewhere(question: Question, deck: Deck) -> list[int]:
    """For each of a question's points how many answers to other questions of its deck meet it."""
    others = (other.answer for other in deck.questions if other is not question)
    counts = [0] * len(question.key_points)
    for answer in others:
        counts = [
            count + found for count, found in zip(counts, met(question.key_points, answer), strict=True)
        ]
    return counts


def point_measures(question: Question, deck: Deck) -> Iterator[tuple[int, Measure]]:
    """The line and what is outside its bound for each key point of a question."""
    own, asked = met(question.key_points, question.answer), told(question.key_points, question.prompt)
    most = Bound(0, max(FEWEST_ELSEWHERE, floor(MET_ELSEWHERE * (len(deck.questions) - 1))))
    columns = zip(question.key_points, own, asked, met_elsewhere(question, deck), strict=True)
    for point, is_met, is_told, count in columns:
        name, line = f"the point `{point.label}`", point.line or question.line
        for measure in outside(len(point.alternatives), f"alternatives of {name}", ALTERNATIVES):
            yield line, measure
        for measure in outside(count, f"answers to other questions meet {name}", most):
            yield line, measure
        if not is_met:
            yield line, (f"{name} is not met by its own answer", "is met by it")
        if is_told:
            yield line, (f"{name} is met by the prompt", "is met by the answer alone")
