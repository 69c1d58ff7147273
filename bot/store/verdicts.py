"""What a judge found, kept so that a card stays as its reader saw it, and how often it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import cast

from pydantic import TypeAdapter
from redis.asyncio import Redis

KEPT = timedelta(days=1)
SPANS = TypeAdapter(list[tuple[int, int] | None])


class Verdicts:
    """Every method may raise `redis.RedisError`. No word of an answer is kept here, only where it stood."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def kept(self, key: str) -> list[tuple[int, int] | None] | None:
        """Where an answer holds each key point; None when that was not asked lately."""
        stored = cast(str | None, await self._redis.get(f"llmq:{{judge}}:{key}"))
        return SPANS.validate_json(stored) if stored else None

    async def keep(self, key: str, spans: Sequence[tuple[int, int] | None]) -> None:
        await self._redis.set(f"llmq:{{judge}}:{key}", SPANS.dump_json(list(spans)), ex=KEPT)

    async def spend(self, day: date, budget: int) -> bool:
        """Count a question to the judge; False when the day's are used up."""
        key = f"llmq:{{judge}}:{day}"
        async with self._redis.pipeline(transaction=True) as pipeline:
            pipeline.incr(key)
            pipeline.expire(key, 2 * KEPT)
            spent, _ = cast(tuple[int, bool], await pipeline.execute())
        return spent <= budget
