"""A Slack in a process of its own, whose cost is not ours: `python -m tests.bench.stand_in CHANNELS`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.fakes.slack import SlackStandIn


@dataclass(frozen=True, slots=True)
class Address:
    """Where the stand-in is, and the channels that it has."""

    api_url: str
    token: str
    channels: list[str]


async def serve(count: int) -> None:
    async with SlackStandIn() as slack:
        channels = [slack.channel(f"c{n}").id for n in range(count)]
        print(json.dumps([slack.api_url, slack.bot_token, channels]), flush=True)
        await asyncio.Event().wait()


@asynccontextmanager
async def stand_in(channels: int) -> AsyncIterator[Address]:
    """A stand-in with so many channels that runs while the context lasts."""
    words = (sys.executable, "-m", "tests.bench.stand_in", str(channels))
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE, limit=1 << 24)
    assert process.stdout
    try:
        yield Address(*json.loads(await process.stdout.readline()))
    finally:
        process.kill()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
