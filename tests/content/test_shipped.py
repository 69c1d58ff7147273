"""The decks that come with llmq, and those that its guide shows: free of faults, and as full as promised."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from content.checking import check_deck, check_decks
from content.deck import Question
from content.outline import MARKDOWN
from content.reading import SHIPPED, parse_deck, read_decks

GUIDE = SHIPPED.parent.parent / "docs" / "decks.md"
EXAMPLES = [token.content for token in MARKDOWN.parse(GUIDE.read_text("utf-8")) if token.type == "fence"]
FILES = sorted(SHIPPED.glob("*.md"))
QUESTIONS = [
    pytest.param(question, id=f"{deck.id}/{question.id}")
    for deck in read_decks(FILES)[0]
    for question in deck.questions
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_deck_has_no_fault(path: Path) -> None:
    assert [str(fault) for fault in check_decks([path], date(2026, 11, 23))] == []


def test_the_first_deck_has_the_23_questions() -> None:
    decks, _ = read_decks([SHIPPED / "llm-fundamentals.md"])
    assert [len(deck.questions) for deck in decks] == [23]
    assert all(deck.licence for deck in decks)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_shipped_question_is_complete(question: Question) -> None:
    assert question.has_own_id
    assert question.topic != "general"
    assert 3 <= len(question.key_points) <= 5
    assert all(len(point.alternatives) >= 2 for point in question.key_points)
    assert question.references


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_shipped_answer_is_short_enough_to_read_and_long_enough_to_teach(question: Question) -> None:
    assert 80 <= len(question.answer.split()) <= 140


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_guides_examples_have_no_fault(example: str) -> None:
    deck, faults = parse_deck(example, Path("example.md"))
    assert [str(fault) for fault in (*faults, *check_deck(deck))] == []
