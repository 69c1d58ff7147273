"""The heartbeat: when each platform was served by any process, and when by none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from redis.asyncio import Redis

from bot.game.schedule import from_ms, milliseconds, to_ms
from bot.store.scripts import Scripts

# A process whose clock is further off than this takes no rounds.
MOST_SKEW = timedelta(minutes=1)
SHORTEST_GAP = timedelta(minutes=5)
REMEMBERED = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Gap:
    """A span in which nobody served a platform."""

    start: datetime
    end: datetime

    def within(self, start: datetime, end: datetime) -> timedelta:
        """How much of it lies in another span."""
        return max(min(self.end, end) - max(self.start, start), timedelta())


def beat_key(platform: str) -> str:
    return f"llmq:{{beat:{platform}}}"


class Heartbeat:
    """Written by every process that serves, read when a round closes."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def beat(self, platforms: Iterable[str], now: datetime) -> None:
        """Say that this process serves some platforms at this moment."""
        spans = (milliseconds(SHORTEST_GAP), milliseconds(REMEMBERED))
        beats = (self._scripts.run("beat", beat_key(name), to_ms(now), *spans) for name in platforms)
        await asyncio.gather(*beats)

    async def skew(self, now: datetime) -> timedelta:
        """How far this process's clock is ahead of the server's."""
        seconds, microseconds = await self._redis.time()
        return now - from_ms(seconds * 1000 + microseconds / 1000)

    async def gaps(self, platform: str, since: datetime, now: datetime) -> list[Gap]:
        """The spans that ended after a moment, one that ends now too: a process may look before it beats."""
        name, pipeline = beat_key(platform), self._redis.pipeline(transaction=True)
        pipeline.get(name)
        pipeline.zrangebyscore(f"{name}:gaps", to_ms(since), "+inf")
        last, found = await pipeline.execute()
        pairs = (cast(str, one).split() for one in found)
        gaps = [Gap(from_ms(start), from_ms(end)) for start, end in pairs]
        if last and now - from_ms(last) >= SHORTEST_GAP:
            gaps.append(Gap(from_ms(last), now))
        return gaps


def answerable(start: datetime, end: datetime, gaps: Iterable[Gap]) -> timedelta:
    """For how long of a span somebody served."""
    return (end - start) - sum((gap.within(start, end) for gap in gaps), timedelta())
