"""The one bolt app of a process: what Slack sends goes to the workspace that it is from."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from redis import RedisError
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.app import Slack
from adapters.slack.views import FORM, field_of
from adapters.slack.workspaces import Workspaces
from bot.bot import AWAY

log = logging.getLogger(__name__)

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Events:
    """Slack's events, for whichever workspace they are from."""

    workspaces: Workspaces

    def app(self, api_url: str, signing_secret: str | None) -> AsyncApp:
        """The bolt app. Without a secret it is for Socket Mode, where Slack signs nothing."""
        # An event is acknowledged when it is stored, not before: a reply in a thread must not be lost.
        app = AsyncApp(
            # Its own, without a token, since bolt warns of one beside `authorize`.
            client=AsyncWebClient(base_url=api_url),
            signing_secret=signing_secret or "",
            request_verification_enabled=signing_secret is not None,
            process_before_response=True,
            authorize=authorised(self.workspaces),
        )
        app.command("/llmq")(self.command)
        app.action(re.compile("^llmq_"))(self.action)
        app.shortcut(re.compile("^llmq_"))(self.shortcut)
        app.view(FORM)(self.submission)
        app.event("message")(self.message)
        app.event("app_home_opened")(self.home)
        app.event("app_uninstalled")(self.uninstalled)
        app.event("tokens_revoked")(self.revoked)
        return app

    async def command(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> BoltResponse | None:
        slack = await self._of(context)
        if isinstance(slack, str):
            await ack(slack)
            return None
        return await slack.command(ack, body)

    async def action(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        slack = await self._of(context)
        if isinstance(slack, Slack):
            slack.later(slack.press(body))

    async def shortcut(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        slack = await self._of(context)
        if isinstance(slack, Slack):
            slack.later(slack.shortcut(body))

    async def submission(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        slack = await self._of(context)
        if isinstance(slack, str):
            await ack(response_action="errors", errors={field_of(body["view"]): slack})
        else:
            await slack.submission(ack, body)

    async def message(self, body: Body, event: Body, context: AsyncBoltContext) -> BoltResponse | None:
        slack = await self._installed(context)
        return await slack.message(body, event) if slack else None

    async def home(self, body: Body, event: Body, context: AsyncBoltContext) -> None:
        if slack := await self._installed(context):
            await slack.home(body, event)

    async def uninstalled(self, body: Body, context: AsyncBoltContext) -> None:
        """The app was taken out of the workspace. What fails is told again by Slack."""
        if context.team_id:
            await self.workspaces.gone(context.team_id, body["event_time"])

    async def revoked(self, body: Body, event: Body, context: AsyncBoltContext) -> None:
        """Tokens are worth nothing any more, the bot's or those of members, of which llmq has none."""
        if (event.get("tokens") or {}).get("bot"):
            await self.uninstalled(body, context)

    async def _of(self, context: AsyncBoltContext) -> Slack | str:
        """The app of a workspace, or what to say to somebody in a workspace without it."""
        try:
            return await self._installed(context) or self.workspaces.stranger
        except (RedisError, TimeoutError):
            return AWAY

    async def _installed(self, context: AsyncBoltContext) -> Slack | None:
        """The app of the workspace that has installed it: a guest in its channels is from another one."""
        return await self.workspaces.of(context.team_id) if context.team_id else None


def authorised(workspaces: Workspaces) -> Callable[[str | None], Awaitable[AuthorizeResult]]:
    """Whose the bot is, by what was learnt before: asking Slack with each request could fail.

    A function, since bolt takes no method for it.
    """

    async def authorize(team_id: str | None) -> AuthorizeResult:
        try:
            slack = await workspaces.of(team_id) if team_id else None
        except (RedisError, TimeoutError):
            # Whoever handles the request finds it out as well, and answers for it.
            slack = None
        if slack is None:
            return AuthorizeResult(enterprise_id=None, team_id=team_id)
        identity = slack.identity
        return AuthorizeResult(
            enterprise_id=None,
            team_id=team_id,
            bot_id=identity.bot,
            bot_user_id=identity.user,
            bot_token=slack.platform.client.token,
        )

    return authorize
