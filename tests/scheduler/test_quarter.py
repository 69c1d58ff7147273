"""A quarter of a year in five zones, with the nights on which clocks change and members who come and go."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from redis.asyncio import Redis

from bot.game.rules import DEADLINE
from bot.game.schedule import from_day
from bot.requests import Channel, Member
from bot.store.records import ChannelStreak
from tests.dialogue import ADMIN, Dialogue
from tests.faults.cases import IN_FAULTS

DAYS, WEEKS = 90, 13
ZONES = {
    "newyork": ("01:30", "America/New_York"),
    "berlin": ("02:30", "Europe/Berlin"),
    "kolkata": ("09:00", "Asia/Kolkata"),
    "auckland": ("23:45", "Pacific/Auckland"),
    "cairo": ("00:00", "Africa/Cairo"),
}
CHANNELS = {name: Channel("console:quarter", name) for name in ZONES}
STEADY, GUEST = "steady", "guest"


@pytest.mark.parametrize("start", ["2026-02-20", pytest.param("2026-09-25", marks=IN_FAULTS)])
async def test_a_quarter_has_one_round_for_each_channel_and_local_date(redis: Redis, start: str) -> None:
    first = date.fromisoformat(start)
    d = Dialogue(redis, now=datetime(first.year, first.month, first.day, 12, tzinfo=UTC))
    for name, (at, zone) in ZONES.items():
        await d.says(ADMIN, f"daily on {at} daily {zone}", channel=CHANNELS[name])
    begun, rng, guest_days = d.now, random.Random(start), set()
    answered: dict[str, set[int]] = {name: set() for name in ZONES}
    for _ in range(DAYS * 4):
        await d.forward(hours=6)
        for name, channel in CHANNELS.items():
            round = (await d.store.channel(channel)).round
            if round and round.day not in answered[name] and round.state != "closed":
                answered[name].add(round.day)
                await d.says(STEADY, "answer", "The steady answer of every day.", channel=channel)
                if name == "kolkata" and rng.random() < 0.5:
                    guest_days.add(round.day)
                    await d.says(GUEST, "answer", "A guest's answer, now and then.", channel=channel)
    for name in ZONES:
        schedule = (await d.store.channel(CHANNELS[name])).schedule
        assert schedule
        expected = []
        for day, moment in schedule.coming(begun):
            if moment > d.now:
                break
            expected.append(day)
        assert [date_of(post.key) for post in d.platform.posts if post.channel.id == name] == expected
    assert set(Counter(reply.key for reply in d.platform.replies).values()) == {1}
    reveals = Counter(line.key for line in d.platform.lines)
    assert set(reveals.values()) == {1}
    assert len(d.platform.posts) - len(reveals) <= len(ZONES)
    for name, channel in CHANNELS.items():
        steady = await figures(d, channel, STEADY)
        assert steady.best == len(answered[name])
        assert {day for day, mark in steady.ledger if mark in "al"} == answered[name]
    guest = await figures(d, CHANNELS["kolkata"], GUEST)
    assert {day for day, mark in guest.ledger if mark in "al"} == guest_days


def date_of(key: str) -> date:
    return from_day(key.rpartition(":")[2])


async def figures(d: Dialogue, channel: Channel, who: str) -> ChannelStreak:
    here = (await d.store.standing(channel, Member(who, who), d.now, 2 * DAYS)).here
    assert here
    return here


async def test_a_quarter_without_anyone_takes_no_streaks_and_loses_no_rounds(redis: Redis) -> None:
    d = Dialogue(redis, now=datetime(2026, 11, 22, 8, tzinfo=UTC))
    await d.says(ADMIN, "daily on 09:00 weekdays Europe/Berlin")
    for _ in range(WEEKS):
        await d.forward(days=7)
        # Nobody has answered five questions, so it has paused on Saturday.
        assert "goes on" in await d.hears(ADMIN, "daily resume")
    assert len(d.platform.posts) == 5 * WEEKS
    assert "No streak yet here." in await d.hears("ana", "leaderboard streak")


# How often each of ten members answers: some every day, some now and then.
HABITS = (0.98, 0.95, 0.95, 0.9, 0.9, 0.85, 0.75, 0.6, 0.35, 0.15)
ONE_ZONE = ("Europe/Berlin",)
THREE_ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata")
# In Berlin, and so is the deadline eight hours later. The clocks do not change in this quarter.
ASKED = [datetime(2026, 11, 23, 8, tzinfo=UTC) + timedelta(days=n) for n in range(DAYS) if n % 7 < 5]


def answering_time(rng: random.Random, asked: datetime, zone: ZoneInfo) -> datetime:
    """Half within an hour and a half at their desk, others over lunch, some in the evening."""
    desk = datetime.combine(asked.astimezone(zone), time(9), zone)
    return max(asked, desk) + timedelta(hours=rng.lognormvariate(math.log(1.5), 1))


@pytest.mark.parametrize(
    "zones",
    [pytest.param(ONE_ZONE, marks=IN_FAULTS, id="one zone"), pytest.param(THREE_ZONES, id="three zones")],
)
async def test_of_a_hundred_answers_before_the_deadline_ninety_five_count_as_in_time(
    redis: Redis, zones: tuple[str, ...]
) -> None:
    d, rng = Dialogue(redis, now=ASKED[0] - timedelta(hours=1)), random.Random("ten members")
    await d.says(ADMIN, "daily on 09:00 weekdays Europe/Berlin")
    members = {f"m{n}": (habit, ZoneInfo(zones[n % len(zones)])) for n, habit in enumerate(HABITS)}
    before = after = 0
    for asked in ASKED:
        come = [(who, zone) for who, (habit, zone) in members.items() if rng.random() < habit]
        for moment, who in sorted((answering_time(rng, asked, zone), who) for who, zone in come):
            if moment < asked + timedelta(hours=23):
                await forward_to(d, moment)
                await d.says(who, "answer", "An honest answer of a line.")
                before, after = before + (moment < asked + DEADLINE), after + (moment >= asked + DEADLINE)
    ledgers = [(await figures(d, d.channel, who)).ledger for who in members]
    marks = Counter(mark for ledger in ledgers for _, mark in ledger if mark in "al")
    assert len(d.platform.posts) == len(ASKED)
    assert before > 5 * len(ASKED)
    assert 0.95 * before <= marks["a"] <= before
    assert marks.total() == before + after


async def forward_to(d: Dialogue, moment: datetime) -> None:
    await d.forward(seconds=(moment - d.now).total_seconds())
