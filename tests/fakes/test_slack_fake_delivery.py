"""How the stand-in reaches the app, and how that goes wrong: WebSockets, signatures, repeats."""

from __future__ import annotations

import asyncio
import json
import random
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import SlackStandIn
from tests.fakes.slack.sample import Mode, over_socket, running
from tests.fakes.slack.signed import FORM, JSON_BODY
from tests.fakes.slack.socket import Reason


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_the_app_connects_anew_when_asked_to_and_hears_on(reason: Reason) -> None:
    async with running("socket") as (slack, sample):
        member = slack.user("one")
        channel = slack.channel("general", [member])
        await slack.socket.disconnect(reason)
        await slack.world.until(lambda: [one.number for one in slack.socket.connections] == [2])
        member.post(channel, "hello again")
        await slack.settled()
        assert [body["event"]["text"] for body in sample.events] == ["hello again"]
        assert slack.complaints == []


async def test_an_event_that_was_lost_with_its_connection_comes_again_on_the_next() -> None:
    async with running("socket") as (slack, sample):
        member = slack.user("one")
        channel = slack.channel("general", [member])
        reached, go_on = asyncio.Event(), asyncio.Event()

        async def wait() -> None:
            sample.before_event = None
            reached.set()
            await go_on.wait()

        sample.before_event = wait
        member.post(channel, "hello")
        await reached.wait()
        slack.socket.cut()
        await slack.world.until(lambda: slack.socket.connections)
        await slack.settled()
        (delivery,) = slack.outbox.deliveries
        assert [attempt.failure for attempt in delivery.attempts] == ["connection lost", None]
        assert [attempt.connection for attempt in delivery.attempts] == [1, 2]
        go_on.set()
        await slack.world.until(lambda: delivery.late)
        assert len(sample.events) == 2


async def test_an_event_without_a_connection_waits_for_one() -> None:
    async with running("socket") as (slack, sample):
        member = slack.user("one")
        channel = slack.channel("general", [member])
        slack.socket.cut()
        member.post(channel, "hello")
        assert (await member.command("/quiz", "x", channel)).failure == "no connection"
        await slack.world.until(lambda: sample.events)
        await slack.settled()
        assert [body["event"]["text"] for body in sample.events] == ["hello"]


async def test_each_of_several_connections_gets_some_and_chance_may_decide() -> None:
    async with running("socket") as (slack, sample), over_socket(slack, sample.app("socket")):
        await slack.socket.connected(2)
        member = slack.user("one")
        channel = slack.channel("general", [member])
        said = [await member.command("/quiz", f"{n}", channel) for n in range(4)]
        assert [one.delivery.attempts[0].connection for one in said] == [1, 2, 1, 2]
        slack.socket.pick = random.Random(1).choice
        said = [await member.command("/quiz", f"{n}", channel) for n in range(20)]
        assert {one.delivery.attempts[0].connection for one in said} == {1, 2}


async def test_an_address_for_a_socket_works_once_and_says_hello() -> None:
    async with SlackStandIn() as slack, aiohttp.ClientSession() as session:
        client = AsyncWebClient(base_url=slack.api_url)
        url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
        async with session.ws_connect(url) as socket:
            hello = await socket.receive_json()
            assert hello["type"] == "hello"
            assert hello["debug_info"]["approximate_connection_time"] > 0
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)


async def test_a_disabled_link_ends_socket_mode() -> None:
    async with SlackStandIn() as slack:
        await slack.socket.disconnect("link_disabled")
        client = AsyncWebClient(base_url=slack.api_url)
        with pytest.raises(Exception, match="socket_mode_not_enabled"):
            await client.apps_connections_open(app_token=slack.app_token)


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_an_acknowledgement_that_takes_too_long_is_a_failure(mode: Mode) -> None:
    async with running(mode, ack_limit=0.1) as (slack, sample):
        member = slack.user("one")
        go_on = asyncio.Event()

        async def wait() -> None:
            await go_on.wait()

        sample.before_event = wait
        member.post(slack.channel("general", [member]), "hello")
        await slack.settled()
        (delivery,) = slack.outbox.deliveries
        assert delivery.failure == "no acknowledgement within 0.1 s"
        assert slack.world.failures == ["events_api message: no acknowledgement within 0.1 s"]
        go_on.set()


async def test_requests_over_http_are_refused_unless_signed_and_fresh() -> None:
    async with running("http") as (slack, sample):
        assert slack.http
        member = slack.user("one")
        member.post(slack.channel("general", [member]), "hello")
        await slack.settled()
        body = json.dumps(slack.outbox.deliveries[0].payload)
        sign, post = slack.http.sign, slack.http.post
        assert (await post(sign(body, JSON_BODY, secret="another"))).status == 401
        assert (await post(sign(body, JSON_BODY, age=301))).status == 401
        assert len(sample.events) == 1
        again = slack.http.request_of(slack.outbox.deliveries[0])
        assert (await post(again)).status == 200
        assert (await post(again)).status == 200
        assert len(sample.events) == 3


async def test_slacks_own_questions_are_answered() -> None:
    async with running("http") as (slack, _):
        assert slack.http
        assert "a-challenge" in (await slack.http.url_verification()).text
        assert (await slack.http.ssl_check()).status == 200
        unsigned = slack.http.sign(urlencode({"command": "/quiz"}), FORM, secret="another")
        assert (await slack.http.post(unsigned)).status == 401


async def test_many_commands_at_once_are_all_answered() -> None:
    async with running("http") as (slack, _):
        members = [slack.user(f"member{n}") for n in range(50)]
        channel = slack.channel("general", members)
        said = await asyncio.gather(*(one.command("/quiz", one.user.name, channel) for one in members))
        assert [one.message.text for one in said] == [f"heard: {one.user.name}" for one in members]
        assert slack.complaints == []
