"""A hundred thousand requests of anybody: no error, no spoiler, no other team's key."""

from __future__ import annotations

import os

from redis.asyncio import Redis

from tests.faults.cases import ALL
from tests.faults.fuzz import world

SEED = int(os.environ.get("FUZZ_SEED", "1"))
HANDLED = int(os.environ.get("FUZZ_N", 80_000 if ALL else 400))


async def test_whatever_anybody_does_nothing_breaks_and_nothing_is_given_away(
    redis: Redis, redis_url: str
) -> None:
    async with world(redis, redis_url, SEED) as one:
        await one.go_on(HANDLED)
