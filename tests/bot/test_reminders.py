"""Reminders come once a day at most, only when there is a reason, and never to who is away."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.game.reminders import Reminders
from bot.game.schedule import to_ms
from bot.messages import Form, Message
from bot.platform import TokenRefused
from tests.dialogue import ADMIN, START, Dialogue, buttons_of, catalogue_of, deck, is_refused, question

AN_ANSWER = "It is secret0 that makes the difference here."


def told(d: Dialogue, who: str) -> list[str]:
    return [d.text(message) for _, member, message in d.platform.told if member == who]


async def with_a_streak(redis: Redis) -> Dialogue:
    """Ana has answered yesterday's question; today's is open from eight o'clock on."""
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 08:00 daily UTC")
    await d.open_round()
    await d.says("ana", f"answer {AN_ANSWER}")
    await d.forward(hours=23, minutes=59)
    return d


async def test_before_the_reveal_who_would_lose_a_streak_is_reminded_once(redis: Redis) -> None:
    d = await with_a_streak(redis)
    assert "On, 1 h before the reveal" in await d.hears("ana", "remind deadline 1h")
    await d.forward(hours=24)
    (words,) = told(d, "ana")
    assert "Today's question" in words
    assert "Streak: 1 day." in words
    assert not told(d, "bob")


@pytest.mark.parametrize("reason", ["answered", "away", "no streak", "off"])
async def test_without_a_reason_nobody_is_reminded_of_a_deadline(redis: Redis, reason: str) -> None:
    d = await with_a_streak(redis)
    await d.says("ana", "remind deadline 1h")
    await d.forward(minutes=2)
    match reason:
        case "answered":
            await d.says("ana", "answer The second subject is another thing entirely.")
        case "away":
            await d.says("ana", "away today tomorrow")
        case "no streak":
            await d.says("ana", "remind off")
            await d.says("bob", "remind deadline 1h")
        case "off":
            await d.says("ana", "remind deadline off")
    await d.forward(hours=23)
    assert not told(d, "ana")
    assert not told(d, "bob")


async def test_what_is_due_is_said_at_the_members_own_time_once_a_day(redis: Redis) -> None:
    d = Dialogue(redis)
    d.platform.zones["ana"] = "Europe/Berlin"
    await d.says("ana", "random answer basics/q5", body="It is secret5 that makes the difference.")
    await d.says("ana", "grade basics/q5 again")
    assert "On, at 08:30 (Europe/Berlin) when something is due." in await d.hears("ana", "remind review 8:30")
    # It is due a day after it was graded, at nine in Berlin.
    await d.forward(days=1)
    for day in range(1, 4):
        await d.forward(days=1)
        assert len(told(d, "ana")) == day
    assert told(d, "ana")[0].startswith("1 question is due.")


async def test_nothing_due_no_question_day_or_away_means_no_review_reminder(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says("ana", "remind review 08:30")
    await d.forward(days=2)
    assert not told(d, "ana")
    await d.says("ana", "random answer basics/q5", body="It is secret5 that makes the difference.")
    await d.says("ana", "grade basics/q5 again")
    await d.says("ana", "away tomorrow 2026-12-02")
    await d.forward(days=5)
    assert not told(d, "ana")


async def test_a_paused_channel_has_no_question_day(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.says("ana", f"answer {AN_ANSWER}")
    await d.reveal()
    await d.press("ana", await d.says("ana", "compare"), "Again")
    await d.says("ana", "remind review 08:30")
    await d.forward(days=1)
    before = len(told(d, "ana"))
    await d.says(ADMIN, "daily pause")
    await d.forward(days=3)
    assert len(told(d, "ana")) == before


async def test_on_free_days_of_the_members_channel_nobody_is_reminded(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 weekdays UTC")
    await d.open_round()
    await d.says("ana", f"answer {AN_ANSWER}")
    await d.reveal()
    await d.press("ana", await d.says("ana", "compare"), "Again")
    await d.says("ana", "remind review 08:30")
    # From Monday to Friday evening there are four mornings; the weekend has none.
    await d.forward(days=4, hours=9)
    before = len(told(d, "ana"))
    assert before
    await d.forward(days=2)
    assert len(told(d, "ana")) == before


async def test_the_reveal_is_told_to_who_asked_for_it_and_says_nothing_of_it(redis: Redis) -> None:
    d = await with_a_streak(redis)
    await d.says("ana", "remind reveal on")
    await d.forward(minutes=2)
    await d.says(ADMIN, "reveal")
    (words,) = told(d, "ana")
    assert words.startswith("Revealed in")
    assert "secret" not in words


async def test_a_reminder_that_the_platform_did_not_take_is_told_later_and_once(redis: Redis) -> None:
    d = await with_a_streak(redis)
    await d.says("ana", "remind reveal on")
    await d.forward(minutes=2)
    tell = d.platform.tell
    failures = iter([TokenRefused("no"), TimeoutError()])

    async def failing(*args: object, **kwargs: object) -> None:
        for failure in failures:
            raise failure
        await tell(*args, **kwargs)  # type: ignore[arg-type]

    d.platform.tell = failing  # type: ignore[method-assign]
    await d.says(ADMIN, "reveal")
    assert not told(d, "ana")
    await d.forward(hours=1)
    assert len(told(d, "ana")) == 1


async def test_one_page_shows_all_switches_and_one_form_changes_them(redis: Redis) -> None:
    d = Dialogue(redis)
    page = await d.says("ana", "settings")
    assert "Review reminder: off" in d.text(page)
    form = await d.press("ana", page, "Change")
    assert isinstance(form, Form)
    typed = {"deadline": "60m", "review": "8:30", "reveal": "on", "boards": "no"}
    after = d.text(await d.fill("ana", form, "", typed))
    for line in ("1 h before", "08:30 (UTC)", "Note at the reveal: on", "On the boards: no"):
        assert line in after
    assert "Reminder before the reveal: 1 h before" in await d.hears("ana", "settings")
    refused = await d.fill("ana", form, "", {**typed, "review": "later"})
    assert isinstance(refused, Message)
    assert is_refused(refused)


@pytest.mark.parametrize(
    "text", ["remind review soon", "remind deadline 1m", "remind deadline 3d", "remind reveal maybe"]
)
async def test_what_is_no_such_time_is_refused(redis: Redis, text: str) -> None:
    assert is_refused(await Dialogue(redis).says("ana", text))


async def test_a_button_turns_a_reminder_off(redis: Redis) -> None:
    d = await with_a_streak(redis)
    await d.says("ana", "remind reveal on")
    await d.forward(minutes=2)
    await d.says(ADMIN, "reveal")
    (message,) = (message for _, member, message in d.platform.told if member == "ana")
    (off,) = (button for button in buttons_of(message) if button.label == "Turn off")
    assert "Off: no note at the reveal." in await d.hears("ana", off.command)


@given(
    at=st.times(),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia", "America/St_Johns", "UTC+05:30"]),
    hours=st.integers(0, 24 * 400),
)
def test_the_next_review_reminder_is_within_two_days_and_at_that_local_time(
    at: time, zone: str, hours: int
) -> None:
    reminders = Reminders(review=at.replace(second=0, microsecond=0, tzinfo=None), zone=zone)
    now = START + timedelta(hours=hours)
    following = reminders.next_review(now)
    assert following
    assert timedelta() < following.astimezone(UTC) - now <= timedelta(hours=49)
    assert isinstance(following, datetime)


async def test_while_the_members_channel_is_paused_nobody_is_reminded(redis: Redis) -> None:
    # More questions than are kept back for the schedule.
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(40)))))
    await d.open_round()
    await d.says("ana", f"answer {AN_ANSWER}")
    await d.says("ana", "grade basics/q30 again")
    await d.says("ana", "remind review 08:30")
    await d.says(ADMIN, "daily pause")
    await d.forward(days=4)
    assert not told(d, "ana")
    await d.says(ADMIN, "daily resume")
    await d.forward(days=1)
    assert told(d, "ana")


async def test_what_no_deck_holds_any_more_reminds_nobody(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says("ana", "random answer basics/q5", body="It is secret5 that makes the difference.")
    await d.says("ana", "grade basics/q5 again")
    await d.says("ana", "remind review 08:30")
    later = Dialogue(redis, catalogue_of(deck(question(1))), d.now)
    await later.forward(days=3)
    assert not told(later, "ana")


async def test_two_changes_at_once_are_both_kept(redis: Redis) -> None:
    d = Dialogue(redis)
    wishes = [d.request("ana", f"remind {wish}") for wish in ("deadline 1h", "reveal on", "review 8:30")]
    await asyncio.gather(*(d.bot.handle(wish) for wish in wishes))
    page = await d.hears("ana", "settings")
    for line in ("the reveal: 1 h before", "reminder: 08:30 (UTC)", "Note at the reveal: on"):
        assert line in page


@pytest.mark.parametrize("kind", ["deadline 1h", "reveal on", "review 8:30"])
async def test_an_older_change_that_comes_late_is_refused_unless_it_is_of_something_else(
    redis: Redis, kind: str
) -> None:
    d = Dialogue(redis)
    what, _, _ = kind.partition(" ")
    await d.says("ana", f"remind {what} off", at=START)
    late = await d.says("ana", f"remind {kind}", at=START - timedelta(seconds=1))
    assert is_refused(late)
    assert "A newer change of yours stands." in d.text(late)
    assert f"remind {what}" not in d.text(late)
    other = "reveal on" if what != "reveal" else "deadline 1h"
    assert not is_refused(await d.says("ana", f"remind {other}", at=START - timedelta(seconds=1)))
    # The same act once more is what it was.
    assert not is_refused(await d.says("ana", f"remind {what} off", at=START))


async def test_an_older_word_on_the_boards_that_comes_late_is_refused(redis: Redis) -> None:
    d = Dialogue(redis)
    assert "You have left the boards" in d.text(await d.says("ana", "boards off", at=START))
    assert is_refused(await d.says("ana", "boards on", at=START - timedelta(seconds=1)))
    assert "On the boards: no" in await d.hears("ana", "settings")


async def test_reminders_that_an_earlier_version_stored_keep_their_moment(redis: Redis) -> None:
    d, mine = Dialogue(redis), "llmq:{console:local}:member:ana"
    stored = '{"review":"08:30:00","zone":"Europe/Berlin","deadline":"PT1H","reveal":true,"judge":true}'
    await redis.hset(mine, mapping={"reminders": stored, "reminders_at": to_ms(START)})
    assert is_refused(await d.says("ana", "remind reveal off", at=START - timedelta(seconds=1)))
    assert not is_refused(await d.says("ana", "remind reveal off", at=START))
    page = await d.hears("ana", "settings")
    for line in ("the reveal: 1 h before", "reminder: 08:30 (Europe/Berlin)", "Note at the reveal: off"):
        assert line in page
