"""Slack as `llmq run` serves it to any number of workspaces: each installs the app from a browser."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from aiohttp import ClientError, web
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from adapters.slack.events import Events
from adapters.slack.installs import Installs, States
from adapters.slack.oauth import INSTALL_PATH, Installing, add_installing
from adapters.slack.platform import Identity, SlackPlatform, error_of
from adapters.slack.serve import add_events, client_of
from adapters.slack.workspaces import AllWorkspaces, EveryPlatform, Installations
from bot.bot import Bot
from bot.platform import Finding
from bot.stopping import ended

log = logging.getLogger(__name__)

# The doctor asks Slack about so many workspaces.
MOST_EXAMINED = 20
TWO_WAYS = (
    "LLMQ_SLACK_BOT_TOKEN serves one workspace and LLMQ_SLACK_CLIENT_ID all that install the app. "
    "Set one of the two."
)


@dataclass(frozen=True, slots=True)
class SharedAccess:
    """What the app has from its page at Slack, and the keys that close the workspaces' tokens."""

    client_id: str
    client_secret: SecretStr
    signing_secret: SecretStr
    admins: frozenset[str]
    api_url: str


@dataclass(frozen=True)
class SharedSlack:
    """All workspaces that have installed the app."""

    access: SharedAccess
    installs: Installs
    states: States
    installations: Installations
    # One workspace's token says nothing of the others.
    has_one_token: ClassVar[bool] = False

    @property
    def platform(self) -> EveryPlatform:
        return EveryPlatform(self.installations)

    async def is_ready(self) -> bool:
        """Slack's events come in by themselves."""
        return True

    async def open(self, bot: Bot, server: web.Application, stack: AsyncExitStack) -> None:
        """Let Slack's events and installations come in until the stack is closed."""
        access, workspaces = self.access, AllWorkspaces(bot, self.installations)
        stack.push_async_callback(lambda: ended(workspaces.drain(), "replies to Slack"))

        async def installed(team: str) -> None:
            await bot.returned(f"slack:{team}")

        # One that was killed while it installed the app may not have said so.
        for team in await self.installs.teams():
            if await self.installs.sealed(team):
                await installed(team)
        client = client_of(None, access.api_url)
        secret = access.client_secret.get_secret_value()
        flow = Installing(client, access.client_id, secret, self.installs, self.states, installed)
        add_installing(server, flow)
        signing = access.signing_secret.get_secret_value()
        app = Events(workspaces).app(access.api_url, signing)
        add_events(server, app, signing, lambda: bot.game.clock().timestamp())
        log.info("serving every Slack workspace that installs the app at %s", INSTALL_PATH)


def share(access: SharedAccess, installs: Installs, states: States, now: Callable[[], float]) -> SharedSlack:
    """All workspaces; `now` tells seconds since 1970."""
    rotator = AsyncTokenRotator(
        client_id=access.client_id,
        client_secret=access.client_secret.get_secret_value(),
        client=client_of(None, access.api_url),
    )
    platform_of = partial(platform_for, access)
    installations = Installations(installs, rotator, platform_of, now)
    return SharedSlack(access, installs, states, installations)


def platform_for(access: SharedAccess, token: str, identity: Identity) -> SlackPlatform:
    client = client_of(token, access.api_url)
    return SlackPlatform(client, access.admins, time.monotonic, site=identity.site, bot=identity.bot)


async def shared_findings(api_url: str, installs: Installs) -> AsyncIterator[Finding]:
    """Which workspaces have installed the app, and whether Slack still takes their tokens, of some."""
    teams = await installs.teams()
    yield Finding("ok", f"Slack: installed in {len(teams)} workspace{'' if len(teams) == 1 else 's'}")
    for team in teams[:MOST_EXAMINED]:
        yield await examined(installs, team, api_url)


async def examined(installs: Installs, team: str, api_url: str) -> Finding:
    """Whether Slack still takes a workspace's token."""
    bot = await installs.find(team)
    if bot is None and not await installs.sealed(team):
        return Finding("warn", f"workspace {team}: its token was deleted. It has to install the app again")
    if bot is None:
        return Finding("fault", f"workspace {team}: LLMQ_SECRET_KEY does not open its token")
    try:
        told = await client_of(bot.bot_token, api_url).auth_test()
    except SlackApiError as fault:
        return Finding("fault", f"workspace {team}: {error_of(fault)}. It has to install the app again")
    except (ClientError, TimeoutError) as fault:
        return Finding("warn", f"workspace {team}: Slack cannot be reached ({type(fault).__name__})")
    return Finding("ok", f"workspace {team}: {told['team']} as {told['user']}")
