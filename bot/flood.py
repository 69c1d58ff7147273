"""What anybody may send in any number: a line of the log a minute, with how many there were."""

from __future__ import annotations

import logging

# How often a flood is worth a line.
SAY_EVERY_SECONDS = 60.0


class Flood:
    """Counts, and says `words` with the count: at the first one, then a minute after the last line."""

    def __init__(self, log: logging.Logger, words: str) -> None:
        self._log, self._words = log, words
        self._count, self._said = 0, float("-inf")

    def add(self, now: float) -> None:
        """Count one that comes at a moment in seconds."""
        self._count += 1
        if not 0 <= now - self._said < SAY_EVERY_SECONDS:
            self._log.warning(self._words, self._count)
            self._count, self._said = 0, now
