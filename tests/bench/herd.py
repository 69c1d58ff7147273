"""Many channels that are due at once: of as many teams, and of one team, where no two may ask the same."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles

from redis.asyncio import Redis

from bot.messages import Message
from bot.requests import Channel
from tests.bench.commands import game_of
from tests.bench.cycle import schedule_all, teams
from tests.bench.measure import Compared, Work, compare
from tests.dialogue import Dialogue, Recorder

HERD, ONE_TEAM = 10_000, 1_600
# Twice as many questions as there are channels, so that half of them are open.
QUESTIONS = 2 * ONE_TEAM
FEW_QUESTIONS, MANY_QUESTIONS = 100, 10_000
ANSWER_SECONDS, SECONDS_BETWEEN_COMMANDS = 0.02, 0.05
IN_FLIGHT, COMMANDS = 64, 1500


class Distant(Recorder):
    """A platform that takes its time and keeps nothing."""

    count = 0

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
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


async def of_many_teams(redis: Redis) -> Herd:
    """Ten thousand channels of as many teams that are due in the same minute."""
    return await herd(Dialogue(redis, platform=Distant()), teams(HERD), HERD)


async def of_one_team(redis: Redis) -> Herd:
    """Sixteen hundred channels of one team that are due in the same minute; their rounds stay open."""
    game = game_of(redis, QUESTIONS)
    game = Dialogue(redis, game.catalogue, platform=Distant())
    return await herd(game, channels("console:crowd", ONE_TEAM), ONE_TEAM)


def channels(team: str, size: int) -> Iterable[Channel]:
    return (Channel(team, f"c{n}") for n in range(size))


async def herd(game: Dialogue, due: Iterable[Channel], size: int) -> Herd:
    """Let so many channels become due at once, and wait until each has its question."""
    await schedule_all(game.store, due, timedelta())
    calm, busy = list[float](), list[float]()
    async with commands(game, calm):
        await asyncio.sleep(100 * SECONDS_BETWEEN_COMMANDS)
    before, begun = memory(), time.perf_counter()
    async with commands(game, busy):
        await game.clockwork.work()
    seconds = time.perf_counter() - begun
    assert isinstance(game.platform, Distant)
    assert game.platform.count == size
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


async def random_of_a_crowd(redis: Redis) -> Compared:
    """`random` in the team whose sixteen hundred rounds are open, beside a team that has none."""
    game = game_of(redis, QUESTIONS)
    return await compare(
        random_in(game, "console:crowd"), random_in(game, "console:calm"), IN_FLIGHT, COMMANDS
    )


async def random_of_many_questions(redis: Redis) -> Compared:
    """`random` from ten thousand questions beside a hundred."""
    many, few = (
        random_in(game_of(redis, size), f"console:{size}") for size in (MANY_QUESTIONS, FEW_QUESTIONS)
    )
    return await compare(many, few, IN_FLIGHT, COMMANDS)


def random_in(game: Dialogue, team: str) -> Work:
    channel = Channel(team, "c")
    return lambda n: game.bot.handle(game.request(f"m{n % 500}", "random", channel=channel))


def memory() -> float:
    """The most that this process has ever held, in megabytes (Linux counts in kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
