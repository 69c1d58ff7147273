"""What a process of `llmq run` has read before it is forked: the questions that llmq brings, once for all."""

from __future__ import annotations

from llmq.building import decks_of
from llmq.settings import Settings

DECKS = decks_of(Settings.model_validate({}))
