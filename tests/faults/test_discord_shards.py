"""Real `llmq run` processes side by side, shared out by no setting: one is killed, all are restarted."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from pathlib import Path

from redis.asyncio import Redis

from tests.fakes.discord import DiscordStandIn
from tests.faults.processes import Process, llmq_run
from tests.faults.test_run import PATIENCE, in_discord, served, until


async def replicas(redis: Redis, discord: DiscordStandIn, count: int) -> None:
    """Wait until so many processes share the shards."""
    key = f"llmq:{{discord:application:{discord.world.app_id}}}:replicas"

    async def are_there() -> bool:
        return int(await redis.zcard(key)) == count

    await until(are_there)


async def test_of_three_processes_one_is_connected_and_another_when_that_is_killed(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    async with DiscordStandIn(answer_limit=PATIENCE) as discord, AsyncExitStack() as stack:
        ana, channel = discord.user("ana"), discord.channel("practice")
        first = await stack.enter_async_context(llmq_run(tmp_path, redis_url, **in_discord(discord)))
        await served(discord)
        for _ in range(2):
            await stack.enter_async_context(llmq_run(tmp_path, redis_url, **in_discord(discord)))
        await replicas(redis, discord, 3)
        assert len(discord.gateway.identifies) == 1
        await ana.slash(channel, "llmq", "today")
        first.send_signal(signal.SIGKILL)
        await until(lambda: len(discord.gateway.identifies) == 2 and discord.gateway.live)
        assert (await ana.slash(channel, "llmq", "today")).failure is None
        await replicas(redis, discord, 2)
        assert len(discord.gateway.live) == 1
        assert len(discord.calls("create_response")) == 2
        assert discord.complaints == []


async def test_a_rolling_restart_answers_every_command_once(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    async with DiscordStandIn(answer_limit=PATIENCE) as discord, AsyncExitStack() as stack:
        ana, channel = discord.user("ana"), discord.channel("practice")

        async def start() -> Process:
            return await stack.enter_async_context(llmq_run(tmp_path, redis_url, **in_discord(discord)))

        running = [await start(), await start()]
        await replicas(redis, discord, 2)
        await served(discord)
        asked = asyncio.Event()

        async def ask() -> int:
            count = 0
            while not asked.is_set():
                assert (await ana.slash(channel, "llmq", "today")).failure is None
                count += 1
            return count

        asking = asyncio.create_task(ask())
        for process in running:
            process.terminate()
            assert await process.wait() == 0
            await start()
            await replicas(redis, discord, 2)
        asked.set()
        count = await asking
        assert len(discord.calls("create_response")) == count
        assert len(discord.gateway.identifies) > 1
        assert discord.complaints == []
    assert "Traceback" not in (tmp_path / "log").read_text()
