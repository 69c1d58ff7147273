"""The two ways in: Socket Mode, which needs no public address, and signed HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import Refusal

PATH = "/slack/events"
RATE_LIMIT_RETRIES = 5


def client_of(token: str, api_url: str) -> AsyncWebClient:
    """A client that waits when Slack says so, and never posts twice by itself.

    slack_sdk's own default repeats a call after a lost connection, when the message may stand there already.
    """
    waiting = AsyncRateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_RETRIES)
    return AsyncWebClient(token=token, base_url=api_url, retry_handlers=[waiting])


async def team_of(client: AsyncWebClient) -> str:
    """The workspace of the token. Raises a refusal when Slack does not accept it."""
    try:
        return str((await client.auth_test())["team_id"])
    except SlackApiError as fault:
        raise Refusal(
            f"Slack does not accept LLMQ_SLACK_BOT_TOKEN ({fault.response['error']}). "
            "Copy the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions."
        ) from None


@asynccontextmanager
async def socket_mode(app: AsyncApp, app_token: str, api_url: str) -> AsyncIterator[AsyncSocketModeHandler]:
    """Slack's events over a WebSocket. Raises a refusal for a token that Slack does not accept."""
    client = AsyncWebClient(token=app_token, base_url=api_url)
    # The handler itself would try a wrong token again and again without a word.
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as fault:
        raise Refusal(
            f"Slack does not accept LLMQ_SLACK_APP_TOKEN ({fault.response['error']}). "
            "Make an app-level token (xapp-…) with the scope connections:write, and switch Socket Mode on."
        ) from None
    handler = AsyncSocketModeHandler(app, app_token, web_client=client)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def add_events(server: web.Application, app: AsyncApp) -> None:
    """Take Slack's signed events at a path of the web server."""

    async def events(request: web.Request) -> web.Response:
        response = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(response)

    server.add_routes([web.post(PATH, events)])
