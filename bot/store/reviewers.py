"""The members whom a team's admins let settle suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from redis.asyncio import Redis

from bot.game.schedule import to_ms
from bot.requests import Member
from bot.store.keys import team_prefix
from bot.store.scripts import Scripts


class Reviewers:
    """Every method may raise `redis.RedisError`; every write is safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts) -> None:
        self._redis, self._scripts = redis, scripts

    async def name(self, team: str, members: Sequence[Member], at: datetime, request: str = "") -> bool:
        """Let these settle suggestions, and no others; False when a newer word stands."""
        named = (word for one in members for word in (one.id, one.name))
        return bool(await self._scripts.run("name_reviewers", team_prefix(team), to_ms(at), request, *named))

    async def of(self, team: str) -> list[Member]:
        """Who may settle suggestions, in the order of their names."""
        named = cast(dict[str, str], await self._redis.hgetall(f"{team_prefix(team)}:reviewers"))
        return sorted((Member(*one) for one in named.items()), key=lambda member: (member.name, member.id))

    async def has(self, team: str, member: str) -> bool:
        """Whether a member may settle suggestions."""
        return bool(await self._redis.hexists(f"{team_prefix(team)}:reviewers", member))
