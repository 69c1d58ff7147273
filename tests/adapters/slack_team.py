"""A team in Slack: the real bolt and slack_sdk, our own ways in, a real Redis, and the stand-in."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from redis.asyncio import Redis
from slack_bolt.async_app import AsyncApp

from adapters.slack.app import Slack
from adapters.slack.events import Events
from adapters.slack.platform import SlackPlatform
from adapters.slack.serve import PATH, add_events, client_of, identity_of, socket_mode
from adapters.slack.shortcuts import SHORTCUTS
from adapters.slack.workspaces import OneWorkspace
from bot.bot import Bot
from bot.commands.parsing import Game
from bot.messages import Reply
from bot.requests import Request
from bot.store.store import Store
from llmq.http import serving
from scheduler.clockwork import Clockwork
from tests.dialogue import START, InDeckOrder, ten_questions
from tests.fakes.clock import Clock
from tests.fakes.slack.acted import Acted
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.people import Channel, Message, View
from tests.fakes.slack.sample import Mode
from tests.fakes.slack.stand_in import SlackStandIn
from tests.fakes.slack.users import Member
from tests.fakes.slack.world import App

# Slack's three seconds are kept by the bot's own limit; a busy machine must not fail a test.
ACK_LIMIT = 60.0
# A connection is given up after four of them without a word, which a busy machine must not reach.
PING_SECONDS = 1.5
ANSWER = "It divides by the root of the width, so that the softmax keeps a slope."
QUESTION = "What is subject number 0 good for?"


@dataclass
class Hands:
    """The hands of Slack's clock and of ours, which are one: no two looks at it are in the same moment."""

    slack: Clock

    def tick(self) -> float:
        """Seconds since 1970, a little later each time."""
        self.slack.advance(0.002)
        return self.slack.at

    def __call__(self) -> datetime:
        self.tick()
        return self.slack.moment()

    @property
    def now(self) -> datetime:
        return self.slack.moment()

    @now.setter
    def now(self, moment: datetime) -> None:
        self.slack.at = moment.timestamp()


class HeldBot(Bot):
    """The bot, which can be held back at its door: `came` is set when something is there."""

    def __init__(self, game: Game) -> None:
        super().__init__(game)
        self.came, self.go_on = asyncio.Event(), asyncio.Event()
        self.go_on.set()

    def hold(self) -> None:
        self.came.clear()
        self.go_on.clear()

    async def handle(self, request: Request) -> Reply:
        self.came.set()
        await self.go_on.wait()
        return await super().handle(request)


@dataclass
class Team:
    """A workspace with a channel, its admin, two members and the running app."""

    slack: SlackStandIn
    bot: HeldBot
    app: Slack
    clockwork: Clockwork
    boss: Member
    ana: Member
    bob: Member
    channel: Channel
    clock: Hands
    redis: Redis
    slept: list[float] = field(default_factory=list)
    says_twice: bool = False

    async def says(self, who: Member, text: str) -> Message:
        """What the bot shows in answer to `/llmq …`."""
        return await (await self.types(who, text)).shown()

    async def opens(self, who: Member, text: str) -> View:
        """The form that the bot opens in answer to `/llmq …`."""
        return await (await self.types(who, text)).view()

    async def types(self, who: Member, text: str) -> Acted:
        acted = await who.command("/llmq", text, self.channel)
        assert acted.failure is None
        if self.says_twice:
            await self.again(acted.delivery)
        return acted

    async def again(self, delivery: Delivery) -> None:
        """Deliver something once more, as Slack does when it has not heard of us: nothing changes by it."""
        await self.work()
        before = await self.everything()
        await self.slack.outbox.redeliver(delivery)
        await self.work()
        assert await self.everything() == before

    async def everything(self) -> dict[str, object]:
        """All that is stored, and all that stands in Slack for more than the one who acted."""
        keys = [key async for key in self.redis.scan_iter() if ":practised:" not in key]
        # Which practice question was given before only says which to give next.
        stored = {key: timeless(await read(self.redis, key)) for key in keys}
        places = self.slack.workspace.channels.values()
        return stored | {one.id: [message.wire() for message in one.messages] for one in places}

    async def presses(self, who: Member, where: Message | View, label: str) -> Message:
        """What the bot shows in answer to a button."""
        acted = await who.press(where, label)
        assert acted.failure is None
        shown = await acted.shown()
        if self.says_twice:
            await self.again(acted.delivery)
        return shown

    async def turns(self, who: Member, view: View, label: str) -> View:
        """The view on top, once a button in a view has done what it does."""
        assert (await who.press(view, label)).failure is None
        await self.work()
        assert who.view
        return who.view

    async def receipt(self, who: Member, form: View, text: str = "", **inputs: str) -> Message:
        """What the bot shows where a form was asked for, once that is sent; the form is gone then."""
        sent = await who.submit(form, inputs | ({"answer": text} if text else {}))
        assert (sent.failure, sent.errors, sent.closed) == (None, {}, True)
        if self.says_twice:
            await self.again(sent.delivery)
        await self.work()
        return who.ephemerals[-1]

    async def work(self) -> None:
        """Let the clockwork do what is due, and everything be delivered and shown."""
        await self.clockwork.work()
        # What was delivered is handled first; what that shows may be delivered in turn.
        await self.slack.settled()
        await self.app.drain()
        await self.slack.settled()

    async def chats(self, who: Member, number: int, thread: Message | None = None) -> None:
        """Post so many remarks, a few at a time: hundreds at once cost a busy machine its connection."""
        for n in range(number):
            who.post(self.channel, f"Remark {n}, for all who care to read it.", thread)
            if n % 25 == 0:
                await self.slack.settled()

    async def question(self) -> Message:
        """Set a schedule, ask at once, and return the post."""
        await self.says(self.boss, "daily on 09:00 daily")
        await self.says(self.boss, "daily now")
        await self.work()
        return self.channel.posts[-1]

    async def reveal(self) -> list[Message]:
        """Reveal, and return what stands in the thread then: the reference, then the answers."""
        await self.says(self.boss, "reveal")
        await self.work()
        return self.posted_in_thread()

    def posted_in_thread(self) -> list[Message]:
        return [one for one in self.channel.messages if one.bot_id and one.thread_ts and not one.at_top]

    async def standing(self, who: Member) -> str:
        """What the member's own overview says."""
        return words(await self.says(who, "me"))

    async def today(self, who: Member) -> str:
        return words(await self.says(who, "today"))

    async def answered(self) -> int:
        """How many have answered the question."""
        found = re.search(r"Answered: +(\d+)", await self.today(self.boss))
        assert found
        return int(found[1])

    def forgive(self) -> None:
        """Take back what the stand-in complains of, in a test that means it to fail."""
        self.slack.world.failures.clear()


@asynccontextmanager
async def playing(
    redis: Redis,
    mode: Mode,
    *,
    admins: frozenset[str] = frozenset(),
    ack_limit: float = ACK_LIMIT,
    should_escape: bool = True,
) -> AsyncIterator[Team]:
    """The team, its app running in one of the two modes; at the end Slack has nothing to complain of."""
    clock = Hands(Clock(START.timestamp()))
    described = App(should_escape=should_escape, shortcuts=frozenset(SHORTCUTS))
    async with SlackStandIn(now=clock.tick, app=described, ack_limit=ack_limit) as slack:
        slack.clock = clock.slack
        slept: list[float] = []
        app, bot = await app_of(slack, redis, clock, admins, slept)
        boss, ana, bob = slack.user("boss", admin=True), slack.user("ana"), slack.user("bob")
        channel = slack.channel("practice", (boss, ana, bob))
        clockwork = Clockwork(bot.game.store, bot.game.catalogue, bot.game.platforms, clock)
        team = Team(slack, bot, app, clockwork, boss, ana, bob, channel, clock, redis, slept)
        async with way_in(slack, app, mode):
            try:
                yield team
            finally:
                bot.go_on.set()
            await slack.settled()
            await app.drain()
            await slack.settled()
            assert slack.complaints == []


async def app_of(
    slack: SlackStandIn, redis: Redis, clock: Hands, admins: frozenset[str], slept: list[float]
) -> tuple[Slack, HeldBot]:
    """The app of one process, and its bot."""

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        slack.clock.advance(seconds)

    client = client_of(slack.bot_token, slack.api_url, sleep)
    identity = await identity_of(client)
    platform = SlackPlatform(client, admins, slack.clock, sleep, identity.site, identity.bot)
    game = Game(Store(redis), ten_questions(), clock, InDeckOrder(1), {"slack": platform}, lambda: None)
    bot = HeldBot(game)
    return Slack(bot, platform, identity), bot


@asynccontextmanager
async def another_process(team: Team) -> AsyncIterator[Slack]:
    """A second process on the same Redis: each envelope goes to either in turn."""
    slack = team.slack
    app, _ = await app_of(slack, team.redis, team.clock, frozenset(), team.slept)
    async with socket_mode(bolt_of(app, None), slack.app_token, slack.api_url, PING_SECONDS):
        await slack.socket.connected(2)
        yield app
        await slack.settled()
        await app.drain()


async def read(redis: Redis, key: str) -> object:
    """What a key holds."""
    match await redis.type(key):
        case "hash":
            return await redis.hgetall(key)
        case "zset":
            return await redis.zrange(key, 0, -1, withscores=True)
        case "set":
            return await redis.smembers(key)
        case "list":
            return await redis.lrange(key, 0, -1)
        case _:
            return await redis.get(key)


COMMANDED = ("away_at", "boards_at", "reminders_at")
FLAGGED = re.compile(r'"at":\d+(?=,"outcome")')


def timeless(held: object) -> object:
    """What a key holds but for the moments of commands, of which Slack sends none twice and tells none."""
    if not isinstance(held, dict):
        return held
    kept = {name: value for name, value in held.items() if name not in COMMANDED}
    if "schedule" in kept:
        kept["schedule"] = re.sub(r'"since":[^,]*', "", kept["schedule"])
    return {name: FLAGGED.sub("", value) for name, value in kept.items()}


def bolt_of(app: Slack, secret: str | None) -> AsyncApp:
    """The bolt app of a process that serves one workspace."""
    return Events(OneWorkspace(app)).app(app.platform.client.base_url, secret)


def way_in(slack: SlackStandIn, app: Slack, mode: Mode) -> AbstractAsyncContextManager[object]:
    """Our own code for one of the two ways in."""
    if mode == "socket":
        return socket_mode(bolt_of(app, None), slack.app_token, slack.api_url, PING_SECONDS)
    return over_http(slack, app)


@asynccontextmanager
async def over_http(slack: SlackStandIn, app: Slack) -> AsyncIterator[None]:
    server = web.Application()
    add_events(server, bolt_of(app, slack.signing_secret), slack.signing_secret, time.time)
    async with serving(server, "127.0.0.1", 0) as port:
        slack.over_http(f"http://127.0.0.1:{port}{PATH}")
        yield


def called(message: Message) -> list[str]:
    """Whom a message would call; that it names a channel calls nobody."""
    return [ping for ping in message.pings if not ping.startswith(("channel:", "<#"))]


def words(*shown: Message | View) -> str:
    """Everything that messages or views say, their blocks' texts in order."""
    return " ".join(text for one in shown for text in texts(one.blocks))


def texts(native: Any) -> list[str]:
    if isinstance(native, list):
        return [text for one in native for text in texts(one)]
    if not isinstance(native, dict):
        return []
    match native.get("type"):
        case "date":
            return [native["fallback"]]
        case "channel":
            return [f"<#{native['channel_id']}>"]
        case _:
            own = [native["text"]] if isinstance(native.get("text"), str) else []
            return own + [text for value in native.values() for text in texts(value)]
