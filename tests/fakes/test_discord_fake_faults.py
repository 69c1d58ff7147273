"""How calls of the stand-in's REST API go wrong when a test says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord
import pytest

from tests.fakes.discord import (
    Channel,
    DiscordStandIn,
    Dropped,
    Hang,
    Pass,
    RateLimited,
    Refused,
    ServerError,
)
from tests.fakes.discord.impatience import without_waiting
from tests.fakes.discord.sample import Interaction, running


@asynccontextmanager
async def place() -> AsyncIterator[tuple[DiscordStandIn, Channel, discord.TextChannel]]:
    """A channel, as the stand-in knows it and as the library does."""
    async with running() as (stand_in, client):
        channel = stand_in.channel("general")
        await stand_in.gateway.heard()
        yield stand_in, channel, client.channel(channel.id)


async def test_a_rate_limit_is_waited_out_by_the_library() -> None:
    with without_waiting() as waits:
        async with place() as (stand_in, channel, known):
            stand_in.faults.add("create_message", RateLimited(1.5), RateLimited(0.5, everywhere=True))
            await known.send("x")
            assert waits == [1.5, 0.5]
            assert [call.status for call in stand_in.calls("create_message")] == [429, 429, 200]
            assert [call.fault for call in stand_in.calls("create_message")][-1] is None
            assert len(channel.posts) == 1
            assert stand_in.violations == []


async def test_a_rate_limit_without_via_ends_the_call() -> None:
    async with place() as (stand_in, _, known):
        stand_in.faults.add("create_message", RateLimited(1.5, via=False))
        with pytest.raises(discord.HTTPException) as refused:
            await known.send("x")
        assert refused.value.status == 429


async def test_a_server_error_is_tried_again_with_the_same_nonce() -> None:
    with without_waiting():
        async with place() as (stand_in, channel, known):
            stand_in.faults.add("create_message", ServerError(502, after=True), ServerError(500))
            await known.send("x")
            assert [message.text for message in channel.posts] == ["x"]
            assert len(stand_in.calls("create_message")) == 3


async def test_a_server_error_that_lasts_reaches_the_app() -> None:
    with without_waiting():
        async with place() as (stand_in, _, known):
            stand_in.faults.always("create_message", ServerError(500))
            with pytest.raises(discord.DiscordServerError):
                await known.send("x")
            stand_in.faults.always("create_message", None)
            await known.send("x")


async def test_faults_are_taken_in_their_order() -> None:
    async with place() as (stand_in, channel, known):
        stand_in.faults.add("create_message", Pass(), Refused(403, 50013, "Missing Permissions"))
        await known.send("1")
        with pytest.raises(discord.Forbidden) as refused:
            await known.send("2")
        assert refused.value.code == 50013
        assert [message.text for message in channel.posts] == ["1"]
        assert stand_in.violations == []


@pytest.mark.parametrize("after", [False, True])
async def test_a_dropped_connection_may_leave_the_message_there(after: bool) -> None:
    async with place() as (stand_in, channel, known):
        stand_in.faults.add("create_message", Dropped(after))
        with pytest.raises(aiohttp.ClientConnectionError):
            await known.send("x", nonce="same")
        assert len(channel.posts) == int(after)
        await known.send("x", nonce="same")
        assert len(channel.posts) == 1


@pytest.mark.parametrize("after", [False, True])
async def test_a_call_may_hang_until_it_is_released(after: bool) -> None:
    async with place() as (stand_in, channel, known):
        hang = Hang(after=after)
        stand_in.faults.add("create_message", hang)
        call = asyncio.create_task(known.send("x"))
        await stand_in.until(lambda: stand_in.calls("create_message") and bool(channel.posts) == after)
        assert not call.done()
        hang.release.set()
        assert (await call).content == "x"
        assert len(channel.posts) == 1


async def test_a_call_that_is_given_up_may_still_be_carried_out() -> None:
    async with place() as (stand_in, channel, known):
        stand_in.faults.add("create_message", Hang(after=True))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(known.send("x"), 0.05)
        assert len(channel.posts) == 1


async def test_an_answer_may_be_lost_on_its_way() -> None:
    async with running(answer_limit=0.1) as (stand_in, client):
        caught: list[Exception] = []

        async def answer(interaction: Interaction, what: str) -> None:
            try:
                await interaction.response.send_message("x")
            except aiohttp.ClientConnectionError as error:
                caught.append(error)

        client.asked = answer
        one = stand_in.user("one")
        stand_in.faults.add("create_response", Dropped())
        assert (await one.slash(one.dm, "quiz", "do")).failure
        stand_in.faults.add("create_response", Dropped(after=True))
        assert (await one.slash(one.dm, "quiz", "do")).text == "x"
        await stand_in.until(lambda: len(caught) == 2)


async def test_every_answer_tells_of_its_rate_limit() -> None:
    async with DiscordStandIn() as stand_in, aiohttp.ClientSession() as session:
        answer = await session.get(f"{stand_in.api_url}/gateway")
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["X-RateLimit-Bucket"] == "get_gateway"
        assert {"Limit", "Remaining", "Reset", "Reset-After"} <= {
            name.removeprefix("X-RateLimit-") for name in answer.headers
        }
        stand_in.faults.add("get_gateway", RateLimited(2.5, everywhere=True))
        answer = await session.get(f"{stand_in.api_url}/gateway")
        assert (answer.status, answer.headers["X-RateLimit-Global"]) == (429, "true")
        told = {"message": "You are being rate limited.", "retry_after": 2.5, "global": True}
        assert await answer.json() == told


async def test_only_endpoints_that_exist_can_go_wrong() -> None:
    with pytest.raises(ValueError, match="create_message"):
        DiscordStandIn().faults.add("send_message", Pass())


async def test_calls_are_kept_with_their_bodies_and_moment() -> None:
    async with place() as (stand_in, channel, known):
        stand_in.clock.advance(5)
        await known.send("x", nonce="n")
        (call,) = stand_in.calls("create_message")
        assert (call.method, call.path) == ("POST", f"/channels/{channel.id}/messages")
        assert (call.at, call.status, call.code) == (stand_in.clock(), 200, None)
        assert stand_in.bodies("create_message") == [
            {
                "content": "x",
                "components": [],
                "tts": False,
                "nonce": "n",
                "enforce_nonce": True,
                "allowed_mentions": {"parse": []},
            }
        ]
