"""The members whom a team's admins name: for something that only admins may do otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, cast

from redis.asyncio import Redis

from bot.game.schedule import to_ms
from bot.requests import Member
from bot.store.keys import team_prefix
from bot.store.scripts import Scripts

Named = Literal["admins", "reviewers"]


class NamedMembers:
    """Those named for one thing. Every method may raise `redis.RedisError`; a write is safe to run twice."""

    def __init__(self, redis: Redis, scripts: Scripts, named: Named) -> None:
        self._redis, self._scripts, self._named = redis, scripts, named

    async def name(self, team: str, members: Sequence[Member], at: datetime, request: str = "") -> bool:
        """Name these, and no others; False when a newer word stands."""
        words = (word for one in members for word in (one.id, one.name))
        args = (self._named, to_ms(at), request, *words)
        return bool(await self._scripts.run("name_members", team_prefix(team), *args))

    async def of(self, team: str) -> list[Member]:
        """Who is named, in the order of their names."""
        named = cast(dict[str, str], await self._redis.hgetall(self._key(team)))
        return sorted((Member(*one) for one in named.items()), key=lambda member: (member.name, member.id))

    async def has(self, team: str, member: str) -> bool:
        """Whether a member is named."""
        return bool(await self._redis.hexists(self._key(team), member))

    def _key(self, team: str) -> str:
        return f"{team_prefix(team)}:{self._named}"
