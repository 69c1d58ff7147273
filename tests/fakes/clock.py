"""A clock that moves only when a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime

START = 1_767_261_600.0  # 2026-01-01 10:00 UTC


class Clock:
    """Seconds since 1970. Called, it tells the moment."""

    def __init__(self, at: float = START) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += seconds

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)
