"""Whether Slack lets llmq do what it needs, and what to do where it does not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import OPTIONAL, SCOPES
from adapters.slack.platform import error_of
from adapters.slack.serve import NO_BOT, NOT_REACHED
from bot.platform import Finding


async def examine(
    client: AsyncWebClient, app_token: str | None, over_http: bool, channels: Iterable[str]
) -> AsyncIterator[Finding]:
    """The token, its scopes, the way in, and the channels that have a schedule, while Slack answers."""
    try:
        async for finding in findings(client, app_token, over_http, channels):
            yield finding
    except (ClientError, TimeoutError):
        yield Finding("fault", NOT_REACHED.format(url=client.base_url))


async def findings(
    client: AsyncWebClient, app_token: str | None, over_http: bool, channels: Iterable[str]
) -> AsyncIterator[Finding]:
    try:
        team = await client.auth_test()
    except SlackApiError as fault:
        error = error_of(fault)
        yield Finding("fault", f"Slack token: {error}. Copy the Bot User OAuth Token (xoxb-…) anew")
        return
    if not team.get("bot_id"):
        yield Finding("fault", NO_BOT)
        return
    yield Finding("ok", f"Slack token: workspace {team['team']} as {team['user']}")
    yield scopes((team.headers or {}).get("x-oauth-scopes", ""))
    yield await way_in(client, app_token, over_http)
    for channel in channels:
        yield await membership(client, channel)


def scopes(granted: str) -> Finding:
    """Whether the token may do what the manifest asks for."""
    held = set(granted.replace(" ", "").split(","))
    if missing := sorted(set(SCOPES) - held):
        return Finding("fault", f"Slack scopes: {', '.join(missing)} missing. Add them, install again")
    if absent := [f"{scope} ({what_for})" for scope, what_for in OPTIONAL.items() if scope not in held]:
        return Finding("warn", f"Slack scopes: not granted, and needed only for some: {', '.join(absent)}")
    return Finding("ok", "Slack scopes: all there")


async def way_in(client: AsyncWebClient, app_token: str | None, over_http: bool) -> Finding:
    """How Slack's events reach us."""
    if over_http:
        return Finding("ok", "Slack events: over HTTP")
    if app_token is None:
        return Finding("fault", "Slack events: set LLMQ_SLACK_APP_TOKEN (or the signing secret, for HTTP)")
    try:
        await client.apps_connections_open(app_token=app_token)
    except SlackApiError as fault:
        error = error_of(fault)
        return Finding("fault", f"Socket Mode: {error}. Switch it on, with an app-level token (xapp-…)")
    return Finding("ok", "Slack events: over Socket Mode")


async def membership(client: AsyncWebClient, id: str) -> Finding:
    """Whether the bot is in a channel."""
    try:
        channel = (await client.conversations_info(channel=id))["channel"]
    except SlackApiError as fault:
        return Finding("fault", f"channel {id}: {error_of(fault)}. Invite llmq, or `daily off`")
    if not channel.get("is_member"):
        return Finding("fault", f"channel #{channel['name']}: llmq is not in it. Type `/invite @llmq` there")
    return Finding("ok", f"channel #{channel['name']}: llmq is in it")
