"""The workspaces that one process serves: the one of a token, or all that have installed the app."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import ClientError
from redis import RedisError
from slack_sdk.errors import SlackApiError, SlackTokenRotationError
from slack_sdk.oauth.installation_store import Bot as Installed
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from adapters.slack.app import Slack
from adapters.slack.installs import RENEWED_AGAIN_AFTER, Installs
from adapters.slack.platform import SITE, TOKEN_REFUSED, Identity, SlackPlatform, error_of
from bot.bot import Bot
from bot.messages import Message
from bot.platform import Ability, AdminStatus, TokenRefused
from bot.requests import Channel, Member

log = logging.getLogger(__name__)

# A token that Slack takes back after twelve hours is renewed when it has so many seconds to go.
RENEWED_BEFORE = 7200
# slack_sdk, which takes minutes, is not to think about it again.
AT_ONCE = 1_000_000
# So many seconds pass until a process learns that a workspace left or came back through another one.
LOOKED_AT_EVERY = 5.0
# Slack's clock and ours agree that well, in seconds.
CLOCKS_DIFFER = 120.0
OTHER_TEAM = "This llmq serves another workspace."
NOT_INSTALLED = "llmq is not installed in this workspace any more. Install it again."


class Workspaces(Protocol):
    """Who serves a workspace. `stranger` is said where nobody does."""

    @property
    def stranger(self) -> str: ...

    async def of(self, team: str) -> Slack | None:
        """The app of a workspace, by its id. May raise `redis.RedisError`."""

    async def gone(self, team: str, at: float) -> None:
        """The app was taken out of a workspace, at a moment in seconds since 1970."""


@dataclass(frozen=True)
class OneWorkspace:
    """The workspace of the token in the settings."""

    slack: Slack
    stranger: str = OTHER_TEAM

    async def of(self, team: str) -> Slack | None:
        return self.slack if team == self.slack.team else None

    async def gone(self, team: str, at: float) -> None:
        if slack := await self.of(team):
            await slack.bot.left(slack.channel("").team)


@dataclass(frozen=True)
class Installation:
    """A workspace as it was installed, by the text that Redis holds, and when its token is to be renewed."""

    sealed: str
    platform: SlackPlatform
    identity: Identity
    renewed_at: float | None

    def is_good(self, sealed: str | None, now: float) -> bool:
        """Whether nothing is to be done about it."""
        return sealed == self.sealed and (self.renewed_at is None or now < self.renewed_at)


@dataclass(frozen=True)
class Installations:
    """The workspaces that have installed the app. `platform_of` makes one's platform of its token.

    `now` tells seconds since 1970.
    """

    installs: Installs
    rotator: AsyncTokenRotator
    platform_of: Callable[[str, Identity], SlackPlatform]
    now: Callable[[], float]
    _known: dict[str, Installation] = field(default_factory=dict)
    _looked: dict[str, float] = field(default_factory=dict)
    _renewing: set[asyncio.Task[Installed]] = field(default_factory=set)

    async def of(self, team: str) -> Installation | None:
        """A workspace by its id. While Redis is away, as it was last known; else `redis.RedisError`."""
        known = self._known.get(team)
        if known and 0 <= self.now() - self._looked[team] < LOOKED_AT_EVERY:
            return known
        try:
            sealed = await self.installs.sealed(team)
        except (RedisError, TimeoutError):
            if known:
                return known
            raise
        self._looked[team] = self.now()
        if known and known.is_good(sealed, self.now()):
            return known
        self.drop(team)
        installed = self.installs.opened(team, sealed) if sealed else None
        if sealed is None or installed is None:
            return None
        self._known[team] = installation = await self._installation(team, sealed, installed)
        return installation

    def drop(self, team: str) -> None:
        """Look anew at a workspace when it is asked for next."""
        self._known.pop(team, None)

    async def is_accepted(self, installed: Installed) -> bool:
        """Whether Slack still takes a workspace's token. Raises what else is wrong."""
        platform = self.platform_of(installed.bot_token, identity_of(installed))
        try:
            await platform.client.auth_test()
        except SlackApiError as fault:
            if error_of(fault) in TOKEN_REFUSED:
                return False
            raise
        return True

    async def _installation(self, team: str, sealed: str, installed: Installed) -> Installation:
        renewed_at = renewed_at_of(installed)
        if renewed_at and renewed_at <= self.now():
            installed = await asyncio.shield(self._begun(team, sealed, installed))
            renewed_at = self.now() + RENEWED_AGAIN_AFTER
        identity = identity_of(installed)
        return Installation(sealed, self.platform_of(installed.bot_token, identity), identity, renewed_at)

    def _begun(self, team: str, sealed: str, installed: Installed) -> asyncio.Task[Installed]:
        """A renewal that goes on when nobody waits for it any more: Slack renews a token once."""
        task = asyncio.create_task(self._renewed(team, sealed, installed))
        self._renewing.add(task)
        task.add_done_callback(self._renewing.discard)
        return task

    async def drain(self) -> None:
        """Wait for the renewals that have begun."""
        while self._renewing:
            await asyncio.wait(self._renewing)

    async def _renewed(self, team: str, sealed: str, installed: Installed) -> Installed:
        """The installation with a token that is good for longer, or as it is where Slack gives none now."""
        try:
            if not await self.installs.may_renew(team):
                return installed
            newer = await self.rotator.perform_bot_token_rotation(
                bot=installed, minutes_before_expiration=AT_ONCE
            )
            if newer:
                await self.installs.renew(team, sealed, newer)
            return newer or installed
        except (SlackTokenRotationError, ClientError, TimeoutError, RedisError) as fault:
            log.error("the token of workspace %s is not renewed: %s", team, type(fault).__name__)
            return installed


def renewed_at_of(installed: Installed) -> float | None:
    """When a token is to be renewed, in seconds since 1970; None for one that lasts."""
    return installed.bot_token_expires_at - RENEWED_BEFORE if installed.bot_token_expires_at else None


def identity_of(installed: Installed) -> Identity:
    site = str(installed.get_custom_value("site") or SITE)
    return Identity(str(installed.team_id), installed.bot_id, installed.bot_user_id, site)


class AllWorkspaces:
    """Every workspace that has installed the app."""

    stranger = NOT_INSTALLED

    def __init__(self, bot: Bot, installations: Installations) -> None:
        self._bot, self._installations = bot, installations
        self._apps: dict[str, Slack] = {}

    async def of(self, team: str) -> Slack | None:
        installed = await self._installations.of(team)
        if installed is None:
            return None
        known = self._apps.get(team)
        if known is None or known.platform is not installed.platform:
            known = self._apps[team] = Slack(self._bot, installed.platform, installed.identity)
        return known

    async def gone(self, team: str, at: float) -> None:
        """Slack tells it late sometimes, when the app is installed again: that one stays."""
        installs = self._installations.installs
        sealed = await installs.sealed(team)
        installed = installs.opened(team, sealed) if sealed else None
        is_newer = installed and installed.installed_at > at - CLOCKS_DIFFER
        if installed and is_newer and await self._installations.is_accepted(installed):
            return
        await self._bot.left(f"slack:{team}")
        if sealed:
            await installs.forget(team, sealed)
        if await installs.sealed(team):
            # The app was installed anew meanwhile.
            await self._bot.returned(f"slack:{team}")
        self._installations.drop(team)

    async def drain(self) -> None:
        """Wait for what is still to be shown, and for tokens that are being renewed."""
        await self._installations.drain()
        for slack in list(self._apps.values()):
            await slack.drain()


@dataclass
class EveryPlatform:
    """A `bot.platform.Platform` that posts in whichever workspace a channel belongs to."""

    installations: Installations
    tells_quietly: bool = SlackPlatform.tells_quietly

    async def post(self, channel: Channel, message: Message, key: str, about: str = "") -> str:
        return await (await self._of(channel.team)).post(channel, message, key, about)

    async def edit(self, channel: Channel, message_id: str, message: Message) -> None:
        await (await self._of(channel.team)).edit(channel, message_id, message)

    async def reply(
        self, channel: Channel, message_id: str, message: Message, key: str, after: str = "", title: str = ""
    ) -> str:
        return await (await self._of(channel.team)).reply(channel, message_id, message, key, after, title)

    async def renew(
        self,
        channel: Channel,
        message_id: str,
        message: Message | None,
        key: str,
        version: str,
        after: str = "",
    ) -> None:
        await (await self._of(channel.team)).renew(channel, message_id, message, key, version, after)

    async def pin(self, channel: Channel, message_id: str) -> None:
        await (await self._of(channel.team)).pin(channel, message_id)

    async def unpin(self, channel: Channel, message_id: str) -> None:
        await (await self._of(channel.team)).unpin(channel, message_id)

    async def find(self, channel: Channel, key: str) -> str | None:
        return await (await self._of(channel.team)).find(channel, key)

    async def tell(self, team: str, member_id: str, message: Message, *, quietly: bool = False) -> None:
        await (await self._of(team)).tell(team, member_id, message, quietly=quietly)

    async def admin_status(self, channel: Channel, member: Member) -> AdminStatus:
        return await (await self._of(channel.team)).admin_status(channel, member)

    async def lacks(self, channel: Channel, to: Ability = "ask") -> tuple[str, ...]:
        return await (await self._of(channel.team)).lacks(channel, to)

    async def zone_of(self, team: str, member_id: str) -> str | None:
        return await (await self._of(team)).zone_of(team, member_id)

    async def _of(self, team: str) -> SlackPlatform:
        installed = await self.installations.of(team.removeprefix("slack:"))
        if installed is None:
            raise TokenRefused(NOT_INSTALLED)
        return installed.platform
