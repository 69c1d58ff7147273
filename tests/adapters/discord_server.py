"""A server in Discord: the real discord.py, our own way in, a real Redis, and the stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from redis.asyncio import Redis

from adapters.discord import shards
from adapters.discord.app import Discord
from adapters.discord.clickable import root_of
from adapters.discord.leases import Leases
from adapters.discord.platform import DiscordPlatform
from adapters.discord.serve import connected, ids_of_commands, log_in, make_commands_known, posting_client
from bot import bot as bot_module
from bot.bot import Bot
from bot.commands.parsing import Game
from bot.game.catalogue import Catalogue
from bot.requests import Channel as Place
from bot.store.store import Store
from scheduler.clockwork import Clockwork
from tests.dialogue import START, InDeckOrder, ten_questions
from tests.fakes.discord import Acted, Channel, DiscordStandIn, Member, Message

ANSWER = "Because **it** says so, <@1> and @everyone."
PROMPT = "What is subject number 0 good for?"
MARK = "✅"
# That a thread is there already, that there is none, and that a reply stands elsewhere, is found out by
# trying.
EXPECTED = ("160004", "50013", "10008", "10003")
Kind = Literal["text", "announcement", "forum"]


class Hands:
    """The stand-in's clock, by which the game goes as well."""

    def __init__(self, discord: DiscordStandIn) -> None:
        self._discord = discord
        discord.clock.at = START.timestamp()

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self._discord.world.now(), UTC)

    def forward(self, **span: float) -> None:
        """Move the clock; the parts of a timedelta say how far."""
        self._discord.clock.at = (self() + timedelta(**span)).timestamp()


@dataclass
class Server:
    """A Discord server with the bot in it, an admin and two members."""

    discord: DiscordStandIn
    client: Discord
    clockwork: Clockwork
    boss: Member
    ana: Member
    bob: Member
    channel: Channel
    clock: Hands

    @property
    def place(self) -> Place:
        """The channel as the core knows it."""
        return Place(f"discord:{self.discord.guild.id}", self.channel.id)

    async def says(self, who: Member, command: str, /, **options: Any) -> Message:
        """What the bot shows in answer to a command."""
        return shown(await who.slash(self.channel, root_of(command), *command.split(), **options))

    async def work(self) -> None:
        """Let the clockwork do what is due, and everything be heard of and done."""
        await self.clockwork.work()
        await self.heard()

    async def question(self) -> Message:
        """Set a schedule, ask at once, and return the post."""
        await self.says(self.boss, "daily on", time="09:00", days="daily")
        await self.says(self.boss, "daily now")
        await self.work()
        return self.channel.posts[-1]

    async def reveal(self) -> Channel:
        """Reveal the question, and return the thread that says so."""
        await self.says(self.boss, "reveal")
        await self.work()
        return self.channel.threads[-1]

    async def answer(self, who: Member, text: str = ANSWER, question: Message | None = None) -> Message:
        """What somebody sees who answers with the button."""
        acted = await who.press(question or self.channel.posts[-1], "Answer")
        return shown(await who.submit(acted.modal, {"answer": text}))

    async def today(self, who: Member) -> str:
        return (await self.says(who, "today")).text

    async def heard(self) -> None:
        """Let everything be heard of and done."""
        await self.discord.settled()
        await self.client.answered()
        await self.discord.settled()


def shown(acted: Acted) -> Message:
    assert acted.failure is None
    assert acted.message is not None
    return acted.message


@asynccontextmanager
async def playing(
    redis: Redis,
    kind: Kind = "text",
    *,
    admins: frozenset[str] = frozenset(),
    expected: tuple[str, ...] = EXPECTED,
) -> AsyncIterator[Server]:
    """The server, and the bot connected to it; at the end Discord has nothing to complain of."""
    async with DiscordStandIn(answer_limit=30.0) as discord:
        clock = Hands(discord)
        async with connection(redis, discord, clock, admins) as (client, clockwork):
            boss, ana, bob = discord.user("boss", admin=True), discord.user("ana"), discord.user("bob")
            yield Server(discord, client, clockwork, boss, ana, bob, discord.channel("practice", kind), clock)
            await discord.settled()
            assert [one for one in discord.complaints if not any(code in one for code in expected)] == []


@asynccontextmanager
async def connection(
    redis: Redis,
    discord: DiscordStandIn,
    clock: Hands,
    admins: frozenset[str] = frozenset(),
    catalogue: Catalogue | None = None,
) -> AsyncIterator[tuple[Discord, Clockwork]]:
    """The bot as `llmq run` connects it."""
    store, decks = Store(redis), catalogue or ten_questions()
    with patience():
        async with posting(discord, admins) as platform:
            platforms, leases = {"discord": platform}, leases_of(platform, redis)
            bot = Bot(Game(store, decks, clock, InDeckOrder(1), platforms, lambda: None))
            client = Discord(bot, platform, leases, replica="this process")
            await make_commands_known(platform.client, leases, None)
            platform.commands = await ids_of_commands(platform.client, None)
            await log_in(client, discord.token)
            async with connected(client):
                await discord.gateway.connected(1)
                await discord.settled()
                yield client, Clockwork(store, decks, platforms, clock)


@contextmanager
def patience() -> Iterator[None]:
    """A busy machine must not fail a test, and sessions may follow each other at once."""
    before = bot_module.ANSWER_WITHIN_SECONDS, shards.IDENTIFY_EVERY
    bot_module.ANSWER_WITHIN_SECONDS, shards.IDENTIFY_EVERY = 30.0, timedelta()
    try:
        yield
    finally:
        bot_module.ANSWER_WITHIN_SECONDS, shards.IDENTIFY_EVERY = before


@asynccontextmanager
async def posting(
    discord: DiscordStandIn, admins: frozenset[str] = frozenset()
) -> AsyncIterator[DiscordPlatform]:
    """The platform over a client that is logged in."""
    async with posting_client() as client:
        await log_in(client, discord.token)
        yield DiscordPlatform(client, admins)


def leases_of(platform: DiscordPlatform, redis: Redis) -> Leases:
    return Leases(redis, str(platform.client.application_id))


def texts_of(native: Any) -> list[str]:
    """The lines of all texts of a message, as they travel."""
    if isinstance(native, list):
        return [line for one in native for line in texts_of(one)]
    own = str(native["content"]).split("\n") if "content" in native else []
    return own + texts_of(native.get("components", []))
