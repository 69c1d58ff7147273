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
from bot.errors import Refusal
from bot.platform import Finding, Platform
from llmq.doctor import reach
from llmq.replica import replica_of
from llmq.settings import Settings

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

    from adapters.discord.served import DiscordAccess
    from adapters.slack.served import SlackAccess
    from adapters.slack.shared import SharedAccess

# The channels of a team that have a schedule. May raise a refusal where Redis cannot be asked.
Scheduled = Callable[[str], Awaitable[list[str]]]


class ServedPlatform(Protocol):
    """A platform that is served: where it posts, and how its events come in until the stack is closed."""

    @property
    def has_one_token(self) -> bool:
        """Whether a token that is refused is that of all who are served."""

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


def shared_access(settings: Settings) -> SharedAccess:
    """What it takes to serve all workspaces that install the app. Raises a refusal that names what lacks."""
    from adapters.slack.shared import TWO_WAYS, SharedAccess

    if settings.slack_bot_token:
        raise Refusal(TWO_WAYS)
    needed = ("slack_client_secret", "slack_signing_secret", "secret_key")
    if missing := [f"LLMQ_{name.upper()}" for name in needed if not getattr(settings, name)]:
        raise Refusal(f"LLMQ_SLACK_CLIENT_ID is set, but not {', '.join(missing)}: see docs/operating.md.")
    assert settings.slack_client_id
    assert settings.slack_client_secret
    assert settings.slack_signing_secret
    return SharedAccess(
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret,
        signing_secret=settings.slack_signing_secret,
        admins=frozenset(settings.slack_admins),
        api_url=settings.slack_api_url,
    )


def cipher_of(settings: Settings) -> MultiFernet:
    """What closes and opens the workspaces' tokens. Raises a refusal for a key that is none."""
    from adapters.slack.installs import cipher_of

    assert settings.secret_key
    return cipher_of(settings.secret_key.get_secret_value())


async def begin_slack(around: Surroundings) -> ServedPlatform:
    if around.settings.slack_client_id:
        from adapters.slack.installs import Installs, States
        from adapters.slack.shared import share

        access, cipher = shared_access(around.settings), cipher_of(around.settings)
        now = lambda: around.clock().timestamp()  # noqa: E731
        return share(access, Installs(around.redis, cipher), States(around.redis, cipher, now), now)
    from adapters.slack.served import check_in

    return await check_in(slack_access(around.settings))


async def examine_slack(settings: Settings, scheduled: Scheduled) -> AsyncIterator[Finding]:
    if settings.slack_client_id:
        from adapters.slack.installs import Installs
        from adapters.slack.shared import shared_findings

        try:
            access, cipher = shared_access(settings), cipher_of(settings)
            async with reach(settings) as redis:
                async for finding in shared_findings(access.api_url, Installs(redis, cipher)):
                    yield finding
        except Refusal as refusal:
            yield Finding("fault", str(refusal))
        return
    from adapters.slack.served import findings

    async for finding in findings(slack_access(settings), scheduled):
        yield finding


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
    "slack": Entry(
        lambda settings: bool(settings.slack_bot_token or settings.slack_client_id),
        begin_slack,
        examine_slack,
    ),
    "discord": Entry(lambda settings: settings.discord_token is not None, begin_discord, examine_discord),
}


def configured(settings: Settings) -> Mapping[str, Entry]:
    """The platforms whose token is set."""
    return {name: entry for name, entry in PLATFORMS.items() if entry.is_configured(settings)}
