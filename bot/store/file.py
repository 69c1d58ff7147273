"""The server's append-only file, which keeps what was erased until it is written anew."""

from __future__ import annotations

import logging
from datetime import timedelta

from redis import RedisError
from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster

from bot.game.schedule import milliseconds

log = logging.getLogger(__name__)

REWRITTEN = "llmq:{rewritten}"
EVERY = timedelta(days=6)


async def rewrite(redis: Redis) -> None:
    """Have the file written anew if that was not asked for within six days, by whichever process.

    A server may not let us; that is logged, and asked again in six days.
    """
    try:
        if await redis.set(REWRITTEN, "1", nx=True, px=milliseconds(EVERY)):
            await ask(redis)
    except RedisError as refused:
        log.info("the append-only file is not rewritten: %s", refused)


async def ask(redis: Redis) -> None:
    if isinstance(redis, RedisCluster):
        await redis.execute_command("BGREWRITEAOF", target_nodes=RedisCluster.ALL_NODES)
    else:
        await redis.bgrewriteaof()
