"""The course of a schedule in conversation: off, pause and resume, skip, now, and what stops it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.requests import Channel
from tests.dialogue import ADMIN, Dialogue, catalogue_of, deck, is_refused, question

NO_SCHEDULE = "This channel has no schedule yet. `/llmq daily on 09:00 weekdays Europe/Berlin` sets one."
OTHER = Channel("console:local", "random-talk")


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    """A dialogue with no schedule, on a Monday at eight."""
    return Dialogue(redis)


@pytest.fixture
async def on(d: Dialogue) -> Dialogue:
    """A dialogue with a question every day at nine."""
    await d.says(ADMIN, "daily on 09:00 daily")
    return d


async def test_off_ends_the_schedule_and_leaves_the_round_its_reveal(on: Dialogue) -> None:
    await on.forward(hours=2)
    said = await on.hears(ADMIN, "daily off")
    assert "Daily question is off.** A round that is open now still gets its reveal." in said
    await on.forward(days=3)
    assert (len(on.platform.posts), len(on.platform.replies)) == (1, 1)
    assert NO_SCHEDULE in await on.hears("ana", "daily")


async def test_pause_and_resume(on: Dialogue) -> None:
    assert "`/llmq daily resume` goes on." in await on.hears(ADMIN, "daily pause")
    assert "**Paused.** No question comes until `/llmq daily resume`." in await on.hears("ana", "daily")
    await on.forward(days=2)
    assert on.platform.posts == []
    said = await on.hears(ADMIN, "daily resume")
    assert "Daily question goes on" in said
    assert "Next: Wed 25 Nov 2026, 09:00" in said
    await on.forward(hours=2)
    assert [post.key for post in on.platform.posts] == ["practice:20782"]


@pytest.mark.parametrize(
    ("before", "text", "said"),
    [
        (
            "daily pause",
            "daily pause",
            "The schedule is paused already. `/llmq daily resume` goes on with it.",
        ),
        ("daily pause", "daily skip", "The schedule is paused, so there is nothing to skip."),
        ("daily pause", "daily now", "The schedule is paused. `/llmq daily resume` goes on with it."),
        ("daily status", "daily resume", "The schedule is running. `/llmq daily status` shows it."),
        ("daily skip", "daily skip", "Mon 23 Nov is skipped already. `/llmq daily resume` takes that back."),
        ("daily now", "daily now", "Today's question has been asked here: `/llmq today`."),
    ],
)
async def test_what_makes_no_sense_now_is_refused(on: Dialogue, before: str, text: str, said: str) -> None:
    await on.says(ADMIN, before)
    reply = await on.says(ADMIN, text)
    assert is_refused(reply)
    assert said in on.text(reply)


@pytest.mark.parametrize(
    "text", ["status", "off", "pause", "resume", "now", "skip", "reveal 3 1h 8h"], ids=lambda text: text[:6]
)
async def test_a_channel_without_a_schedule_is_told_how_to_set_one(d: Dialogue, text: str) -> None:
    reply = await d.says(ADMIN, f"daily {text}")
    assert is_refused(reply)
    assert NO_SCHEDULE in d.text(reply)


@pytest.mark.parametrize("text", ["on 9:00", "off", "pause", "resume", "now", "skip", "reveal 3 1h 8h"])
async def test_only_an_admin_changes_a_schedule(on: Dialogue, text: str) -> None:
    before = await on.hears("ana", "daily")
    reply = await on.says("ana", f"daily {text}")
    assert is_refused(reply)
    assert f"Only an admin of this channel may use `/llmq daily {text.split()[0]}`. Ask one" in on.text(reply)
    assert await on.hears("ana", "daily") == before


async def test_a_skip_leaves_out_one_date(on: Dialogue) -> None:
    said = await on.hears(ADMIN, "daily skip")
    assert "Mon 23 Nov is skipped.** The next question comes on Tue 24 Nov 2026, 09:00." in said
    assert "Mon 23 Nov is skipped; /llmq daily resume takes that back." in await on.hears("ana", "daily")
    await on.forward(days=2)
    assert [post.key for post in on.platform.posts] == ["practice:20781"]
    assert "is skipped" not in await on.hears("ana", "daily")


async def test_a_skip_is_taken_back(on: Dialogue) -> None:
    await on.says(ADMIN, "daily skip")
    assert "Next: Mon 23 Nov 2026, 09:00" in await on.hears(ADMIN, "daily resume")
    await on.forward(hours=2)
    assert len(on.platform.posts) == 1


async def test_the_next_date_is_skipped_when_todays_question_was_asked_early(on: Dialogue) -> None:
    await on.says(ADMIN, "daily now")
    assert "Tue 24 Nov is skipped" in await on.hears(ADMIN, "daily skip")
    await on.forward(days=2, hours=2)
    assert [post.key for post in on.platform.posts] == ["practice:20780", "practice:20782"]


async def test_now_asks_at_once_and_not_again_on_the_same_date(on: Dialogue) -> None:
    assert "Today's question is on its way." in await on.hears(ADMIN, "daily now")
    assert [post.key for post in on.platform.posts] == ["practice:20780"]
    await on.forward(hours=6)
    assert len(on.platform.posts) == 1


async def test_now_asks_on_a_date_that_is_not_in_the_schedule(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 09:00 fri")
    await d.says(ADMIN, "daily now")
    assert len(d.platform.posts) == 1


async def test_now_waits_for_the_question_before(on: Dialogue) -> None:
    await on.says(ADMIN, "daily on 20:00")
    await on.forward(hours=17)
    reply = await on.says(ADMIN, "daily now")
    assert is_refused(reply)
    assert "The question before is still open. `/llmq reveal` reveals it, then ask again." in on.text(reply)
    await on.says(ADMIN, "reveal")
    await on.says(ADMIN, "daily now")
    assert [post.key for post in on.platform.posts] == ["practice:20780", "practice:20781"]


async def test_a_channel_that_refuses_pauses_the_schedule_with_its_reason(on: Dialogue) -> None:
    on.platform.refused["practice"] = "The channel is archived."
    await on.forward(hours=2)
    assert "**Paused.** The channel is archived." in await on.hears("ana", "daily")
    assert "The schedule is paused. The channel is archived." in await on.hears("ana", "today")
    _, member, message = on.platform.told[0]
    assert member == ADMIN
    assert "The channel is archived. `/llmq daily resume` goes on." in on.text(message)
    on.platform.refused.clear()
    await on.says(ADMIN, "daily resume")
    await on.forward(days=1)
    assert len(on.platform.posts) == 1


async def test_the_admin_hears_when_a_week_of_questions_is_left(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(8)))))
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.forward(hours=2)
    _, member, message = d.platform.told[0]
    assert member == ADMIN
    assert "has 7 new questions left" in d.text(message)
    await d.forward(days=6)
    assert len(d.platform.told) == 1


async def test_each_channel_has_a_schedule_of_its_own(on: Dialogue) -> None:
    assert NO_SCHEDULE in on.text(await on.says(ADMIN, "daily", channel=OTHER))
    await on.says(ADMIN, "daily on 10:00 daily", channel=OTHER)
    await on.forward(hours=3)
    assert [post.key for post in on.platform.posts] == ["practice:20780", "random-talk:20780"]


async def test_a_clock_that_jumps_back_asks_nothing_twice(on: Dialogue) -> None:
    await on.forward(days=1, hours=2)
    on.now -= timedelta(days=1)
    await on.forward(days=1)
    assert [post.key for post in on.platform.posts] == ["practice:20780", "practice:20781"]
