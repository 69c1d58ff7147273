"""Three replicas that die at random, over a quarter with both nights on which clocks change."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.bot import Bot
from bot.commands.parsing import Game
from bot.game.schedule import from_day, to_ms
from bot.platform import Platform
from bot.requests import Channel, Member, Request
from bot.store.store import Store
from llmq.redis.connection import connected
from tests.dialogue import Dialogue, ten_questions
from tests.faults.cases import ALL
from tests.faults.processes import failing_with
from tests.faults.replicas import CLOCK, DEATHS, IDLE, SharedChannels
from tests.faults.wire import Server

REPLICAS = 3
# Clocks go forward in New York and Berlin within these days, and back in Sydney.
START = datetime(2027, 2, 15, 12, tzinfo=UTC)
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Sydney", "Pacific/Kiritimati")
TIMES = ("02:30", "09:00", "17:15", "23:55")
# Channels, days, and calls for which a replica lives.
CHANNELS, DAYS, LIVES = (100, 90, 400) if ALL else (10, 6, 60)
MEMBERS = tuple(Member(name, name) for name in ("ana", "bob", "cyd", "dan"))
PATIENCE = 120.0


@dataclass
class Quarter:
    """Teams of five channels, their members, and what they were told that counts."""

    redis: Redis
    now: datetime = START
    begun: datetime = START
    rng: random.Random = field(default_factory=lambda: random.Random(7))
    acknowledged: dict[tuple[Channel, str], set[str]] = field(default_factory=dict)
    jumps: int = 0

    def __post_init__(self) -> None:
        self.store = Store(self.redis)
        self.platform = SharedChannels(self.redis, lambda: self.now)
        self.catalogue = ten_questions()
        platforms: dict[str, Platform] = {"console": self.platform}
        game = Game(self.store, self.catalogue, lambda: self.now, self.rng, platforms, lambda: None)
        self.bot = Bot(game)
        self.channels = [Channel(f"console:t{n // 5}", f"c{n}") for n in range(CHANNELS)]

    async def says(self, channel: Channel, who: Member, text: str, body: str | None = None) -> str:
        request = Request(f"{self.rng.random()}", channel, who, text, body)
        return Dialogue.text(await self.bot.handle(request))

    async def schedule_all(self) -> None:
        for n, channel in enumerate(self.channels):
            words = f"daily on {TIMES[n % len(TIMES)]} daily {ZONES[n % len(ZONES)]}"
            assert "is on" in await self.says(channel, MEMBERS[0], words)
        self.begun = self.now

    async def pass_days(self, count: int) -> None:
        """From one due moment to the next; after each, some answer what is new."""
        end = self.now + timedelta(days=count)
        while (due := await self.store.due.next_due(("console",))) and due <= end:
            # Of a claim whose holder died, the next moment is the end of its lease.
            self.now = max(self.now + timedelta(seconds=1), due)
            await self.move_clock()
            await asyncio.gather(*(self.answer(channel) for channel in self.channels))
        self.now = end

    async def move_clock(self) -> None:
        """Let every replica, and those that come in the place of dead ones, do what is due."""
        self.jumps += 1
        clock = f"{to_ms(self.now)} {self.jumps}"
        await self.redis.set(CLOCK, clock)
        async with asyncio.timeout(PATIENCE):
            while await self.redis.hvals(IDLE) != [clock] * REPLICAS:  # noqa: ASYNC110 - they set no event
                await asyncio.sleep(0.001)

    async def answer(self, channel: Channel) -> None:
        round = (await self.store.channel(channel)).round
        if round is None or round.state != "open" or (channel, round.id) in self.acknowledged:
            return
        counted = self.acknowledged.setdefault((channel, round.id), set())
        for who in self.rng.sample(MEMBERS, self.rng.randint(0, len(MEMBERS))):
            if "Your answer is in." in await self.says(channel, who, "answer", words_of(who, round.id)):
                counted.add(who.id)

    async def check(self, channel: Channel) -> int:
        """One question on each local date, one reveal of each with the answers that were acknowledged."""
        said = {line["key"]: line["text"] for line in await self.platform.lines(channel)}
        assert len(said) == len(await self.platform.lines(channel))
        asked = [key for key in said if key.count(":") == 1]
        assert [date_of(key) for key in asked] == await self.expected(channel)
        # The newest may still be open.
        revealed = [round for round in asked if f"{round}:revealed" in said]
        assert revealed in (asked, asked[:-1])
        for round in revealed:
            assert f"{round}:reveal" in said
            told = said.get(f"{round}:answers:0", "")
            given = {who.id for who in MEMBERS if words_of(who, round) in told}
            assert given == self.acknowledged.get((channel, round), set())
        return len(asked)

    async def expected(self, channel: Channel) -> list[date]:
        schedule = (await self.store.channel(channel)).schedule
        assert schedule
        days: list[date] = []
        for day, moment in schedule.coming(self.begun):
            if moment > self.now:
                return days
            days.append(day)
        return days


def words_of(who: Member, round: str) -> str:
    return f"What {who.id} has to say of {round}."


def date_of(key: str) -> date:
    return from_day(key.rpartition(":")[2])


@asynccontextmanager
async def replicas(url: str) -> AsyncIterator[None]:
    """Three of them, in processes of their own."""
    words = (sys.executable, "-m", "tests.faults.replicas", url, str(REPLICAS), str(LIVES))
    process = await asyncio.create_subprocess_exec(
        *words, env=os.environ | {"PYTHONPATH": str(Path.cwd())}, start_new_session=True
    )
    ended = asyncio.ensure_future(process.wait())
    try:
        async with failing_with(ended):
            yield
        assert process.returncode is None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await ended


async def test_replicas_that_die_at_random_ask_and_reveal_every_question_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    server = Server(tmp_path_factory.mktemp("q"))
    await server.start()
    try:
        async with connected(server.url) as redis:
            quarter = Quarter(redis)
            await redis.set(CLOCK, f"{to_ms(quarter.now)} 0")
            await quarter.schedule_all()
            async with replicas(server.url):
                await quarter.pass_days(DAYS)
            rounds = [await quarter.check(channel) for channel in quarter.channels]
            assert sum(rounds) >= CHANNELS * (DAYS - 1)
            assert int(await redis.get(DEATHS) or 0) > DAYS
    finally:
        server.kill()
