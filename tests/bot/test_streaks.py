"""Streaks and freezes of a channel, as a member lives through them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.game.schedule import to_day
from bot.requests import Channel, Member
from bot.store.heartbeat import beat_key
from bot.store.records import Standing
from tests.dialogue import (
    ADMIN,
    PRACTICE,
    START,
    Dialogue,
    buttons_of,
    catalogue_of,
    deck,
    is_refused,
    question,
)

ANSWER = "An answer that says something."
OTHER = Channel(PRACTICE.team, "other")
THIRD = Channel(PRACTICE.team, "third")
MANY = catalogue_of(deck(*(question(n) for n in range(60))))


async def ask(d: Dialogue, channel: Channel = PRACTICE) -> None:
    """Open the day's round by hand."""
    await d.says(ADMIN, "daily resume", channel=channel)
    await d.says(ADMIN, "daily now", channel=channel)


async def end_day(d: Dialogue, channel: Channel = PRACTICE) -> None:
    """Close the day's round, and go to the same hour of the next day."""
    await d.says(ADMIN, "daily pause", channel=channel)
    await d.forward(days=1)


async def live(d: Dialogue, days: str, who: str = "ana") -> None:
    """A round on each day: `a` answers in time, `l` late, `.` not at all, and on ` ` there is none."""
    for day in days:
        if day != " ":
            await ask(d)
        if day == "l":
            await d.says(ADMIN, "reveal")
        if day in "al":
            await d.says(who, "answer", ANSWER)
        await end_day(d)


@pytest.fixture
async def d(redis: Redis) -> Dialogue:
    """A team whose rounds open only when asked for."""
    return await manual(redis)


async def manual(redis: Redis) -> Dialogue:
    d = Dialogue(redis, MANY)
    await d.says(ADMIN, "daily on 07:59 daily")
    return d


async def standing(d: Dialogue, who: str = "ana", channel: Channel = PRACTICE) -> Standing:
    return await d.store.standing(channel, Member(who, who.title()), d.now, 300)


async def figures(d: Dialogue, who: str = "ana", channel: Channel = PRACTICE) -> tuple[int, int, int]:
    """Streak, best and freezes."""
    here = (await standing(d, who, channel)).here
    return (here.streak, here.best, here.freezes) if here else (0, 0, 0)


async def marks(d: Dialogue, who: str = "ana") -> str:
    """The marks of the ledger, oldest first."""
    here = (await standing(d, who)).here
    return "".join(mark for _, mark in here.ledger) if here else ""


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
async def test_a_streak_counts_question_days_and_freezes_save_it(
    d: Dialogue, days: str, streak: int, best: int, freezes: int
) -> None:
    await live(d, days)
    await d.forward(days=2)
    assert await figures(d) == (streak, best, freezes)


@given(st.text("a.l ", max_size=20), st.lists(st.integers(0, 19), max_size=5))
@settings(max_examples=10)
async def test_reading_in_between_changes_nothing(redis: Redis, days: str, reads: list[int]) -> None:
    found = []
    for looks in ((), reads):
        await redis.flushall()
        d = await manual(redis)
        for n, day in enumerate(days):
            await live(d, day)
            if n in looks:
                await standing(d)
                await d.says("bob", "leaderboard streak team")
        found.append(await standing(d))
    assert found[0] == found[1]


@given(st.text("al", min_size=1, max_size=9), st.integers(1, 6))
@settings(max_examples=10)
async def test_days_without_a_question_break_nobodys_streak(redis: Redis, days: str, gap: int) -> None:
    await redis.flushall()
    d = await manual(redis)
    for day in days:
        await live(d, day)
        await d.forward(days=gap - 1)
    assert (await figures(d))[0] == len(days)


async def test_a_withdrawal_restores_exactly_what_was_before(d: Dialogue) -> None:
    await live(d, "aaaaaa")
    await ask(d)
    before = await standing(d)
    answered = await d.hears("ana", f"answer {ANSWER}")
    assert "You earned a freeze: it keeps your streak on a day without an answer." in answered
    assert (await figures(d))[2] == 1
    await d.says("ana", "answer withdraw")
    assert await standing(d) == before


async def test_a_freeze_that_cannot_be_kept_is_not_promised(d: Dialogue) -> None:
    await live(d, "a" * 20)
    await ask(d)
    said = await d.hears("ana", f"answer {ANSWER}")
    assert "Streak: 21 days." in said
    assert "freeze" not in said


async def test_a_first_answer_taken_back_leaves_no_trace(d: Dialogue) -> None:
    await ask(d)
    before = await standing(d)
    await d.says("ana", "answer", ANSWER)
    await d.says("ana", "answer withdraw")
    assert await standing(d) == before


async def test_an_answer_late_in_the_year_counts_for_its_own_week_and_month(redis: Redis) -> None:
    d = Dialogue(redis, MANY, now=datetime(2026, 12, 31, 8, tzinfo=UTC))
    await d.says(ADMIN, "daily on 07:59 daily")
    await d.says(ADMIN, "daily now")
    d.now = datetime(2027, 1, 1, 7, tzinfo=UTC)
    await d.says("ana", "answer", ANSWER)
    found = await standing(d)
    assert "month" not in found.boards
    assert found.boards["week"][0] == 10


# Channels.


async def test_a_weekday_channel_s_streak_is_not_broken_by_the_weekends_of_another(redis: Redis) -> None:
    d = Dialogue(redis, MANY)
    await d.says(ADMIN, "daily on 09:00 weekdays")
    await d.says(ADMIN, "daily on 09:00 daily", channel=OTHER)
    await d.forward(hours=2)
    for _ in range(14):
        # Bob keeps the other channel going; Ana answers in hers whenever it asks.
        await d.says("bob", "answer", ANSWER, channel=OTHER)
        await d.says("ana", "answer", ANSWER)
        await d.forward(days=1)
    assert (await figures(d))[:2] == (10, 10)
    assert (await figures(d, "bob", OTHER))[0] == 14
    assert "Also:" not in await d.hears("ana", "streak")


async def test_streaks_of_two_channels_are_counted_and_shown_separately(redis: Redis) -> None:
    d = Dialogue(redis, MANY)
    for channel in (PRACTICE, OTHER):
        await d.says(ADMIN, "daily on 09:00 daily", channel=channel)
    await d.forward(hours=2)
    for n in range(4):
        await d.says("ana", "answer", ANSWER)
        if n != 1:
            await d.says("ana", "answer", ANSWER, channel=OTHER)
        await d.forward(days=1)
    said = await d.hears("ana", "streak")
    assert said.startswith("4 days in #practice")
    assert "Also: 2 days in #other." in said
    said = d.text(await d.says("ana", "me", channel=OTHER))
    assert "Streak in #other: 2 days, best 2\nStreak in #practice: 4 days, best 4" in said
    for channel, days in ((PRACTICE, 4), (OTHER, 2)):
        board = d.text(await d.says("ana", "leaderboard streak", channel=channel))
        assert f"1 | Ana (you) | {days}" in board
    # The team's board has the longest.
    assert "1 | Ana (you) | 4" in await d.hears("ana", "leaderboard streak team")


async def test_the_channel_s_own_zone_says_which_day_it_is(redis: Redis) -> None:
    d = Dialogue(redis, MANY, now=START)
    await d.says(ADMIN, "daily on 08:30 daily Pacific/Auckland")
    await d.says(ADMIN, "daily on 08:30 daily America/Los_Angeles", channel=OTHER)
    await d.forward(days=1)
    for _ in range(3):
        await d.says("ana", "answer", ANSWER, channel=OTHER)
        await d.says("ana", "answer", ANSWER)
        await d.forward(days=1)
    assert (await figures(d))[0] == 3
    assert (await figures(d, "ana", OTHER))[0] == 3


async def test_a_date_counts_one_round_on_the_team_s_boards_however_many_channels_ask(redis: Redis) -> None:
    d = Dialogue(redis, MANY)
    for channel in (PRACTICE, OTHER, THIRD):
        await d.says(ADMIN, "daily on 07:59 daily", channel=channel)
        await d.says(ADMIN, "daily now", channel=channel)
        await d.says("ana", "answer", ANSWER, channel=channel)
    await d.says("bob", "answer", ANSWER)
    for channel in (PRACTICE, OTHER, THIRD):
        assert "1 | Ana (you) | 10" in d.text(await d.says("ana", "leaderboard", channel=channel))
    board = await d.hears("ana", "leaderboard week team")
    assert "1 | Ana (you) | 10\n1 | Bob | 10" in board
    # The best of them counts, and what is left when it is taken back.
    await d.says(ADMIN, "reveal", channel=OTHER)
    await d.says("cyd", "answer", ANSWER, channel=OTHER)
    await d.says("cyd", "answer", ANSWER)
    assert "1 | Cyd | 10" in await d.hears("ana", "leaderboard week team")
    await d.says("cyd", "answer withdraw")
    assert "3 | Cyd | 4" in await d.hears("ana", "leaderboard week team")


async def test_a_question_earns_once_in_sixty_days_in_whichever_channel(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(question(0))))
    for channel in (PRACTICE, OTHER, THIRD):
        await d.says(ADMIN, "daily on 07:59 daily", channel=channel)
    await d.says(ADMIN, "daily now")
    assert "+10 points." in await d.hears("ana", f"answer {ANSWER}")
    await d.says(ADMIN, "reveal")
    await d.says(ADMIN, "daily now", channel=OTHER)
    again = d.text(await d.says("ana", "answer", ANSWER, channel=OTHER))
    assert "No points: you answered this less than 60 days ago. Streak: 1 day." in again
    await d.says(ADMIN, "reveal", channel=OTHER)
    await d.says(ADMIN, "daily now", channel=THIRD)
    assert "+10 points." in d.text(await d.says("bob", "answer", ANSWER, channel=THIRD))
    assert "1 | Ana (you) | 10" in await d.hears("ana", "leaderboard all team")
    # Whoever takes the first one back earns with another.
    for channel in (PRACTICE, OTHER, THIRD):
        await d.says(ADMIN, "daily pause", channel=channel)
    await d.forward(days=60)
    await ask(d)
    assert "+10 points." in await d.hears("ana", f"answer {ANSWER}")


async def test_what_is_taken_back_may_earn_elsewhere(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(question(0))))
    for channel in (PRACTICE, OTHER):
        await d.says(ADMIN, "daily on 07:59 daily", channel=channel)
    await d.says(ADMIN, "daily now")
    await d.says("ana", "answer", ANSWER)
    await d.says("ana", "answer withdraw")
    await d.says(ADMIN, "reveal")
    await d.says(ADMIN, "daily now", channel=OTHER)
    assert "+10 points." in d.text(await d.says("ana", "answer", ANSWER, channel=OTHER))


# When llmq was down.


async def outage(d: Dialogue, hours: float) -> None:
    """Nobody serves for so long; then somebody does again, and does what is due."""
    await d.store.heartbeat.beat(["console"], d.now)
    d.now += timedelta(hours=hours)
    await d.store.heartbeat.beat(["console"], d.now)
    # No process of the dialogue beats from here on, which would be an outage without an end.
    await d.redis.delete(beat_key("console"))
    await d.clockwork.work()


@pytest.fixture
async def thursday(redis: Redis) -> Dialogue:
    """Ana and Bob have answered three days; on the fourth only Bob has, half an hour after the question."""
    d = Dialogue(redis, MANY)
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.forward(hours=1, minutes=30)
    for names in (("ana", "bob"),) * 3 + (("bob",),):
        for who in names:
            await d.says(who, "answer", ANSWER)
        if names != ("bob",):
            await d.forward(days=1)
    return d


@pytest.mark.parametrize(("hours", "spared"), [(19, False), (21, True), (24, True), (30, True), (48, True)])
async def test_a_day_that_could_hardly_be_answered_because_llmq_was_down_is_skipped(
    thursday: Dialogue, hours: float, spared: bool
) -> None:
    await outage(thursday, hours)
    await thursday.forward(days=1)
    ledger = await thursday.hears("ana", "streak")
    assert ("Thu 26 Nov | not counted (llmq was down)" in ledger) == spared
    assert ("Thu 26 Nov | no answer" in ledger) == (not spared)
    assert "Thu 26 Nov | answered" in await thursday.hears("bob", "streak")


async def test_an_outage_of_thirty_hours_after_a_post_breaks_no_streak(thursday: Dialogue) -> None:
    await outage(thursday, 30)
    # Friday's question was due too long ago; Saturday's comes.
    await thursday.forward(days=1)
    assert (await figures(thursday))[0] == 3
    for who, streak in (("ana", 4), ("bob", 5)):
        assert f"Streak: {streak} days." in await thursday.hears(who, f"answer {ANSWER}")
    await thursday.forward(days=1)
    assert await marks(thursday) == "aaadao"
    assert await marks(thursday, "bob") == "aaaaao"


async def test_outages_are_added_up(thursday: Dialogue) -> None:
    for _ in range(4):
        await outage(thursday, 5.2)
        await thursday.forward(minutes=20)
    await thursday.forward(days=1)
    assert await marks(thursday) == "aaado"


async def test_an_outage_before_the_question_or_of_another_platform_spares_nobody(thursday: Dialogue) -> None:
    await thursday.store.heartbeat.beat(["slack", "discord"], thursday.now)
    await thursday.store.heartbeat.beat(["slack", "discord"], thursday.now + timedelta(hours=23))
    gap_before = thursday.now - timedelta(days=1)
    await thursday.store.heartbeat.beat(["console"], gap_before)
    await thursday.store.heartbeat.beat(["console"], gap_before + timedelta(hours=23))
    await thursday.redis.delete(beat_key("console"))
    await thursday.forward(days=1)
    assert await marks(thursday) == "aaamo"


async def test_a_short_pause_between_two_processes_is_no_outage(thursday: Dialogue) -> None:
    for _ in range(30):
        await outage(thursday, 4 / 60)
    assert await thursday.store.heartbeat.gaps("console", START, thursday.now) == []


async def test_a_question_that_nobody_could_answer_does_not_count_towards_a_pause(redis: Redis) -> None:
    d = Dialogue(redis, MANY)
    await d.says(ADMIN, "daily on 09:00 daily")
    for _ in range(6):
        await d.forward(hours=1, minutes=5)
        await outage(d, 22.5)
        await d.forward(minutes=25)
    assert len(d.platform.posts) == 6
    assert "Paused" not in await d.hears("ana", "daily")


async def test_between_the_post_and_its_record_a_streak_is_shown_in_full(d: Dialogue) -> None:
    await live(d, "aaa")
    posted = d.store.posted

    async def killed(*_: object) -> None:
        raise RuntimeError("killed")

    d.store.posted = killed  # type: ignore[method-assign, assignment]
    await ask(d)
    # The question stands in the channel, and nothing says so yet.
    assert "Streak: 4 days." in await d.hears("ana", f"answer {ANSWER}")
    assert "Streak in #practice: 4 days, best 4" in await d.hears("ana", "me")
    assert "Streak in #practice: none now" not in await d.hears("bob", "me")
    d.store.posted = posted  # type: ignore[method-assign]
    await d.forward(minutes=2)
    assert "Streak in #practice: 4 days, best 4" in await d.hears("ana", "me")


# Bringing a day back, excuses, being away.


def day_of(n: int) -> int:
    """The n-th day, from the first on."""
    return to_day(START.date()) + n


async def bring_back(d: Dialogue, n: int, who: str = "ana", id: str | None = None) -> str:
    return d.text(await d.says(who, f"answer @practice:{day_of(n)}", ANSWER, id=id))


async def test_the_day_that_ended_a_streak_can_be_brought_back_within_three_days(d: Dialogue) -> None:
    await live(d, "aaaa.a")
    assert (await figures(d))[:2] == (1, 4)
    # In the form, too.
    form = await d.says("ana", f"answer @practice:{day_of(4)}")
    said = d.text(await d.fill("ana", form, ANSWER))
    assert "Brought back: that day counts as answered." in said
    assert "Streak: 6 days." in said
    assert "points" not in said
    assert (await figures(d))[:2] == (6, 6)
    assert await marks(d) == "aaaara"
    assert "Fri 27 Nov | brought back" in await d.hears("ana", "streak")
    await live(d, "a")
    assert (await figures(d))[0] == 7


async def test_a_day_brought_back_before_the_next_answer_counts_the_same(d: Dialogue) -> None:
    await live(d, "aaaa.")
    await bring_back(d, 4)
    assert (await figures(d))[:2] == (5, 5)
    await live(d, "a")
    assert (await figures(d))[:2] == (6, 6)


async def test_a_day_brought_back_is_one_of_the_seven_that_earn_a_freeze(d: Dialogue) -> None:
    await live(d, "aaaa.aa")
    assert await figures(d) == (2, 4, 0)
    await bring_back(d, 4)
    assert await figures(d) == (7, 7, 1)


async def test_a_day_is_brought_back_once_however_often_that_is_delivered(d: Dialogue) -> None:
    await live(d, "aaaa.")
    first = await bring_back(d, 4, id="once")
    assert await bring_back(d, 4, id="once") == first
    assert (await figures(d))[0] == 5
    assert "This question is closed." in await bring_back(d, 4)


async def test_after_three_days_a_day_stays_lost(d: Dialogue) -> None:
    await live(d, "aaaa.")
    await d.forward(days=3, minutes=1)
    assert "This question is closed." in await bring_back(d, 4)
    assert is_refused(await d.says("ana", f"answer @practice:{day_of(4)}"))
    assert (await figures(d))[0] == 0


async def test_two_days_without_an_answer_are_not_brought_back(d: Dialogue) -> None:
    await live(d, "aaaa..")
    for n in (4, 5):
        assert "This question is closed." in await bring_back(d, n)
    assert (await figures(d))[0] == 0


async def test_no_other_day_can_be_brought_back(d: Dialogue) -> None:
    await live(d, "a" * 7 + ".a.")
    # A freeze kept the first of them.
    assert "This question is closed." in await bring_back(d, 7)
    assert "This question is closed." in await bring_back(d, 9, "bob")
    assert "Brought back" in await bring_back(d, 9)


async def test_a_day_can_be_brought_back_once_in_thirty_days(d: Dialogue) -> None:
    await live(d, "aaa.")
    assert "Brought back" in await bring_back(d, 3)
    await live(d, "aa.")
    assert "This question is closed." in await bring_back(d, 6)
    await live(d, " " * 25 + "aa.")
    assert "Brought back" in await bring_back(d, 34)


async def test_a_reply_in_an_old_thread_brings_nothing_back(d: Dialogue) -> None:
    await live(d, "aaaa.")
    assert d.text(await d.writes("ana", ANSWER, d.platform.posts[4].id)) == ""
    assert (await figures(d))[0] == 0


async def test_an_excused_day_breaks_nobodys_streak(d: Dialogue) -> None:
    await live(d, "aaaa.")
    assert (await figures(d))[0] == 0
    said = await d.hears(ADMIN, "daily excuse 2026-11-27")
    assert "Fri 27 Nov is excused.** It breaks no streak." in said
    assert (await figures(d))[:2] == (4, 4)
    await live(d, "a")
    assert (await figures(d))[0] == 5
    assert await marks(d) == "aaaaxa"
    assert "Fri 27 Nov | excused" in await d.hears("ana", "streak")


async def test_behind_an_excused_day_the_next_one_is_lost_and_can_be_brought_back(d: Dialogue) -> None:
    await live(d, "aaaa.")
    assert (await figures(d))[0] == 0
    await d.says(ADMIN, "daily excuse 2026-11-27")
    await live(d, ".")
    assert (await figures(d))[0] == 0
    assert "Brought back" in await bring_back(d, 5)
    assert (await figures(d))[0] == 5
    assert await marks(d) == "aaaaxr"


@pytest.mark.parametrize("look", [False, True])
async def test_several_days_can_be_excused_afterwards_in_any_order(d: Dialogue, look: bool) -> None:
    await live(d, "aaaa..a")
    for day in ("2026-11-28", "2026-11-27"):
        await d.says(ADMIN, f"daily excuse {day}")
        if look:
            await standing(d)
    assert (await figures(d))[:2] == (5, 5)
    assert await marks(d) == "aaaaxxa"


async def test_an_excused_day_gives_the_freeze_back_that_it_took(d: Dialogue) -> None:
    await live(d, "a" * 7 + ".a")
    assert await figures(d) == (8, 8, 0)
    await d.says(ADMIN, "daily excuse 2026-11-30")
    assert await figures(d) == (8, 8, 1)
    assert await marks(d) == "a" * 7 + "xa"
    await d.says(ADMIN, "daily excuse 2026-11-30")
    assert await figures(d) == (8, 8, 1)


async def test_the_open_day_can_be_excused_and_answered_all_the_same(d: Dialogue) -> None:
    await live(d, "aa")
    await ask(d)
    await d.says(ADMIN, "daily excuse today")
    await d.says("bob", "answer", ANSWER)
    await end_day(d)
    await d.forward(days=1)
    assert (await figures(d))[0] == 2
    assert (await figures(d, "bob"))[0] == 1


async def test_a_day_without_a_question_cannot_be_excused(d: Dialogue) -> None:
    await live(d, "a")
    reply = await d.says(ADMIN, "daily excuse 2026-11-22")
    assert is_refused(reply)
    assert "had no question here. `/llmq streak` lists the question days." in d.text(reply)


async def test_an_excuse_holds_in_its_own_channel_only(redis: Redis) -> None:
    d = Dialogue(redis, MANY)
    for channel in (PRACTICE, OTHER):
        await d.says(ADMIN, "daily on 07:59 daily", channel=channel)
        await d.says(ADMIN, "daily now", channel=channel)
        await d.says("ana", "answer", ANSWER, channel=channel)
    await d.forward(days=2)
    await d.says(ADMIN, "daily excuse yesterday")
    assert (await figures(d))[0] == 1
    assert (await figures(d, "ana", OTHER))[0] == 0


async def test_being_away_keeps_a_streak_and_spends_no_freeze(d: Dialogue) -> None:
    await live(d, "a" * 7)
    said = await d.hears("ana", "away 2026-11-30 2026-12-04")
    assert "You are away from Mon 30 Nov to Fri 4 Dec.** Streaks wait; no reminders." in said
    await live(d, ".....")
    assert await figures(d) == (7, 7, 1)
    await live(d, "a.")
    assert await figures(d) == (8, 8, 0)
    assert await marks(d) == "a" * 7 + "wwwwwaf"


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("2026-12-24..2027-01-02", "from Thu 24 Dec to Sat 2 Jan 2027"),
        ("from 24 Dec to 2 Jan", "from Thu 24 Dec to Sat 2 Jan 2027"),
        ("24 Dec - 2 Jan", "from Thu 24 Dec to Sat 2 Jan 2027"),
        ("24 Dec 2 Jan", "from Thu 24 Dec to Sat 2 Jan 2027"),
        ("24 Dec 2026", "on Thu 24 Dec"),
        ("until fri", "from Mon 23 Nov to Fri 27 Nov"),
        ("tomorrow tomorrow", "on Tue 24 Nov"),
        ("tomorrow tue", "on Tue 24 Nov"),
        ("tomorrow fri", "from Tue 24 Nov to Fri 27 Nov"),
    ],
)
async def test_days_away_are_understood_as_people_write_them(d: Dialogue, typed: str, span: str) -> None:
    assert f"You are away {span}." in await d.hears("ana", f"away {typed}")


@pytest.mark.parametrize("typed", ["2026-12-24..2027-01-02..2027-02-01", "9999-12-31", "next week", "to"])
async def test_what_is_no_absence_is_refused(d: Dialogue, typed: str) -> None:
    assert is_refused(await d.says("ana", f"away {typed}"))


async def test_who_is_away_may_answer(d: Dialogue) -> None:
    await d.says("ana", "away today fri")
    await live(d, "aa.a")
    assert (await figures(d))[0] == 3
    assert await marks(d) == "aawa"


async def test_who_comes_back_early_is_asked_again(d: Dialogue) -> None:
    await live(d, "aaa")
    away = await d.says("ana", "away 2026-11-26 2026-12-31")
    await live(d, "..")
    assert "Welcome back." in d.text(await d.press("ana", away, "I am back"))
    await live(d, "a.")
    assert await marks(d) == "aaawwam"


async def test_an_older_word_on_being_away_that_arrives_late_has_no_effect(d: Dialogue) -> None:
    await live(d, "aaa")
    away = d.request("ana", "away today 2026-12-31")
    await d.says("ana", "away off")
    await d.handle(away)
    await live(d, ".")
    assert (await figures(d))[0] == 0


async def test_a_member_cannot_be_away_on_days_that_have_passed(d: Dialogue) -> None:
    await live(d, "aaa.")
    assert is_refused(await d.says("ana", "away 2026-11-26"))
    assert "away from Fri 27 Nov to Sat 28 Nov" in await d.hears("ana", "away 2026-11-26 2026-11-28")
    assert (await figures(d))[0] == 0


async def test_an_admin_may_say_of_a_member_who_was_ill_what_gives_their_days_back(d: Dialogue) -> None:
    await live(d, "a" * 7 + "..")
    assert (await figures(d)) == (0, 7, 0)
    said = await d.hears(ADMIN, "away <@ana|Ana> 2026-11-30 2026-12-03")
    assert "Ana is away from Mon 30 Nov to Thu 3 Dec.** Streaks wait; no reminders. Ana is told." in said
    told = [(member, d.text(message)) for _, member, message in d.platform.told]
    assert ("ana", "**You are away from Mon 30 Nov to Thu 3 Dec.** Streaks wait; no reminders.") in told
    assert await figures(d) == (7, 7, 1)
    assert await marks(d) == "a" * 7 + "ww"


async def test_nobody_is_waited_for_while_away(redis: Redis) -> None:
    d = Dialogue(redis, MANY)
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.forward(hours=2)
    for _ in range(3):
        for who in ("ana", "bob", "cyd", "dan"):
            await d.says(who, "answer", ANSWER)
        await d.forward(days=1)
    await d.says("dan", "away tomorrow sun")
    await d.forward(days=1)
    before = len(d.platform.lines)
    for who in ("ana", "bob", "cyd"):
        await d.says(who, "answer", ANSWER)
    assert len(d.platform.lines) == before + 1


# What is told.


def told(d: Dialogue, who: str) -> list[str]:
    return [d.text(message) for _, member, message in d.platform.told if member == who]


async def test_who_spent_a_freeze_is_told_once_and_quietly(d: Dialogue) -> None:
    await live(d, "a" * 14 + ". ")
    (note,) = told(d, "ana")
    assert "A freeze kept your streak of 14 days in [#practice](channel:practice) on Mon 7 Dec." in note
    assert "You hold 1 more." in note
    assert "freeze kept" not in await d.hears("ana", "me")
    await d.forward(days=3)
    assert len(told(d, "ana")) == 1


async def test_whose_streak_ended_is_told_once_and_how_to_bring_it_back(d: Dialogue) -> None:
    await live(d, "aaaa. ")
    ((_, _, message),) = [one for one in d.platform.told if one[1] == "ana"]
    words = d.text(message)
    assert "Your streak in [#practice](channel:practice) ended at 4 days." in words
    assert "To bring it back, answer the question of Fri 27 Nov by" in words
    form = await d.press("ana", message, "Answer it")
    assert "Brought back" in d.text(await d.fill("ana", form, ANSWER))


async def test_who_cannot_bring_a_day_back_is_not_told_to_try(d: Dialogue) -> None:
    await live(d, "aaa.")
    await bring_back(d, 3)
    await live(d, "aa. ")
    assert len(told(d, "ana")) == 2
    assert "ended at 6 days. The next answer starts a new one." in told(d, "ana")[-1]


async def test_where_no_note_is_quiet_it_waits_for_the_next_private_reply(redis: Redis) -> None:
    d = await manual(redis)
    d.platform.tells_quietly = False
    await live(d, "aaaa. ")
    assert told(d, "ana") == []
    reply = await d.says("ana", "streak")
    assert "Your streak in [#practice](channel:practice) ended at 4 days. To bring it back" in d.text(reply)
    assert "Answer it" in [button.label for button in buttons_of(reply)]
    assert "ended at" not in await d.hears("ana", "streak")
    assert "ended at" not in await d.hears("ana", "me")


async def test_a_note_that_was_not_read_for_long_offers_what_is_left(redis: Redis) -> None:
    d = await manual(redis)
    d.platform.tells_quietly = False
    await live(d, "aaaa. ")
    await d.forward(days=5)
    assert "ended at 4 days. The next answer starts a new one." in await d.hears("ana", "me")


async def test_what_was_given_back_is_not_told_as_lost(redis: Redis) -> None:
    d = await manual(redis)
    d.platform.tells_quietly = False
    await live(d, "aaaa. ")
    await d.says(ADMIN, "daily excuse 2026-11-27")
    assert "ended at" not in await d.hears("ana", "me")
