"""The report on decks: a line for each, and everything that lies outside its bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from content.balance import deck_measures, median_ease
from content.deck import Deck, Level, Question
from content.idle import idle
from content.likeness import near_pairs, runs
from content.measures import question_measures
from content.meeting import met_elsewhere, point_measures
from content.numbers import check_numbers, numbers_file, read_numbers
from content.prose import word_count


@dataclass(frozen=True, slots=True)
class Outlier:
    """Something countable, at a line of a file, that lies outside its bound."""

    path: Path
    line: int
    found: str
    bound: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.found}; {self.bound}"


@dataclass(frozen=True, slots=True)
class Summary:
    """A deck in numbers: its words, reading ease and alternatives are medians.

    `elsewhere`: of all pairs of a key point and the answer to another question of its deck, the share in
    which the answer meets the point. `sources`, and of these `unchecked`: how many nobody has read.
    """

    deck: str
    questions: int
    levels: tuple[int, ...]
    words: float
    ease: float
    points: float
    alternatives: float
    elsewhere: float
    sources: int
    unchecked: int


def outliers(decks: Iterable[Deck], seed: str = "") -> tuple[Outlier, ...]:
    """Everything outside its bound, deck by deck from top to end; `seed` is a text that may not be copied."""
    decks = tuple(decks)
    copied = frozenset(runs(seed))
    found = [*(each for deck in decks for each in measured(deck, copied)), *near_duplicates(decks)]
    files = {deck.path: n for n, deck in enumerate(decks)}
    in_files = sorted(found, key=lambda each: (files[each.path], each.line))
    return (*in_files, *wrong_numbers(decks))


def measured(deck: Deck, copied: frozenset[str]) -> Iterator[Outlier]:
    """What is outside in one deck by itself."""
    computed = {number.question for number in read_numbers(numbers_file(deck.path))[0]}
    for question in deck.questions:
        for found, bound in question_measures(question, question.id in computed, copied):
            yield Outlier(deck.path, question.line, f"`{question.id}`: {found}", bound)
        for line, (found, bound) in point_measures(question, deck):
            yield Outlier(deck.path, line, f"`{question.id}`: {found}", bound)
    for line, measure in deck_measures(deck):
        yield Outlier(deck.path, line, *measure)


def near_duplicates(decks: Iterable[Deck]) -> Iterator[Outlier]:
    """Prompts that ask nearly what an earlier one asks."""
    asked = [(deck, question) for deck in decks for question in deck.questions]
    for first, second in near_pairs([question.prompt for _, question in asked]):
        (other_deck, other), (deck, question) = asked[first], asked[second]
        found = f"`{question.id}`: asks nearly what `{other_deck.id}/{other.id}` asks"
        yield Outlier(deck.path, question.line, found, f"asks for more than `{other.prompt}`")


def wrong_numbers(decks: Iterable[Deck]) -> Iterator[Outlier]:
    for deck in decks:
        for fault in check_numbers(deck):
            yield Outlier(fault.path, fault.line, fault.problem, fault.fix)


def unchecked(decks: Iterable[Deck]) -> tuple[str, ...]:
    """The sources that nobody has read, and where their questions stand."""
    return tuple(
        f"{deck.path}:{question.line}: `{question.id}`: source checked: no{address}"
        for deck in decks
        for question in deck.questions
        for address in unchecked_addresses(question)
    )


def unchecked_addresses(question: Question) -> Iterator[str]:
    """How each is added to its question's line. A question may say so that names no source yet."""
    if not (question.source_checked or question.references):
        yield ""
    for reference in question.unchecked:
        yield f", {reference.url}"


def source_count(deck: Deck) -> int:
    """How many sources there are to read; one, too, where a question says that it has none yet."""
    return sum(max(len(each.references), not each.source_checked) for each in deck.questions)


def warnings(decks: Iterable[Deck]) -> tuple[str, ...]:
    """Alternatives that have no effect, or that shrink to one word: to look at, within every bound."""
    return tuple(
        f"{deck.path}:{point.line or question.line}: `{question.id}`: {warning} in the point `{point.label}`"
        for deck in decks
        for question in deck.questions
        for point in question.key_points
        for warning in idle(point)
    )


def summary(deck: Deck) -> Summary:
    points = [point for question in deck.questions for point in question.key_points]
    elsewhere = sum(count for question in deck.questions for count in met_elsewhere(question, deck))
    levels = [question.level for question in deck.questions]
    return Summary(
        deck.id,
        len(deck.questions),
        tuple(levels.count(level) for level in Level),
        median([word_count(question.answer) for question in deck.questions] or [0]),
        median_ease(deck),
        mean([len(question.key_points) for question in deck.questions] or [0]),
        median([len(point.alternatives) for point in points] or [0]),
        elsewhere / max(1, len(points) * (len(deck.questions) - 1)),
        source_count(deck),
        len(unchecked([deck])),
    )
