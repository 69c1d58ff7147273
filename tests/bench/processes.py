"""Commands of one process and of two on one server: `python -m tests.bench.processes URL` is one of them."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from llmq.redis.connection import connected
from tests.bench.measure import Compared, in_turn, rate
from tests.bench.slack import IN_FLIGHT, slack_app

COMMANDS = 1200


async def work(url: str) -> None:
    """A whole Slack app; for each line that comes in, it answers its commands and says so."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    async with connected(url) as redis, slack_app(redis) as (ask, _):
        numbers = count()
        print("ready", flush=True)
        while await reader.readline():
            await rate(ask, IN_FLIGHT, COMMANDS, numbers)
            print("done", flush=True)


@asynccontextmanager
async def process(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    pipe = asyncio.subprocess.PIPE
    words = (sys.executable, "-m", "tests.bench.processes", url)
    one = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe)
    try:
        await heard(one)
        yield one
    finally:
        one.kill()
        await one.wait()


async def heard(one: asyncio.subprocess.Process) -> None:
    assert one.stdout
    if not await one.stdout.readline():
        raise RuntimeError("a process of the benchmark ended by itself")


async def one_and_two(url: str) -> Compared:
    """Commands a second of two processes beside one."""
    async with process(url) as first, process(url) as second:

        async def all_of(*processes: asyncio.subprocess.Process) -> float:
            begun = time.perf_counter()
            for one in processes:
                assert one.stdin
                one.stdin.write(b"go\n")
            await asyncio.gather(*(heard(one) for one in processes))
            return len(processes) * COMMANDS / (time.perf_counter() - begun)

        return await in_turn(lambda: all_of(first, second), lambda: all_of(first))


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))
