"""Slack workspaces that install one shared app from a browser, as `llmq run` serves them."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from html import unescape

import aiohttp
from aiohttp import web
from cryptography.fernet import Fernet
from pydantic import SecretStr
from redis.asyncio import Redis

from adapters.slack.installs import Installs, States, cipher_of
from adapters.slack.manifest import REDIRECT_PATH
from adapters.slack.oauth import INSTALL_PATH
from adapters.slack.serve import PATH
from adapters.slack.shared import SharedAccess, SharedSlack, share
from bot.bot import Bot
from bot.commands.parsing import Game
from bot.store.store import Store
from llmq.http import serving
from scheduler.clockwork import Clockwork
from tests.adapters.slack_team import ACK_LIMIT, Hands, words
from tests.dialogue import InDeckOrder, ten_questions
from tests.fakes.clock import Clock
from tests.fakes.slack.oauth import agree
from tests.fakes.slack.people import Channel, Message, User
from tests.fakes.slack.stand_in import SlackStandIn
from tests.fakes.slack.users import Member
from tests.fakes.slack.world import App, Workspace

KEY = Fernet.generate_key().decode()
COOKIE = re.compile(r"slack-app-oauth-state=([^;]+)")


@dataclass
class Browser:
    """Somebody's browser, with the cookie that it was given."""

    http: aiohttp.ClientSession
    url: str
    slack: SlackStandIn
    cookie: str = ""

    async def begin(self) -> str:
        """Open the page of the app; returns where its button leads."""
        async with self.http.get(f"{self.url}{INSTALL_PATH}") as page:
            assert page.status == 200
            (self.cookie,) = COOKIE.findall(page.headers["Set-Cookie"])
            (link,) = re.findall(r'<a href="([^"]+)"', await page.text())
        return unescape(link)

    async def agree(self, workspace: Workspace) -> str:
        """Begin, and say yes at Slack; returns where Slack sends the browser."""
        return agree(self.slack.world, await self.begin(), workspace, f"{self.url}{REDIRECT_PATH}")

    async def come_back(self, address: str) -> int:
        """Open what Slack sends the browser to; returns the status of the page."""
        headers = {"Cookie": f"slack-app-oauth-state={self.cookie}"} if self.cookie else {}
        async with self.http.get(address, headers=headers) as page:
            return page.status

    async def install(self, workspace: Workspace) -> None:
        assert await self.come_back(await self.agree(workspace)) == 200


@dataclass
class Process:
    """One `llmq run` for all workspaces."""

    served: SharedSlack
    bot: Bot
    clockwork: Clockwork
    url: str


@dataclass
class Shared:
    """Two workspaces, with people and channels of the same ids, and a process that serves both."""

    slack: SlackStandIn
    redis: Redis
    clock: Hands
    http: aiohttp.ClientSession
    process: Process
    one: Workspace
    two: Workspace
    boss: dict[str, Member] = field(default_factory=dict)
    ana: dict[str, Member] = field(default_factory=dict)
    channel: dict[str, Channel] = field(default_factory=dict)

    def browser(self) -> Browser:
        return Browser(self.http, self.process.url, self.slack)

    async def says(self, who: Member, text: str) -> Message:
        acted = await who.command("/llmq", text, self.channel[who.workspace.id])
        assert acted.failure is None
        return await acted.shown()

    async def hears(self, who: Member, text: str) -> str:
        said = await self.says(who, text)
        return words(said) or said.text

    async def work(self) -> None:
        await self.process.clockwork.work()
        await self.slack.settled()

    def people(self, workspace: Workspace) -> None:
        """Boss and Ana, and a channel, with the ids that they have in the other workspace."""
        for number, (name, known) in enumerate((("boss", self.boss), ("ana", self.ana))):
            user = User(f"U0SAME{number}", name, workspace.id, name == "boss")
            user.display_name = name
            workspace.users[user.id] = user
            known[workspace.id] = Member(self.slack.world, self.slack.outbox, workspace, user)
        ids = {"U0SAME0", "U0SAME1", workspace.bot.id}
        place = Channel("C0SAME", "practice", workspace.id, "channel", members=ids)
        workspace.channels[place.id] = self.channel[workspace.id] = place


@asynccontextmanager
async def sharing(redis: Redis, *, token_lasts: int | None = None) -> AsyncIterator[Shared]:
    """Nothing is installed yet. Slack's clock begins now, as slack_sdk knows no other."""
    clock = Hands(Clock(time.time()))
    described = App(should_escape=True, token_lasts=token_lasts)
    async with (
        SlackStandIn(now=clock.tick, app=described, ack_limit=ACK_LIMIT) as slack,
        aiohttp.ClientSession() as http,
    ):
        slack.clock = clock.slack
        two = slack.add_workspace("T0SECOND", "xoxb-none-yet")
        async with process_of(slack, redis, clock) as process:
            slack.over_http(f"{process.url}{PATH}")
            shared = Shared(slack, redis, clock, http, process, slack.workspace, two)
            for workspace in (shared.one, two):
                shared.people(workspace)
            yield shared
            await slack.settled()
        assert slack.complaints == []


@asynccontextmanager
async def process_of(slack: SlackStandIn, redis: Redis, clock: Hands) -> AsyncIterator[Process]:
    secret, now = SecretStr(slack.signing_secret), lambda: clock().timestamp()
    app, cipher = slack.world.app, cipher_of(KEY)
    access = SharedAccess(app.client_id, SecretStr(app.client_secret), secret, frozenset(), slack.api_url)
    served = share(access, Installs(redis, cipher), States(redis, cipher, now), now)
    game = Game(
        Store(redis), ten_questions(), clock, InDeckOrder(1), {"slack": served.platform}, lambda: None
    )
    bot, server = Bot(game), web.Application()
    async with AsyncExitStack() as stack:
        await served.open(bot, server, stack)
        port = await stack.enter_async_context(serving(server, "127.0.0.1", 0))
        clockwork = Clockwork(game.store, game.catalogue, game.platforms, clock)
        yield Process(served, bot, clockwork, f"http://127.0.0.1:{port}")
