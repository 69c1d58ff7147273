"""A reveal of very many very long answers, by processes that are killed: in order, each once, and in time."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from signal import SIGKILL
from typing import Any, ClassVar

import pytest
from redis.asyncio import Redis

from bot.bot import Bot
from bot.commands.parsing import Game
from bot.requests import Channel, Member, Request
from bot.store.store import Act, Store
from tests.adapters.discord_server import patience
from tests.adapters.slack_team import words
from tests.dialogue import ADMIN, START, InDeckOrder, Recorder, ten_questions
from tests.fakes import discord as fake_discord
from tests.fakes import slack as fake_slack
from tests.fakes.discord import DiscordStandIn
from tests.fakes.slack import SlackStandIn
from tests.faults.cases import ALL, LONG_ANSWERS, LONG_REVEAL
from tests.faults.poster import SharedClock, main
from tests.faults.processes import FORKS, Process, forked, last_lines
from tests.faults.test_run import in_discord, in_slack

# `make test` has time for a few of them, on one platform.
COUNT = LONG_REVEAL if ALL else 30
DEATHS = 3 if ALL else 1
OPENS = START + timedelta(hours=1)
NEXT_OPENS = OPENS + timedelta(days=1)
FILLER = "x"


def answer(n: int) -> str:
    """An answer of the greatest length, with its number in it."""
    return f"Answer {n:04}: ".ljust(LONG_ANSWERS, FILLER)


@dataclass
class Reveal(ABC):
    """A channel on a stand-in, and the process that posts there."""

    name: ClassVar[str]
    # The call that posts, and how one ends without an answer.
    call: ClassVar[str]
    dropped: ClassVar[Any]
    stand_in: Any
    clock: SharedClock
    process: Process | None = None
    # Calls that post, and those of them at which the process is killed.
    calls: int = 0
    kills: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.bob = self.stand_in.user("bob")
        self.stand_in.faults.watch = self.watch

    @property
    @abstractmethod
    def place(self) -> Channel:
        """The channel as the core knows it."""

    @property
    @abstractmethod
    def settings(self) -> dict[str, str]:
        """How to reach the stand-in."""

    @abstractmethod
    def chat(self) -> None:
        """Say something in the question's thread, where there is one."""

    @abstractmethod
    def said(self) -> list[str]:
        """What the bot has said in threads."""

    @abstractmethod
    def asked(self) -> list[datetime]:
        """When the questions were posted."""

    @abstractmethod
    def refused(self) -> list[Any]:
        """What was asked for more often than the platform allows."""

    def watch(self, call: str) -> Any:
        """Somebody talks between any two of the posts; at some the process dies without an answer."""
        if call != self.call:
            return None
        self.calls += 1
        self.chat()
        if self.calls in self.kills and self.process:
            self.process.kill()
            return self.dropped(after=self.calls % 2 == 0)
        return None

    async def post_until(self, moment: datetime, url: str, log: Path) -> None:
        """Let processes post until a moment, each in the place of one that was killed."""
        status = -SIGKILL
        while status == -SIGKILL:
            where = (str(log), url, self.name, self.settings, self.clock.seconds)
            self.process = forked(main, *where, moment)
            status = await self.process.wait()
        assert status == 0, last_lines(log)

    async def answers(self, store: Store, count: int) -> None:
        """Take answers of so many members, a moment apart."""
        round = (await store.channel(self.place)).round
        assert round
        assert round.state == "open"
        for n in range(count):
            self.clock.advance(0.01)
            request = Request(f"a{n}", self.place, Member(f"m{n}", f"member{n}"), "answer", answer(n))
            await store.act(request, Act("answer", answer(n)), self.clock())


@dataclass
class OnSlack(Reveal):
    """In a workspace, with about one message a second in a channel."""

    name, call, dropped = "slack", "chat.postMessage", fake_slack.Dropped

    def __post_init__(self) -> None:
        super().__post_init__()
        self.channel = self.stand_in.channel("practice", (self.bob,))

    @property
    def place(self) -> Channel:
        return Channel(f"slack:{self.stand_in.workspace.id}", self.channel.id)

    @property
    def settings(self) -> dict[str, str]:
        return in_slack(self.stand_in)

    def chat(self) -> None:
        if self.channel.messages:
            self.bob.post(self.channel, "A remark.", self.channel.messages[0])

    def said(self) -> list[str]:
        return [words(one) for one in self.channel.messages if one.bot_id and not one.at_top]

    def asked(self) -> list[datetime]:
        questions = (one for one in self.channel.posts if "What is subject" in words(one))
        return [datetime.fromtimestamp(float(one.ts), UTC) for one in questions]

    def refused(self) -> list[Any]:
        return [call for call in self.stand_in.calls() if call.error == "ratelimited"]


@dataclass
class OnDiscord(Reveal):
    """In a server, with five messages in five seconds in a channel."""

    name, call, dropped = "discord", "create_message", fake_discord.Dropped

    def __post_init__(self) -> None:
        super().__post_init__()
        self.channel = self.stand_in.channel("practice")

    @property
    def place(self) -> Channel:
        return Channel(f"discord:{self.stand_in.guild.id}", self.channel.id)

    @property
    def settings(self) -> dict[str, str]:
        return in_discord(self.stand_in)

    def chat(self) -> None:
        if self.channel.threads:
            self.bob.say(self.channel.threads[0], "A remark.")

    def said(self) -> list[str]:
        threads, bot = self.channel.threads, self.stand_in.bot
        return [one.text for thread in threads for one in thread.posts if one.author is bot]

    def asked(self) -> list[datetime]:
        questions = (one for one in self.channel.posts if "What is subject" in one.text)
        return [datetime.fromtimestamp(one.at, UTC) for one in questions]

    def refused(self) -> list[Any]:
        return [one for one in self.stand_in.violations if "too many" in one]


@asynccontextmanager
async def on_slack(clock: SharedClock) -> AsyncIterator[Reveal]:
    async with SlackStandIn(now=lambda: clock.seconds.value) as slack:
        yield OnSlack(slack, clock)


@asynccontextmanager
async def on_discord(clock: SharedClock) -> AsyncIterator[Reveal]:
    async with DiscordStandIn(now=lambda: clock.seconds.value) as discord:
        yield OnDiscord(discord, clock)


async def told(reveal: Reveal, store: Store, text: str) -> None:
    """What an admin types."""
    platforms = {reveal.name: Recorder()}
    bot = Bot(Game(store, ten_questions(), reveal.clock, InDeckOrder(1), platforms, lambda: None))
    with patience():
        await bot.handle(Request(text, reveal.place, Member(ADMIN, ADMIN), text, None))


PLATFORMS = [on_slack, on_discord] if ALL else [on_discord]


@pytest.mark.parametrize("on_platform", PLATFORMS)
async def test_a_long_reveal_ends_in_order_each_answer_once_and_the_next_question_is_in_time(
    redis: Redis,
    redis_url: str,
    tmp_path: Path,
    on_platform: Callable[[SharedClock], AbstractAsyncContextManager[Reveal]],
) -> None:
    clock, store, log = SharedClock(FORKS.Value("d", START.timestamp())), Store(redis), tmp_path / "log"
    async with on_platform(clock) as reveal:
        reveal.stand_in.limit_posts()
        await told(reveal, store, "daily on 09:00 daily")
        await reveal.post_until(OPENS + timedelta(minutes=30), redis_url, log)
        await reveal.answers(store, COUNT)
        reveal.kills = {reveal.calls + COUNT * n // 10 for n in range(1, DEATHS + 1)}
        await reveal.post_until(NEXT_OPENS + timedelta(minutes=5), redis_url, log)
        said = "".join(reveal.said())
        assert re.findall(r"Answer (\d{4}): ", said) == [f"{n:04}" for n in range(COUNT)]
        assert said.count(FILLER) >= COUNT * answer(0).count(FILLER)
        assert max(reveal.kills) < reveal.calls
        assert reveal.refused() == []
        _, asked = reveal.asked()
        assert asked - NEXT_OPENS < timedelta(minutes=2)
