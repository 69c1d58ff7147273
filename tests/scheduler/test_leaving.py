"""Teams that llmq is taken out of: their schedules stop, they may come back, and then all of theirs goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.requests import Channel
from bot.store.keys import team_prefix, team_turn
from scheduler.clockwork import Clockwork
from tests.dialogue import ADMIN, PRACTICE, Dialogue

TEAM, NEIGHBOUR = PRACTICE.team, Channel("console:local2", "practice")
AN_ANSWER = "It is secret0 that makes the difference here."


@pytest.fixture
async def left(redis: Redis) -> Dialogue:
    """A team with a streak and a neighbour, that llmq was just taken out of."""
    d = Dialogue(redis)
    for channel in (PRACTICE, NEIGHBOUR):
        await d.says(ADMIN, "daily on 08:00 daily UTC", channel=channel)
        await d.says("ana", "remind review 09:00", channel=channel)
    for _ in range(2):
        await d.forward(days=1)
        await d.says("ana", f"answer {AN_ANSWER}")
    await d.bot.left(TEAM)
    await d.clockwork.work()
    return d


def asked(d: Dialogue, channel: Channel) -> int:
    return len([one for one in d.platform.posts if one.channel == channel])


async def keys_of(d: Dialogue, team: str) -> list[str]:
    return [key async for key in d.redis.scan_iter() if key.startswith(f"{team_prefix(team)}:")]


async def due_of(d: Dialogue, team: str) -> list[str]:
    """What is in the due queue of a team."""
    found: list[str] = []
    async for key in d.redis.scan_iter(match="llmq:{due:*"):
        kind = await d.redis.type(key)
        names = await d.redis.zrange(key, 0, -1) if kind == "zset" else await d.redis.hkeys(key)
        found += map(str, names)
    return [one for one in found if one.startswith(f"{team} ")]


async def test_its_schedules_and_private_messages_stop_at_once(left: Dialogue) -> None:
    before, elsewhere = asked(left, PRACTICE), asked(left, NEIGHBOUR)
    left.platform.told.clear()
    await left.forward(days=10)
    assert asked(left, PRACTICE) == before
    assert asked(left, NEIGHBOUR) > elsewhere
    assert [one for one in left.platform.told if one[0] == TEAM] == []


async def test_coming_back_within_its_time_finds_all_as_it_was(left: Dialogue) -> None:
    before = asked(left, PRACTICE)
    await left.forward(days=29, hours=3)
    assert await keys_of(left, TEAM)
    await left.bot.returned(TEAM)
    await left.forward(days=2)
    assert asked(left, PRACTICE) == before + 2
    assert "best 2" in await left.hears("ana", "me")
    await left.forward(days=60)
    assert await keys_of(left, TEAM)


async def test_all_of_it_is_gone_after_its_time_and_nothing_of_others(left: Dialogue) -> None:
    neighbours = len(await keys_of(left, NEIGHBOUR.team))
    await left.forward(days=31)
    assert await keys_of(left, TEAM) == []
    assert await due_of(left, TEAM) == []
    assert len(await keys_of(left, NEIGHBOUR.team)) >= neighbours
    assert await due_of(left, NEIGHBOUR.team)


async def test_the_operator_sets_how_long_that_takes(left: Dialogue) -> None:
    platforms = left.clockwork.platforms
    left.clockwork = Clockwork(left.store, left.catalogue, platforms, left.clock, timedelta(days=2))
    await left.bot.left(TEAM)
    await left.forward(days=1)
    assert await keys_of(left, TEAM)
    await left.forward(days=2)
    assert await keys_of(left, TEAM) == []


async def test_being_told_twice_begins_no_new_time(left: Dialogue) -> None:
    await left.forward(days=20)
    await left.bot.left(TEAM)
    await left.forward(days=11)
    assert await keys_of(left, TEAM) == []


async def test_a_process_that_dies_in_the_middle_leaves_the_rest_to_the_next(
    left: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = left.store.teams._delete, iter(range(100))

    async def dies(team: str, at: object, keys: list[str]) -> bool:
        if next(calls):
            raise RuntimeError("killed")
        return await real(team, at, keys[: len(keys) // 2])  # type: ignore[arg-type]

    with monkeypatch.context() as dying:
        dying.setattr(left.store.teams, "_delete", dies)
        await left.forward(days=30, minutes=1)
        assert await keys_of(left, TEAM)
    await left.forward(hours=1)
    assert await keys_of(left, TEAM) == []


async def test_one_that_dies_behind_its_mark_is_taken_up_all_the_same(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 08:00 daily UTC")
    await d.store.due.enqueue(team_turn(TEAM), d.now + timedelta(minutes=1))
    await d.store.teams.leave(TEAM, d.now)
    await d.forward(days=31)
    assert await keys_of(d, TEAM) == []


async def test_a_team_that_never_left_is_not_deleted(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 08:00 daily UTC")
    assert await d.store.forget(TEAM) == 0
    assert await d.store.due.next_due(["console"])
    await d.bot.returned(TEAM)
    assert await keys_of(d, TEAM)


async def test_a_member_is_erased_in_a_team_that_has_left_too(left: Dialogue) -> None:
    await left.says("ana", "privacy erase yes")
    assert [key for key in await keys_of(left, TEAM) if key.endswith(":ana")] == []
