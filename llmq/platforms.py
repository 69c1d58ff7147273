"""The platforms that llmq serves. Adding one is an adapter, its settings, and an entry here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol

from aiohttp import web
from redis.asyncio import Redis

from bot.bot import Bot
from bot.platform import Finding, Platform
from llmq.replica import replica_of
from llmq.settings import Settings

if TYPE_CHECKING:
    from adapters.discord.served import DiscordAccess
    from adapters.slack.served import SlackAccess

# The channels of a team that have a schedule. May raise a refusal where Redis cannot be asked.
Scheduled = Callable[[str], Awaitable[list[str]]]


class ServedPlatform(Protocol):
    """A platform that is served: where it posts, and how its events come in until the stack is closed."""

    @property
    def platform(self) -> Platform: ...

    async def is_ready(self) -> bool: ...

    async def open(self, bot: Bot, server: web.Application, stack: AsyncExitStack) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a platform is given to live in. `stop` ends the process."""

    settings: Settings
    redis: Redis
    clock: Callable[[], datetime]
    stop: Callable[[], None]
    stack: AsyncExitStack


@dataclass(frozen=True, slots=True)
class Entry:
    """A platform: whether it is configured, how it begins, and what the doctor finds out about it."""

    is_configured: Callable[[Settings], bool]
    begin: Callable[[Surroundings], Awaitable[ServedPlatform]]
    examine: Callable[[Settings, Scheduled], AsyncIterator[Finding]]


def slack_access(settings: Settings) -> SlackAccess:
    from adapters.slack.served import SlackAccess

    assert settings.slack_bot_token
    return SlackAccess(
        bot_token=settings.slack_bot_token,
        app_token=settings.slack_app_token,
        signing_secret=settings.slack_signing_secret,
        admins=frozenset(settings.slack_admins),
        api_url=settings.slack_api_url,
    )


async def begin_slack(around: Surroundings) -> ServedPlatform:
    from adapters.slack.served import check_in

    return await check_in(slack_access(around.settings))


def examine_slack(settings: Settings, scheduled: Scheduled) -> AsyncIterator[Finding]:
    from adapters.slack.served import findings

    return findings(slack_access(settings), scheduled)


def discord_access(settings: Settings) -> DiscordAccess:
    from adapters.discord.served import DiscordAccess

    assert settings.discord_token
    return DiscordAccess(
        token=settings.discord_token,
        admins=frozenset(settings.discord_admins),
        guild=settings.discord_guild,
        shards=settings.discord_shards,
        shard_ids=settings.discord_shard_ids,
        api_url=settings.discord_api_url,
        gateway_url=settings.discord_gateway_url,
    )


async def begin_discord(around: Surroundings) -> ServedPlatform:
    from adapters.discord.leases import Leases
    from adapters.discord.served import check_in

    access, leases_of = discord_access(around.settings), partial(Leases, around.redis)
    # Named at the start, so that a process that was killed has its shards back at once.
    replica = around.stack.enter_context(replica_of(around.settings.data_dir))
    return await check_in(access, leases_of, around.clock, around.stop, around.stack, replica)


def examine_discord(settings: Settings, scheduled: Scheduled) -> AsyncIterator[Finding]:
    from adapters.discord.served import findings

    return findings(discord_access(settings), scheduled)


PLATFORMS: Mapping[str, Entry] = {
    "slack": Entry(lambda settings: settings.slack_bot_token is not None, begin_slack, examine_slack),
    "discord": Entry(lambda settings: settings.discord_token is not None, begin_discord, examine_discord),
}


def configured(settings: Settings) -> Mapping[str, Entry]:
    """The platforms whose token is set."""
    return {name: entry for name, entry in PLATFORMS.items() if entry.is_configured(settings)}
