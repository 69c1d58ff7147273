"""The course of a schedule in conversation: off, pause and resume, skip, now, and what stops it."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
from redis.asyncio import Redis

from bot.commands.admins import NOT_ADMIN
from bot.commands.daily_status import NO_SCHEDULE
from bot.messages import moment
from bot.requests import Channel
from tests.dialogue import ADMIN, START, Dialogue, catalogue_of, deck, is_refused, question

OTHER = Channel("console:local", "random-talk")


def nine_on(day: int) -> str:
    """Nine o'clock of a day in November, as the core writes it."""
    return moment(START.replace(day=day, hour=9), UTC, "day")


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
    assert "The daily question is off.** An open question still gets its reveal." in said
    assert "Its settings and what was put before the order are gone" in said
    await on.forward(days=3)
    assert (len(on.platform.posts), len(on.platform.lines)) == (1, 1)
    assert NO_SCHEDULE in await on.hears("ana", "daily")


async def test_pause_and_resume(on: Dialogue) -> None:
    paused = await on.says(ADMIN, "daily pause")
    assert on.text(paused) == "**Paused.** Streaks wait.\n[Resume]"
    assert "**Paused.** By Boss." in await on.hears("ana", "daily")
    await on.forward(days=2)
    assert on.platform.posts == []
    said = on.text(await on.press(ADMIN, paused, "Resume"))
    assert "The daily question goes on" in said
    assert f"Next: {nine_on(25)}" in said
    await on.forward(hours=2)
    assert [post.key for post in on.platform.posts] == ["practice:20782"]


@pytest.mark.parametrize(
    ("before", "text", "said"),
    [
        ("daily pause", "daily pause", "The daily question is paused already.\n[Resume]"),
        ("daily pause", "daily skip", "The daily question is paused, so there is nothing to skip.\n[Resume]"),
        ("daily pause", "daily now", "The daily question is paused.\n[Resume]"),
        ("daily status", "daily resume", "The daily question is on already. `/llmq daily status` shows it."),
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
    "text",
    ["status", "off", "pause", "resume", "now", "skip", "reveal 3", "free fri"],
    ids=lambda text: text[:6],
)
async def test_a_channel_without_a_schedule_is_told_how_to_set_one(d: Dialogue, text: str) -> None:
    reply = await d.says(ADMIN, f"daily {text}")
    assert is_refused(reply)
    assert NO_SCHEDULE in d.text(reply)


@pytest.mark.parametrize(
    "text",
    [
        "on 9:00",
        "off",
        "pause",
        "resume",
        "now",
        "skip",
        "reveal 3 1h 8h",
        "free tomorrow",
        "excuse yesterday",
    ],
)
async def test_only_an_admin_changes_a_schedule(on: Dialogue, text: str) -> None:
    before = await on.hears("ana", "daily")
    reply = await on.says("ana", f"daily {text}")
    assert is_refused(reply)
    assert on.text(reply) == NOT_ADMIN
    assert await on.hears("ana", "daily") == before


async def test_a_day_to_come_is_not_excused_but_can_be_left_out(on: Dialogue) -> None:
    reply = await on.says(ADMIN, "daily excuse 24 Dec")
    assert is_refused(reply)
    assert "Thu 24 Dec is still to come. `/llmq daily free` leaves it out." in on.text(reply)


async def test_a_skip_leaves_out_one_date(on: Dialogue) -> None:
    said = await on.hears(ADMIN, "daily skip")
    assert said == f"**Mon 23 Nov is skipped.** Next: {nine_on(24)}."
    assert "**Mon 23 Nov is skipped.** `/llmq daily resume` takes that back." in await on.hears(
        "ana", "daily"
    )
    await on.forward(days=2)
    assert [post.key for post in on.platform.posts] == ["practice:20781"]
    assert "is skipped" not in await on.hears("ana", "daily")


async def test_a_skip_is_taken_back(on: Dialogue) -> None:
    await on.says(ADMIN, "daily skip")
    assert f"Next: {nine_on(23)}" in await on.hears(ADMIN, "daily resume")
    await on.forward(hours=2)
    assert len(on.platform.posts) == 1


async def test_the_next_date_is_skipped_when_todays_question_was_asked_early(on: Dialogue) -> None:
    await on.says(ADMIN, "daily now")
    assert "Tue 24 Nov is skipped" in await on.hears(ADMIN, "daily skip")
    await on.forward(days=2, hours=2)
    assert [post.key for post in on.platform.posts] == ["practice:20780", "practice:20782"]


async def test_now_asks_at_once_and_not_again_on_the_same_date(on: Dialogue) -> None:
    assert "Today's question is coming." in await on.hears(ADMIN, "daily now")
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
    assert "Paused. The channel is archived." in await on.hears("ana", "today")
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
    for _ in range(6):
        await d.forward(days=1)
        await d.says("ana", "answer I say something every day.")
    assert len(d.platform.told) == 1


async def test_the_warning_counts_what_is_left_and_what_waits(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(question(0), question(1), question(2))))
    for channel in (OTHER, d.channel):
        await d.says(ADMIN, "daily on 09:00 daily", channel=channel)
        await d.says(ADMIN, "daily now", channel=channel)
    told = [d.text(message) for _, _, message in d.platform.told]
    # Here one was asked, one is open in the other channel, and one is left for tomorrow.
    assert "has 2 new questions left. 1 of them open in other channels just now." in told[-1]


async def test_the_last_question_is_one_question(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(question(0), question(1))))
    await d.says(ADMIN, "daily on 09:00 mon")
    await d.says(ADMIN, "daily now")
    assert "has 1 new question left. After that" in d.text(d.platform.told[0][2])


async def test_five_questions_without_answers_pause_the_schedule_and_say_so(on: Dialogue) -> None:
    await on.forward(hours=2)
    for _ in range(8):
        await on.forward(days=1)
    assert len(on.platform.posts) == 5
    told = [on.text(message) for _, who, message in on.platform.told if who == ADMIN]
    assert "is paused. Five questions had no answers; another hour or other topics may help." in told[-1]
    assert "**Paused.** Five questions had no answers" in await on.hears("ana", "daily")
    # From then on the count begins anew.
    await on.says(ADMIN, "daily resume")
    await on.forward(days=8)
    assert len(on.platform.posts) == 10


async def test_one_answer_begins_the_count_of_unanswered_questions_anew(on: Dialogue) -> None:
    await on.forward(hours=2)
    for n in range(9):
        if n == 4:
            await on.says("ana", "answer One answer is enough.")
        await on.forward(days=1)
    assert len(on.platform.posts) == 10


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


async def test_the_admin_hears_once_of_a_deck_that_is_not_loaded_any_more(redis: Redis) -> None:
    ours, theirs = deck(*(question(n) for n in range(40))), deck(question(50), id="extra")
    d = Dialogue(redis, catalogue_of(ours, theirs))
    await d.says(ADMIN, "daily on 09:00 daily extra basics")
    without = Dialogue(redis, catalogue_of(ours), now=d.now, platform=d.platform)
    for _ in range(3):
        await without.forward(days=1)
    (told,) = [words for _, _, message in d.platform.told if "not loaded" in (words := d.text(message))]
    assert "not loaded: extra. It goes on with the others" in told
    assert len(d.platform.posts) == 3
    assert "In no deck now: extra" in await without.hears(ADMIN, "daily")
    await d.forward(days=1)
    assert "In no deck now" not in await d.hears(ADMIN, "daily")
