"""What Slack delivers twice, late or in another order has the effect of one delivery."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError

from bot.commands.table import TABLE
from tests.adapters.slack_team import ANSWER, Team, playing, words
from tests.adapters.test_slack_commands import SCENARIOS
from tests.fakes.slack.delivery import Delivery

OTHER = "A second answer, which is another one."


def backwards(held: Sequence[Delivery]) -> Sequence[Delivery]:
    return held[::-1]


@pytest.mark.parametrize("name", [command.name for command in TABLE.commands])
async def test_no_command_delivered_twice_has_a_second_effect(team: Team, name: str) -> None:
    team.says_twice = True
    await SCENARIOS[name](team)


async def test_a_button_pressed_once_and_delivered_twice_has_one_effect(team: Team) -> None:
    question = await team.question()
    await team.again((await team.ana.press(question, "Answer")).delivery)
    stored = await team.says(team.ana, f"answer {ANSWER}")
    back = await team.ana.press(stored, "Take it back")
    await team.again(back.delivery)
    await team.says(team.ana, f"answer {OTHER}")
    await team.again(back.delivery)
    assert OTHER in await team.today(team.ana)


async def test_a_form_sent_once_and_delivered_twice_has_one_effect(team: Team) -> None:
    form = await (await team.ana.press(await team.question(), "Answer")).view()
    await team.again((await team.ana.submit(form, {"answer": ANSWER})).delivery)
    assert "10 points" in await team.standing(team.ana)


async def test_a_practice_form_sent_once_and_delivered_twice_earns_one_point(team: Team) -> None:
    form = await (await team.ana.press(await team.says(team.ana, "random"), "Answer")).view()
    await team.again((await team.ana.submit(form, {"answer": ANSWER})).delivery)
    assert "1 point," in await team.standing(team.ana)


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
    assert reply.reactions == {"white_check_mark": [team.slack.workspace.bot.id]}
    assert "10 points" in await team.standing(team.ana)
    team.ana.edit(reply, OTHER)
    await team.work()
    assert "1 answer" in await team.today(team.ana)
    team.ana.delete(reply)
    await team.work()
    assert "nothing yet" in await team.standing(team.ana)


async def test_a_short_reply_delivered_twice_is_refused_once(team: Team) -> None:
    question = await team.question()
    team.slack.outbox.copies = 2
    team.ana.post(team.channel, "dunno", question)
    await team.work()
    assert len(team.ana.ephemerals) == 1


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
    await team.again(posted)
    await team.again(edited)
    assert OTHER in await team.today(team.ana)
    team.ana.delete(reply)
    await team.work()
    deleted = team.slack.outbox.deliveries[-1]
    assert "not yet" in await team.today(team.ana)
    for delivery in (posted, edited, deleted):
        await team.again(delivery)
    await team.says(team.ana, f"answer {OTHER}")
    await team.again(deleted)
    assert OTHER in await team.today(team.ana)


async def test_an_edit_that_comes_before_what_it_edits_is_the_newer_one(team: Team) -> None:
    question = await team.question()
    team.slack.outbox.hold()
    reply = team.ana.post(team.channel, ANSWER, question)
    team.ana.edit(reply, "An edit in between, of no account.")
    team.ana.edit(reply, OTHER)
    await team.slack.outbox.release(backwards)
    await team.work()
    assert OTHER in await team.today(team.ana)
    assert "1 answer" in await team.today(team.ana)


async def test_a_deletion_that_comes_before_what_it_deletes_leaves_nothing(team: Team) -> None:
    question = await team.question()
    team.slack.outbox.hold()
    team.ana.delete(team.ana.post(team.channel, ANSWER, question))
    await team.slack.outbox.release(backwards)
    await team.work()
    assert "not yet" in await team.today(team.ana)
    assert "nothing yet" in await team.standing(team.ana)


async def test_of_two_replies_in_the_wrong_order_the_later_one_counts(team: Team) -> None:
    question = await team.question()
    team.slack.outbox.hold()
    team.ana.post(team.channel, ANSWER, question)
    team.ana.post(team.channel, OTHER, question)
    await team.slack.outbox.release(backwards)
    await team.work()
    assert OTHER in await team.today(team.ana)


async def test_a_deletion_that_cannot_be_stored_is_taken_when_slack_tells_it_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = team.ana.post(team.channel, ANSWER, await team.question())
    await team.work()
    team.slack.socket.ack_limit = 0.3

    async def lost(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as away:
        away.setattr(team.bot.game.store, "withdraw", lost)
        team.ana.delete(reply)
        await team.slack.settled()
    deletion = team.slack.outbox.deliveries[-1]
    assert not deletion.acked
    assert ANSWER in await team.today(team.ana)
    team.slack.outbox.deliveries.remove(deletion)
    await team.slack.outbox.redeliver(deletion)
    assert deletion.acked
    assert "not yet" in await team.today(team.ana)
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
