"""Signed `/llmq random` through the whole Slack app, beside a bolt app whose handler only acknowledges."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlencode

from redis.asyncio import Redis
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from adapters.slack.app import Slack
from adapters.slack.platform import SlackPlatform
from adapters.slack.serve import client_of, team_of
from tests.bench.measure import Compared, Work, compare
from tests.dialogue import Dialogue, catalogue_of, deck, question
from tests.fakes.slack.stand_in import SlackStandIn

SECRET = "a-signing-secret"
IN_FLIGHT, COMMANDS = 64, 600


@asynccontextmanager
async def slack_app(redis: Redis) -> AsyncIterator[tuple[Work, Work]]:
    """How to ask our whole app, and an app whose handler only acknowledges."""
    async with SlackStandIn() as stand_in:
        client = client_of(stand_in.bot_token, stand_in.api_url)
        game = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(60)))))
        platform = SlackPlatform(client, frozenset(), time.monotonic)
        team = await team_of(client)
        ours = Slack(game.bot, platform, team).build(SECRET)
        floor = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)
        floor.command("/llmq")(empty)
        yield command(ours, team), command(floor, team)


async def slack_commands(redis: Redis) -> Compared:
    """Commands a second of ours and of the empty handler."""
    async with slack_app(redis) as (ours, floor):
        return await compare(ours, floor, IN_FLIGHT, COMMANDS)


async def empty(ack: AsyncAck) -> None:
    await ack()


def command(app: AsyncApp, team: str) -> Work:
    """`/llmq random` of one of fifty members, signed as Slack signs it."""
    verifier = SignatureVerifier(SECRET)
    sign: Callable[..., str | None] = verifier.generate_signature

    async def send(number: int) -> BoltResponse:
        member = {"user_id": f"U{number % 2000}", "user_name": "ana", "trigger_id": f"t{number}"}
        place = {"team_id": team, "channel_id": "C1"}
        body = urlencode({"command": "/llmq", "text": "random"} | member | place)
        stamp = str(int(time.time()))
        headers: dict[str, str | Sequence[str]] = {
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": sign(timestamp=stamp, body=body) or "",
            "content-type": "application/x-www-form-urlencoded",
        }
        response = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        assert response.status == 200
        return response

    return send
