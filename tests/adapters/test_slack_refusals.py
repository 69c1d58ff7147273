"""What Slack refuses, for good or for a while, and what becomes of the schedule then."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from tests.adapters.slack_team import ANSWER, QUESTION, Team, playing, words
from tests.fakes.slack.faults import Dropped, Hang, Pass, RateLimited, Refused, ServerError

OF_THE_TOKEN = ("token_revoked", "account_inactive")
FOR_GOOD = ("channel_not_found", "not_in_channel", "is_archived")
Undo = Callable[[], None]


def refuse(team: Team, error: str) -> Undo:
    """Let Slack refuse the channel or the token; gives what undoes it."""
    workspace, channel, bot = team.slack.workspace, team.channel, team.slack.workspace.bot.id
    match error:
        case "channel_not_found":
            del workspace.channels[channel.id]
            return lambda: workspace.channels.update({channel.id: channel})
        case "not_in_channel":
            channel.members.discard(bot)
            return lambda: channel.members.add(bot)
        case "is_archived":
            channel.archived = True
            return lambda: setattr(channel, "archived", False)
        case _:
            workspace.refusal = error
            return lambda: setattr(workspace, "refusal", None)


async def paused(team: Team, undo: Undo, log: pytest.LogCaptureFixture) -> None:
    """One log line and one note, no further try, and the way back."""
    (line,) = [record.message for record in log.records if "paused" in record.message]
    assert team.channel.id in line
    (told,) = team.boss.dm
    assert "is paused" in words(told)
    assert told.text == "The daily question in the channel is paused."
    calls = len(team.slack.calls())
    for _ in range(6):
        team.clock.now += timedelta(minutes=30)
        await team.work()
    assert len(team.slack.calls()) == calls
    undo()
    shown = words(await team.says(team.boss, "daily"))
    assert "Paused." in shown
    assert "llmq" in shown or "archived" in shown
    assert "goes on" in words(await team.says(team.boss, "daily resume"))


@pytest.mark.parametrize("error", FOR_GOOD)
async def test_what_slack_refuses_at_question_time_pauses_the_schedule(
    team: Team, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    await team.says(team.boss, "daily on 10:00 daily")
    await team.says(team.boss, "daily now")
    undo = refuse(team, error)
    with caplog.at_level(logging.WARNING, "scheduler"):
        await team.work()
        await paused(team, undo, caplog)
    await team.says(team.boss, "daily now")
    await team.work()
    assert [QUESTION in words(post) for post in team.channel.posts] == [True]


@pytest.mark.parametrize("error", FOR_GOOD)
async def test_what_slack_refuses_at_reveal_time_pauses_the_schedule(
    team: Team, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    await team.says(team.boss, "reveal")
    undo = refuse(team, error)
    with caplog.at_level(logging.WARNING, "scheduler"):
        await team.work()
        await paused(team, undo, caplog)
    assert team.posted_in_thread() == []
    assert "Found 0 of 1 key point" in words(await team.says(team.ana, "compare"))


@pytest.mark.parametrize("error", OF_THE_TOKEN)
async def test_a_token_that_is_refused_for_a_while_pauses_nothing(
    team: Team, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    await team.says(team.boss, "daily on 10:00 daily")
    await team.says(team.boss, "daily now")
    undo = refuse(team, error)
    with caplog.at_level(logging.ERROR, "scheduler"):
        await team.work()
    assert "slack refuses llmq" in caplog.text
    undo()
    team.clock.now += timedelta(minutes=11)
    await team.work()
    assert [QUESTION in words(post) for post in team.channel.posts] == [True]
    assert "Paused" not in words(await team.says(team.boss, "daily"))


async def test_a_token_that_is_refused_for_a_day_pauses_the_schedule(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    await team.says(team.boss, "daily on 10:00 daily")
    await team.says(team.boss, "daily now")
    undo = refuse(team, "token_revoked")
    for _ in range(8):
        await team.work()
        team.clock.now += timedelta(hours=4)
    assert "cannot be told: The bot's token was revoked." in caplog.text
    undo()
    assert "Paused." in words(await team.says(team.boss, "daily"))
    assert team.channel.posts == []


@pytest.mark.parametrize("error", ["user_not_found", "messages_tab_disabled", "cannot_dm_bot"])
async def test_an_admin_who_takes_no_messages_is_no_fault_of_the_channel(
    team: Team, error: str, caplog: pytest.LogCaptureFixture
) -> None:
    await team.says(team.boss, "daily on 10:00 daily")
    await team.says(team.boss, "daily now")
    team.slack.faults.add("chat.postMessage", Refused("is_archived"), Refused(error))
    with caplog.at_level(logging.WARNING, "scheduler"):
        await team.work()
    assert [error in record.message for record in caplog.records] == [False, True]
    assert "Paused." in words(await team.says(team.boss, "daily"))


async def test_the_reveal_of_a_question_that_was_deleted_is_posted_in_the_channel(team: Team) -> None:
    question = await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    team.boss.delete(question)
    await team.reveal()
    reference, answers, line = team.channel.posts
    assert words(reference).startswith("Mon 23 Nov · What is subject number 0 good for?")
    assert "secret0" in words(reference)
    assert ANSWER in words(answers)
    assert "Revealed:" in words(line)
    assert {post.thread_ts for post in team.channel.posts} == {None}


@pytest.mark.parametrize("lost", range(3))
async def test_a_reveal_in_the_channel_whose_answer_was_lost_is_not_posted_twice(
    team: Team, lost: int
) -> None:
    question = await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    team.boss.delete(question)
    team.slack.faults.add("chat.postMessage", *[Pass()] * lost, Dropped(after=True))
    await team.reveal()
    for _ in range(3):
        team.ana.post(team.channel, "What was that about?")
    team.clock.now += timedelta(minutes=2)
    await team.work()
    assert len([post for post in team.channel.posts if post.bot_id]) == 3


@pytest.mark.parametrize("fault", [Dropped(after=True), ServerError(502, after=True), Dropped()])
async def test_a_question_whose_answer_was_lost_stands_there_once(
    team: Team, fault: Dropped | ServerError
) -> None:
    await team.says(team.boss, "daily on 10:00 daily")
    await team.says(team.boss, "daily now")
    team.slack.faults.add("chat.postMessage", fault)
    await team.work()
    await team.chats(team.ana, 250)
    team.clock.now += timedelta(minutes=2)
    await team.work()
    posts = [post for post in team.channel.posts if post.bot_id]
    assert [QUESTION in words(post) for post in posts] == [True]
    assert QUESTION in await team.today(team.ana)


@pytest.mark.parametrize("lost", range(3))
async def test_a_reveal_whose_answer_was_lost_is_found_in_a_thread_of_hundreds(team: Team, lost: int) -> None:
    question = await team.question()
    await team.chats(team.ana, 250, question)
    await team.work()
    team.slack.faults.add("chat.postMessage", *[Pass()] * lost, Dropped(after=True))
    await team.reveal()
    await team.chats(team.bob, 40, question)
    team.clock.now += timedelta(minutes=2)
    await team.work()
    reference, answers = team.posted_in_thread()
    assert "secret0" in words(reference)
    assert "1 answer" in words(answers)
    assert len([post for post in team.channel.posts if "Revealed:" in words(post)]) == 1


async def test_each_page_of_a_long_reveal_stands_there_once_though_remarks_lie_between(team: Team) -> None:
    question = await team.question()
    crowd = [team.slack.user(f"member{n}") for n in range(25)]
    for one in crowd:
        one.join(team.channel)
        team.clock.now += timedelta(seconds=1)
        await team.says(one, f"answer The long answer of {one.id}. " + "word " * 500)
    # Of its posts the third, the sixth and so on are lost after they have arrived.
    for _ in range(4):
        team.slack.faults.add("chat.postMessage", Pass(), Pass(), Dropped(after=True))
    await team.reveal()
    for _ in range(6):
        await team.chats(team.bob, 30, question)
        team.clock.now += timedelta(minutes=11)
        await team.work()
    said = words(*team.posted_in_thread())
    places = [said.index(f"The long answer of {one.id}.") for one in crowd]
    assert places == sorted(places)
    assert [said.count(f"The long answer of {one.id}.") for one in crowd] == [1] * 25
    assert len([post for post in team.channel.posts if "Revealed:" in words(post)]) == 1


async def test_a_rate_limit_is_waited_for_at_the_post_and_at_the_reveal(team: Team) -> None:
    team.slack.faults.add("chat.postMessage", RateLimited(7), RateLimited(11))
    assert QUESTION in words(await team.question())
    assert {7.0, 11.0} <= set(team.slept)
    for n, method in enumerate(("chat.update", "conversations.replies", "chat.postMessage")):
        team.slack.faults.add(method, RateLimited(20 + n))
    assert "secret0" in words(*await team.reveal())
    assert {20.0, 21.0, 22.0} <= set(team.slept)


async def test_a_rate_limit_is_waited_for_before_the_reaction_and_the_words_for_one_alone(team: Team) -> None:
    question = await team.question()
    team.slack.faults.add("reactions.add", RateLimited(5))
    team.slack.faults.add("chat.postEphemeral", RateLimited(6))
    reply = team.ana.post(team.channel, ANSWER, question)
    team.bob.post(team.channel, "no", question)
    await team.work()
    assert list(reply.reactions) == ["white_check_mark"]
    assert len(team.bob.ephemerals) == 1
    assert {5.0, 6.0} <= set(team.slept)


async def test_a_long_reveal_keeps_to_one_message_a_second_in_the_channel(team: Team) -> None:
    await team.question()
    crowd = [team.slack.user(f"member{n}") for n in range(20)]
    for one in crowd:
        one.join(team.channel)
        team.clock.now += timedelta(seconds=1)
        await team.says(one, f"answer The long answer of {one.id}. " + "word " * 500)
    team.slack.limit_posts()
    team.slack.clock.advance(60)
    shown = await team.reveal()
    assert len(shown) > 4
    assert [call.error for call in team.slack.calls() if call.error] == []
    said = words(*shown[1:])
    places = [said.index(f"The long answer of {one.id}.") for one in crowd]
    assert places == sorted(places)
    assert said.count("word") == 20 * 500


async def test_owners_admins_the_channels_creator_and_those_of_the_settings_are_admins(redis: Redis) -> None:
    async with playing(redis, "http", admins=frozenset({"U00000003"})) as team:
        owner, creator = team.slack.user("owner", owner=True), team.slack.user("creator")
        team.channel.creator = creator.id
        for who in (owner, creator):
            who.join(team.channel)
        for who in (owner, creator, team.boss, team.ana):
            assert "The daily question" in words(await team.says(who, "daily on 09:00"))
        assert "Only admins" in words(await team.says(team.bob, "daily off"))
        for of_the_team in ("flags", f"away <@{team.ana.id}> tomorrow"):
            assert "not of one channel" in words(await team.says(creator, of_the_team))
            assert "not of one channel" not in words(await team.says(owner, of_the_team))
        elsewhere = team.slack.channel("elsewhere", (creator,))
        refused = await creator.command("/llmq", "daily on 09:00", elsewhere)
        assert "Only admins" in words(await refused.shown())


async def test_nobody_is_taken_for_an_admin_or_for_none_because_slack_does_not_say(team: Team) -> None:
    await team.says(team.bob, "me")
    team.slack.faults.add("users.info", Refused("user_not_found"))
    said = words(await team.says(team.bob, "daily on 09:00"))
    assert "did not say whether you are an admin" in said


async def test_the_creator_of_a_private_channel_is_told_to_invite_llmq(team: Team) -> None:
    hidden = team.slack.channel("hidden", (team.ana,), bot=False, private=True, creator=team.ana)
    said = words(await (await team.ana.command("/llmq", "daily on 09:00", hidden)).shown())
    assert "llmq is not in this channel and cannot see its admins." in said
    assert "/invite @llmq" in said


async def test_an_admin_is_told_when_slack_does_not_say_in_time(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.commands.admins.ASK_PLATFORM_SECONDS", 0.05)
    await team.says(team.boss, "me")
    team.slack.faults.add("users.info", Hang())
    assert "did not say whether you are an admin" in words(await team.says(team.boss, "daily on 09:00"))
