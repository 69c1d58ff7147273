"""Clocks that are wrong, stepped or re-ruled: the local date decides, and has one round at most."""

from __future__ import annotations

from datetime import date, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.game.schedule import from_day, read_schedule
from llmq.redis.clients import client_of
from tests.dialogue import ADMIN, Dialogue

steps = st.lists(st.integers(-30 * 60, 30 * 60).map(lambda minutes: timedelta(minutes=minutes)), max_size=25)


def dates(d: Dialogue) -> list[date]:
    return [from_day(post.key.rpartition(":")[2]) for post in d.platform.posts]


@given(steps=steps, zone=st.sampled_from(["UTC", "America/New_York", "Pacific/Auckland"]))
@settings(max_examples=25)
async def test_a_clock_that_is_stepped_to_and_fro_asks_no_date_twice(
    redis_url: str, steps: list[timedelta], zone: str
) -> None:
    client = client_of(redis_url)
    await client.flushall()
    d = Dialogue(client)
    await d.says(ADMIN, f"daily on 09:00 daily {zone}")
    for step in steps:
        d.now += step
        await d.clockwork.work()
    before = len(d.platform.posts)
    # Wherever it has been, from the newest date on each further one comes.
    d.now = max(d.now, d.now + timedelta(days=len(steps) * 2))
    await d.forward(days=3)
    await client.aclose()
    asked = dates(d)
    assert all(earlier < later for earlier, later in pairwise(asked))
    assert len(asked) - before >= 3
    reveals = [reply.key for reply in d.platform.replies]
    assert len(reveals) == len(set(reveals))


async def test_a_process_whose_clock_runs_ahead_takes_nothing_from_the_others(redis: Redis) -> None:
    right = Dialogue(redis)
    ahead = Dialogue(redis, now=right.now + timedelta(seconds=20), platform=right.platform)
    await right.says(ADMIN, "daily on 09:00 daily")
    for _ in range(3 * 24 * 12):
        for one in (ahead, right):
            one.now += timedelta(minutes=5)
            await one.clockwork.work()
    assert len(dates(right)) == len(set(dates(right))) == 3
    assert len({reply.key for reply in right.platform.replies}) == len(right.platform.replies)


@pytest.mark.parametrize("hours", [-12, -1, 1])
async def test_a_zone_whose_rules_change_has_one_round_for_each_date(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    before = Dialogue(redis)
    await before.says(ADMIN, "daily on 09:00 daily Europe/Berlin")
    await before.forward(days=3)
    # A schedule whose questions nobody answers would stop.
    await before.says("ana", "answer", "An answer that says something.")
    # The next release of the system's zones, read by the next process.
    monkeypatch.setattr("bot.game.schedule.ZoneInfo", lambda _: timezone(timedelta(hours=1 + hours)))
    read_schedule.cache_clear()
    after = Dialogue(redis, now=before.now, platform=before.platform)
    await after.forward(days=3, hours=13)
    asked = dates(after)
    read_schedule.cache_clear()
    assert len(asked) == 6
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(asked))


async def test_what_a_wrong_clock_has_planned_is_planned_anew_and_the_rest_stays(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    right = d.now
    d.now += timedelta(days=400)
    await d.clockwork.work()
    d.now = right
    due, platforms = d.store.due, d.clockwork.platforms
    await due.bring_near(platforms, d.now)
    near = await due.next_due(platforms)
    assert near
    assert near - d.now < timedelta(minutes=5)
    before = len(d.platform.posts)
    await d.forward(days=1, hours=2)
    assert len(d.platform.posts) - before >= 1
    planned = await due.next_due(platforms)
    await due.bring_near(platforms, d.now)
    assert await due.next_due(platforms) == planned
