"""A team in Slack, over both ways in: the real bolt and slack_sdk against the stand-in."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.models.blocks import Block
from slack_sdk.signature import SignatureVerifier

from adapters.slack.app import Slack
from adapters.slack.platform import SlackPlatform
from adapters.slack.serve import client_of, identity_of
from bot.bot import Bot
from bot.commands.parsing import Game
from bot.store.store import Store
from bot.text import clean, is_long_enough
from scheduler.clockwork import Clockwork
from tests.dialogue import START, ten_questions
from tests.fakes.slack.faults import Dropped, RateLimited
from tests.fakes.slack.people import Channel, Message
from tests.fakes.slack.sample import Mode, over_http, over_socket
from tests.fakes.slack.stand_in import SlackStandIn
from tests.fakes.slack.users import Member

# Slack's three seconds are kept by the bot's own limit; a busy machine must not fail a test.
ACK_LIMIT = 60.0
ANSWER = "It divides by the root of the width, so that the softmax keeps a slope."


@dataclass
class Hands:
    """The hands of the clock."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Team:
    """A workspace with a channel, its admin, two members and the running app."""

    slack: SlackStandIn
    app: Slack
    clockwork: Clockwork
    boss: Member
    ana: Member
    bob: Member
    channel: Channel
    clock: Hands

    async def says(self, who: Member, text: str) -> Message:
        """What the bot shows in answer to `/llmq …`."""
        acted = await who.command("/llmq", text, self.channel)
        assert acted.failure is None
        return await acted.shown()

    async def work(self) -> None:
        await self.clockwork.work()
        # What was delivered is handled first; what that shows may be delivered in turn.
        await self.slack.settled()
        await self.app.drain()
        await self.slack.settled()

    async def question(self) -> Message:
        """Set a schedule, ask at once, and return the post."""
        await self.says(self.boss, "daily on 09:00 daily")
        await self.says(self.boss, "daily now")
        await self.work()
        return self.channel.posts[-1]

    async def reveal(self) -> list[Message]:
        await self.says(self.boss, "reveal")
        await self.work()
        return [one for one in self.channel.messages if one.bot_id and one.thread_ts and not one.at_top]


@asynccontextmanager
async def playing(redis: Redis, mode: Mode) -> AsyncIterator[Team]:
    async with SlackStandIn(ack_limit=ACK_LIMIT) as slack:
        client = client_of(slack.bot_token, slack.api_url)
        slept: list[float] = []

        async def sleep(seconds: float) -> None:
            slept.append(seconds)

        platform = SlackPlatform(client, frozenset(), lambda: 0.0, sleep)
        store, catalogue, platforms = Store(redis), ten_questions(), {"slack": platform}

        clock = Hands()
        bot = Bot(Game(store, catalogue, clock, random.Random(1), platforms, lambda: None))
        app = Slack(bot, platform, await identity_of(client))
        boss, ana, bob = slack.user("boss", admin=True), slack.user("ana"), slack.user("bob")
        channel = slack.channel("practice", (boss, ana, bob))
        clockwork = Clockwork(store, catalogue, platforms, clock)
        team = Team(slack, app, clockwork, boss, ana, bob, channel, clock)
        way_in = over_socket if mode == "socket" else over_http
        async with way_in(slack, app.build(slack.signing_secret if mode == "http" else None)):
            yield team
            await app.drain()
            await slack.settled()
            assert slack.complaints == []


@pytest.fixture(params=["socket", "http"])
async def team(redis: Redis, request: pytest.FixtureRequest) -> AsyncIterator[Team]:
    async with playing(redis, request.param) as team:
        yield team


def words(message: Message) -> str:
    """Everything that a message says, its blocks' texts in order."""
    return " ".join(texts(message.blocks))


def texts(native: Any) -> list[str]:
    if isinstance(native, dict):
        own = [native["text"]] if isinstance(native.get("text"), str) else []
        return own + [text for value in native.values() for text in texts(value)]
    return [text for one in native for text in texts(one)] if isinstance(native, list) else []


async def test_a_day_from_the_question_to_the_leaderboard(team: Team) -> None:
    question = await team.question()
    assert "What is subject number 0 good for?" in words(question)
    pressed = await team.ana.press(question, "Answer")
    sent = await team.ana.submit(await pressed.view(), {"answer": ANSWER})
    assert sent.errors == {}
    assert sent.view
    assert "Your answer is in." in json.dumps(sent.view.blocks)
    await team.says(team.bob, "answer The answer of another member.")
    (reveal,) = await team.reveal()
    assert "secret0" in words(reveal)
    assert ANSWER in words(reveal)
    assert reveal.pings == ()
    assert "Revealed with 2 answers" in words(team.channel.posts[0])
    assert "Answer" not in texts(team.channel.posts[0].blocks)
    board = await team.says(team.ana, "leaderboard")
    assert "ana" in words(board)
    assert board.ephemeral_to == team.ana.id
    assert board.pings == ()


async def test_every_message_has_words_for_notifications_and_valid_blocks(team: Team) -> None:
    await team.question()
    for command in ("help", "today", "random", "me", "streak", "topics", "daily", "leaderboard", "nonsense"):
        message = await team.says(team.ana, command)
        assert message.text
        assert Block.parse_all(message.blocks)
    await team.reveal()
    for message in team.channel.messages:
        assert message.text or not message.bot_id


async def test_a_form_that_cannot_be_stored_stays_open_with_its_text(team: Team) -> None:
    question = await team.question()
    view = await (await team.ana.press(question, "Answer")).view()
    sent = await team.ana.submit(view, {"answer": "short"})
    assert "too short to be an answer" in sent.errors["answer"]
    assert sent.view
    assert (await team.ana.submit(sent.view, {"answer": ANSWER})).errors == {}


async def test_a_reply_in_the_thread_counts_is_edited_and_taken_back(team: Team) -> None:
    question = await team.question()
    reply = team.ana.post(team.channel, "A reply with <!channel> & friends", question)
    await team.work()
    assert "white_check_mark" in reply.reactions
    team.ana.edit(reply, "A reply that was edited, `as code`")
    await team.work()
    assert "as code" in words(await team.says(team.ana, "today"))
    team.ana.delete(reply)
    await team.work()
    assert "not yet" in words(await team.says(team.ana, "today"))


async def test_remarks_elsewhere_and_other_bots_never_count(team: Team) -> None:
    question = await team.question()
    robot = team.slack.user("robot", bot=True)
    robot.join(team.channel)
    robot.post(team.channel, "An answer by a machine.", question)
    team.ana.post(team.channel, "Not in the thread at all.")
    other = team.bob.post(team.channel, "A thread of our own.")
    team.ana.post(team.channel, "A reply in another thread.", other)
    await team.work()
    assert "No answers" in words(await team.says(team.ana, "today"))
    assert team.ana.ephemerals[:-1] == [one for one in team.ana.ephemerals[:-1] if "/llmq" not in one.text]


async def test_a_thread_is_for_talking_after_the_reveal(team: Team) -> None:
    question = await team.question()
    await team.reveal()
    before = len(team.ana.ephemerals)
    remark = team.ana.post(team.channel, "So that is what it was about.", question)
    await team.work()
    assert remark.reactions == {}
    assert len(team.ana.ephemerals) == before


async def test_a_short_reply_is_refused_to_its_author_alone(team: Team) -> None:
    question = await team.question()
    team.ana.post(team.channel, "dunno", question)
    await team.work()
    assert "too short" in words(team.ana.ephemerals[-1])


async def test_the_same_event_twice_has_no_second_effect(team: Team) -> None:
    question = await team.question()
    team.ana.post(team.channel, ANSWER, question)
    await team.work()
    await team.slack.redeliver_unacked()
    await team.work()
    assert "1 answer" in words(await team.says(team.ana, "today"))
    assert "10 points" in words(await team.says(team.ana, "me"))


async def test_app_home_shows_the_open_question_and_answers_from_there(team: Team) -> None:
    await team.question()
    # Home lists the channels that a member has answered in.
    await team.says(team.ana, f"answer {ANSWER}")
    await team.says(team.ana, "answer withdraw")
    team.ana.open_home()
    await team.work()
    assert team.ana.home
    assert "What is subject number 0 good for?" in json.dumps(team.ana.home.blocks)
    view = await (await team.ana.press(team.ana.home, "Answer")).view()
    assert (await team.ana.submit(view, {"answer": ANSWER})).errors == {}
    result = await (await team.ana.press(team.ana.home, "Practise")).view()
    assert "Practice" in json.dumps(result.blocks)


async def test_only_admins_and_the_channels_creator_set_the_schedule(team: Team) -> None:
    assert "Only an admin" in words(await team.says(team.ana, "daily on 09:00"))
    team.channel.creator = team.ana.id
    assert "Daily question is on" in words(await team.says(team.ana, "daily on “09:00” weekdays"))


async def test_a_post_whose_answer_was_lost_is_found_again(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 daily")
    await team.says(team.boss, "daily now")
    team.slack.faults.add("chat.postMessage", Dropped(after=True))
    await team.work()
    team.clock.now += timedelta(minutes=2)
    await team.work()
    assert len(team.channel.posts) == 1
    assert "What is subject number 0" in words(await team.says(team.ana, "today"))


async def test_a_rate_limit_is_waited_for(team: Team) -> None:
    team.slack.faults.add("chat.postMessage", RateLimited(0))
    question = await team.question()
    assert "What is subject number 0" in words(question)


@pytest.mark.parametrize("error", ["is_archived", "not_in_channel"])
async def test_a_channel_that_slack_refuses_pauses_the_schedule(team: Team, error: str) -> None:
    await team.says(team.boss, "daily on 09:00 daily")
    await team.says(team.boss, "daily now")
    if error == "is_archived":
        team.channel.archived = True
    else:
        team.channel.members.discard(team.slack.workspace.bot.id)
    await team.work()
    team.channel.archived = False
    assert "is paused" in words(team.boss.dm[-1])
    assert "Paused." in words(await team.says(team.boss, "daily"))


TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=10, max_size=300)


@given(TYPED.filter(lambda text: is_long_enough(clean(text))))
@settings(max_examples=15)
async def test_what_is_typed_in_the_form_comes_out_as_typed(redis: Redis, typed: str) -> None:
    await redis.flushall()
    async with playing(redis, "http") as team:
        question = await team.question()
        view = await (await team.ana.press(question, "Answer")).view()
        assert (await team.ana.submit(view, {"answer": typed})).errors == {}
        (reveal,) = await team.reveal()
        assert clean(typed) in texts(reveal.blocks)
        assert reveal.pings == ()


async def test_two_hundred_members_answer_at_once_over_signed_http(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        await team.question()
        crowd = [team.slack.user(f"member{n}") for n in range(200)]
        for one in crowd:
            one.join(team.channel)
        await team.slack.settled()
        acted = await asyncio.gather(
            *(one.command("/llmq", f"answer The answer of {one.id}.", team.channel) for one in crowd)
        )
        assert [one.failure for one in acted] == [None] * 200
        assert "200 answers" in words(await team.says(team.ana, "today"))
        shown = await team.reveal()
        said = " ".join(words(part) for part in shown)
        assert all(said.count(f"The answer of {one.id}.") == 1 for one in crowd)


async def test_while_redis_is_away_slack_is_answered_in_time_and_the_text_is_kept(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        question = await team.question()
        view = await (await team.ana.press(question, "Answer")).view()
        await redis.client_pause(5000)
        sent = await team.ana.submit(view, {"answer": ANSWER})
        assert "cannot reach its memory" in sent.errors["answer"]
        assert sent.view
        assert sent.failure is None


async def test_another_workspace_is_refused(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        await team.question()
        elsewhere = team.slack.add_workspace("T0OTHER", "xoxb-other")
        eve = team.slack.user("eve", workspace=elsewhere)
        place = team.slack.channel("practice", (eve,), workspace=elsewhere)
        acted = await eve.command("/llmq", f"answer @{team.channel.id}:20780 {ANSWER}", place)
        assert "another workspace" in (await acted.shown()).text
        assert "No answers" in words(await team.says(team.ana, "today"))


@pytest.mark.parametrize("broken", ["signature", "stale", "none"])
async def test_what_is_not_signed_by_slack_is_turned_away(redis: Redis, broken: str) -> None:
    secret = "a-secret"
    app = Slack(
        cast(Bot, None), SlackPlatform(client_of("xoxb-1", "http://127.0.0.1:9/"), frozenset(), float), "T1"
    )
    body = urlencode({"team_id": "T1", "command": "/llmq", "text": "me", "user_id": "U1"})
    stamp = str(int(time.time()) - (301 if broken == "stale" else 0))
    signed = SignatureVerifier("other" if broken == "signature" else secret).generate_signature(
        timestamp=stamp, body=body
    )
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": signed or ""}
    request = AsyncBoltRequest(body=body, headers=cast(Any, {} if broken == "none" else headers))
    assert (await app.build(secret).async_dispatch(request)).status == 401
