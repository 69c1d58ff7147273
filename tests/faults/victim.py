"""A real process that plays a day and dies at any step: `python -m tests.faults.victim URL FOLDER FATAL`.

Calls of the store and of the platform are counted before and after each; at number FATAL the process ends as
by kill -9. What the platform was given stands in FOLDER/channel: a line a post, edit and reply, written
before the call returns, as in a channel that outlives us. FOLDER/clock holds the moment to go on from.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.bot import Bot
from bot.commands.parsing import Game
from bot.messages import Message
from bot.requests import Channel, Member, Request
from bot.store.store import Store
from llmq.redis.connection import connected
from scheduler.clockwork import Clockwork
from tests.dialogue import Dialogue, ten_questions

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CHANNEL = Channel("console:faults", "c")
ANSWERS = {"ana": "The first answer of all.", "bob": "The second answer of all."}
STORE_STEPS = ("save_schedule", "begin", "posted", "answer", "reveal", "told", "close")
DUE_STEPS = ("hurry", "finish")


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


class ChannelFile:
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

    async def reply(self, channel: Channel, message_id: str, message: Message, key: str) -> None:
        if all(line["key"] != key for line in self.lines()):
            self.write("reply", key, message)

    async def find(self, channel: Channel, key: str) -> str | None:
        return next((line["key"] for line in self.lines() if line["key"] == key), None)

    async def tell(self, team: str, member_id: str, message: Message) -> None:
        self.write("tell", member_id, message)

    async def is_admin(self, channel: Channel, member: Member) -> bool:
        return True


async def play(url: str, folder: Path, fate: Fate) -> None:
    """A day: a schedule, a round, two answers, the reveal, the next round. It goes on where it was left."""
    now = START
    saved = folder / "clock"
    if saved.exists():
        now = datetime.fromisoformat(saved.read_text())
    platform = ChannelFile(folder / "channel")
    async with connected(url) as redis:
        store = Store(redis)
        fate.guard(store, STORE_STEPS)
        fate.guard(store.due, DUE_STEPS)
        fate.guard(platform, ("post", "edit", "reply"))
        clockwork = Clockwork(store, ten_questions(), {"console": platform}, lambda: now)
        game = Game(
            store, ten_questions(), lambda: now, random.Random(1), {"console": platform}, lambda: None
        )
        bot = Bot(game)

        async def say(who: str, text: str, body: str | None = None) -> str:
            request = Request(f"{who}-{text}", CHANNEL, Member(who, who), text, body)
            return Dialogue.text(await bot.handle(request))

        if (await store.channel(CHANNEL)).schedule is None:
            await say("boss", "daily on 09:00 daily")
        while now < START + timedelta(days=1, hours=4):
            await clockwork.work()
            if START + timedelta(hours=1) <= now < START + timedelta(hours=9):
                for who, answer in ANSWERS.items():
                    acknowledged = folder / f"acknowledged-{who}"
                    if not acknowledged.exists() and "is in" in await say(who, "answer", answer):
                        acknowledged.touch()
            now += timedelta(hours=1)
            saved.write_text(now.isoformat())
    sys.stdout.write(str(fate.steps))


if __name__ == "__main__":
    asyncio.run(play(sys.argv[1], Path(sys.argv[2]), Fate(int(sys.argv[3]))))
