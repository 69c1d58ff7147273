"""What a recap needs of a channel's week: its questions, and who took part."""

from __future__ import annotations

from datetime import date
from typing import cast

from redis.asyncio import Redis

from bot.game.recap import Asked
from bot.game.schedule import to_day
from bot.requests import Channel
from bot.store.keys import team_prefix
from bot.store.scripts import Scripts

ANY_SCHEDULE = "*"


class Weeks:
    """Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def asked(self, channel: Channel, first: date, last: date) -> tuple[list[Asked], set[str]]:
        """The revealed questions of some days, and the members who answered any of those days' questions."""
        prefix = team_prefix(channel.team)
        span = (to_day(first), to_day(last))
        days = cast(list[str], await self._redis.zrangebyscore(f"{prefix}:days:{channel.id}", *span))
        pipeline = self._redis.pipeline(transaction=False)
        for day in days:
            pipeline.hmget(f"{prefix}:round:{channel.id}:{day}", ["state", "prompt", "covered"])
            pipeline.hkeys(f"{prefix}:answers:{channel.id}:{day}")
        found = await pipeline.execute() if days else []
        rounds, members = cast(list[list[str | None]], found[::2]), cast(list[list[str]], found[1::2])
        asked = [
            Asked(prompt, float(covered) if covered else None)
            for state, prompt, covered in rounds
            if prompt and state in ("revealed", "closed")
        ]
        return asked, {member for some in members for member in some}

    async def told(self, channel: Channel, day: date) -> None:
        """Record that the recap of a date stands in the channel, or that there was nothing to tell."""
        args = (channel.id, "", ANY_SCHEDULE, "recapped", to_day(day))
        await self._scripts.run("configure", team_prefix(channel.team), *args)
