"""The two ways in: Socket Mode, which needs no public address, and signed HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from aiohttp import ClientError, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.http_retry.request import HttpRequest
from slack_sdk.http_retry.response import HttpResponse
from slack_sdk.http_retry.state import RetryState
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.door import Door
from adapters.slack.platform import SITE, Identity, error_of
from bot.errors import Refusal
from bot.metrics import RATE_LIMITS
from bot.stopping import ended

log = logging.getLogger(__name__)

PATH = "/slack/events"
RATE_LIMIT_RETRIES = 5
PING_SECONDS = 10.0
NOT_REACHED = "Slack cannot be reached at {url}. Check the network, and LLMQ_SLACK_API_URL if it is set."
NO_BOT = (
    "LLMQ_SLACK_BOT_TOKEN is a person's token. "
    "Copy the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions."
)

Sleep = Callable[[float], Awaitable[None]]


class CountedRateLimits(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack says when it is asked too often, and counts how often that is."""

    def __init__(self, sleep: Sleep) -> None:
        super().__init__(max_retry_count=RATE_LIMIT_RETRIES)
        self._sleep = sleep

    async def prepare_for_next_attempt_async(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> None:
        RATE_LIMITS.labels("slack").inc()
        state.next_attempt_requested = True
        await self._sleep(seconds_to_wait(response))
        state.increment_current_attempt()


def seconds_to_wait(response: HttpResponse | None) -> float:
    """What Slack says, or a second where it says nothing."""
    headers = response.headers if response else {}
    named = (value[0] for name, value in headers.items() if name.lower() == "retry-after")
    return float(next(named, 1.0))


def client_of(token: str | None, api_url: str, sleep: Sleep = asyncio.sleep) -> AsyncWebClient:
    """A client that waits when Slack says so, and never posts twice by itself.

    slack_sdk's own default repeats a call after a lost connection, when the message may stand there already.
    """
    return AsyncWebClient(token=token, base_url=api_url, retry_handlers=[CountedRateLimits(sleep)])


async def identity_of(client: AsyncWebClient) -> Identity:
    """Whose the token is. Raises a refusal when Slack does not accept it, or it is no bot's."""
    try:
        told = await client.auth_test()
    except SlackApiError as fault:
        raise Refusal(
            f"Slack does not accept LLMQ_SLACK_BOT_TOKEN ({error_of(fault)}). "
            "Copy the Bot User OAuth Token (xoxb-…) from the app's page OAuth & Permissions."
        ) from None
    except (ClientError, TimeoutError):
        raise Refusal(NOT_REACHED.format(url=client.base_url)) from None
    if not told.get("bot_id"):
        raise Refusal(NO_BOT)
    site = str(told.get("url") or SITE)
    return Identity(str(told["team_id"]), str(told["bot_id"]), str(told["user_id"]), site)


class SocketMode(AsyncSocketModeHandler):
    """Slack's envelopes, each answered."""

    def __init__(self, app: AsyncApp, app_token: str, web_client: AsyncWebClient, ping: float) -> None:
        super().__init__(app, app_token, web_client=web_client, ping_interval=ping)
        self._answering: set[asyncio.Task[Any]] = set()

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        task = asyncio.current_task()
        assert task
        self._answering.add(task)
        try:
            await super().handle(client, req)
        finally:
            self._answering.discard(task)

    async def is_connected(self) -> bool:
        """Whether Slack's envelopes come in just now."""
        return bool(await self.client.is_connected())

    async def stop(self) -> None:
        """Close the connection at a moment when nothing that came on it is unanswered.

        Until then it is answered, too: Slack repeats an event for the next process, but never a command.
        """
        await ended(self._answered(), "answers to Slack")
        await self.close_async()  # type: ignore[no-untyped-call]

    async def _answered(self) -> None:
        while self._answering:
            await asyncio.wait(self._answering)

    async def renew_address(self, every: float) -> None:
        """Forget the address of a connection that is not there: each works once, but slack_sdk keeps it."""
        while True:
            await asyncio.sleep(every)
            if not await self.is_connected():
                self.client.wss_uri = None


@asynccontextmanager
async def socket_mode(
    app: AsyncApp, app_token: str, api_url: str, ping: float = PING_SECONDS
) -> AsyncIterator[SocketMode]:
    """Slack's events over a WebSocket. Raises a refusal for a token that Slack does not accept."""
    client = AsyncWebClient(token=app_token, base_url=api_url)
    # The handler itself would try a wrong token again and again without a word.
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as fault:
        raise Refusal(
            f"Slack does not accept LLMQ_SLACK_APP_TOKEN ({error_of(fault)}). "
            "Make an app-level token (xapp-…) with the scope connections:write, and switch Socket Mode on."
        ) from None
    except (ClientError, TimeoutError):
        raise Refusal(NOT_REACHED.format(url=api_url)) from None
    handler = SocketMode(app, app_token, client, ping)
    renewing = asyncio.create_task(handler.renew_address(ping))
    try:
        await handler.connect_async()  # type: ignore[no-untyped-call]
        yield handler
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing
        await handler.stop()


def add_events(server: web.Application, app: AsyncApp, secret: str, now: Callable[[], float]) -> None:
    """Take Slack's signed events at a path of the web server; `now` tells seconds since 1970."""
    door = Door(secret, now)

    async def events(request: web.Request) -> web.Response:
        body, signature = await door.body(request), request.headers.get("X-Slack-Signature", "")
        if isinstance(body, int):
            return web.Response(status=body)
        if not door.is_new(signature):
            return web.Response(status=200)
        response = await app.async_dispatch(await to_bolt_request(request))
        if response.status >= web.HTTPInternalServerError.status_code:
            # It had no effect, so that it may come again.
            door.forget(signature)
        return await to_aiohttp_response(response)

    server.add_routes([web.post(PATH, events)])
