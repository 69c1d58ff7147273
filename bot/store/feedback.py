"""What members of all teams said about questions, for those who write them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast

from redis.asyncio import Redis

from bot.game.flags import Flag, read_flag


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words that a member says hold a key point in which it was not found."""

    question: str
    point: str
    text: str
    member: str = ""
    # When it was said, in milliseconds since 1970; 0 for one of an earlier version.
    at: int = 0


async def proposals(redis: Redis) -> AsyncIterator[Proposal]:
    """The proposals of all teams, team by team. May raise `redis.RedisError`."""
    async for key in redis.scan_iter(match="llmq:{*}:proposals"):
        for stored in cast(list[str], await redis.lrange(key, 0, -1)):
            yield Proposal(**json.loads(stored))


async def flags(redis: Redis) -> AsyncIterator[Flag]:
    """The flags of all teams: those that wait, then those that an admin settled."""
    async for key in redis.scan_iter(match="llmq:{*}:flags"):
        for stored in cast(list[str], await redis.hvals(key)):
            yield read_flag(stored)
    async for key in redis.scan_iter(match="llmq:{*}:settled"):
        for stored in cast(list[str], await redis.lrange(key, 0, -1)):
            yield read_flag(stored)
