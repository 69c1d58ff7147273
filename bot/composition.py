"""The composition root: it builds the game from the settings, for a terminal or for the platforms."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from redis import RedisError
from redis.asyncio import Redis
from tzlocal import get_localzone_name

from adapters.console.game import CHANNEL, FIRST, member
from adapters.console.platform import ConsolePlatform
from adapters.console.run import open_screen, run_console
from bot.bot import Bot
from bot.catalogue import Catalogue, restock
from bot.commands import Game
from bot.connection import open_redis
from bot.doctor import Finding, examine, reach
from bot.errors import Refusal
from bot.messages import Message, Reply
from bot.requests import Platform, Request
from bot.settings import Settings
from bot.store import Store
from content.checking import load_decks
from content.decks import Deck
from content.reading import SHIPPED
from scheduler.clockwork import Clockwork
from scheduler.timer import Timer

log = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The system's clock."""
    return datetime.now(UTC)


def nothing() -> None:
    """The terminal works after every line by itself, so nothing needs waking."""


def decks_of(settings: Settings) -> tuple[Deck, ...]:
    """The decks to load. Raises a refusal that lists every fault that keeps one from loading."""
    decks, fatal = load_decks((SHIPPED, *settings.decks))
    if fatal:
        raise Refusal("\n".join(("Decks cannot be loaded. Mend these, or take them out:", *map(str, fatal))))
    return decks


async def load(store: Store, decks: Sequence[Deck]) -> Catalogue:
    """Bring the shelves in Redis up to date with the decks, and make the catalogue of what can be asked."""
    shelves = []
    for deck in decks:
        saved = False
        while not saved:
            revision, before = await store.shelf(deck.id)
            shelf = restock(before, deck)
            saved = shelf == before or await store.save_shelf(deck.id, revision, shelf)
        shelves.append((deck, shelf))
    return Catalogue(shelves)


def assemble(
    store: Store,
    catalogue: Catalogue,
    platforms: Mapping[str, Platform],
    clock: Callable[[], datetime],
    rng: random.Random,
    wake: Callable[[], None],
) -> tuple[Bot, Clockwork]:
    """The core and the clockwork over the same store."""
    game = Game(store, catalogue, clock, rng, platforms, wake)
    return Bot(game), Clockwork(store, catalogue, platforms, clock)


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
class ConsoleGame:
    """The game as the terminal plays it: an `adapters.console.game.Game`."""

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
            while (due := await store.next_due(self.clockwork.platforms)) and due <= target:
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
        store = Store(redis)
        clock = MovableClock(await store.clock())
        screen = open_screen(sys.stdin, sys.stdout)
        platform = ConsolePlatform(screen, lambda: clock().astimezone(ZoneInfo(zone)))
        catalogue = await load(store, decks)
        bot, clockwork = assemble(
            store, catalogue, {CHANNEL.platform: platform}, clock, random.Random(), nothing
        )
        game, run = ConsoleGame(bot, clockwork, clock, ZoneInfo(zone)), uuid.uuid4().hex
        await open_practice(game, platform, run)
        history = settings.data_dir / "history"
        return await run_console(game, platform, history, sys.stdin, sys.stdout, run)


async def open_practice(game: ConsoleGame, platform: ConsolePlatform, run: str) -> None:
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


async def run(settings: Settings) -> int:
    """Serve every platform whose token is set, until the process is told to stop."""
    if settings.slack_bot_token is None:
        raise Refusal(NO_PLATFORM)
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    decks, stopped = decks_of(settings), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with open_redis(settings) as redis, AsyncExitStack() as stack:
        await serve_slack(settings, redis, decks, stack)
        await stopped.wait()
    return 0


NO_PLATFORM = (
    "No platform is configured, so there is nothing to run. Set LLMQ_SLACK_BOT_TOKEN (see docs/slack.md), "
    "or play in this terminal with `llmq console`."
)


async def serve_slack(settings: Settings, redis: Redis, decks: Sequence[Deck], stack: AsyncExitStack) -> None:
    """Serve a Slack workspace until the stack is closed: what comes in stops first, what is shown ends."""
    from adapters.slack.app import Slack
    from adapters.slack.platform import SlackPlatform
    from adapters.slack.serve import client_of, http_app, serving, socket_mode, team_of

    assert settings.slack_bot_token
    client = client_of(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    team = await team_of(client)
    platform = SlackPlatform(client, frozenset(settings.slack_admins), time.monotonic)
    store = Store(redis)
    bot, clockwork = assemble(
        store, await load(store, decks), {"slack": platform}, utc_now, random.Random(), lambda: timer.wake()
    )
    timer = Timer(clockwork, utc_now)
    slack = Slack(bot, platform, team)
    stack.push_async_callback(slack.drain)
    timer.start()
    stack.push_async_callback(timer.stop)
    if settings.slack_signing_secret:
        server = http_app(slack.build(settings.slack_signing_secret.get_secret_value()), store.is_there)
        port = await stack.enter_async_context(serving(server, settings.http_host, settings.http_port))
        log.info("serving Slack team %s over HTTP on %s:%d", team, settings.http_host, port)
    elif settings.slack_app_token:
        token = settings.slack_app_token.get_secret_value()
        await stack.enter_async_context(socket_mode(slack.build(None), token, settings.slack_api_url))
        log.info("serving Slack team %s over Socket Mode", team)
    else:
        raise Refusal(
            "LLMQ_SLACK_BOT_TOKEN is set, but not how Slack's events come in. Set LLMQ_SLACK_APP_TOKEN for "
            "Socket Mode, or LLMQ_SLACK_SIGNING_SECRET for HTTP."
        )


async def doctor(settings: Settings) -> list[Finding]:
    """What is configured and what to mend, for the core and for every platform whose token is set."""
    findings = await examine(settings, utc_now().date())
    if settings.slack_bot_token is None:
        return [*findings, Finding("warn", "no platform is configured: `llmq console` plays without one")]
    return [*findings, *[finding async for finding in slack_findings(settings)]]


async def slack_findings(settings: Settings) -> AsyncIterator[Finding]:
    """What to know of Slack; the channels are looked at when the token and Redis are right."""
    from adapters.slack.doctor import examine as examine_slack
    from adapters.slack.serve import client_of, team_of

    assert settings.slack_bot_token
    client = client_of(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        async with reach(settings) as redis:
            channels = await Store(redis).scheduled(f"slack:{await team_of(client)}")
    except Refusal:
        channels = []
    app_token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else None
    over_http = settings.slack_signing_secret is not None
    async for finding in examine_slack(client, app_token, over_http, channels):
        yield finding
