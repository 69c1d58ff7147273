"""Many channels at once, and a process that is told to stop while it works on some."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import time, timedelta

from redis.asyncio import Redis

from bot.game.schedule import EVERY_DAY, Schedule
from bot.messages import Message
from bot.requests import Channel
from scheduler.clockwork import MOST_TURNS, Clockwork
from tests.dialogue import Dialogue, Recorder

MANY = 3 * MOST_TURNS


@dataclass
class Slow(Recorder):
    """A platform that answers when it is told to; how many calls it had at once at most."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0
    most: int = 0

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        self.came.set()
        await self.go_on.wait()
        self.waiting -= 1
        return await super().post(channel, message, key)

    async def has_waiting(self, count: int) -> None:
        while self.waiting < count:
            self.came.clear()
            await self.came.wait()


async def due_at_once(redis: Redis, platform: Recorder, count: int) -> Dialogue:
    """So many channels whose question is due now."""
    d = Dialogue(redis, platform=platform)
    schedule = Schedule(time(9), EVERY_DAY, "UTC")
    for n in range(count):
        channel = Channel(f"console:t{n}", "practice")
        await d.store.save_schedule(channel, await d.store.channel(channel), schedule, d.now)
        await d.store.due.enqueue(channel, d.now + timedelta(hours=1))
    d.now += timedelta(hours=1)
    return d


async def test_of_many_channels_a_bounded_number_is_worked_on_at_once(redis: Redis) -> None:
    platform = Slow()
    d = await due_at_once(redis, platform, MANY)
    working = asyncio.create_task(d.clockwork.work())
    await platform.has_waiting(MOST_TURNS // 2)
    platform.go_on.set()
    await working
    assert len({post.channel for post in platform.posts}) == len(platform.posts) == MANY
    assert MOST_TURNS // 2 <= platform.most <= MOST_TURNS + 8


async def test_replicas_share_what_is_due(redis: Redis) -> None:
    d = await due_at_once(redis, Recorder(), MANY)
    others = [Clockwork(d.store, d.catalogue, {"console": d.platform}, d.clock) for _ in range(2)]
    await asyncio.gather(*(one.work() for one in (d.clockwork, *others)))
    assert len({post.channel for post in d.platform.posts}) == len(d.platform.posts) == MANY


async def test_what_was_begun_ends_before_the_process_does(redis: Redis) -> None:
    platform = Slow()
    d = await due_at_once(redis, platform, 1)
    await d.clockwork.begin()
    await platform.has_waiting(1)
    stopping = asyncio.create_task(d.clockwork.stop(timedelta(seconds=60)))
    platform.go_on.set()
    await stopping
    assert len(platform.posts) == 1
    assert (await d.store.channel(Channel("console:t0", "practice"))).round is not None


async def test_what_takes_too_long_is_handed_to_another_replica_at_once(redis: Redis) -> None:
    platform = Slow()
    d = await due_at_once(redis, platform, 3)
    await d.clockwork.begin()
    await platform.has_waiting(3)
    await d.clockwork.stop(timedelta())
    platform.go_on.set()
    other = Clockwork(d.store, d.catalogue, {"console": platform}, d.clock)
    # The clock has not moved, so no lease has run out.
    await other.work()
    assert len({post.channel for post in platform.posts}) == len(platform.posts) == 3
