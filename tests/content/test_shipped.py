"""The decks that come with llmq, and those that its guide shows: free of faults, and as full as promised."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from content.checking import check_deck, reviews_due, shared_questions
from content.deck import Deck
from content.outline import MARKDOWN
from content.reading import SHIPPED, parse_deck
from content.reporting import measured, near_duplicates, unchecked, wrong_numbers
from tests.content.shipped import DECKS, FAULTS, QUESTIONS, each_deck

GUIDE = SHIPPED.parent.parent / "docs" / "decks.md"
EXAMPLES = [token.content for token in MARKDOWN.parse(GUIDE.read_text("utf-8")) if token.info == "markdown"]
# The day on which the decks were written: reviews that fall due later are no fault of the code.
WRITTEN = date(2026, 11, 24)
YEAR = 260
# Only ever lower.
MOST_UNCHECKED = 2


def test_there_is_a_question_for_each_weekday_of_a_year() -> None:
    assert len(QUESTIONS) >= YEAR
    assert all(deck.licence == "MIT" for deck in DECKS)


def test_every_shipped_file_can_be_read() -> None:
    assert FAULTS == ()


@each_deck
def test_a_shipped_deck_has_no_fault(deck: Deck) -> None:
    assert [str(fault) for fault in (*check_deck(deck), *reviews_due([deck], WRITTEN))] == []


@each_deck
def test_a_shipped_deck_lies_within_every_bound(deck: Deck) -> None:
    assert [str(outlier) for outlier in measured(deck, frozenset())] == []


def test_no_two_shipped_questions_ask_the_same_and_each_number_is_right() -> None:
    assert [str(found) for found in (*shared_questions(DECKS), *near_duplicates(DECKS))] == []
    assert [str(found) for found in wrong_numbers(DECKS)] == []


@each_deck
def test_a_shipped_question_has_its_own_id_a_topic_and_a_source(deck: Deck) -> None:
    for question in deck.questions:
        assert question.has_own_id, question.id
        assert question.topic != "general", question.id
        assert question.references, question.id


def test_hardly_a_shipped_source_is_left_that_nobody_has_read() -> None:
    assert len(unchecked(DECKS)) <= MOST_UNCHECKED


@each_deck
def test_a_shipped_deck_asks_for_own_experience_once_at_most(deck: Deck) -> None:
    assert sum(question.own_experience for question in deck.questions) <= 1


@each_deck
def test_a_shipped_deck_has_few_topics(deck: Deck) -> None:
    assert 3 <= len({question.topic for question in deck.questions}) <= 6


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_guides_examples_have_no_fault(example: str) -> None:
    deck, faults = parse_deck(example, Path("example.md"))
    assert [str(fault) for fault in (*faults, *check_deck(deck))] == []
