"""What Slack delivers twice, late or in another order has the effect of one delivery."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from tests.adapters.slack_team import ACK_LIMIT, ANSWER, Team, another_process, playing, words
from tests.adapters.test_slack_commands import COMMANDS, SCENARIOS
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.sample import Mode

TICK = "white_check_mark"
OTHER = "A second answer, which is another one."


def backwards(held: Sequence[Delivery]) -> Sequence[Delivery]:
    return held[::-1]


@pytest.mark.parametrize(("team", "name"), COMMANDS, indirect=["team"])
async def test_no_command_delivered_twice_has_a_second_effect(team: Team, name: str) -> None:
    team.says_twice = True
    await SCENARIOS[name](team)


async def test_a_button_pressed_once_and_delivered_twice_has_one_effect(team: Team) -> None:
    question = await team.question()
    await team.again((await team.ana.press(question, "Answer")).delivery)
    stored = await team.says(team.ana, f"answer {ANSWER}")
    back = await team.ana.press(stored, "Take back")
    await team.again(back.delivery)
    await team.says(team.ana, f"answer {OTHER}")
    await team.again(back.delivery)
    assert OTHER in await team.today(team.ana)


async def test_a_form_sent_once_and_delivered_twice_has_one_effect(team: Team) -> None:
    form = await (await team.ana.press(await team.question(), "Answer")).view()
    await team.again((await team.ana.submit(form, {"answer": ANSWER})).delivery)
    assert "10 points" in await team.standing(team.ana)


async def test_a_practice_form_sent_once_and_delivered_twice_earns_one_point_and_says_so_twice(
    team: Team,
) -> None:
    form = await (await team.ana.press(await team.says(team.ana, "random"), "Answer")).view()
    team.says_twice = True
    assert "+1 point" in words(await team.receipt(team.ana, form, ANSWER))
    assert "1 point," in await team.standing(team.ana)


async def test_a_form_sent_again_with_another_text_is_another_answer(team: Team) -> None:
    form = await (await team.ana.press(await team.question(), "Answer")).view()
    sent = await team.ana.submit(form, {"answer": ANSWER})
    # The first acknowledgement was lost, so that the form stands there still.
    form.user.views.append(form)
    form.is_open = True
    assert "Your new answer is in." in words(await team.receipt(team.ana, form, OTHER))
    assert OTHER in await team.today(team.ana)
    await team.again(sent.delivery)
    assert OTHER in await team.today(team.ana)


async def test_home_opened_once_and_delivered_twice_is_the_same_home(team: Team) -> None:
    await team.question()
    team.slack.outbox.copies = 2
    team.ana.open_home()
    await team.work()
    assert team.ana.home
    assert "Open questions" in words(team.ana.home)


async def test_a_reply_its_edit_and_its_deletion_delivered_twice_have_one_effect_each(team: Team) -> None:
    question = await team.question()
    team.slack.outbox.copies = 2
    reply = team.ana.post(team.channel, ANSWER, question)
    await team.work()
    assert reply.reactions == {TICK: [team.slack.workspace.bot.id]}
    assert "10 points" in await team.standing(team.ana)
    team.ana.edit(reply, OTHER)
    await team.work()
    assert await team.answered() == 1
    team.ana.delete(reply)
    await team.work()
    assert "none yet" in await team.standing(team.ana)


async def test_nothing_that_is_delivered_again_later_comes_back(team: Team) -> None:
    question = await team.question()
    reply = team.ana.post(team.channel, ANSWER, question)
    await team.work()
    posted = team.slack.outbox.deliveries[-1]
    assert posted.payload["event"]["text"] == ANSWER
    await team.again(posted)
    team.ana.edit(reply, "An edit, which is the newest.")
    await team.work()
    edited = team.slack.outbox.deliveries[-1]
    await team.again(posted)
    await team.says(team.ana, f"answer {OTHER}")
    await team.work()
    for delivery in (posted, edited):
        await team.again(delivery)
    assert OTHER in await team.today(team.ana)
    await team.says(team.ana, "answer withdraw")
    for delivery in (posted, edited):
        await team.again(delivery)
    team.ana.delete(reply)
    await team.work()
    deleted = team.slack.outbox.deliveries[-1]
    for delivery in (posted, edited, deleted):
        await team.again(delivery)
    assert "not yet" in await team.today(team.ana)
    assert reply.reactions == {TICK: []}


Order = Callable[[Sequence[Delivery]], Sequence[Delivery]]
ORDERS: tuple[Order, ...] = (list, backwards, lambda held: [*held[1:], held[0]], lambda held: [*held, *held])


@asynccontextmanager
async def one_or_two_processes(redis: Redis, number: int) -> AsyncIterator[Team]:
    async with playing(redis, "socket") as team:
        if number == 1:
            yield team
            return
        async with another_process(team):
            yield team


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("order", ORDERS, ids=["in order", "backwards", "first last", "twice"])
async def test_a_reply_its_edits_and_talk_behind_it_end_as_their_moments_say(
    redis: Redis, order: Order, processes: int
) -> None:
    async with one_or_two_processes(redis, processes) as team:
        question = await team.question()
        team.slack.outbox.hold()
        reply = team.ana.post(team.channel, ANSWER, question)
        team.ana.edit(reply, "An edit in between, of no account.")
        talk = team.ana.post(team.channel, "Good one! This took me quite a while.", question)
        team.ana.edit(reply, OTHER)
        team.ana.edit(talk, "Good one! This took me half an hour.")
        await team.slack.outbox.release(order)
        await team.work()
        assert OTHER in await team.today(team.ana)
        assert await team.answered() == 1
        assert "10 points" in await team.standing(team.ana)
        assert reply.reactions[TICK]


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("order", ORDERS, ids=["in order", "backwards", "first last", "twice"])
async def test_nothing_is_left_of_a_deleted_reply_and_talk_behind_it(
    redis: Redis, order: Order, processes: int
) -> None:
    async with one_or_two_processes(redis, processes) as team:
        question = await team.question()
        team.slack.outbox.hold()
        reply = team.ana.post(team.channel, ANSWER, question)
        team.ana.edit(reply, OTHER)
        team.ana.post(team.channel, "Good one! This took me quite a while.", question)
        team.ana.delete(reply)
        await team.slack.outbox.release(order)
        await team.work()
        assert "not yet" in await team.today(team.ana)
        assert "none yet" in await team.standing(team.ana)


async def test_an_older_edit_that_arrives_late_takes_no_place_of_a_newer_answer(redis: Redis) -> None:
    async with one_or_two_processes(redis, 2) as team:
        reply = team.ana.post(team.channel, ANSWER, await team.question())
        await team.work()
        team.slack.outbox.hold()
        team.ana.edit(reply, "An edit that comes late.")
        team.clock.now += timedelta(seconds=5)
        await team.says(team.ana, f"answer {OTHER}")
        await team.slack.outbox.release()
        await team.work()
        assert OTHER in await team.today(team.ana)
        assert reply.reactions == {TICK: []}


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_an_event_that_cannot_be_stored_is_refused_and_taken_when_slack_tells_it_again(
    redis: Redis, mode: Mode, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with playing(redis, mode) as team:
        question = await team.question()
        # Over Socket Mode it is only not acknowledged.
        team.slack.socket.ack_limit = 0.5
        await redis.client_pause(60_000, all=False)
        with monkeypatch.context() as patient:
            patient.setattr("bot.bot.ANSWER_WITHIN_SECONDS", 0.1)
            reply = team.ana.post(team.channel, ANSWER, question)
            await team.slack.settled()
        (delivery,) = team.slack.outbox.unacked
        assert delivery.attempts[-1].status == (503 if mode == "http" else None)
        assert [record for record in caplog.records if record.exc_info] == []
        await redis.client_unpause()
        team.slack.socket.ack_limit = ACK_LIMIT
        await team.slack.redeliver_unacked()
        await team.work()
        assert delivery.acked
        assert reply.reactions == {TICK: [team.slack.workspace.bot.id]}
        assert ANSWER in await team.today(team.ana)
        team.forgive()


async def test_the_very_same_signed_request_sent_again_has_no_second_effect(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        await team.question()
        await team.says(team.ana, f"answer {ANSWER}")
        http = team.slack.http
        assert http
        assert http.latest
        before = await team.everything()
        assert (await http.post(http.latest)).status == 200
        assert await team.everything() == before
