"""Teams that llmq was taken out of: they may come back for a while, then all that is held of them goes."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from redis.asyncio import Redis

from bot.game.schedule import from_ms, to_ms
from bot.store.keys import team_prefix
from bot.store.scanning import pages_of
from bot.store.scripts import Scripts

# What says that a team has left goes last, so that what dies in the middle begins again.
LAST = "team"


class Teams:
    """Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def is_known(self, team: str) -> bool:
        """Whether anything is held of a team."""
        async for page in pages_of(self._redis, team):
            return bool(page)
        return False

    async def leave(self, team: str, at: datetime) -> None:
        """Note that llmq was taken out of a team; the first moment counts."""
        await self._scripts.run("leave", team_prefix(team), to_ms(at))

    async def come_back(self, team: str) -> bool:
        """Go on where a team left off; whether it had left."""
        return bool(await self._redis.hdel(f"{team_prefix(team)}:{LAST}", "left"))

    async def left(self, team: str) -> datetime | None:
        """When llmq was taken out of a team, if it is not in it."""
        stored = cast(str | None, await self._redis.hget(f"{team_prefix(team)}:{LAST}", "left"))
        return from_ms(stored) if stored else None

    async def purge(self, team: str, left: datetime) -> int | None:
        """Delete all keys of a team but that which says when it left; how many, or None if it came back."""
        count = 0
        async for page in pages_of(self._redis, team):
            keys = [key for key in page if key != LAST]
            if not await self._delete(team, left, keys):
                return None
            count += len(keys)
        return count

    async def purge_last(self, team: str, left: datetime) -> None:
        """Delete what says when a team left."""
        await self._delete(team, left, [LAST])

    async def _delete(self, team: str, left: datetime, keys: list[str]) -> bool:
        return bool(await self._scripts.run("purge", team_prefix(team), to_ms(left), *keys))
