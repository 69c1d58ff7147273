"""A Discord application as `llmq run` serves it: logged in at the start, then over the gateway."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

import discord
from aiohttp import web
from pydantic import SecretStr

from adapters.discord.app import Discord
from adapters.discord.doctor import examine
from adapters.discord.leases import Leases
from adapters.discord.platform import DiscordPlatform
from adapters.discord.serve import (
    connected,
    ids_of_commands,
    log_in,
    make_commands_known,
    posting_client,
    shared_pace,
    use_addresses,
)
from bot.bot import Bot
from bot.platform import Finding

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DiscordAccess:
    """What opens an application, and which of its shards and servers are this process's."""

    token: SecretStr
    admins: frozenset[str]
    guild: str | None
    shards: int | None
    shard_ids: tuple[int, ...]
    api_url: str | None
    gateway_url: str | None

    def posting_client(self) -> discord.Client:
        """A client that is not logged in yet."""
        use_addresses(self.api_url, self.gateway_url)
        return posting_client()


@dataclass(slots=True)
class ServedDiscord:
    """An application whose token Discord has accepted. `stop` ends the process."""

    access: DiscordAccess
    platform: DiscordPlatform
    leases: Leases
    stop: Callable[[], None]
    replica: str
    client: Discord | None = field(default=None, init=False)
    has_one_token: ClassVar[bool] = True

    async def is_ready(self) -> bool:
        """Whether every shard of this process is connected."""
        return self.client is not None and self.client.is_connected()

    async def open(self, bot: Bot, server: web.Application, stack: AsyncExitStack) -> None:
        """Be connected to the gateway until the stack is closed."""
        access = self.access
        leases = None if access.shard_ids else self.leases
        client = Discord(bot, self.platform, leases, access.shards, access.shard_ids, self.replica)
        stack.push_async_callback(client.close)
        await log_in(client, access.token.get_secret_value())
        connection = await stack.enter_async_context(connected(client))
        connection.add_done_callback(self._ended)
        self.client = client
        log.info("serving Discord as %s", client.user)

    def _ended(self, connection: asyncio.Task[None]) -> None:
        if not connection.cancelled() and connection.exception():
            log.error("Discord's gateway refuses llmq: %s", connection.exception())
        self.stop()


async def check_in(
    access: DiscordAccess,
    leases_of: Callable[[str], Leases],
    clock: Callable[[], datetime],
    stop: Callable[[], None],
    stack: AsyncExitStack,
    replica: str,
) -> ServedDiscord:
    """Log in, and make the commands known; `replica` names this process, and no other that runs.

    Raises a refusal when Discord does not accept the token.
    """
    client = access.posting_client()
    stack.push_async_callback(client.close)
    await log_in(client, access.token.get_secret_value())
    leases = leases_of(str(client.application_id))
    await make_commands_known(client, leases, access.guild)
    platform = DiscordPlatform(client, access.admins, shared_pace(leases, clock))
    platform.commands = await ids_of_commands(client, access.guild)
    return ServedDiscord(access, platform, leases, stop, replica)


async def findings(
    access: DiscordAccess, scheduled: Callable[[str], Awaitable[list[str]]]
) -> AsyncIterator[Finding]:
    """What to know of an application. `scheduled` tells the channels with a schedule, and may refuse."""
    client = access.posting_client()
    try:
        async for finding in examine(client, access.token.get_secret_value(), scheduled):
            yield finding
    finally:
        await client.close()
