"""What was erased leaves the server's append-only file, too."""

from __future__ import annotations

from redis.asyncio import Redis

from bot.store.store import Store


async def rewrites(redis: Redis) -> int:
    counted = (await redis.info("commandstats")).get("cmdstat_bgrewriteaof", {})
    return int(counted.get("calls", 0))


async def test_the_file_is_written_anew_once_in_some_days_whichever_process_asks(redis: Redis) -> None:
    before = await rewrites(redis)
    for _ in range(3):
        await Store(redis).rewrite_file()
    assert await rewrites(redis) == before + 1
    assert 0 < await redis.pttl("llmq:{rewritten}") <= 6 * 24 * 3_600_000
