"""Signed `/llmq random` through the whole Slack app, beside a bolt app that does no more than it must."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import Fernet
from pydantic import SecretStr
from redis.asyncio import Redis
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.signature import SignatureVerifier

from adapters.slack.app import Slack
from adapters.slack.events import Events
from adapters.slack.installs import Installs, States, cipher_of
from adapters.slack.platform import SlackPlatform
from adapters.slack.serve import client_of, identity_of
from adapters.slack.shared import SharedAccess, share
from adapters.slack.workspaces import AllWorkspaces
from bot.requests import Channel, Member
from tests.adapters.slack_team import bolt_of
from tests.bench.commands import game_of
from tests.bench.floors import StoreCall, store_calls
from tests.bench.measure import Compared, Work, compare
from tests.fakes.slack.stand_in import SlackStandIn
from tests.fakes.slack.world import Workspace

SECRET = "a-signing-secret"
IN_FLIGHT, COMMANDS, MEMBERS, WORKSPACES = 64, 600, 50, 100
FLOOR = "bolt with one batched EVALSHA, the command's own call of the store, and a constant JSON reply"

Body = Mapping[str, Any]


@asynccontextmanager
async def slack_app(redis: Redis) -> AsyncIterator[tuple[Work, Work]]:
    """How to ask our whole app, and one that does no more than it must."""
    async with SlackStandIn() as stand_in:
        client, game = client_of(stand_in.bot_token, stand_in.api_url), game_of(redis)
        identity = await identity_of(client)
        platform = SlackPlatform(client, frozenset(), time.monotonic)
        members = [stand_in.user(f"member{n}").id for n in range(MEMBERS)]
        ours = command(bolt_of(Slack(game.bot, platform, identity), SECRET), identity.team, members)
        # Slack is asked for each one's name once.
        reply, *_ = [(await ours(n)).body for n in range(MEMBERS)]
        bare = AsyncApp(client=client, signing_secret=SECRET, process_before_response=True)
        bare.command("/llmq")(constant(store_calls(game)["random"], reply))
        yield ours, command(bare, identity.team, members)


async def slack_commands(redis: Redis) -> Compared:
    """Commands a second of ours and of the floor."""
    async with slack_app(redis) as (ours, floor):
        return await compare(ours, floor, IN_FLIGHT, COMMANDS)


async def many_workspaces(redis: Redis) -> Compared:
    """Commands a second of a process for all that install the app, in a hundred; the floor has one token."""
    async with SlackStandIn() as stand_in:
        game, client = game_of(redis), client_of(stand_in.bot_token, stand_in.api_url)
        slack = Slack(game.bot, SlackPlatform(client, frozenset(), time.monotonic), await identity_of(client))
        cipher = cipher_of(Fernet.generate_key().decode())
        everyone = Installs(redis, cipher)
        teams = [stand_in.add_workspace(f"T{n}", f"xoxb-{n}") for n in range(WORKSPACES)]
        for team in teams:
            await everyone.async_save(installed(team))
        access = SharedAccess("", SecretStr(""), SecretStr(SECRET), frozenset(), stand_in.api_url)
        shared = share(access, everyone, States(redis, cipher, time.time), time.time)
        many = Events(AllWorkspaces(game.bot, shared.installations)).app(stand_in.api_url, SECRET)
        apart = [command(many, team.id, [stand_in.user("ana", workspace=team).id]) for team in teams]
        one = command(bolt_of(slack, SECRET), slack.team, [stand_in.user("ana").id])
        for n, work in enumerate(apart):
            await work(n)
        return await compare(lambda n: apart[n % WORKSPACES](n), one, IN_FLIGHT, COMMANDS)


def installed(team: Workspace) -> Installation:
    return Installation(
        user_id="U1",
        team_id=team.id,
        bot_token=team.bot_token,
        bot_id=team.bot_id,
        bot_user_id=team.bot.id,
    )


def constant(call: StoreCall, reply: str) -> Callable[[Body], Awaitable[BoltResponse]]:
    """A handler that asks the store, and says the same whatever that answers."""

    async def handler(body: Body) -> BoltResponse:
        channel = Channel(f"slack:{body['team_id']}", body["channel_id"])
        await call(channel, Member(body["user_id"], body["user_name"]), "")
        return BoltResponse(status=200, body=reply)

    return handler


def command(app: AsyncApp, team: str, members: Sequence[str]) -> Callable[[int], Awaitable[BoltResponse]]:
    """`/llmq random` of members in turn, signed as Slack signs it."""
    verifier = SignatureVerifier(SECRET)
    sign: Callable[..., str | None] = verifier.generate_signature

    async def send(number: int) -> BoltResponse:
        user = members[number % len(members)]
        member = {"user_id": user, "user_name": "ana", "trigger_id": f"t{number}"}
        where = {"team_id": team, "channel_id": "C1", "response_url": "https://slack.example/r"}
        body = urlencode({"command": "/llmq", "text": "random"} | member | where)
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
