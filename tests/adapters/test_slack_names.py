"""What members are called: by the name that Slack shows, in every process the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from tests.adapters.slack_team import ANSWER, Team, another_process, called, playing, texts, words
from tests.fakes.slack.faults import Dropped, Hang, Refused, ServerError
from tests.fakes.slack.people import Message

SHOWN = "Ana Ábrahám <!here>"
OTHER = "A second answer, which is another one."


def named(team: Team) -> None:
    team.ana.user.name, team.ana.user.display_name = "ana.abraham", SHOWN


async def in_form(team: Team, text: str) -> Message:
    form = await (await team.ana.press(team.channel.posts[-1], "Answer")).view()
    return await team.receipt(team.ana, form, text)


async def test_the_name_of_the_profile_is_shown_in_replies_forms_commands_and_at_home(team: Team) -> None:
    named(team)
    question = await team.question()
    reply = team.ana.post(team.channel, ANSWER, question)
    await team.work()
    assert SHOWN in texts((await team.says(team.ana, "today")).blocks)
    await in_form(team, OTHER)
    assert SHOWN in words(await team.says(team.ana, "answer withdraw"))
    await team.says(team.ana, f"answer {ANSWER}")
    assert SHOWN in words(await team.says(team.bob, "leaderboard"))
    revealed = await team.reveal()
    assert SHOWN in [text for one in revealed for text in texts(one.blocks)]
    assert "ana.abraham" not in words(*revealed)
    assert [called(one) for one in revealed] == [[], []]
    assert reply.reactions["white_check_mark"] == []


async def test_a_reply_counts_whatever_slack_says_when_it_is_asked_for_the_name(team: Team) -> None:
    question = await team.question()
    team.clock.now += timedelta(hours=2)
    for who, fault in ((team.ana, Dropped()), (team.bob, ServerError(502)), (team.boss, Refused("fatal"))):
        team.slack.faults.add("users.info", fault)
        reply = who.post(team.channel, f"{ANSWER} {who.id}", question)
        await team.work()
        assert list(reply.reactions) == ["white_check_mark"]
    assert await team.answered() == 3


async def test_slack_is_not_waited_for_where_it_does_not_tell_a_name(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.names.ASK_SECONDS", 0.05)
    question = await team.question()
    team.slack.faults.always("users.info", Hang())
    reply = team.ana.post(team.channel, ANSWER, question)
    await team.work()
    assert list(reply.reactions) == ["white_check_mark"]


async def test_a_process_that_slack_tells_no_name_takes_the_one_that_another_has_learnt(redis: Redis) -> None:
    async with playing(redis, "socket") as team:
        named(team)
        await team.question()
        await team.says(team.ana, f"answer {ANSWER}")
        async with another_process(team) as second:
            team.slack.faults.always("users.info", Refused("fatal"))
            assert await second.names.of(team.ana.id, "ana.abraham") == SHOWN
            assert await second.names.of(team.bob.id, "bob") == "bob"


async def test_a_new_name_is_taken_over_after_an_hour_and_at_once_in_what_is_shown_of_old(team: Team) -> None:
    named(team)
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    team.ana.user.display_name = "Anna"
    team.clock.now += timedelta(minutes=30)
    assert SHOWN in await team.standing(team.ana)
    team.clock.now += timedelta(minutes=31)
    assert "Anna" in await team.standing(team.ana)
    await team.says(team.ana, f"answer {OTHER}")
    assert "Anna" in words(*await team.reveal())


async def test_each_name_is_asked_for_once_an_hour(team: Team) -> None:
    await team.question()
    for _ in range(3):
        await team.says(team.ana, "me")
    assert len([one for one in team.slack.calls("users.info") if one.args["user"] == team.ana.id]) == 1
