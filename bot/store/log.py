"""What admins did in a channel, as many acts as the rules keep."""

from __future__ import annotations

from typing import cast

from redis.asyncio import Redis

from bot.game.acts import AdminAct, read_act, write_act
from bot.game.rules import MOST_ACTS
from bot.requests import Channel
from bot.store.keys import team_prefix
from bot.store.scripts import Scripts


class AdminLog:
    """Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def add(self, channel: Channel, act: AdminAct) -> None:
        """Note an act, once for its request."""
        args = (channel.id, act.id, write_act(act), MOST_ACTS)
        await self._scripts.run("add_log", team_prefix(channel.team), *args)

    async def of(self, channel: Channel) -> list[AdminAct]:
        """The acts in a channel, the newest first."""
        name = f"{team_prefix(channel.team)}:log:{channel.id}"
        return [read_act(stored) for stored in cast(list[str], await self._redis.lrange(name, 0, -1))]
