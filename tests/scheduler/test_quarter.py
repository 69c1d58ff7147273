"""A quarter of a year in five zones, with the nights on which clocks change and members who come and go."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.game.schedule import from_day
from bot.requests import Channel, Member
from tests.dialogue import ADMIN, Dialogue

DAYS = 90
ZONES = {
    "newyork": ("01:30", "America/New_York"),
    "berlin": ("02:30", "Europe/Berlin"),
    "kolkata": ("09:00", "Asia/Kolkata"),
    "auckland": ("23:45", "Pacific/Auckland"),
    "cairo": ("00:00", "Africa/Cairo"),
}
CHANNELS = {name: Channel("console:quarter", name) for name in ZONES}
STEADY, GUEST = "steady", "guest"


@pytest.mark.parametrize("start", ["2026-02-20", "2026-09-25"])
async def test_a_quarter_has_one_round_for_each_channel_and_local_date(redis: Redis, start: str) -> None:
    first = date.fromisoformat(start)
    d = Dialogue(redis, now=datetime(first.year, first.month, first.day, 12, tzinfo=UTC))
    for name, (time, zone) in ZONES.items():
        await d.says(ADMIN, f"daily on {time} daily {zone}", channel=CHANNELS[name])
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
    reveals = Counter(reply.key for reply in d.platform.replies)
    assert set(reveals.values()) == {1}
    assert len(d.platform.posts) - len(reveals) <= len(ZONES)
    every_day = {day for days in answered.values() for day in days}
    steady = await d.store.standing("console:quarter", Member(STEADY, STEADY), d.now, 0)
    assert steady.best == len(every_day)
    assert {day for day, status in steady.ledger if status in "al"} <= every_day
    guest = await d.store.standing("console:quarter", Member(GUEST, GUEST), d.now, 0)
    shown = dict(guest.ledger)
    assert {day for day, status in shown.items() if status in "al"} == guest_days & shown.keys()


def date_of(key: str) -> date:
    return from_day(key.rpartition(":")[2])


async def test_a_quarter_without_anyone_takes_no_streaks_and_loses_no_rounds(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 weekdays Europe/Berlin")
    await d.forward(days=DAYS)
    days = [d.now.date() - timedelta(days=n) for n in range(DAYS)]
    assert len(d.platform.posts) == sum(day.weekday() < 5 for day in days)
    assert "Nobody is on this board yet." in await d.hears("ana", "leaderboard streak")
