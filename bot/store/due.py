"""The due queue: which channels are to be looked at, and when; a claim is a lease."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import cast
from zlib import crc32

from redis.asyncio import Redis

from bot.game.schedule import from_ms, milliseconds, to_ms
from bot.requests import Channel
from bot.store.keys import channel_of, due_keys, due_member, due_slot
from bot.store.records import Claim
from bot.store.scanning import SCANNED, literally
from bot.store.scripts import Scripts

# A week lies between two questions at most; what is planned further ahead than this is looked at once more.
FAR_AHEAD = timedelta(days=8)
# Longer than a claim: one that is being worked on keeps its moment.
LOOK_IN = timedelta(minutes=2)


class DueQueue:
    """A sorted set of channels by their next moments, in slots for each platform."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def enqueue(self, channel: Channel, moment: datetime) -> None:
        """Look at a channel at a moment, or before if that is planned."""
        await self._scripts.run("enqueue", due_slot(channel), due_member(channel), to_ms(moment))

    async def claim(
        self, platforms: Iterable[str], now: datetime, lease: datetime, limit: int
    ) -> list[Claim]:
        """Take what is due on some platforms, `limit` from each slot, and hold it until `lease`."""
        args = (to_ms(now), to_ms(lease), limit)
        found = await asyncio.gather(*(self._scripts.run("claim", key, *args) for key in due_keys(platforms)))
        pairs = ((due[n], due[n + 1]) for due in cast(list[list[str]], found) for n in range(0, len(due), 2))
        return [Claim(channel_of(member), lease, from_ms(moment)) for member, moment in pairs]

    async def finish(self, claim: Claim, moment: datetime | None) -> None:
        """Give a claim back with the channel's next moment, or for good."""
        key, member = due_slot(claim.channel), due_member(claim.channel)
        await self._scripts.run("finish", key, member, to_ms(claim.lease), to_ms(moment) if moment else "")

    async def retry(self, claim: Claim, now: datetime, first: timedelta, longest: timedelta) -> None:
        """Give a claim back after a failure, to be taken up again later and later, up to the longest wait."""
        # Channels that failed together do not come back together.
        spread = 0.75 + crc32(due_member(claim.channel).encode()) % 100 / 200
        waits = (milliseconds(wait * spread) for wait in (first, longest))
        key, member = due_slot(claim.channel), due_member(claim.channel)
        await self._scripts.run("retry", key, member, to_ms(claim.lease), to_ms(now), *waits)

    async def bring_near(self, platforms: Iterable[str], now: datetime) -> None:
        """Look soon at what lies far ahead: a clock that was wrong may have planned it.

        Whoever looks then plans it anew, by a clock that is right.
        """
        for key in due_keys(platforms):
            far = await self._redis.zrangebyscore(key, to_ms(now + FAR_AHEAD), "+inf", 0, SCANNED)
            if far:
                soon = {cast(str, member): to_ms(now + LOOK_IN) for member in far}
                await self._redis.zadd(key, soon, xx=True, lt=True)

    async def drop(self, team: str, but: str = "") -> None:
        """Look at nothing of a team any more, but for one turn."""
        platform = team.partition(":")[0]
        for key in due_keys([platform]):
            async for found, _ in self._redis.zscan_iter(key, match=f"{literally(team)} *", count=SCANNED):
                member = cast(str, found)
                if member == but:
                    continue
                for beside in ("held", "hurried", "failed"):
                    await self._redis.hdel(f"{key}:{beside}", member)
                # By this it is found, so it goes last.
                await self._redis.zrem(key, member)

    async def next_due(self, platforms: Iterable[str]) -> datetime | None:
        """The earliest moment in the due queue of some platforms."""
        pipeline = self._redis.pipeline(transaction=False)
        for key in due_keys(platforms):
            pipeline.zrange(key, 0, 0, withscores=True)
        moments = [cast(float, entry[0][1]) for entry in await pipeline.execute() if entry]
        return from_ms(min(moments)) if moments else None
