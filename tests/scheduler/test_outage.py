"""Days on which llmq was down: whoever could not answer loses nothing by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.requests import Member
from bot.store.records import ChannelStreak
from tests.dialogue import ADMIN, Dialogue, catalogue_of, deck, question

ANSWER = "An answer that says something."


async def on_a_streak(redis: Redis, days: int) -> Dialogue:
    """Ana and Bob have answered for so many days; today's question is just out."""
    d = Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(20)))))
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.forward(hours=1)
    for _ in range(days):
        for who in ("ana", "bob"):
            await d.says(who, "answer", ANSWER)
        await d.forward(days=1)
    return d


async def outage(d: Dialogue, *, is_noted: bool = True, **span: float) -> None:
    """Nobody serves for a while. Unless noted, the next process works before it says that it serves."""
    await d.store.heartbeat.beat(d.clockwork.platforms, d.now)
    d.now += timedelta(**span)
    if is_noted:
        await d.store.heartbeat.beat(d.clockwork.platforms, d.now)
    await d.clockwork.work()


async def streak(d: Dialogue, who: str) -> ChannelStreak:
    here = (await d.store.standing(d.channel, Member(who, who), d.now, 1)).here
    assert here
    return here


@pytest.mark.parametrize("is_noted", [True, False])
async def test_thirty_hours_after_a_post_break_no_streak(redis: Redis, *, is_noted: bool) -> None:
    d = await on_a_streak(redis, 3)
    await d.forward(minutes=30)
    await d.says("ana", "answer", ANSWER)
    await outage(d, hours=30, is_noted=is_noted)
    assert [(await streak(d, who)).streak for who in ("ana", "bob")] == [4, 3]
    assert d.platform.told == []
    assert "not counted (llmq was down)" in await d.hears("bob", "streak")
    # The next day's question came too late to be asked; the one after it goes on.
    await d.forward(hours=18)
    for who in ("ana", "bob"):
        await d.says(who, "answer", ANSWER)
    assert [post.key for post in d.platform.posts][-2:] == ["practice:20783", "practice:20785"]
    assert [(await streak(d, who)).streak for who in ("ana", "bob")] == [5, 4]


async def test_an_outage_spends_no_freeze(redis: Redis) -> None:
    d = await on_a_streak(redis, 7)
    await outage(d, hours=30)
    assert ((await streak(d, "bob")).streak, (await streak(d, "bob")).freezes) == (7, 1)


async def test_a_day_that_could_be_answered_for_four_hours_counts(redis: Redis) -> None:
    d = await on_a_streak(redis, 3)
    await d.forward(hours=4)
    await outage(d, hours=30)
    assert (await streak(d, "bob")).streak == 0
    assert [(who, "ended at 3 days" in d.text(note)) for _, who, note in d.platform.told] == [
        ("ana", True),
        ("bob", True),
    ]
