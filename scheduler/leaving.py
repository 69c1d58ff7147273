"""A team's turn: once llmq was taken out of it for long enough, all that is held of it goes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Leaving:
    """Works in a team's turn; what dies in the middle begins again."""

    store: Store
    clock: Callable[[], datetime]
    purge_after: timedelta

    async def advance(self, team: str) -> datetime | None:
        """Delete what is held of a team whose time is over; else the moment at which it will be."""
        left = await self.store.teams.left(team)
        if left is None:
            return None
        if self.clock() < left + self.purge_after:
            return left + self.purge_after
        count = await self.store.forget(team)
        log.warning("all of %s is deleted, %d keys: llmq was taken out of it on %s", team, count, left.date())
        return None
