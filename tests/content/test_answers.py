"""The answers by which the matcher is measured fit the decks as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.reading import SHIPPED, read_deck
from tests.quality.__main__ import ANSWERS, marked_in

FILES = sorted(ANSWERS.glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_marks_name_questions_and_key_points_of_the_deck(path: Path) -> None:
    deck, _ = read_deck(SHIPPED / f"{path.stem}.md")
    assert deck
    labels = {question.id: {point.label for point in question.key_points} for question in deck.questions}
    stray = [(one.question, label) for one in marked_in(path) for label in one.points - labels[one.question]]
    assert not stray
