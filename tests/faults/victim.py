"""Processes that play a day and die at any step: `python -m tests.faults.victim`.

Each line of the input, `URL FOLDER PLATFORM FATAL`, is a day to play in a process of its own; its exit status
is the line that comes back. Calls of the store and of the platform are counted before and after each; at
number FATAL the process ends as by kill -9. What the platform was given stands in FOLDER/channel: a line a
post, edit and reply, written before the call returns, as in a channel that outlives us. FOLDER/clock holds
the moment to go on from, FOLDER/steps how many steps there were.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot import bot as bot_module
from bot.bot import Bot
from bot.commands.parsing import Game
from bot.messages import Message
from bot.platform import Platform
from bot.requests import Channel, Member, Request
from bot.store.store import Store
from llmq.redis import clients
from llmq.redis.connection import connected
from scheduler.clockwork import Clockwork
from tests.dialogue import Dialogue, ten_questions
from tests.faults.bare import Bare

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
OPENED, REVEALED = START + timedelta(hours=1), START + timedelta(hours=11)
END = START + timedelta(days=1, hours=4)
ANSWERS = {"ana": "The first answer of all.", "bob": "The second answer of all."}
DAY_SECONDS = 20
LATE, LATE_ANSWER = "cyd", "An answer after the reveal."
STORE_STEPS = (
    *("save_schedule", "begin", "posted", "act", "reveal", "answers_posted", "reveal_posted"),
    *("late_posted", "close", "lapse"),
)
DUE_STEPS = ("enqueue", "finish")


class Fate:
    """Counts steps, and ends the process at the fatal one."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.steps = fatal, 0

    def step(self) -> None:
        if self.steps == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        self.steps += 1

    def around(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def stepped(*args: Any, **kwargs: Any) -> Any:
            self.step()
            result = await call(*args, **kwargs)
            self.step()
            return result

        return stepped

    def guard(self, owner: object, names: tuple[str, ...]) -> None:
        """Make these calls of a store or a platform steps."""
        for name in names:
            setattr(owner, name, self.around(getattr(owner, name)))


class ChannelFile(Bare):
    """A platform whose channel is a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def lines(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self.path.read_text().splitlines()] if self.path.exists() else []

    def write(self, kind: str, key: str, message: Message) -> None:
        with self.path.open("a") as file:
            file.write(json.dumps({"kind": kind, "key": key, "text": Dialogue.text(message)}) + "\n")
            file.flush()
            os.fsync(file.fileno())

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        self.write("post", key, message)
        return key

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        self.write("edit", message_id, message)

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        if all(line["key"] != key for line in self.lines()):
            self.write("reply", key, message)
        return key

    async def find(self, channel: Channel, key: str) -> str | None:
        return next((line["key"] for line in self.lines() if line["key"] == key), None)


@dataclass
class Day:
    """A day of people and the clockwork in one process. It goes on where it was left."""

    folder: Path
    place: Channel
    store: Store
    bot: Bot
    clockwork: Clockwork
    now: datetime

    async def says(self, who: str, text: str, body: str | None = None) -> str:
        request = Request(f"{who}-{text}", self.place, Member(who, who), text, body)
        return Dialogue.text(await self.bot.handle(request))

    async def answers(self, who: str, text: str) -> None:
        """Insist until the answer is acknowledged."""
        acknowledged = self.folder / f"acknowledged-{who}"
        if not acknowledged.exists() and "is in" in await self.says(who, "answer", text):
            acknowledged.touch()

    async def pass_an_hour(self) -> None:
        await self.clockwork.work()
        if OPENED <= self.now < REVEALED:
            for who, answer in ANSWERS.items():
                await self.answers(who, answer)
        elif self.now >= REVEALED:
            await self.answers(LATE, LATE_ANSWER)
        await self.clockwork.work()
        self.now += timedelta(hours=1)
        (self.folder / "clock").write_text(self.now.isoformat())


async def play(url: str, folder: Path, place: Channel, fate: Fate) -> None:
    """A schedule, a round, two answers, the reveal, a late answer, the next round."""
    platform = ChannelFile(folder / "channel")
    platforms: dict[str, Platform] = {place.platform: platform}
    async with connected(url) as redis:
        store = Store(redis)
        fate.guard(store, STORE_STEPS)
        fate.guard(store.due, DUE_STEPS)
        fate.guard(platform, ("post", "edit", "reply"))

        def clock() -> datetime:
            return day.now

        bot = Bot(Game(store, ten_questions(), clock, random.Random(1), platforms, lambda: None))
        clockwork = Clockwork(store, ten_questions(), platforms, clock)
        day = Day(folder, place, store, bot, clockwork, left_at(folder))
        while (await store.channel(place)).schedule is None:
            await day.says("boss", "daily on 09:00 daily")
        while day.now < END:
            await day.pass_an_hour()


def left_at(folder: Path) -> datetime:
    saved = folder / "clock"
    return datetime.fromisoformat(saved.read_text()) if saved.exists() else START


def play_in_a_child(url: str, folder: str, platform: str, fatal: str) -> int:
    """Play in a process that has everything imported already; the signal that ended it, or 0."""
    child = os.fork()
    if child == 0:
        # A day that does not end is a failure, not a wait.
        signal.alarm(DAY_SECONDS)
        fate, home = Fate(int(fatal)), Path(folder)
        asyncio.run(play(url, home, Channel(f"{platform}:faults", "c"), fate))
        (home / "steps").write_text(str(fate.steps))
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    # A busy machine is no fault.
    bot_module.ANSWER_WITHIN_SECONDS = clients.ANSWER_SECONDS = 30.0
    for line in sys.stdin:
        sys.stdout.write(f"{play_in_a_child(*line.split())}\n")
        sys.stdout.flush()
