"""The decks that come with llmq, read once for all tests of a process."""

from __future__ import annotations

import pytest

from content.reading import SHIPPED, read_decks

DECKS, FAULTS = read_decks([SHIPPED])
QUESTIONS = [question for deck in DECKS for question in deck.questions]
each_deck = pytest.mark.parametrize("deck", DECKS, ids=[deck.id for deck in DECKS])
