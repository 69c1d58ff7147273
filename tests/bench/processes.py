"""Commands of one process and of two on one server: `python -m tests.bench.processes URL` is one of them."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field
from itertools import count
from statistics import median

from redis.asyncio import Redis

from llmq.redis.connection import connected
from tests.bench.children import Child, child, orders, say
from tests.bench.measure import Compared, in_turn, rate
from tests.bench.slack import IN_FLIGHT, slack_app

COMMANDS = 1200


async def work(url: str) -> None:
    """A whole Slack app; for each order it answers commands, and says how much of its time that took."""
    async with connected(url) as redis, slack_app(redis) as (ask, _):
        numbers = count()
        say("ready")
        async for commands in orders():
            begun = time.process_time()
            await rate(ask, IN_FLIGHT, commands, numbers)
            say(time.process_time() - begun)


@dataclass(slots=True)
class Spent:
    """Seconds of a processor that a command took in the process and in the server, in runs of one process."""

    process: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)

    def medians(self) -> tuple[float, float]:
        return median(self.process), median(self.server)

    def limit(self) -> float:
        """How many times as much two processes can do that share two processors with the server."""
        process, server = self.medians()
        return 2 * process / (process + server)

    def shown(self) -> tuple[str, ...]:
        return tuple(f"{seconds * 1_000_000:.0f} µs" for seconds in self.medians())


async def one_and_two(redis: Redis) -> tuple[Compared, Spent]:
    """Commands a second of two processes beside one, and what a command of one took."""
    url, spent = f"unix://{redis.connection_pool.connection_kwargs['path']}", Spent()
    async with child("tests.bench.processes", url) as first, child("tests.bench.processes", url) as second:

        async def one() -> float:
            before = await server_seconds(redis)
            found, (own,) = await at_once(first)
            spent.process.append(own / COMMANDS)
            spent.server.append((await server_seconds(redis) - before) / COMMANDS)
            return found

        async def two() -> float:
            return (await at_once(first, second))[0]

        return await in_turn(two, one), spent


async def at_once(*processes: Child) -> tuple[float, list[float]]:
    """Commands a second of all together, and the seconds of its own that each took."""
    begun = time.perf_counter()
    own = await asyncio.gather(*(process.does(COMMANDS) for process in processes))
    return len(processes) * COMMANDS / (time.perf_counter() - begun), own


async def server_seconds(redis: Redis) -> float:
    used = await redis.info("cpu")
    return float(used["used_cpu_sys"]) + float(used["used_cpu_user"])


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
