"""A channel's schedule in conversation: what an admin says, and what is said back and done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from tests.dialogue import ADMIN, Dialogue, is_refused

NO_SCHEDULE = "This channel has no schedule yet. `/llmq daily on 09:00 weekdays Europe/Berlin` sets one."


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    """A dialogue with no schedule, on a Monday at eight."""
    return Dialogue(redis)


@pytest.fixture
async def on(d: Dialogue) -> Dialogue:
    """A dialogue with a question every day at nine."""
    await d.says(ADMIN, "daily on 09:00 daily")
    return d


@pytest.mark.parametrize(
    "text",
    [
        "daily on 9:00 mon-fri berlin attention",
        "daily on 9:00 attention Europe/Berlin weekdays",
        "daily on 9am europe/berlin mon,tue,wed,thu,fri Attention",
        'DAILY ON "9 am" "berlin" weekdays attention',
    ],
)
async def test_a_schedule_is_understood_in_any_order_and_said_back(d: Dialogue, text: str) -> None:
    said = await d.hears(ADMIN, text)
    assert "Daily question is on" in said
    assert "When: Mon to Fri at 09:00 (Europe/Berlin)\nFrom: attention\n" in said
    assert "Reveal: with 3 answers after 1 h, at the latest after 8 h" in said
    assert "Questions: 4 of 4 not asked here yet" in said
    assert "Next: Tue 24 Nov 2026, 09:00\nWed 25 Nov 2026, 09:00\nThu 26 Nov 2026, 09:00" in said


async def test_the_first_schedule_of_a_channel_is_on_weekdays_in_utc_and_says_so(d: Dialogue) -> None:
    said = await d.hears(ADMIN, "daily on 09:00")
    assert "When: Mon to Fri at 09:00 (UTC)\nFrom: all decks" in said
    assert "The time is in UTC. Name your zone to change that" in said


async def test_several_decks_and_topics_are_asked_from(d: Dialogue) -> None:
    said = await d.hears(ADMIN, 'daily on 09:00 "long context" prompting')
    assert "From: long context, prompting" in said
    assert "Questions: 6 of 6" in said


async def test_a_topic_named_twice_counts_once(d: Dialogue) -> None:
    assert "From: prompting\n" in await d.hears(ADMIN, "daily on 09:00 prompting Prompting")


async def test_a_changed_schedule_keeps_what_was_not_named(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 09:00 mon,wed berlin attention")
    await d.says(ADMIN, "daily reveal 5 2h 6h")
    said = await d.hears(ADMIN, "daily on 17:30")
    assert "When: Mon and Wed at 17:30 (Europe/Berlin)\nFrom: attention" in said
    assert "Reveal: with 5 answers after 2 h, at the latest after 6 h" in said
    assert "The time is in UTC" not in said


async def test_a_changed_schedule_keeps_a_skip(on: Dialogue) -> None:
    await on.says(ADMIN, "daily skip")
    assert "Mon 23 Nov is skipped" in await on.hears(ADMIN, "daily on 10:00")


async def test_a_schedule_set_again_ends_a_pause(on: Dialogue) -> None:
    await on.says(ADMIN, "daily pause")
    assert "Next: Mon 23 Nov 2026, 10:00" in await on.hears(ADMIN, "daily on 10:00")


async def test_a_schedule_set_after_its_time_starts_with_the_next_day(d: Dialogue) -> None:
    assert "Next: Tue 24 Nov 2026, 07:30" in await d.hears(ADMIN, "daily on 07:30 daily")
    await d.forward(hours=20)
    assert d.platform.posts == []


@pytest.mark.parametrize("time", ["25", "9:99", "noon", "monday"])
async def test_a_wrong_time_is_refused_and_nothing_is_set(d: Dialogue, time: str) -> None:
    reply = await d.says(ADMIN, f"daily on {time}")
    assert is_refused(reply)
    assert f"`{time}` is not a time of day." in d.text(reply)
    assert NO_SCHEDULE in await d.hears(ADMIN, "daily status")


async def test_a_very_long_time_is_not_repeated_in_full(d: Dialogue) -> None:
    assert len(await d.hears(ADMIN, f"daily on {'9' * 100_000}")) < 500


async def test_status_is_for_everyone(on: Dialogue) -> None:
    for text in ("daily", "daily status"):
        said = await on.hears("ana", text)
        assert "When: every day at 09:00 (UTC)" in said
        assert "Next: Mon 23 Nov 2026, 09:00\nTue 24 Nov 2026, 09:00\nWed 25 Nov 2026, 09:00" in said


async def test_status_counts_the_questions_that_are_left(on: Dialogue) -> None:
    await on.forward(days=3)
    said = await on.hears("ana", "daily")
    assert "Questions: 7 of 10 not asked here yet" in said
    assert "Next: Thu 26 Nov 2026, 09:00" in said


async def test_status_leaves_out_a_date_that_was_asked_already(on: Dialogue) -> None:
    await on.says(ADMIN, "daily now")
    assert "Next: Tue 24 Nov 2026, 09:00" in await on.hears("ana", "daily")


async def test_status_marks_a_shift_of_the_clocks(d: Dialogue) -> None:
    d.now = datetime(2026, 10, 24, 8, tzinfo=UTC)
    said = await d.hears(ADMIN, "daily on 09:00 daily berlin")
    assert "Next: Sun 25 Oct 2026, 09:00 (clocks go back 1 h)\nMon 26 Oct 2026, 09:00\n" in said


async def test_status_marks_a_shift_on_a_day_without_a_question(d: Dialogue) -> None:
    d.now = datetime(2026, 10, 22, 8, tzinfo=UTC)
    said = await d.hears(ADMIN, "daily on 09:00 weekdays berlin")
    assert "Fri 23 Oct 2026, 09:00\nMon 26 Oct 2026, 09:00 (clocks go back 1 h)\nTue 27 Oct" in said


async def test_the_reveal_rule_holds_from_the_next_round_on(on: Dialogue) -> None:
    await on.forward(hours=2)
    said = await on.hears(ADMIN, "daily reveal 1 30m 4h")
    assert "From the next round on:** revealed with 1 answer after 30 min, at the latest after 4 h." in said
    assert "Reveal: with 3 answers" in await on.hears("ana", "today")
    await on.forward(days=1)
    await on.says("ana", "answer This is what I think of it.")
    assert len(on.platform.replies) == 2


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("0 1h 8h", "`0` should be a whole number from 1 to 1000."),
        ("1001 1h 8h", "`1001` should be a whole number from 1 to 1000."),
        ("some 1h 8h", "`some` should be a whole number"),
        ("3 1 8h", "`1` is not a duration."),
        ("3 1h never", "`never` is not a duration."),
        ("3 -1h 8h", "`-1h` is not a duration."),
        ("3 8h 1h", "The deadline should be no shorter than the wait, and from `5m` to `24h`."),
        ("3 1h 25h", "from `5m` to `24h`"),
        ("3 1h", "`daily reveal` needs one more word."),
        ("3 1h 8h 9h", "`9h` does not fit `daily reveal`."),
    ],
)
async def test_a_reveal_rule_out_of_bounds_is_refused(on: Dialogue, rule: str, said: str) -> None:
    reply = await on.says(ADMIN, f"daily reveal {rule}")
    assert is_refused(reply)
    assert said in on.text(reply)
    assert "with 3 answers after 1 h, at the latest after 8 h" in await on.hears("ana", "daily")


@pytest.mark.parametrize("rule", ["1 0m 1h", "1000 24h 24h", "3 8h 8h"])
async def test_a_reveal_rule_may_go_to_its_bounds(on: Dialogue, rule: str) -> None:
    assert not is_refused(await on.says(ADMIN, f"daily reveal {rule}"))


async def test_a_deadline_leaves_time_to_answer(on: Dialogue) -> None:
    assert is_refused(await on.says(ADMIN, "daily reveal 3 0m 0m"))


async def test_public_holidays_have_no_question(d: Dialogue) -> None:
    said = await d.hears(ADMIN, "daily on 09:00 weekdays Europe/Berlin holidays de-by")
    assert "Holidays: no question on those of DE-BY; the first is Fri 25 Dec 2026" in said
    d.now = datetime(2026, 12, 24, 12, 0, tzinfo=UTC)
    assert "Next: Mon 28 Dec 2026, 09:00" in await d.hears(ADMIN, "daily status")
    # A change of the time leaves them as they are, and `none` takes them out.
    assert "DE-BY" in await d.hears(ADMIN, "daily on 10:00")
    said = await d.hears(ADMIN, "daily on 10:00 holidays none")
    assert "Holidays" not in said
    assert "Next: Fri 25 Dec 2026, 10:00" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("daily on 9:00 holidays", "`daily on` needs one more word. Expected a country or region"),
        ("daily on 9:00 holidays DE-XY", "`DE-XY` does not fit `daily on`. Did you mean `DE-"),
        ("daily on 9:00 DE-BY", "`DE-BY` does not fit `daily on`."),
    ],
)
async def test_a_region_that_is_not_known_is_refused(d: Dialogue, text: str, said: str) -> None:
    assert said in await d.hears(ADMIN, text)


async def test_holidays_break_no_streak(d: Dialogue) -> None:
    d.now = datetime(2026, 12, 24, 7, 0, tzinfo=UTC)
    await d.says(ADMIN, "daily on 09:00 weekdays Europe/Berlin holidays DE")
    await d.forward(hours=2)
    await d.says("ana", "answer", "An answer before the feast.")
    await d.forward(days=4)
    await d.says("ana", "answer", "An answer after the feast.")
    assert "Streak: 2 round days, best 2" in await d.hears("ana", "me")
