"""Replicas that die at random: `python -m tests.faults.replicas URL COUNT LIVES`.

Each is a real process with the real clockwork. They share a clock and channels that outlive them, both in
Redis under names that llmq does not use. About once in LIVES calls of the store or the channel a replica ends
as by kill -9, before the call or after it, and is started again.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, cast

from redis.asyncio import Redis

from bot.game.schedule import from_ms
from bot.messages import Message
from bot.requests import Channel
from bot.store.store import Store
from llmq.redis.connection import connected
from scheduler.clockwork import Clockwork
from tests.dialogue import Dialogue, ten_questions
from tests.faults.bare import Bare

CLOCK, IDLE, DEATHS = "quarter:clock", "quarter:idle", "quarter:deaths"
# The clocks of the first replica, the second and so on are so far apart.
SKEWS = (timedelta(), timedelta(seconds=4), timedelta(seconds=-7))
STORE_STEPS = (
    "begin",
    "posted",
    "reveal",
    "answers_posted",
    "reveal_posted",
    "late_posted",
    "close",
    "lapse",
)
DUE_STEPS = ("claim", "finish")
GLANCE_SECONDS = 0.002


class SharedChannels(Bare):
    """A platform whose channels are lists in Redis: what was put there, and when."""

    def __init__(self, redis: Redis, clock: Callable[[], datetime]) -> None:
        self._redis, self._clock = redis, clock

    async def _put(self, channel: Channel, kind: str, key: str, message: Message) -> None:
        line = {"kind": kind, "key": key, "text": Dialogue.text(message), "at": self._clock().isoformat()}
        await self._redis.rpush(channel_key(channel), json.dumps(line))

    async def lines(self, channel: Channel) -> list[dict[str, str]]:
        return [json.loads(line) for line in await self._redis.lrange(channel_key(channel), 0, -1)]

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        await self._put(channel, "post", key, message)
        return key

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        if not await self.find(channel, key):
            await self._put(channel, "reply", key, message)
        return key

    async def find(self, channel: Channel, key: str) -> str | None:
        return next((line["key"] for line in await self.lines(channel) if line["key"] == key), None)


def channel_key(channel: Channel) -> str:
    return f"quarter:channel:{channel.team}:{channel.id}"


class Mortal:
    """Ends the process at some of the steps."""

    def __init__(self, redis: Redis, lives: int) -> None:
        self._redis, self._lives, self._rng = redis, lives, random.Random(os.urandom(8))

    async def step(self) -> None:
        if self._rng.randrange(self._lives) == 0:
            await self._redis.incr(DEATHS)
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def stepped(*args: Any, **kwargs: Any) -> Any:
            await self.step()
            result = await call(*args, **kwargs)
            await self.step()
            return result

        return stepped

    def guard(self, owner: object, names: tuple[str, ...]) -> None:
        """Make these calls of a store or a platform steps."""
        for name in names:
            setattr(owner, name, self.around(getattr(owner, name)))


async def serve(url: str, number: int, lives: int) -> None:
    """Do what is due, and say so each time the clock has moved and nothing more is."""
    now = from_ms(0)
    async with connected(url) as redis:
        mortal, store = Mortal(redis, lives), Store(redis)
        platform = SharedChannels(redis, lambda: now)
        mortal.guard(store, STORE_STEPS)
        mortal.guard(store.due, DUE_STEPS)
        mortal.guard(platform, ("post", "edit", "reply"))
        clockwork = Clockwork(store, ten_questions(), {"console": platform}, lambda: now)
        seen = ""
        while True:
            clock = cast(str, await redis.get(CLOCK))
            if clock == seen:
                await asyncio.sleep(GLANCE_SECONDS)
                continue
            now = from_ms(clock.partition(" ")[0]) + SKEWS[number % len(SKEWS)]
            await clockwork.work()
            await redis.hset(IDLE, str(number), clock)
            seen = clock


def start(url: str, number: int, lives: int) -> int:
    """A replica as a child of this process, which has everything imported already."""
    child = os.fork()
    if child == 0:
        asyncio.run(serve(url, number, lives))
    return child


def main(url: str, count: int, lives: int) -> None:
    """Keep so many replicas running."""
    replicas = {start(url, number, lives): number for number in range(count)}
    while True:
        dead, status = os.wait()
        if not os.WIFSIGNALED(status):
            sys.exit("a replica ended by itself")
        number = replicas.pop(dead)
        replicas[start(url, number, lives)] = number


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
