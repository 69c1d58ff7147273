"""The day's cycle: an idle look at the due queue, posts beside bare ones, and a herd that is due at once."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time as wall_time
from datetime import timedelta
from itertools import count
from statistics import median, quantiles

from redis.asyncio import Redis

from adapters.slack.blocks import parts_of
from adapters.slack.platform import SlackPlatform
from adapters.slack.serve import client_of
from bot.game.rounds import question_message
from bot.game.schedule import EVERY_DAY, Schedule, to_day, to_ms
from bot.messages import Message
from bot.requests import Channel
from bot.store.store import Store
from scheduler.clockwork import MOST_TURNS, Clockwork
from tests.bench.measure import Compared, Work, compare, in_turn, rate
from tests.bench.stand_in import Address, stand_in
from tests.dialogue import START, Dialogue, Recorder, ten_questions

SCHEDULE = Schedule(wall_time(9), EVERY_DAY, "UTC")
FEW, MANY, AT_ONCE = 1_000, 100_000, 256
LOOKS, POSTS = 300, 256
HERD, ANSWER_SECONDS, SECONDS_BETWEEN_COMMANDS = 10_000, 0.02, 0.05


async def schedule_all(store: Store, channels: Iterable[Channel], due_in: timedelta) -> None:
    """Give each channel a schedule, and a look at it so far ahead."""
    numbered = iter(channels)

    async def keep_going() -> None:
        for channel in numbered:
            await store.save_schedule(channel, await store.channel(channel), SCHEDULE, START)
            await store.ask_now(channel, to_day(START.date()))
            await store.due.hurry(channel, to_ms(START + due_in))

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


async def used(redis: Redis) -> int:
    return int((await redis.info("memory"))["used_memory_dataset"])


async def no_wait(_: float) -> None:
    """Slack's one message a second in a channel is not what is measured."""


class Poster:
    """The same messages through the scheduler and by the bare client."""

    def __init__(self, redis: Redis, slack: Address) -> None:
        self.channels, self.client = slack.channels, client_of(slack.token, slack.api_url)
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
    async with stand_in(POSTS) as slack:
        poster = Poster(redis, slack)
        return await in_turn(poster.ours, poster.bare)


class Distant(Recorder):
    """A platform that takes its time and keeps nothing."""

    count = 0

    async def post(self, channel: Channel, message: Message, key: str) -> str:
        await asyncio.sleep(ANSWER_SECONDS)
        self.count += 1
        return key


@dataclass(frozen=True, slots=True)
class Herd:
    """How a herd was served: seconds for all, megabytes more, and milliseconds of a command meanwhile."""

    seconds: float
    megabytes: float
    median_ms: float
    p99_ms: float
    calm_median_ms: float


async def herd(redis: Redis) -> Herd:
    """Ten thousand channels of as many teams that are due in the same minute."""
    game = Dialogue(redis, platform=Distant())
    await schedule_all(game.store, teams(HERD), timedelta())
    calm: list[float] = []
    async with commands(game, calm):
        await asyncio.sleep(100 * SECONDS_BETWEEN_COMMANDS)
    before, begun = memory(), time.perf_counter()
    busy: list[float] = []
    async with commands(game, busy):
        await game.clockwork.work()
    seconds = time.perf_counter() - begun
    assert isinstance(game.platform, Distant)
    assert game.platform.count == HERD
    return Herd(seconds, memory() - before, median(busy), quantiles(busy, n=100)[-1], median(calm))


@asynccontextmanager
async def commands(game: Dialogue, took_ms: list[float]) -> AsyncIterator[None]:
    """Somebody asks for a question now and then; how long each answer took."""

    async def ask() -> None:
        while True:
            begun = time.perf_counter()
            await game.bot.handle(game.request("ana", "random"))
            took_ms.append((time.perf_counter() - begun) * 1000)
            await asyncio.sleep(SECONDS_BETWEEN_COMMANDS)

    asking = asyncio.create_task(ask())
    try:
        yield
    finally:
        asking.cancel()


def memory() -> float:
    """The most that this process has ever held, in megabytes (Linux counts in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
