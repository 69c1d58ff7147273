"""The recap of a channel's week: when it comes, what it says, and whom it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from redis.asyncio import Redis

from bot.game.recap import (
    Asked,
    Scored,
    Week,
    due_recap,
    moment_of,
    monday_of,
    month_over,
    next_recap,
    recap_message,
)
from bot.game.rules import DEADLINE
from bot.game.schedule import WEEKDAYS, RevealRule, Schedule
from tests.dialogue import ADMIN, Dialogue, Post, buttons_of, is_refused

FRIDAY = Schedule(time(9), WEEKDAYS, "Europe/Berlin", recap="friday")
MONDAY = replace(FRIDAY, recap="monday")
ANSWER = "An answer that says something."
WEEK = Week(took_part=1, goal=0, best=(), streaks=(), asked=())


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


# When


@pytest.mark.parametrize(
    ("schedule", "day", "moment"),
    [
        (FRIDAY, date(2026, 11, 27), utc(2026, 11, 27, 16, 15)),
        (MONDAY, date(2026, 11, 30), utc(2026, 11, 30, 7, 45)),
        (replace(MONDAY, time=time(0, 5)), date(2026, 11, 30), utc(2026, 11, 29, 22, 50)),
        # It stays on its day, however late the reveal is.
        (replace(FRIDAY, time=time(18)), date(2026, 11, 27), utc(2026, 11, 27, 22, 0)),
        (
            replace(FRIDAY, reveal=RevealRule(deadline=timedelta(hours=24))),
            date(2026, 11, 27),
            utc(2026, 11, 27, 22, 0),
        ),
        # The hour of the local date decides, on both sides of a shift of the clocks.
        (FRIDAY, date(2026, 7, 3), utc(2026, 7, 3, 15, 15)),
    ],
)
def test_a_recap_comes_behind_fridays_reveal_or_before_mondays_question(
    schedule: Schedule, day: date, moment: datetime
) -> None:
    assert moment_of(schedule, day) == moment
    assert due_recap(schedule, moment) == day
    assert due_recap(schedule, moment - timedelta(seconds=1)) is None
    assert next_recap(schedule, moment - timedelta(seconds=1)) == moment
    following = next_recap(schedule, moment)
    assert following
    assert timedelta(days=6) < following - moment < timedelta(days=8)


def test_a_recap_that_is_a_day_too_old_or_older_than_the_wish_for_it_is_not_told() -> None:
    moment = utc(2026, 11, 27, 16, 15)
    assert due_recap(FRIDAY, moment + timedelta(days=1)) == date(2026, 11, 27)
    assert due_recap(FRIDAY, moment + timedelta(days=1, seconds=1)) is None
    after = moment + timedelta(minutes=1)
    assert due_recap(replace(FRIDAY, recap_since=after), after) is None
    assert due_recap(replace(FRIDAY, since=after), after) is None


def test_without_one_none_is_due_and_none_is_next() -> None:
    off = replace(FRIDAY, recap="")
    assert (due_recap(off, utc(2026, 11, 27, 20)), next_recap(off, utc(2026, 11, 27, 20))) == (None, None)


def test_a_friday_is_about_its_own_week_and_a_monday_about_the_one_before() -> None:
    assert monday_of(date(2026, 11, 27)) == date(2026, 11, 23)
    assert monday_of(date(2026, 11, 30)) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "before", "month"),
    [
        (date(2026, 11, 27), date(2026, 11, 20), None),
        (date(2026, 12, 4), date(2026, 11, 27), date(2026, 11, 1)),
        (date(2027, 1, 1), date(2026, 12, 25), date(2026, 12, 1)),
        (date(2027, 3, 5), date(2026, 12, 25), date(2027, 2, 1)),
    ],
)
def test_the_first_recap_of_a_month_is_about_the_month_before_too(
    day: date, before: date, month: date | None
) -> None:
    assert month_over(day, before) == month


# What it says


def said(week: Week) -> str:
    return Dialogue.text(recap_message("ml", week))


def test_ties_are_told_together_and_a_crowd_is_not_told_name_by_name() -> None:
    assert "Most points: dave, 40 points" in said(replace(WEEK, best=(Scored("dave", 40), Scored("Ana", 31))))
    tied = (Scored("dave", 40), Scored("Ana", 40), Scored("bob", 31))
    assert "Most points: dave and Ana, 40 points each" in said(replace(WEEK, best=tied))
    crowd = tuple(Scored(f"m{n}", 10) for n in range(8))
    assert "m0, m1, m2, m3, m4 and 3 more, 10 points each" in said(replace(WEEK, best=crowd))


def test_the_goal_is_told_as_reached_or_on_the_way() -> None:
    assert "Took part: 6; the goal was 5" in said(replace(WEEK, took_part=6, goal=5))
    assert "Took part: 4 of the goal of 5" in said(replace(WEEK, took_part=4, goal=5))
    assert "goal" not in said(WEEK)


def test_the_most_and_the_least_found_question_are_two() -> None:
    asked = (Asked("One?", 0.5), Asked("Two?"), Asked("Three?", 0.9), Asked("Four?", 0.1))
    words = said(replace(WEEK, asked=asked))
    assert "Most found: Three?\nLeast found: Four?" in words
    assert "found" not in said(replace(WEEK, asked=asked[:2]))
    assert "found" not in said(replace(WEEK, asked=(Asked("One?", 0.5), Asked("Two?", 0.5))))


def test_champions_share_a_place() -> None:
    month = tuple(Scored(name, score) for name, score in zip("abcdef", (9, 9, 8, 7, 7, 1), strict=True))
    words = said(replace(WEEK, month=date(2026, 11, 1), champions=month))
    assert "Champions of November\nFirst: a and b, 9 points each\nThird: c, 8 points\n" in words
    assert "Champions" not in said(replace(WEEK, month=date(2026, 11, 1)))


def test_what_did_not_happen_is_left_out() -> None:
    assert said(WEEK) == "The week in #ml\nTook part: 1\n[Me]\n[Leaderboard]"


# In a channel


async def started(redis: Redis, day: str = "friday") -> Dialogue:
    """A channel with a question each weekday at nine, on a Monday before it."""
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 weekdays")
    await d.says(ADMIN, f"daily recap {day}")
    return d


def recaps(d: Dialogue) -> list[Post]:
    return [post for post in d.platform.posts if ":recap:" in post.key]


async def a_week(d: Dialogue) -> None:
    """Ana answers every day, Bob the first three; what Ana writes holds each key point."""
    for n in range(5):
        await d.forward(hours=2)
        await d.says("ana", f"answer The answer is secret{n}, as everybody knows.")
        if n < 3:
            await d.says("bob", f"answer {ANSWER}" if n else "answer It is secret0, I think so.")
        await d.forward(hours=22)


async def test_the_week_is_told_on_friday_behind_the_reveal(redis: Redis) -> None:
    d = await started(redis)
    await d.says(ADMIN, "daily goal 2")
    await a_week(d)
    (post,) = recaps(d)
    assert post.key == "practice:recap:20784"
    assert d.text(post.message).split("\n") == [
        "The week in #practice",
        "Most points: Ana, 50 points",
        "Took part: 2; the goal was 2",
        "Streaks that grew: Ana 5",
        "Most found: What is subject number 0 good for?",
        "Least found: What is subject number 1 good for?",
        "Next week: long context, attention, prompting",
        "[Me]",
        "[Leaderboard]",
    ]
    assert post.message.notice == "The week: 2 took part."
    assert not post.message.private


async def test_on_monday_the_week_before_is_told_ahead_of_the_question(redis: Redis) -> None:
    d = await started(redis, "monday")
    await a_week(d)
    assert not recaps(d)
    await d.forward(days=2, hours=2)
    assert [post.key.split(":")[1] for post in d.platform.posts[-2:]] == ["recap", "20787"]
    assert "Most points: Ana, 50 points" in d.text(d.platform.posts[-2].message)


async def test_no_question_to_come_is_told(redis: Redis) -> None:
    d = await started(redis)
    await a_week(d)
    words = d.text(recaps(d)[0].message)
    assert not any(f"subject number {n}" in words for n in range(5, 10))
    assert not any(f"secret{n}" in words or f"point{n}" in words for n in range(10))


async def test_who_left_the_boards_is_counted_and_not_named(redis: Redis) -> None:
    d = await started(redis)
    await d.says("ana", "boards off")
    await a_week(d)
    words = d.text(recaps(d)[0].message)
    assert "Took part: 2" in words
    assert "Ana" not in words
    assert "Most points: Bob, 30 points" in words


async def test_who_did_not_take_part_is_not_named(redis: Redis) -> None:
    d = await started(redis)
    await a_week(d)
    await d.forward(days=2)
    await d.forward(hours=2)
    await d.says("bob", f"answer {ANSWER}")
    await d.forward(days=5)
    words = d.text(recaps(d)[1].message)
    assert "Ana" not in words.partition("Champions of November")[0]
    assert "Took part: 1" in words


async def test_a_week_without_answers_has_no_recap(redis: Redis) -> None:
    d = await started(redis)
    await d.forward(days=5)
    assert not recaps(d)
    assert (await d.store.channel(d.channel)).recapped == 20784


async def test_the_champions_of_a_month_are_told_once_with_the_first_recap_after_it(redis: Redis) -> None:
    d = await started(redis)
    await a_week(d)
    await d.forward(days=2, hours=2)
    for _ in range(2):
        await d.says("bob", f"answer {ANSWER}")
        await d.forward(days=7)
    first, second, third = (d.text(post.message) for post in recaps(d))
    assert "Champions" not in first
    assert "Champions of November\nFirst: Ana, 50 points\nSecond: Bob, 40 points" in second
    assert "Champions" not in third


async def test_a_paused_channel_and_one_that_wants_none_is_told_nothing(redis: Redis) -> None:
    d = await started(redis)
    await d.forward(hours=2)
    await d.says("ana", f"answer {ANSWER}")
    await d.says(ADMIN, "daily pause")
    await d.forward(days=7)
    await d.says(ADMIN, "daily resume")
    await d.says(ADMIN, "daily recap off")
    await d.forward(days=7)
    assert not recaps(d)


async def test_a_wish_on_friday_evening_waits_for_the_next_week(redis: Redis) -> None:
    d = await started(redis, "off")
    await a_week(d)
    assert d.now == utc(2026, 11, 28, 8)
    d.now = utc(2026, 11, 27, 20)
    said = await d.hears(ADMIN, "daily recap friday")
    assert "**The week is told on Fridays.** Next: " in said
    assert "Recap: Friday" in said
    await d.forward(days=2)
    assert not recaps(d)


async def test_what_is_set_is_said_and_can_be_set_back(redis: Redis) -> None:
    d = await started(redis, "off")
    assert "Recap: no" in await d.hears(ADMIN, "daily status")
    said = await d.hears(ADMIN, "daily goal 5")
    assert "**The goal: 5 take part each week.** The recap says how it went" in said
    assert "Recap: no; the goal: 5 take part" in said
    assert "Recap: Monday; the goal: 5 take part" in await d.hears(ADMIN, "daily recap monday")
    assert "Recap: Monday\n" in await d.hears(ADMIN, "daily goal none")
    assert "**No recap of the week.**" in await d.hears(ADMIN, "daily recap off")
    for wrong in ("daily goal 0", "daily goal many", "daily recap tuesday"):
        assert is_refused(await d.says(ADMIN, wrong))
    for text in ("daily goal 5", "daily recap friday"):
        assert is_refused(await d.says("ana", text))


async def test_a_channel_with_weekends_is_told_which_day_tells_the_whole_week(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    assert "`/llmq daily recap monday` tells weekends" in await d.hears(ADMIN, "daily recap friday")
    assert "tells weekends" not in await d.hears(ADMIN, "daily recap monday")


async def test_its_buttons_lead_to_ones_own_standing(redis: Redis) -> None:
    d = await started(redis)
    await a_week(d)
    assert [button.command for button in buttons_of(recaps(d)[0].message)] == ["me", "leaderboard"]


def test_the_moment_hangs_on_the_longest_wait() -> None:
    assert moment_of(FRIDAY, date(2026, 11, 27)) - FRIDAY.moment(date(2026, 11, 27)) == DEADLINE + timedelta(
        minutes=15
    )
