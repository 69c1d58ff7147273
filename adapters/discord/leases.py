"""What all processes of a Discord application agree on in Redis: shards, reserved moments, known commands.

Every key starts with `llmq:{discord:application:<id>}`; the scripts beside this file name the rest.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import cast

from redis.asyncio import Redis

from bot.game.schedule import milliseconds, to_ms
from bot.store.scripts import Argument, Scripts

FOLDER = files("adapters.discord") / "lua"


@dataclass(frozen=True, slots=True)
class Shares:
    """How a Discord application's shards are shared out, as one replica has to know it.

    `elsewhere` are those that another replica is to serve, and serves.
    """

    count: int
    replicas: int
    ours: frozenset[int]
    elsewhere: frozenset[int]


class Leases:
    """The agreements of one application."""

    def __init__(self, redis: Redis, application: str) -> None:
        self._redis, self._scripts = redis, Scripts(redis, FOLDER)
        self._key = f"llmq:{{discord:application:{application}}}"

    async def share(
        self, replica: str, now: datetime, lease: timedelta, count: int, served: Iterable[int] = ()
    ) -> Shares:
        """Say that a replica is there and which shards it serves; without a lease, that it leaves."""
        args: tuple[Argument, ...] = (replica, to_ms(now), milliseconds(lease), count, *served)
        read = json.loads(await self._scripts.run("share", self._key, *args))
        ours, elsewhere = frozenset(read["ours"]), frozenset(read["elsewhere"])
        return Shares(read["count"], read["replicas"], ours, elsewhere)

    async def is_first(self, replica: str, shard: int, event: str, kept: timedelta) -> bool:
        """Whether a replica is to handle an event that another may have had too."""
        args = (replica, shard, event, milliseconds(kept))
        return bool(await self._scripts.run("first", self._key, *args))

    async def reserve(self, bucket: str, now: datetime, gap: timedelta) -> timedelta:
        """Reserve the next free moment, and keep the gap after it free; how long to wait for it."""
        args = (bucket, to_ms(now), milliseconds(gap))
        return timedelta(milliseconds=await self._scripts.run("reserve", self._key, *args))

    async def known_commands(self) -> dict[str, str]:
        """The digests of the commands that Discord has, by the server where, or everywhere."""
        return cast(dict[str, str], await self._redis.hgetall(f"{self._key}:commands"))

    async def save_known_commands(self, where: str, digest: str) -> None:
        """Keep the digest of the commands that Discord has."""
        await self._redis.hset(f"{self._key}:commands", where, digest)
