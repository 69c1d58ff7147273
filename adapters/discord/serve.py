"""The way in: log in, make the commands known when they changed, and stay connected."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import aiohttp
import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

from adapters.discord.app import Discord, counting_rate_limits
from adapters.discord.calls import wait_no_longer
from adapters.discord.commands import application_commands
from adapters.discord.leases import Leases
from adapters.discord.reading import Unreadable, understood, words_for
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
NOT_IN_SERVER = (
    "llmq is not in the server {guild}, so it has no commands there. Invite it as docs/discord.md "
    "says, or take LLMQ_DISCORD_GUILD out."
)
# Discord is away, or asks for patience.
NO_ANSWER = (discord.DiscordServerError, aiohttp.ClientError, OSError, TimeoutError)


def use_addresses(api_url: str | None, gateway_url: str | None) -> None:
    """Point discord.py elsewhere, which it knows only for the whole process."""
    if api_url:
        # Where files are fetched from goes with it.
        Route.BASE, discord.Asset.BASE = api_url.rstrip("/"), str(URL(api_url).origin())
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = URL(gateway_url)


def posting_client() -> discord.Client:
    """A client for plain REST, which needs no connection to the gateway."""
    return discord.Client(
        intents=discord.Intents.none(),
        allowed_mentions=discord.AllowedMentions.none(),
        http_trace=counting_rate_limits(),
    )


async def log_in(client: discord.Client, token: str) -> None:
    """Raises a refusal when Discord does not accept the token, or does not answer."""
    try:
        with understood("the login"):
            await client.login(token)
    except discord.LoginFailure:
        raise Refusal(
            "Discord does not accept LLMQ_DISCORD_TOKEN. Copy the token from the application's page Bot, "
            "where Reset Token makes a new one."
        ) from None
    except (*NO_ANSWER, Unreadable) as fault:
        raise Refusal(
            f"Discord does not let llmq log in just now ({words_for(fault)}). Start it again later."
        ) from None
    wait_no_longer(client)


async def make_commands_known(client: discord.Client, leases: Leases, guild: str | None) -> None:
    """Send the command table to Discord when it has changed: to one server at once, or to all.

    Where it was sent before, it is taken back: both together would show each command twice.
    """
    wanted, known = guild or EVERYWHERE, await leases.known_commands()
    for where in dict.fromkeys((wanted, EVERYWHERE, *known)):
        commands = application_commands(TABLE) if where == wanted else []
        digest = sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()
        if known.get(where) != digest and await took_commands(client, where, commands):
            await leases.save_known_commands(where, digest)


async def took_commands(client: discord.Client, where: str, commands: list[dict[str, Any]]) -> bool:
    """Send commands, and whether Discord took them. Raises a refusal where llmq is not in the server."""
    try:
        await send_commands(client, where, commands)
    except (discord.Forbidden, discord.NotFound):
        if commands:
            raise Refusal(NOT_IN_SERVER.format(guild=where)) from None
        log.info("llmq is no longer in the server %s, and neither are its commands", where)
    except NO_ANSWER as fault:
        log.warning(
            "Discord does not take the commands (%s); the next start sends them again", words_for(fault)
        )
        return False
    else:
        log.info("the commands are known to Discord (%s): %d", where, len(commands))
    return True


async def send_commands(client: discord.Client, where: str, commands: list[dict[str, Any]]) -> None:
    """Put these in the place of all commands that a server has, or that there are everywhere."""
    application = client.application_id
    assert application is not None
    if where == EVERYWHERE:
        await client.http.bulk_upsert_global_commands(application, commands)
    else:
        await client.http.bulk_upsert_guild_commands(application, int(where), commands)


async def ids_of_commands(client: discord.Client, guild: str | None) -> dict[str, str]:
    """The ids of the commands by their names, as Discord has them; none where Discord does not say."""
    application = client.application_id
    assert application is not None
    http = client.http
    try:
        with understood("its commands"):
            asked = (
                http.get_guild_commands(application, int(guild))
                if guild
                else http.get_global_commands(application)
            )
            return {one["name"]: str(one["id"]) for one in await asked}
    except (*NO_ANSWER, discord.HTTPException, Unreadable) as fault:
        log.warning("Discord does not name the commands (%s); none can be clicked", words_for(fault))
        return {}


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
