"""How calls of the Web API go wrong when a test says so."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler

from tests.fakes.slack import Dropped, Hang, Pass, RateLimited, Refused, ServerError, SlackStandIn
from tests.fakes.slack.sample import Sample


async def test_a_rate_limit_is_waited_out_by_the_librarys_own_retry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slack_sdk.http_retry.builtin_async_handlers.random.random", lambda: 0.0)
    async with SlackStandIn() as slack:
        channel = slack.channel("general")
        slack.faults.add("chat.postMessage", RateLimited(0), RateLimited(0))
        client = Sample(slack).client(retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=3)])
        await client.chat_postMessage(channel=channel.id, text="x")
        assert [call.error for call in slack.calls("chat.postMessage")] == [
            "ratelimited",
            "ratelimited",
            None,
        ]
        assert len(channel.posts) == 1


async def test_faults_are_taken_in_their_order() -> None:
    async with SlackStandIn() as slack:
        channel, client = slack.channel("general"), Sample(slack).client()
        slack.faults.add("chat.postMessage", Pass(), Refused("restricted_action"), ServerError(500))
        await client.chat_postMessage(channel=channel.id, text="1")
        for expected in ("restricted_action", "internal_error"):
            with pytest.raises(SlackApiError, match=expected):
                await client.chat_postMessage(channel=channel.id, text="2")
        await client.chat_postMessage(channel=channel.id, text="3")
        assert [message.text for message in channel.posts] == ["1", "3"]


async def test_a_fault_may_last_until_it_is_lifted() -> None:
    async with SlackStandIn() as slack:
        channel, client = slack.channel("general"), Sample(slack).client()
        slack.faults.always("chat.postMessage", Refused("is_archived"))
        for _ in range(2):
            with pytest.raises(SlackApiError, match="is_archived"):
                await client.chat_postMessage(channel=channel.id, text="x")
        slack.faults.always("chat.postMessage", None)
        await client.chat_postMessage(channel=channel.id, text="x")


@pytest.mark.parametrize("after", [False, True])
async def test_a_dropped_connection_may_leave_the_message_there(after: bool) -> None:
    async with SlackStandIn() as slack:
        channel, client = slack.channel("general"), Sample(slack).client()
        slack.faults.add("chat.postMessage", Dropped(after))
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.chat_postMessage(channel=channel.id, text="x")
        assert len(channel.posts) == int(after)


@pytest.mark.parametrize("after", [False, True])
async def test_a_call_may_hang_until_it_is_released(after: bool) -> None:
    async with SlackStandIn() as slack:
        channel, client, hang = slack.channel("general"), Sample(slack).client(), Hang(after=after)
        slack.faults.add("chat.postMessage", hang)
        call = asyncio.create_task(client.chat_postMessage(channel=channel.id, text="x"))
        await slack.world.until(lambda: slack.calls() and bool(channel.posts) == after)
        assert not call.done()
        hang.release.set()
        assert (await call)["ok"]
        assert len(channel.posts) == 1


async def test_a_call_that_is_given_up_may_still_be_carried_out() -> None:
    async with SlackStandIn() as slack:
        channel, client = slack.channel("general"), Sample(slack).client()
        slack.faults.add("chat.postMessage", Hang(after=True))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.chat_postMessage(channel=channel.id, text="x"), 0.2)
        assert len(channel.posts) == 1


async def test_posts_are_held_to_one_a_second_in_each_channel() -> None:
    async with SlackStandIn() as slack:
        one, other, client = slack.channel("one"), slack.channel("other"), Sample(slack).client()
        slack.limit_posts(burst=2)
        for _ in range(2):
            await client.chat_postMessage(channel=one.id, text="x")
        with pytest.raises(SlackApiError) as refused:
            await client.chat_postMessage(channel=one.id, text="x")
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["Retry-After"] == "1"
        await client.chat_postMessage(channel=other.id, text="x")
        slack.clock.advance(1)
        await client.chat_postMessage(channel=one.id, text="x")


async def test_calls_are_kept_with_their_arguments_and_moment() -> None:
    async with SlackStandIn() as slack:
        channel, client = slack.channel("general"), Sample(slack).client()
        slack.clock.advance(5)
        await client.chat_postMessage(channel=channel.id, text="x")
        (call,) = slack.calls("chat.postMessage")
        assert (call.args, call.at) == ({"channel": channel.id, "text": "x"}, slack.clock())
