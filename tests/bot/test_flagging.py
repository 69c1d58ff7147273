"""Flags: said after the reveal or in practice, settled by admins, and the member is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.messages import Form, Message
from tests.dialogue import ADMIN, START, Dialogue, buttons_of, is_refused

AN_ANSWER = "It is secret0 that makes the difference here."
WORDS = "The second sentence contradicts <@U1> the first."


@pytest.fixture
async def revealed(redis: Redis) -> Dialogue:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 08:00 daily UTC")
    await d.open_round()
    await d.says("ana", f"answer {AN_ANSWER}")
    await d.reveal()
    return d


async def flagged(d: Dialogue, who: str = "ana", command: str = "flag") -> str:
    form = await d.says(who, command)
    assert isinstance(form, Form)
    return d.text(await d.fill(who, form, WORDS, {"reason": "ambiguous"}))


def told(d: Dialogue, who: str) -> list[str]:
    return [d.text(message) for _, member, message in d.platform.told if member == who]


async def test_a_flag_is_kept_and_admins_see_it_with_its_reason_and_words(revealed: Dialogue) -> None:
    assert "Flagged, thank you. You will be told the outcome." in (await flagged(revealed)).replace("*", "")
    shown = await revealed.hears(ADMIN, "flags")
    assert "Flag 1 of 1" in shown
    assert "What is subject number 0 good for?" in shown
    assert "can be read in two ways" in shown
    assert f"Ana: {WORDS}" in shown


async def test_members_do_not_see_flags(revealed: Dialogue) -> None:
    await flagged(revealed)
    assert is_refused(await revealed.says("bob", "flags"))


async def test_a_kept_question_stays_and_its_flagger_is_told_once(revealed: Dialogue) -> None:
    await flagged(revealed)
    shown = await revealed.says(ADMIN, "flags")
    after = revealed.text(await revealed.press(ADMIN, shown, "Keep"))
    assert "The question stays." in after
    assert "No flags are waiting." in after
    (words,) = told(revealed, "ana")
    assert "Your flag: the question stays." in words
    assert is_refused(await revealed.press(ADMIN, shown, "Retire here"))
    assert len(told(revealed, "ana")) == 1


async def test_a_retired_question_is_asked_no_more_in_any_way_until_it_is_restored(
    revealed: Dialogue,
) -> None:
    form = await revealed.says("ana", "flag")
    assert isinstance(form, Form)
    await revealed.fill("ana", form, "", {"reason": "error"})
    gone = await revealed.press(ADMIN, await revealed.says(ADMIN, "flags"), "Retire here")
    assert "no longer asked here" in revealed.text(gone)
    assert is_refused(await revealed.says("bob", "random show basics/q0"))
    assert "1 retired" in await revealed.hears("bob", "daily status")
    for _ in range(12):
        await revealed.forward(days=1)
        await revealed.says("bob", "answer Something else makes the difference here.")
    asked = {revealed.text(post.message).partition("\n")[0] for post in revealed.platform.posts[1:]}
    assert len([words for words in asked if "What is subject number" in words]) == 9
    assert not any("number 0 " in words for words in asked)
    back = await revealed.press(ADMIN, gone, "Ask it again")
    assert "It is asked again" in revealed.text(back)
    assert "retired" not in await revealed.hears("bob", "daily status")


async def test_an_admin_may_reply(revealed: Dialogue) -> None:
    await flagged(revealed)
    form = await revealed.press(ADMIN, await revealed.says(ADMIN, "flags"), "Reply")
    await revealed.fill(ADMIN, form, "Both readings are meant.", {"outcome": "kept"})
    (words,) = told(revealed, "ana")
    assert "Both readings are meant." in words


async def test_before_the_reveal_nothing_is_flagged(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    for command in ("flag", "flag basics/q0", "flag basics/q1"):
        reply = await d.says("ana", command)
        assert is_refused(reply)
        assert "secret" not in d.text(reply)


async def test_flags_stand_in_the_order_they_came_and_a_newer_word_takes_the_old_ones_place(
    revealed: Dialogue,
) -> None:
    await flagged(revealed, "ana")
    await flagged(revealed, "bob")
    await flagged(revealed, "ana")
    first = await revealed.says(ADMIN, "flags")
    assert "Flag 1 of 2" in revealed.text(first)
    assert "From: Ana" in revealed.text(first)
    following = await revealed.press(ADMIN, first, "Next")
    assert isinstance(following, Message)
    assert following.edits
    assert "From: Bob" in revealed.text(following)
    assert "From: Ana" in revealed.text(await revealed.press(ADMIN, following, "Next"))


async def test_cards_and_practice_offer_to_flag(revealed: Dialogue) -> None:
    for text in ("compare", "random show basics/q0"):
        reply = await revealed.says("ana", text)
        assert "Flag" in {button.label for button in buttons_of(reply)}, revealed.text(reply)


async def test_the_reveal_offers_to_flag_below_the_last_answer(revealed: Dialogue) -> None:
    last = revealed.platform.replies[-1].message
    assert [button.label for button in buttons_of(last)] == ["Compare mine", "Flag"]
    assert isinstance(await revealed.press("cyd", last, "Flag"), Form)


async def test_the_reveal_of_a_question_without_answers_offers_to_flag(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.reveal()
    (only,) = d.platform.replies
    assert [button.label for button in buttons_of(only.message)] == ["Flag"]


async def test_too_many_flags_are_refused_with_a_word(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.flags.MOST_FLAGS", 1)
    d = Dialogue(redis)
    await d.open_round()
    await d.says("ana", f"answer {AN_ANSWER}")
    await d.reveal()
    await flagged(d, "ana")
    assert "Many flags wait" in await flagged(d, "bob")


async def flag_at(d: Dialogue, words: str, at: datetime) -> None:
    form = await d.says("ana", "flag")
    assert isinstance(form, Form)
    await d.handle(replace(d.request("ana", form.command, words, at=at), inputs={"reason": "error"}))


async def test_an_older_flag_that_comes_late_does_not_take_the_place_of_a_newer_one(
    revealed: Dialogue,
) -> None:
    await flag_at(revealed, "The newer words.", START)
    await flag_at(revealed, "The older words.", START - timedelta(seconds=1))
    shown = await revealed.hears(ADMIN, "flags")
    assert "The newer words." in shown
    assert "Flag 1 of 1" in shown


async def test_a_flag_that_is_repeated_once_it_is_settled_stays_settled(revealed: Dialogue) -> None:
    await flag_at(revealed, "The same words.", START)
    await revealed.press(ADMIN, await revealed.says(ADMIN, "flags"), "Keep")
    await flag_at(revealed, "The same words.", START)
    assert "No flags are waiting." in await revealed.hears(ADMIN, "flags")
    await flag_at(revealed, "Something else.", START + timedelta(seconds=1))
    assert "Something else." in await revealed.hears(ADMIN, "flags")
