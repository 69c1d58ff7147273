"""The answers by which the matcher is measured fit the decks as they are, and it finds as much as it did."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from content.reading import SHIPPED
from tests.content.shipped import DECKS
from tests.quality.__main__ import ANSWERS, Tally, marked_in, measured, sum_of

FILES = sorted(ANSWERS.glob("*.toml"))
# `make quality` prints what is measured; these lie two hundredths below it, or above it for wrong hits.
LEAST_RECALL, LEAST_PRECISION, MOST_WRONG = 0.78, 0.85, 0.18
# The decks differ: the worst of them.
LEAST_RECALL_OF_A_DECK, LEAST_PRECISION_OF_A_DECK, MOST_WRONG_OF_A_DECK = 0.70, 0.78, 0.34
LEAST_RECALL_OF_RIGHT, LEAST_RECALL_OF_PARAPHRASED = 0.91, 0.66


@cache
def tallies() -> tuple[dict[str, Tally], dict[str, Tally]]:
    return measured(ANSWERS, SHIPPED)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_marks_name_questions_and_key_points_of_the_deck(path: Path) -> None:
    (deck,) = (deck for deck in DECKS if deck.id == path.stem)
    labels = {question.id: {point.label for point in question.key_points} for question in deck.questions}
    stray = [
        (one.question, label)
        for one in marked_in(path)
        for label in one.points - labels.get(one.question, set())
    ]
    assert not stray
    assert {one.question for one in marked_in(path)} <= labels.keys()


def test_every_deck_has_answers_that_its_alternatives_were_not_tuned_to() -> None:
    held_out = {path.stem for path in FILES if any(one.held_out for one in marked_in(path))}
    assert held_out == {deck.id for deck in DECKS}


def test_most_of_what_held_out_answers_state_is_found_and_little_else() -> None:
    total = sum_of(tallies()[1].values())
    assert (total.recall or 0) >= LEAST_RECALL
    assert (total.precision or 0) >= LEAST_PRECISION
    assert (total.wrong or 0) <= MOST_WRONG


def test_no_deck_finds_much_less_or_much_more_wrongly_than_the_others() -> None:
    by_deck = tallies()[1].items()
    poor = {
        name: one
        for name, one in by_deck
        if (one.recall or 0) < LEAST_RECALL_OF_A_DECK
        or (one.precision or 0) < LEAST_PRECISION_OF_A_DECK
        or (one.wrong or 0) > MOST_WRONG_OF_A_DECK
    }
    assert poor == {}


def test_textbook_words_are_found_nearly_always_and_plain_ones_mostly() -> None:
    by_kind = tallies()[0]
    assert (by_kind["right, held out"].recall or 0) >= LEAST_RECALL_OF_RIGHT
    assert (by_kind["paraphrased, held out"].recall or 0) >= LEAST_RECALL_OF_PARAPHRASED


def test_an_answer_to_another_question_meets_nothing() -> None:
    assert tallies()[0]["off-topic, held out"].false == 0
