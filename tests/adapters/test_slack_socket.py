"""Socket Mode under our own app: connections end, are renewed and are cut, and nothing is lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from bot.errors import Refusal
from tests.adapters.slack_team import ANSWER, PING_SECONDS, Team, bolt_of, playing
from tests.fakes.slack.people import Message
from tests.fakes.slack.socket import Reason

TICK = "white_check_mark"


@pytest.fixture
async def team(redis: Redis) -> AsyncIterator[Team]:
    async with playing(redis, "socket") as team:
        yield team


async def connected_anew(team: Team, number: int = 2) -> None:
    await team.slack.world.until(lambda: [one.number for one in team.slack.socket.connections] == [number])


async def stored_once(team: Team, reply: Message) -> None:
    await team.work()
    assert list(reply.reactions) == [TICK]
    assert await team.answered() == 1
    assert "10 points" in await team.standing(team.ana)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_replies_before_and_after_slack_renews_the_connection_all_count(
    team: Team, reason: Reason
) -> None:
    question = await team.question()
    before = team.ana.post(team.channel, ANSWER, question)
    await team.slack.settled()
    await team.slack.socket.disconnect(reason)
    await connected_anew(team)
    after = team.bob.post(team.channel, f"{ANSWER} As I say.", question)
    await team.work()
    assert [list(one.reactions) for one in (before, after)] == [[TICK], [TICK]]
    assert await team.answered() == 2


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_reply_in_the_middle_of_a_renewal_is_stored_once(team: Team, reason: Reason) -> None:
    question = await team.question()
    team.bot.hold()
    reply = team.ana.post(team.channel, ANSWER, question)
    await team.bot.came.wait()
    await team.slack.socket.disconnect(reason)
    await connected_anew(team)
    team.bot.go_on.set()
    await stored_once(team, reply)
    team.forgive()


async def test_a_reply_whose_acknowledgement_was_lost_with_the_connection_is_stored_once(team: Team) -> None:
    question = await team.question()
    team.bot.hold()
    reply = team.ana.post(team.channel, ANSWER, question)
    await team.bot.came.wait()
    team.slack.socket.cut()
    await connected_anew(team)
    team.bot.go_on.set()
    await stored_once(team, reply)
    (delivery,) = [one for one in team.slack.outbox.deliveries if len(one.attempts) > 1]
    assert [attempt.failure for attempt in delivery.attempts] == ["connection lost", None]
    team.forgive()


async def test_what_is_said_while_there_is_no_connection_is_heard_on_the_next(team: Team) -> None:
    question = await team.question()
    team.slack.socket.cut()
    reply = team.ana.post(team.channel, ANSWER, question)
    team.ana.edit(reply, ANSWER + " Indeed.")
    await connected_anew(team)
    await stored_once(team, reply)
    assert ANSWER + " Indeed." in await team.today(team.ana)
    team.forgive()


async def test_a_connection_that_fails_uses_up_its_address_and_the_next_has_one_of_its_own(
    team: Team,
) -> None:
    question = await team.question()
    team.slack.socket.refusals = 2
    await team.slack.socket.disconnect("refresh_requested")
    await connected_anew(team)
    await stored_once(team, team.ana.post(team.channel, ANSWER, question))


async def test_a_question_and_its_reveal_are_posted_while_no_connection_is_there(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    await team.says(team.boss, "reveal")
    team.slack.socket.cut()
    await team.clockwork.work()
    assert len(team.posted_in_thread()) == 2
    await connected_anew(team)
    team.forgive()


@pytest.mark.parametrize("error", ["invalid_auth", "socket_mode_not_enabled"])
async def test_a_token_that_slack_does_not_accept_is_refused_at_the_start(redis: Redis, error: str) -> None:
    from adapters.slack.serve import socket_mode

    async with playing(redis, "http") as team:
        slack = team.slack
        token = "xapp-wrong" if error == "invalid_auth" else slack.app_token
        slack.world.app.socket_mode = error != "socket_mode_not_enabled"
        with pytest.raises(Refusal, match=error):
            async with (
                asyncio.timeout(5),
                socket_mode(bolt_of(team.app, None), token, slack.api_url, PING_SECONDS),
            ):
                pass
