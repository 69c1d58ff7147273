"""The composition root of the terminal: the game as one person plays it, with a clock that can be moved."""

from __future__ import annotations

import logging
import random
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from redis import RedisError
from tzlocal import get_localzone_name

from adapters.console.game import CHANNEL, FIRST, member
from adapters.console.platform import ConsolePlatform
from adapters.console.run import open_screen, run_console
from bot.bot import Bot
from bot.errors import Refusal
from bot.messages import Message, Reply
from bot.requests import Request
from bot.store.store import Store
from llmq.building import assemble, decks_of, load, utc_now
from llmq.redis.connection import open_redis
from llmq.settings import Settings
from scheduler.clockwork import Clockwork

log = logging.getLogger(__name__)


def nothing() -> None:
    """The terminal works after every line by itself, so nothing needs waking."""


@dataclass(slots=True)
class MovableClock:
    """The system's clock, moved forward as the terminal asks."""

    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    def move_to(self, moment: datetime) -> None:
        """Never backwards: what has happened has happened."""
        self.ahead = max(self.ahead, moment - utc_now())


@dataclass(frozen=True, slots=True)
class PlayedGame:
    """The game as the terminal plays it: an `adapters.console.game.ConsolePort`."""

    bot: Bot
    clockwork: Clockwork
    clock: MovableClock
    local: tzinfo

    async def handle(self, request: Request) -> Reply:
        return await self.bot.handle(request)

    async def settle(self) -> None:
        """Do what is due; while Redis is away it stays due."""
        try:
            await self.clockwork.work()
        except RedisError as away:
            log.warning("what is due waits: %s", away)

    async def forward(self, by: timedelta) -> None:
        """Move the clock from one due moment to the next, so that each thing happens at its time."""
        store, target = self.bot.game.store, self.clock() + by
        try:
            while (due := await store.due.next_due(self.clockwork.platforms)) and due <= target:
                self.clock.move_to(due)
                await self.clockwork.work()
            self.clock.move_to(target)
            await store.save_clock(self.clock.ahead)
        except RedisError as away:
            log.warning("the clock stops on the way: %s", away)
        await self.settle()

    def now(self) -> datetime:
        return self.clock()

    def zone(self) -> tzinfo:
        return self.local

    def complete(self, words: str) -> Sequence[str]:
        return self.bot.complete(words)


async def console(settings: Settings) -> int:
    """Play in the terminal until its input ends; returns the exit status."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        logging.basicConfig(filename=settings.data_dir / "llmq.log", level=settings.log_level)
    except OSError as fault:
        raise Refusal(
            f"The data folder {settings.data_dir} cannot be written ({fault.strerror}). "
            "Allow it, or set LLMQ_DATA_DIR to a folder of yours."
        ) from None
    decks, zone = decks_of(settings), get_localzone_name() or "UTC"
    async with open_redis(settings) as redis:
        store = Store(redis, timedelta(settings.keep_answers_days))
        clock = MovableClock(await store.clock())
        screen = open_screen(sys.stdin, sys.stdout)
        files = settings.data_dir / "exports"
        platform = ConsolePlatform(screen, lambda: clock().astimezone(ZoneInfo(zone)), zone, files)
        catalogue = await load(store, decks)
        await store.retention.sweep(clock())
        bot, clockwork = assemble(
            store, catalogue, {CHANNEL.platform: platform}, clock, random.Random(), nothing
        )
        game, run = PlayedGame(bot, clockwork, clock, ZoneInfo(zone)), uuid.uuid4().hex
        await open_practice(game, platform, run)
        history = settings.data_dir / "history"
        return await run_console(game, platform, history, sys.stdin, sys.stdout, run)


async def open_practice(game: PlayedGame, platform: ConsolePlatform, run: str) -> None:
    """Give `#practice` its schedule on the first visit, and show today's question on every one."""

    async def do(command: str) -> Reply:
        return await game.handle(Request(f"{run} {command}", CHANNEL, member(FIRST), command))

    state = await game.bot.game.store.channel(CHANNEL)
    if state.schedule is None and state.round is None:
        await do(f"daily on 09:00 daily {game.local}")
    await do("daily now")
    await game.settle()
    if not platform.shown:
        today = await do("today")
        if isinstance(today, Message):
            platform.answer(today, FIRST)
