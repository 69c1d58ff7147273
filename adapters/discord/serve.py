"""The way in: log in, make the commands known when they changed, and stay connected."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from hashlib import sha256

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from adapters.discord.app import LONGEST_WAIT_SECONDS, Discord, counting_rate_limits
from adapters.discord.commands import application_command
from adapters.discord.leases import Leases
from adapters.discord.shards import until_allowed
from bot.commands.table import TABLE
from bot.errors import Refusal

log = logging.getLogger(__name__)

# Warnings about libraries for voice, which llmq has no use for.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

Sleep = Callable[[float], Awaitable[None]]

# Discord takes fifty requests a second from an application; some are left for what members do.
BETWEEN_REQUESTS = timedelta(milliseconds=25)
PACE = "requests"
EVERYWHERE = "everywhere"
# What the bot does in a channel: read the question's replies, post, make threads and talk in them, react.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    create_public_threads=True,
    send_messages_in_threads=True,
    read_message_history=True,
    add_reactions=True,
)


def use_addresses(api_url: str | None, gateway_url: str | None) -> None:
    """Point discord.py elsewhere, which it knows only for the whole process."""
    if api_url:
        Route.BASE = api_url.rstrip("/")
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)


def posting_client() -> discord.Client:
    """A client for plain REST, which needs no connection to the gateway."""
    return discord.Client(
        intents=discord.Intents.none(),
        allowed_mentions=discord.AllowedMentions.none(),
        max_ratelimit_timeout=LONGEST_WAIT_SECONDS,
        http_trace=counting_rate_limits(),
    )


async def log_in(client: discord.Client, token: str) -> None:
    """Raises a refusal when Discord does not accept the token."""
    try:
        await client.login(token)
    except discord.LoginFailure:
        raise Refusal(
            "Discord does not accept LLMQ_DISCORD_TOKEN. Copy the token from the application's page Bot, "
            "where Reset Token makes a new one."
        ) from None


async def make_commands_known(client: discord.Client, leases: Leases, guild: str | None) -> None:
    """Send the command table to Discord when it has changed: to one server at once, or to all."""
    command, application = application_command(TABLE), client.application_id
    assert application is not None
    digest = sha256(json.dumps(command, sort_keys=True).encode()).hexdigest()
    where = guild or EVERYWHERE
    if await leases.known_commands(where) == digest:
        return
    try:
        if guild:
            await client.http.bulk_upsert_guild_commands(application, int(guild), [command])
        else:
            await client.http.bulk_upsert_global_commands(application, [command])
    except (discord.Forbidden, discord.NotFound):
        raise Refusal(
            f"llmq is not in the server {guild}, so it has no commands there. Invite it as docs/discord.md "
            "says, or take LLMQ_DISCORD_GUILD out."
        ) from None
    await leases.save_known_commands(where, digest)
    log.info("the commands are known to Discord (%s)", where)


def shared_pace(
    leases: Leases, clock: Callable[[], datetime], sleep: Sleep = asyncio.sleep
) -> Callable[[int], Awaitable[None]]:
    """Waits for as many turns as requests are to be made, of those that all processes make.

    discord.py itself waits only once Discord has refused, and who is refused too often is shut out.
    """

    async def pace(requests: int) -> None:
        wait = await leases.reserve(PACE, clock(), requests * BETWEEN_REQUESTS)
        await sleep(wait.total_seconds())

    return pace


@asynccontextmanager
async def connected(client: Discord) -> AsyncIterator[asyncio.Task[None]]:
    """Be connected to the gateway while the context lasts; the task ends when Discord refuses for good."""
    connection = asyncio.create_task(connect(client))
    try:
        yield connection
    finally:
        if client.shard_leases:
            await client.shard_leases.hand_over()
        connection.cancel()
        await client.stop()
        with suppress(asyncio.CancelledError, discord.DiscordException):
            await connection


async def connect(client: Discord) -> None:
    """Connect when Discord lets us, to all shards or to our share of them."""
    if client.shard_leases is None:
        await until_allowed(client, len(client.shard_ids or ()) or client.shard_count)
        await client.connect()
        return
    tasks = [asyncio.create_task(work) for work in (client.connect(), client.shard_leases.keep())]
    try:
        # Neither ends by itself, unless it fails.
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
