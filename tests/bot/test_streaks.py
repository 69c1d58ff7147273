"""Streaks and freezes, as a member lives through them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.requests import Channel, Member
from bot.store.records import Standing
from tests.dialogue import ADMIN, START, Dialogue

ANSWER = "An answer that says something."
OTHER = Channel("console:local", "other")


async def live(d: Dialogue, days: str, who: str = "ana") -> None:
    """A round on each day: `a` answers in time, `l` late, `.` not at all, and on ` ` there is none."""
    for day in days:
        if day != " ":
            await d.says(ADMIN, "daily resume")
            await d.says(ADMIN, "daily now")
        if day == "l":
            await d.says(ADMIN, "reveal")
        if day in "al":
            await d.says(who, "answer", ANSWER)
        await d.says(ADMIN, "daily pause")
        await d.forward(days=1)


@pytest.fixture
async def d(redis: Redis) -> Dialogue:
    """A team whose rounds open only when asked for."""
    return await manual(redis)


async def manual(redis: Redis) -> Dialogue:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 07:59 daily")
    return d


async def standing(d: Dialogue, who: str = "ana", channel: Channel | None = None) -> Standing:
    return await d.store.standing(channel or d.channel, Member(who, who), d.now, 60)


async def figures(d: Dialogue, who: str = "ana", channel: Channel | None = None) -> tuple[int, int, int]:
    here = (await standing(d, who, channel)).here
    return (here.streak, here.best, here.freezes) if here else (0, 0, 0)


@pytest.mark.parametrize(
    ("days", "streak", "best", "freezes"),
    [
        ("aaa", 3, 3, 0),
        ("aalla", 5, 5, 0),
        ("aa.", 0, 2, 0),
        ("aa.a", 1, 2, 0),
        ("aaaaaaa", 7, 7, 1),
        ("aaaaaaa.", 7, 7, 0),
        ("aaaaaaa.a", 8, 8, 0),
        ("aaaaaaa..", 0, 7, 0),
        ("a" * 14, 14, 14, 2),
        ("a" * 21, 21, 21, 2),
        ("a" * 21 + "..", 21, 21, 0),
        ("a" * 21 + "...", 0, 21, 0),
        ("a" * 6 + ".", 0, 6, 0),
        (".....aa", 2, 2, 0),
    ],
)
async def test_a_streak_counts_round_days_and_freezes_save_it(
    d: Dialogue, days: str, streak: int, best: int, freezes: int
) -> None:
    await live(d, days)
    await d.forward(days=2)
    assert await figures(d) == (streak, best, freezes)


@given(st.text("a.l ", max_size=25), st.lists(st.integers(0, 24), max_size=5))
@settings(max_examples=12)
async def test_reading_in_between_changes_nothing(redis: Redis, days: str, reads: list[int]) -> None:
    found = []
    for looks in ((), reads):
        await redis.flushall()
        d = await manual(redis)
        for n, day in enumerate(days):
            await live(d, day)
            if n in looks:
                await standing(d)
                await d.says("bob", "leaderboard streak")
        found.append(await standing(d))
    assert found[0] == found[1]


@given(st.text("al", min_size=1, max_size=9), st.integers(1, 6))
@settings(max_examples=12)
async def test_days_without_a_round_break_nobodys_streak(redis: Redis, days: str, gap: int) -> None:
    await redis.flushall()
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 07:59 daily")
    for _ in days:
        await d.says(ADMIN, "daily resume")
        await d.says(ADMIN, "daily now")
        await d.says("ana", "answer", ANSWER)
        await d.says(ADMIN, "daily pause")
        await d.forward(days=gap)
    assert (await figures(d))[0] == len(days)


async def test_a_withdrawal_restores_exactly_what_was_before(d: Dialogue) -> None:
    await live(d, "aaaaaa")
    await d.says(ADMIN, "daily resume")
    await d.says(ADMIN, "daily now")
    before = await standing(d)
    await d.says("ana", "answer", ANSWER)
    assert (await figures(d))[2] == 1
    await d.says("ana", "answer withdraw")
    assert await standing(d) == before


async def test_a_first_answer_taken_back_leaves_no_trace(d: Dialogue) -> None:
    await d.says(ADMIN, "daily now")
    before = await standing(d)
    await d.says("ana", "answer", ANSWER)
    await d.says("ana", "answer withdraw")
    assert await standing(d) == before


async def test_of_two_channels_on_one_date_each_has_its_streak_and_the_team_counts_one(redis: Redis) -> None:
    d = Dialogue(redis)
    for channel in (d.channel, OTHER):
        await d.says(ADMIN, "daily on 07:59 daily", channel=channel)
        await d.says(ADMIN, "daily now", channel=channel)
        await d.says("ana", "answer", ANSWER, channel=channel)
    await d.says("bob", "answer", ANSWER)
    assert [(await figures(d, who))[0] for who in ("ana", "bob")] == [1, 1]
    assert [(await figures(d, who, OTHER))[0] for who in ("ana", "bob")] == [1, 0]
    found = await standing(d)
    assert (found.boards["all"], found.team_boards["all"]) == ((10, 1), (10, 1))


async def test_an_answer_late_in_the_year_counts_for_its_own_week_and_month(redis: Redis) -> None:
    d = Dialogue(redis, now=datetime(2026, 12, 31, 8, tzinfo=UTC))
    await d.says(ADMIN, "daily on 07:59 daily")
    await d.says(ADMIN, "daily now")
    d.now = datetime(2027, 1, 1, 7, tzinfo=UTC)
    await d.says("ana", "answer", ANSWER)
    found = await standing(d)
    assert "month" not in found.boards
    assert found.boards["week"][0] == 10


async def test_each_channel_counts_its_own_dates_in_its_own_zone(redis: Redis) -> None:
    d = Dialogue(redis, now=START)
    await d.says(ADMIN, "daily on 08:30 daily Pacific/Auckland")
    await d.says(ADMIN, "daily on 08:30 daily America/Los_Angeles", channel=OTHER)
    await d.forward(days=1)
    for _ in range(3):
        await d.says("ana", "answer", ANSWER, channel=OTHER)
        await d.forward(days=1)
    # Ana answers only in Los Angeles, most of a day after Auckland's question of the same date.
    assert (await figures(d, channel=OTHER))[0] == 3
    assert await figures(d) == (0, 0, 0)


async def test_a_question_at_the_weekend_breaks_no_streak_of_a_weekday_channel(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 weekdays")
    await d.says(ADMIN, "daily on 10:00 daily", channel=OTHER)
    for day in range(8):
        await d.forward(hours=4)
        if day == 0:
            await d.says("ana", "answer", ANSWER, channel=OTHER)
        if d.now.weekday() < 5:
            await d.says("ana", "answer", ANSWER)
        await d.forward(hours=20)
    assert (await figures(d))[0] == 6
    assert (await figures(d, channel=OTHER))[:2] == (0, 1)


def marks(found: Standing) -> str:
    return "".join(mark for _, mark in found.here.ledger) if found.here else ""


async def test_days_away_count_neither_for_nor_against_and_spend_no_freeze(d: Dialogue) -> None:
    await d.says("ana", "away 2026-11-30 2026-12-02")
    await live(d, "a" * 7 + "...a")
    assert await figures(d) == (8, 8, 1)
    assert marks(await standing(d)) == "aaaaaaawwwa"


@pytest.mark.parametrize("is_open", [True, False])
async def test_a_day_that_an_admin_excuses_breaks_nothing(d: Dialogue, *, is_open: bool) -> None:
    await live(d, "aa" if is_open else "aa.")
    if is_open:
        await d.says(ADMIN, "daily resume")
        await d.says(ADMIN, "daily now")
    assert (await figures(d))[0] == (2 if is_open else 0)
    await d.says(ADMIN, "daily excuse 2026-11-25")
    await d.says(ADMIN, "daily pause")
    await d.forward(days=2)
    assert await figures(d) == (2, 2, 0)
    assert marks(await standing(d)) == "aax"
    await live(d, "a")
    assert await figures(d) == (3, 3, 0)


async def test_a_freeze_that_an_excused_day_had_taken_is_given_back(d: Dialogue) -> None:
    await live(d, "a" * 7 + ".")
    assert await figures(d) == (7, 7, 0)
    await d.says(ADMIN, "daily excuse 2026-11-30")
    assert await figures(d) == (7, 7, 1)
    assert marks(await standing(d)) == "aaaaaaax"


async def brings_back(d: Dialogue, day: int) -> bool:
    before = (await figures(d))[0]
    await d.says("ana", f"answer @practice:{day}", ANSWER)
    return (await figures(d))[0] > before


async def test_a_missed_day_is_brought_back_by_answering_its_question(d: Dialogue) -> None:
    await live(d, "aaa.")
    assert await figures(d) == (0, 3, 0)
    await d.forward(days=3)
    assert await brings_back(d, 20783)
    assert await figures(d) == (4, 4, 0)
    assert marks(await standing(d)) == "aaar"
    assert not await brings_back(d, 20783)


@pytest.mark.parametrize(("days", "wait"), [("aaa.", 3.01), ("aaa..", 0), (".", 0)])
async def test_what_is_past_bringing_back(d: Dialogue, days: str, wait: float) -> None:
    """After three days, after a second day without an answer, and where no streak has ended."""
    await live(d, days)
    await d.forward(days=wait)
    assert not await brings_back(d, 20780 + days.index("."))


@pytest.mark.parametrize(("pause", "again"), [(" " * 20, False), (" " * 30, True)])
async def test_one_day_in_thirty_can_be_brought_back(d: Dialogue, pause: str, *, again: bool) -> None:
    await live(d, "a.")
    assert await brings_back(d, 20781)
    await live(d, f"{pause}.")
    day = (await standing(d)).today - 1
    assert await brings_back(d, day) == again


def told(d: Dialogue, who: str) -> list[str]:
    return [d.text(message) for _, member, message in d.platform.told if member == who]


async def test_a_freeze_that_was_spent_and_a_streak_that_ended_are_told_once(d: Dialogue) -> None:
    await live(d, "a" * 7 + "..")
    await d.says("ana", "streak")
    await live(d, "a..")
    spent, ended, again = told(d, "ana")
    assert "A freeze kept your streak of 7 days" in spent
    assert "ended at 7 days" in ended
    assert "ended at 1 day." in again


async def test_where_no_note_is_quiet_the_streaks_page_tells_it_once(d: Dialogue) -> None:
    d.platform.tells_quietly = False
    await live(d, "a" * 7 + ".")
    assert told(d, "ana") == []
    said = [await d.hears("ana", "streak") for _ in range(2)]
    assert ["kept your streak of 7 days" in one for one in said] == [True, False]
