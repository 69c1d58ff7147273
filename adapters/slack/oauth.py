"""Installing the app from a browser: Slack asks the person, and brings them back with a code for a token."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientError, web
from redis import RedisError
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installs import Installs, States
from adapters.slack.manifest import REDIRECT_PATH, SCOPES

log = logging.getLogger(__name__)

INSTALL_PATH = "/slack/install"
CODE = re.compile(r"[\w.-]{1,255}", re.ASCII)
AWAY = "llmq cannot reach Slack or its store just now. Begin the installation anew in a minute."


class Installing(AsyncOAuthFlow):
    """Bolt's own flow, which keeps the workspace's address, too. `installed` is told the workspace."""

    def __init__(
        self,
        client: AsyncWebClient,
        id: str,
        secret: str,
        installs: Installs,
        states: States,
        installed: Callable[[str], Awaitable[None]],
    ) -> None:
        settings = AsyncOAuthSettings(
            client_id=id,
            client_secret=secret,
            scopes=sorted(SCOPES),
            # Else bolt takes those of the environment.
            user_scopes=(),
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            installation_store=installs,
            installation_store_bot_only=True,
            state_store=states,
        )
        super().__init__(client=client, logger=log, settings=settings)
        self._installed = installed

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        """Without what stands behind the page's address, which bolt would copy into Slack's as it is."""
        return self.settings.authorize_url_generator.generate(state=state)

    async def run_installation(self, code: str) -> Installation | None:
        if not CODE.fullmatch(code):
            # Bolt logs a code that Slack does not take, and anybody can bring one.
            return None
        installation = await super().run_installation(code)
        if installation and installation.bot_token:
            told = await self.client.auth_test(token=installation.bot_token)
            installation.set_custom_value("site", told.get("url"))
        return installation

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        await super().store_installation(request, installation)
        log.info("installed in Slack team %s", installation.team_id)
        await self._installed(str(installation.team_id))


def add_installing(server: web.Application, flow: Installing) -> None:
    """Serve the two addresses that a browser comes to."""

    def route(handler: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]) -> Any:
        async def answer(request: web.Request) -> web.Response:
            try:
                return await to_aiohttp_response(await handler(await to_bolt_request(request)))
            except (ClientError, SlackApiError, RedisError, TimeoutError) as fault:
                log.warning("an installation did not go on: %s", type(fault).__name__)
                return web.Response(status=web.HTTPServiceUnavailable.status_code, text=AWAY)

        return answer

    server.add_routes(
        [
            web.get(INSTALL_PATH, route(flow.handle_installation)),
            web.get(REDIRECT_PATH, route(flow.handle_callback)),
        ]
    )
