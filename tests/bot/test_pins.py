"""Pinning the question: what an admin says, what is pinned and when, and what a refusal leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.game.pins import Pin, read_pin
from bot.platform import ChannelRefused, TokenRefused
from tests.dialogue import ADMIN, START, Dialogue, is_refused

REASON = "Allow llmq Pin Messages in this channel."


@pytest.fixture
async def d(redis: Redis) -> Dialogue:
    """A channel with a schedule that pins."""
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.says(ADMIN, "daily pin on")
    return d


async def pin_of(d: Dialogue) -> Pin:
    return (await d.store.channel(d.channel)).pin


async def test_the_question_is_pinned_until_the_next_one_is(d: Dialogue) -> None:
    assert "Pin: yes" in await d.hears(ADMIN, "daily status")
    await d.open_round()
    assert d.platform.pinned == ["m0"]
    await d.reveal()
    assert d.platform.pinned == ["m0"]
    await d.forward(days=1, hours=1)
    assert d.platform.pinned == ["m1"]
    assert d.platform.pin_calls == 3


async def test_one_that_takes_no_more_answers_is_taken_down(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 monday")
    await d.says(ADMIN, "daily pin on")
    await d.open_round()
    await d.forward(days=2)
    assert d.platform.pinned == []
    assert await pin_of(d) == Pin()


async def test_the_open_question_follows_the_switch_at_once(d: Dialogue) -> None:
    await d.says(ADMIN, "daily pin off")
    await d.open_round()
    assert d.platform.pinned == []
    assert "The question is pinned as long as it takes answers." in await d.hears(ADMIN, "daily pin on")
    await d.forward(minutes=1)
    assert d.platform.pinned == ["m0"]
    assert "No question is pinned." in await d.hears(ADMIN, "daily pin off")
    await d.forward(minutes=1)
    assert d.platform.pinned == []
    assert "Pin: no" in await d.hears(ADMIN, "daily status")


async def test_it_is_taken_down_when_the_daily_question_is_off(d: Dialogue) -> None:
    await d.open_round()
    await d.says(ADMIN, "daily off")
    await d.forward(days=1)
    assert d.platform.pinned == []


async def test_what_is_lacking_is_said_at_once(d: Dialogue) -> None:
    d.platform.lacking_to["pin"] = (REASON,)
    assert REASON in await d.hears(ADMIN, "daily pin on")
    assert REASON not in await d.hears(ADMIN, "daily pin off")


@pytest.mark.parametrize("typed", ["daily pin", "daily pin maybe", "daily pin on off", "daily pin `"])
async def test_what_is_neither_on_nor_off_changes_nothing(d: Dialogue, typed: str) -> None:
    assert is_refused(await d.says(ADMIN, typed))
    assert "Pin: yes" in await d.hears(ADMIN, "daily status")


async def test_it_is_the_admins_to_set(d: Dialogue) -> None:
    assert is_refused(await d.says("ana", "daily pin off"))


async def test_a_refusal_is_said_once_and_holds_up_nothing(d: Dialogue) -> None:
    d.platform.pin_fault = ChannelRefused(REASON)
    for day in range(3):
        await d.forward(days=1)
        assert len(d.platform.posts) == day + 1
    told = [message for _, member, message in d.platform.told if REASON in d.text(message)]
    assert len(told) == 1
    assert "`/llmq daily pin on` tries at once" in d.text(told[0])
    assert d.platform.pin_calls == 3
    d.platform.pin_fault = None
    await d.says(ADMIN, "daily pin on")
    await d.forward(minutes=1)
    assert d.platform.pinned == [d.platform.posts[-1].id]


async def test_one_that_was_allowed_once_is_said_again_when_it_is_not(d: Dialogue) -> None:
    for fault in (ChannelRefused(REASON), None, ChannelRefused(REASON)):
        d.platform.pin_fault = fault
        await d.forward(days=1)
    assert sum(REASON in d.text(message) for _, _, message in d.platform.told) == 2


async def test_what_fails_is_tried_three_times_and_the_round_goes_on(d: Dialogue) -> None:
    d.platform.pin_fault = TimeoutError()
    await d.open_round()
    await d.forward(hours=1)
    assert d.platform.pin_calls == 3
    await d.says("ana", "answer My answer is about weights.")
    await d.forward(hours=8)
    assert len(d.platform.lines) == 1
    assert d.platform.told == []


async def test_one_that_cannot_be_taken_down_is_left_after_three_tries_and_the_next_is_pinned(
    d: Dialogue,
) -> None:
    await d.open_round()
    d.platform.pin_fault = TimeoutError()
    await d.forward(days=1, hours=1)
    assert len(d.platform.posts) == 2
    d.platform.pin_fault = None
    await d.forward(minutes=30)
    assert d.platform.pinned[-1] == "m1"
    assert (await pin_of(d)).state == "pinned"


async def test_a_token_that_is_refused_is_waited_for(d: Dialogue) -> None:
    d.platform.pin_fault = TokenRefused("no")
    await d.open_round()
    d.platform.pin_fault = None
    await d.forward(minutes=30)
    assert d.platform.pinned == ["m0"]


@pytest.mark.parametrize("carried_out", [True, False])
async def test_a_kill_in_the_middle_leaves_no_pin_behind(d: Dialogue, carried_out: bool) -> None:
    await d.says(ADMIN, "daily pin off")
    await d.open_round()
    await d.says(ADMIN, "daily pin on")
    # Killed between what is kept before the call and what is kept after it.
    await d.store.save_pin(d.channel, Pin().tried("pinning", "m0", d.now))
    if carried_out:
        d.platform.pinned.append("m0")
    await d.forward(days=1, hours=1)
    assert set(d.platform.pinned) == {"m1"}


async def test_a_pin_of_which_the_platform_never_told_is_taken_down_all_the_same(d: Dialogue) -> None:
    d.platform.pin_fault = TimeoutError()
    await d.open_round()
    d.platform.pinned.append("m0")
    await d.forward(hours=1)
    d.platform.pin_fault = None
    await d.forward(days=1)
    assert d.platform.pinned == ["m1"]


def test_what_is_stored_is_read_again() -> None:
    for pin in (Pin(), Pin("m", "pinned"), Pin("m", "pinning", 2, START + timedelta(minutes=5), told=True)):
        assert read_pin(pin.to_json()) == pin
