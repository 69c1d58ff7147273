"""A team in Slack, over both ways in: a day of it, a crowd, and what the world around it does."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.bot import ANSWER_WITHIN_SECONDS
from bot.game.answers import command_in, is_long_enough
from bot.text import clean
from tests.adapters.slack_team import ANSWER, QUESTION, Team, called, playing, texts, words
from tests.fakes.slack.faults import Refused
from tests.fakes.slack.sample import Mode


async def test_a_day_from_the_question_to_the_leaderboard(team: Team) -> None:
    question = await team.question()
    assert QUESTION in words(question)
    form = await (await team.ana.press(question, "Answer")).view()
    assert "Your answer is in." in words(await team.receipt(team.ana, form, ANSWER))
    await team.says(team.bob, "answer The answer of another member.")
    reference, answers = await team.reveal()
    assert "secret0" in words(reference)
    assert ANSWER in words(answers)
    assert called(answers) == []
    assert "2 answered" in words(question)
    line = team.channel.posts[-1]
    assert "Revealed:  2 answered." in words(line)
    assert called(line) == []
    board = await team.says(team.ana, "leaderboard")
    assert "ana (you)" in words(board)
    assert board.ephemeral_to == team.ana.id
    assert called(board) == []


async def test_the_line_of_a_reveal_leads_to_its_thread(team: Team) -> None:
    question = await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    await team.reveal()
    runs = [run for element in team.channel.posts[-1].blocks[0]["elements"] for run in element["elements"]]
    (link,) = [run["url"] for run in runs if run["type"] == "link"]
    assert (
        link == f"https://stand-in.slack.example/archives/{team.channel.id}/p{question.ts.replace('.', '')}"
    )


# Slack's own window sends no carriage return.
TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=10, max_size=300)


@given(TYPED.filter(lambda text: is_long_enough(clean(text)) and not command_in(text)))
@settings(max_examples=15)
async def test_what_is_typed_in_the_form_comes_out_as_typed(redis: Redis, typed: str) -> None:
    await redis.flushall()
    async with playing(redis, "http") as team:
        question = await team.question()
        form = await (await team.ana.press(question, "Answer")).view()
        await team.receipt(team.ana, form, typed)
        _, answers = await team.reveal()
        assert clean(typed) in texts(answers.blocks)
        assert called(answers) == []


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
        assert await team.answered() == 200
        said = words(*await team.reveal())
        assert all(said.count(f"The answer of {one.id}.") == 1 for one in crowd)


async def test_while_redis_is_away_slack_is_answered_in_time_and_the_text_is_kept(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.bot.ANSWER_WITHIN_SECONDS", ANSWER_WITHIN_SECONDS)
    async with playing(redis, "http") as team:
        form = await (await team.ana.press(await team.question(), "Answer")).view()
        await redis.client_pause(5000)
        sent = await team.ana.submit(form, {"answer": ANSWER})
        assert "llmq cannot save or read just now." in sent.errors["answer"]
        assert sent.view is form
        assert sent.failure is None


async def test_another_workspace_is_refused(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        await team.question()
        elsewhere = team.slack.add_workspace("T0OTHER", "xoxb-other")
        eve = team.slack.user("eve", workspace=elsewhere)
        place = team.slack.channel("practice", (eve,), workspace=elsewhere)
        acted = await eve.command("/llmq", f"answer @{team.channel.id}:20780 {ANSWER}", place)
        assert "another workspace" in (await acted.shown()).text
        assert await team.answered() == 0


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_nothing_depends_on_slack_saying_once_more_whose_token_it_is(redis: Redis, mode: Mode) -> None:
    async with playing(redis, mode) as team:
        team.slack.faults.always("auth.test", Refused("fatal_error"))
        question = await team.question()
        reply = team.ana.post(team.channel, ANSWER, question)
        await team.work()
        assert list(reply.reactions) == ["white_check_mark"]
        assert ANSWER in await team.today(team.ana)
        assert len(team.slack.calls("auth.test")) == 1
