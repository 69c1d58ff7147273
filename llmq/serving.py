"""The composition root of `llmq run` and `llmq doctor`: every platform whose token is set, over one store."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from aiohttp import web
from redis.asyncio import Redis

from bot.bot import Bot
from bot.errors import Refusal
from bot.platform import Finding, Platform
from bot.stopping import ended
from bot.store.store import Store
from llmq.building import assemble, decks_of, load, utc_now
from llmq.doctor import examine, reach
from llmq.health import Parts, health_app, serving
from llmq.logs import write_logs
from llmq.redis.connection import open_redis
from llmq.settings import Settings
from scheduler.timer import Timer

if TYPE_CHECKING:
    from adapters.discord.app import Discord
    from adapters.slack.platform import SlackPlatform
    from adapters.slack.serve import SocketMode

log = logging.getLogger(__name__)

NO_PLATFORM = (
    "No platform is configured, so there is nothing to run. Set LLMQ_SLACK_BOT_TOKEN (see docs/slack.md) or "
    "LLMQ_DISCORD_TOKEN (see docs/discord.md), or play in this terminal with `llmq console`."
)
NO_WAY_IN = (
    "LLMQ_SLACK_BOT_TOKEN is set, but not how Slack's events come in. Set LLMQ_SLACK_APP_TOKEN for "
    "Socket Mode, or LLMQ_SLACK_SIGNING_SECRET for HTTP."
)


class Side(Protocol):
    """A platform that is served: where it posts, and how its events come in until the stack is closed."""

    @property
    def platform(self) -> Platform: ...

    async def is_ready(self) -> bool: ...

    async def open(self, bot: Bot, server: web.Application, stack: AsyncExitStack) -> None: ...


async def run(settings: Settings) -> int:
    """Serve every platform whose token is set, until the process is told to stop; returns the exit status."""
    if settings.slack_bot_token is None and settings.discord_token is None:
        raise Refusal(NO_PLATFORM)
    write_logs(settings)
    decks, stopped = decks_of(settings), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with open_redis(settings) as redis, AsyncExitStack() as stack:
        store = Store(redis)
        sides = await sides_of(settings, redis, stopped, stack)
        platforms = {name: side.platform for name, side in sides.items()}
        catalogue = await load(store, decks)
        bot, clockwork = assemble(store, catalogue, platforms, utc_now, random.Random(), lambda: timer.wake())
        timer = Timer(clockwork, utc_now)

        async def look() -> Parts:
            platforms = {name: await side.is_ready() for name, side in sides.items()}
            return {"redis": await store.is_there(), **platforms}

        server = health_app(look, stopped.is_set)
        for side in sides.values():
            await side.open(bot, server, stack)
        if settings.serves_http:
            port = settings.http_port or DEFAULT_PORT
            await stack.enter_async_context(serving(server, settings.http_host, port))
            log.info("serving HTTP on %s:%d", settings.http_host, port)
        timer.start()
        # At the end no round is begun any more, then nothing comes in, then ends what is still to be shown.
        stack.push_async_callback(timer.stop)
        await stopped.wait()
    return 0


DEFAULT_PORT = 3000


async def sides_of(
    settings: Settings, redis: Redis, stopped: asyncio.Event, stack: AsyncExitStack
) -> dict[str, Side]:
    """The platforms whose token is set. Raises a refusal when one of them does not accept its token."""
    sides: dict[str, Side] = {}
    if settings.slack_bot_token:
        sides["slack"] = await slack_side(settings)
    if settings.discord_token:
        sides["discord"] = await discord_side(settings, redis, stopped, stack)
    return sides


@dataclass(slots=True)
class SlackSide:
    """A Slack workspace, over Socket Mode or HTTP."""

    settings: Settings
    platform: SlackPlatform
    team: str
    socket: SocketMode | None = None

    async def is_ready(self) -> bool:
        """Over HTTP Slack's events come in by themselves."""
        return self.socket is None or await self.socket.is_connected()

    async def open(self, bot: Bot, server: web.Application, stack: AsyncExitStack) -> None:
        from adapters.slack.app import Slack
        from adapters.slack.serve import add_events, socket_mode

        settings, slack = self.settings, Slack(bot, self.platform, self.team)
        stack.push_async_callback(lambda: ended(slack.drain(), "replies to Slack"))
        if settings.slack_signing_secret:
            add_events(server, slack.build(settings.slack_signing_secret.get_secret_value()))
        elif settings.slack_app_token:
            token = settings.slack_app_token.get_secret_value()
            connection = socket_mode(slack.build(None), token, settings.slack_api_url)
            self.socket = await stack.enter_async_context(connection)
        log.info("serving Slack team %s", self.team)


async def slack_side(settings: Settings) -> SlackSide:
    from adapters.slack.platform import SlackPlatform
    from adapters.slack.serve import client_of, team_of

    assert settings.slack_bot_token
    if settings.slack_signing_secret is None and settings.slack_app_token is None:
        raise Refusal(NO_WAY_IN)
    client = client_of(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    platform = SlackPlatform(client, frozenset(settings.slack_admins), time.monotonic)
    return SlackSide(settings, platform, await team_of(client))


@dataclass(frozen=True, slots=True)
class DiscordSide:
    """The servers of a Discord application, over the gateway."""

    client: Discord
    stopped: asyncio.Event

    @property
    def platform(self) -> Platform:
        return self.client.platform

    async def is_ready(self) -> bool:
        """discord.py stays ready, in its own sense, while a connection is lost and made again."""
        client, share = self.client, self.client.share
        ours = share.shares.ours if share and share.shares else client.shards.keys()
        lost = any(link.is_closed() for shard, link in client.shards.items() if shard in ours)
        return (share.is_ready() if share else client.is_ready()) and not lost

    async def open(self, bot: Bot, server: web.Application, stack: AsyncExitStack) -> None:
        from adapters.discord.serve import connected

        self.client.serve(bot)
        connection = await stack.enter_async_context(connected(self.client))
        connection.add_done_callback(self._ended)
        log.info("serving Discord as %s", self.client.user)

    def _ended(self, connection: asyncio.Task[None]) -> None:
        if not connection.cancelled() and connection.exception():
            log.error("Discord's gateway refuses llmq: %s", connection.exception())
        self.stopped.set()


async def discord_side(
    settings: Settings, redis: Redis, stopped: asyncio.Event, stack: AsyncExitStack
) -> DiscordSide:
    from adapters.discord.leases import Leases
    from adapters.discord.serve import log_in, make_commands_known, shared_pace
    from adapters.discord.shards import Share

    assert settings.discord_token
    client = discord_client(settings)
    stack.push_async_callback(client.close)
    await log_in(client, settings.discord_token.get_secret_value())
    leases = Leases(redis, str(client.application_id))
    await make_commands_known(client, leases, settings.discord_guild)
    client.platform.pace = shared_pace(leases, utc_now)
    if not settings.discord_shard_ids:
        client.share = Share(client, leases, utc_now, uuid4().hex)
    return DiscordSide(client, stopped)


def discord_client(settings: Settings) -> Discord:
    """A client that is not logged in yet."""
    from adapters.discord.app import Discord
    from adapters.discord.serve import use_addresses

    use_addresses(settings.discord_api_url, settings.discord_gateway_url)
    return Discord(frozenset(settings.discord_admins), settings.discord_shards, settings.discord_shard_ids)


async def doctor(settings: Settings) -> list[Finding]:
    """What is configured and what to mend, for the core and for every platform whose token is set."""
    findings = await examine(settings, utc_now().date())
    if settings.slack_bot_token:
        findings += [finding async for finding in slack_findings(settings)]
    if settings.discord_token:
        findings += [finding async for finding in discord_findings(settings)]
    if settings.slack_bot_token is None and settings.discord_token is None:
        findings.append(Finding("warn", "no platform is configured: `llmq console` plays without one"))
    return findings


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


async def discord_findings(settings: Settings) -> AsyncIterator[Finding]:
    """What to know of Discord; the channels are looked at when Redis is right."""
    from adapters.discord.doctor import examine as examine_discord

    assert settings.discord_token
    token, client = settings.discord_token.get_secret_value(), discord_client(settings)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(client.close)
        try:
            store: Store | None = Store(await stack.enter_async_context(reach(settings)))
        except Refusal:
            store = None
        async for finding in examine_discord(client, token, store):
            yield finding
