"""Forms that Slack does not open, and where what they lead to is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from redis.asyncio import Redis

from tests.adapters.slack_team import ANSWER, Team, playing, words
from tests.fakes.slack.faults import Fault, Hang, Refused, ServerError

NOT_OPENED = "The form did not open.  Press again, or type  /llmq answer TEXT ."
# A hang ends for all tests once it is released, so that each makes one of its own.
FAULTS: dict[str, Callable[[], Fault]] = {
    "expired": lambda: Refused("expired_trigger_id"),
    "500": lambda: ServerError(500),
    "hangs": Hang,
}


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.showing.OPEN_SECONDS", 0.05)


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_button_is_acknowledged_though_its_form_does_not_open_and_a_sentence_says_so(
    team: Team, fault: str
) -> None:
    question = await team.question()
    team.slack.faults.add("views.open", FAULTS[fault]())
    acted = await team.ana.press(question, "Answer")
    assert acted.failure is None
    said = await acted.shown()
    assert words(said) == NOT_OPENED
    assert said.ephemeral_to == team.ana.id
    team.slack.faults.release_all()
    # Pressed again it opens.
    assert await (await team.ana.press(question, "Answer")).view()


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_command_is_acknowledged_though_its_form_does_not_open_and_a_sentence_says_so(
    team: Team, fault: str
) -> None:
    await team.question()
    team.slack.faults.add("views.open", FAULTS[fault]())
    assert words(await team.says(team.ana, "answer")) == NOT_OPENED
    team.slack.faults.release_all()


@pytest.mark.parametrize("way", ["button", "command"])
async def test_a_form_that_opens_slowly_delays_no_acknowledgement(team: Team, way: str) -> None:
    question, slowly = await team.question(), Hang()
    team.slack.faults.add("views.open", slowly)
    typed = way == "command"
    acted = await (
        team.ana.command("/llmq", "answer", team.channel) if typed else team.ana.press(question, "Answer")
    )
    assert acted.delivery.acked
    assert acted.trigger.view is None
    slowly.release.set()
    assert await acted.view()
    await team.work()
    assert acted.messages == []


@pytest.mark.usefixtures("_impatient")
@pytest.mark.parametrize("fault", FAULTS)
async def test_what_app_home_cannot_open_is_sent_to_the_member(team: Team, fault: str) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    team.ana.open_home()
    await team.work()
    assert team.ana.home
    team.slack.faults.add("views.open", FAULTS[fault]())
    await team.ana.press(team.ana.home, "Leaderboard")
    await team.work()
    assert "This week in the team" in words(team.ana.dm[-1])
    team.slack.faults.add("views.open", Refused("expired_trigger_id"))
    await team.ana.press(team.ana.home, "Change my answer")
    await team.work()
    assert words(team.ana.dm[-1]) == NOT_OPENED
    team.slack.faults.release_all()


async def test_app_home_is_acknowledged_before_it_is_drawn(team: Team) -> None:
    slowly = Hang()
    team.slack.faults.add("views.publish", slowly)
    team.ana.open_home()
    await team.slack.settled()
    assert team.slack.outbox.deliveries[-1].acked
    slowly.release.set()
    await team.work()
    assert team.ana.home


async def test_a_receipt_is_shown_where_llmq_is_not(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        elsewhere = team.slack.channel("elsewhere", (team.ana,), bot=False)
        practice = await (await team.ana.command("/llmq", "random", elsewhere)).shown()
        form = await (await team.ana.press(practice, "Answer")).view()
        card = await team.receipt(team.ana, form, ANSWER)
        assert "+1 point" in words(card)
        assert (card.channel, card.ephemeral_to) == (elsewhere, team.ana.id)


async def test_a_receipt_of_a_form_that_was_open_for_an_hour_is_shown_all_the_same(team: Team) -> None:
    form = await (await team.ana.press(await team.question(), "Answer")).view()
    team.slack.clock.advance(3600)
    receipt = await team.receipt(team.ana, form, ANSWER)
    assert "Your answer is in." in words(receipt)
    assert receipt.channel == team.channel
    team.forgive()


async def test_what_cannot_be_shown_to_one_alone_is_sent_to_them(team: Team) -> None:
    form = await (await team.ana.press(await team.question(), "Answer")).view()
    team.slack.clock.advance(3600)
    team.slack.faults.add("chat.postEphemeral", Refused("user_not_in_channel"))
    assert (await team.ana.submit(form, {"answer": ANSWER})).closed
    await team.work()
    assert "Your answer is in." in words(team.ana.dm[-1])
    team.forgive()


async def test_a_form_that_another_version_opened_is_taken(team: Team) -> None:
    form = await (await team.ana.press(await team.question(), "Answer")).view()
    old = {"command": f"answer @{team.channel.id}:20780", "channel": team.channel.id, "title": "Your answer"}
    form.payload["private_metadata"] = str(old).replace("'", '"')
    assert "Your answer is in." in words(await team.receipt(team.ana, form, ANSWER))


async def test_a_slow_acknowledgement_of_one_member_holds_up_no_other(team: Team) -> None:
    question, slowly = await team.question(), Hang()
    team.slack.faults.add("views.open", slowly)
    acted = await asyncio.gather(*(who.press(question, "Answer") for who in (team.ana, team.bob)))
    assert [one.failure for one in acted] == [None, None]
    slowly.release.set()
    await team.work()
    assert all(one.trigger.view for one in acted)
