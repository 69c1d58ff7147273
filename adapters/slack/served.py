"""A Slack workspace as `llmq run` serves it: checked at the start, then over Socket Mode or signed HTTP."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import ClassVar

from aiohttp import web
from pydantic import SecretStr

from adapters.slack.app import Slack
from adapters.slack.doctor import examine
from adapters.slack.events import Events
from adapters.slack.platform import Identity, SlackPlatform
from adapters.slack.serve import SocketMode, add_events, client_of, identity_of, socket_mode
from adapters.slack.workspaces import OneWorkspace
from bot.bot import Bot
from bot.errors import Refusal
from bot.platform import Finding
from bot.stopping import ended

log = logging.getLogger(__name__)

NO_WAY_IN = (
    "LLMQ_SLACK_BOT_TOKEN is set, but not how Slack's events come in. Set LLMQ_SLACK_APP_TOKEN for "
    "Socket Mode, or LLMQ_SLACK_SIGNING_SECRET for HTTP."
)


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """What opens a workspace: its bot's token, and the secret of the way in."""

    bot_token: SecretStr
    app_token: SecretStr | None
    signing_secret: SecretStr | None
    admins: frozenset[str]
    api_url: str


@dataclass(slots=True)
class ServedSlack:
    """A workspace whose token Slack has accepted."""

    access: SlackAccess
    platform: SlackPlatform
    identity: Identity
    socket: SocketMode | None = field(default=None, init=False)
    # Whether Slack's refusal of one token is one of all that is served.
    has_one_token: ClassVar[bool] = True

    async def is_ready(self) -> bool:
        """Over HTTP Slack's events come in by themselves."""
        return self.socket is None or await self.socket.is_connected()

    async def open(self, bot: Bot, server: web.Application, stack: AsyncExitStack) -> None:
        """Let Slack's events come in until the stack is closed."""
        access, slack = self.access, Slack(bot, self.platform, self.identity)
        # Slack took the token, so the app is installed, again perhaps.
        await bot.returned(slack.channel("").team)
        stack.push_async_callback(lambda: ended(slack.drain(), "replies to Slack"))
        events = Events(OneWorkspace(slack))
        if access.signing_secret:
            secret = access.signing_secret.get_secret_value()
            app = events.app(access.api_url, secret)
            add_events(server, app, secret, lambda: bot.game.clock().timestamp())
        elif access.app_token:
            token = access.app_token.get_secret_value()
            connection = socket_mode(events.app(access.api_url, None), token, access.api_url)
            self.socket = await stack.enter_async_context(connection)
        log.info("serving Slack team %s", self.identity.team)


async def check_in(access: SlackAccess) -> ServedSlack:
    """Ask Slack whose token it is. Raises a refusal when it is nobody's, or no way in is set."""
    if access.signing_secret is None and access.app_token is None:
        raise Refusal(NO_WAY_IN)
    client = client_of(access.bot_token.get_secret_value(), access.api_url)
    identity = await identity_of(client)
    platform = SlackPlatform(client, access.admins, time.monotonic, site=identity.site, bot=identity.bot)
    return ServedSlack(access, platform, identity)


async def findings(
    access: SlackAccess, scheduled: Callable[[str], Awaitable[list[str]]]
) -> AsyncIterator[Finding]:
    """What to know of a workspace. `scheduled` tells the channels with a schedule, and may refuse."""
    client = client_of(access.bot_token.get_secret_value(), access.api_url)
    try:
        channels = await scheduled(f"slack:{(await identity_of(client)).team}")
    except Refusal:
        channels = []
    app_token = access.app_token.get_secret_value() if access.app_token else None
    async for finding in examine(client, app_token, access.signing_secret is not None, channels):
        yield finding
