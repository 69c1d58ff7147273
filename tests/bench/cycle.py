"""The day's cycle: an idle look at the due queue, and posts beside bare ones."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import time as wall_time
from datetime import timedelta
from itertools import count

from redis.asyncio import Redis

from adapters.slack.blocks import parts_of
from adapters.slack.platform import SlackPlatform
from adapters.slack.serve import client_of
from bot.game.posts import question_message
from bot.game.schedule import EVERY_DAY, Schedule, to_day
from bot.requests import Channel
from bot.store.store import Store
from scheduler.clockwork import MOST_TURNS, Clockwork
from tests.bench.boards import used
from tests.bench.measure import Compared, Work, compare, in_turn, rate
from tests.bench.stand_ins import Slack, slack
from tests.dialogue import START, Recorder, ten_questions

SCHEDULE = Schedule(wall_time(9), EVERY_DAY, "UTC")
FEW, MANY, AT_ONCE = 1_000, 100_000, 256
LOOKS, POSTS = 300, 256


async def schedule_all(store: Store, channels: Iterable[Channel], due_in: timedelta) -> None:
    """Give each channel a schedule with an order of its own, and a look at it so far ahead."""
    numbered = enumerate(channels, 1)

    async def keep_going() -> None:
        for seed, channel in numbered:
            before = await store.channel(channel)
            await store.save_schedule(channel, before, SCHEDULE, START, {"seed": seed})
            await store.ask_now(channel, to_day(START.date()))
            await store.due.enqueue(channel, START + due_in)

    await asyncio.gather(*(keep_going() for _ in range(AT_ONCE)))


def teams(size: int, prefix: str = "t") -> Iterable[Channel]:
    """Channels, each of a team of its own."""
    return (Channel(f"console:{prefix}{n}", "c") for n in range(size))


async def idle_looks(few: Redis, many: Redis) -> tuple[Compared, float]:
    """A look at the due queue with nothing due, of many schedules and of few; and the bytes of a schedule."""
    await schedule_all(Store(few), teams(FEW), timedelta(hours=1))
    before = await used(many)
    await schedule_all(Store(many), teams(MANY), timedelta(hours=1))
    size = (await used(many) - before) / MANY

    def look(client: Redis) -> Work:
        store, platforms = Store(client), {"console": Recorder()}
        clockwork = Clockwork(store, ten_questions(), platforms, lambda: START)

        async def one(_: int) -> None:
            await clockwork.begin()
            assert await store.due.next_due(platforms)

        return one

    return await compare(look(many), look(few), 1, LOOKS), size


async def no_wait(_: float) -> None:
    """Slack's one message a second in a channel is not what is measured."""


class Poster:
    """The same messages through the scheduler and by the bare client."""

    def __init__(self, redis: Redis, at: Slack) -> None:
        self.channels, self.client = at.channels, client_of(at.token, at.api_url)
        self.platform = SlackPlatform(self.client, frozenset(), time.monotonic, no_wait)
        self.store, self.runs = Store(redis), count()
        self.clockwork = Clockwork(self.store, ten_questions(), {"slack": self.platform}, lambda: START)

    async def ours(self) -> float:
        """Questions a second that the clockwork posts."""
        # Workspaces that had none today yet.
        run = next(self.runs)
        await schedule_all(
            self.store,
            (Channel(f"slack:{run}-{n}", id) for n, id in enumerate(self.channels)),
            timedelta(),
        )
        begun = time.perf_counter()
        await self.clockwork.work()
        return POSTS / (time.perf_counter() - begun)

    async def bare(self) -> float:
        """Posts a second of the client alone, with as many in flight."""
        state = await self.store.channel(Channel("slack:0-0", self.channels[0]))
        if state.round is None:
            await self.ours()
            return await self.bare()
        part, *_ = parts_of(question_message(state.round, SCHEDULE))

        async def post(n: int) -> None:
            await self.client.chat_postMessage(
                channel=self.channels[n % POSTS], text=part.text, blocks=part.blocks,
                metadata={"event_type": "llmq", "event_payload": {"key": state.round and state.round.id}},
            )  # fmt: skip

        return await rate(post, MOST_TURNS, POSTS, count())


async def posts(redis: Redis) -> Compared:
    """Questions a second through the scheduler beside bare posts by the same client."""
    async with slack(POSTS) as stand_in:
        poster = Poster(redis, stand_in)
        return await in_turn(poster.ours, poster.bare)
