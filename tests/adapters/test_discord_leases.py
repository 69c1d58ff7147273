"""Discord's shards, shared out: whatever happens, each is one replica's, and all have about as many."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from adapters.discord.leases import Leases, Shares
from adapters.discord.serve import shared_pace
from tests.dialogue import START

APP, LEASE = "1", timedelta(seconds=10)
HOUR = timedelta(hours=1)
NAMES = ("a", "b", "c", "d")


@dataclass
class Replicas:
    """Replicas of one application. `serving` is what each has connected: it stops when another serves."""

    shared: Leases
    count: int
    now = START
    serving: dict[str, set[int]] = field(default_factory=dict)
    leases: dict[str, Shares] = field(default_factory=dict)

    async def look(self, name: str, lease: timedelta = LEASE) -> Shares:
        ready = self.serving.setdefault(name, set())
        shares = await self.shared.share(name, self.now, lease, self.count, sorted(ready))
        self.serving[name] = (ready | shares.ours) - shares.elsewhere
        self.leases[name] = shares
        return shares

    async def leave(self, name: str) -> None:
        await self.look(name, timedelta())
        del self.serving[name], self.leases[name]

    async def crash(self, name: str) -> None:
        del self.serving[name], self.leases[name]

    async def all_look(self) -> list[Shares]:
        return [await self.look(name) for name in sorted(self.serving)]


async def holders(redis: Redis) -> dict[str, str]:
    return cast(dict[str, str], await redis.hgetall(f"llmq:{{discord:application:{APP}}}:shards"))


steps = st.one_of(
    st.tuples(st.sampled_from(("look", "leave", "crash")), st.sampled_from(NAMES)),
    st.tuples(st.just("wait"), st.integers(1, 15)),
)


@given(count=st.integers(1, 9), steps=st.lists(steps, max_size=25))
@settings(max_examples=60)
async def test_each_shard_is_one_replicas_and_in_the_end_all_have_about_as_many(
    redis: Redis, count: int, steps: list[tuple[str, str | int]]
) -> None:
    await redis.flushall()
    world = Replicas(Leases(redis, APP), count)
    for what, which in steps:
        match what, which:
            case "wait", int(seconds):
                world.now += timedelta(seconds=seconds)
            case "look", str(name):
                shares = await world.look(name)
                live = set(await redis.zrange(f"llmq:{{discord:application:{APP}}}:replicas", 0, -1))
                held = await holders(redis)
                assert {int(shard) for shard, one in held.items() if one == name} == shares.ours
                # From the first look on no shard is without a replica, and none has a dead one.
                assert held.keys() == {str(shard) for shard in range(count)}
                assert set(held.values()) <= live
            case "leave", str(name) if name in world.serving:
                await world.leave(name)
            case "crash", str(name) if name in world.serving:
                await world.crash(name)
    await settle(world)
    assert Counter(shard for name in world.serving for shard in world.serving[name]) == Counter(
        range(count) if world.serving else ()
    )
    sizes = [len(shards) for shards in world.serving.values()]
    assert max(sizes, default=0) - min(sizes, default=0) <= 1


async def settle(world: Replicas) -> None:
    """Let the dead run out, and each look as often as it takes to give, take and let go."""
    for _ in range(8):
        world.now += LEASE / 3
        await world.all_look()


async def test_a_shard_moves_when_another_comes_and_its_old_replica_stays_until_the_new_serves(
    redis: Redis,
) -> None:
    world = Replicas(Leases(redis, APP), 2)
    assert (await world.look("a")).ours == {0, 1}
    assert (await world.look("b")).ours == set()
    given_away = await world.look("a")
    assert given_away.ours == {0}
    assert not given_away.elsewhere
    assert world.serving["a"] == {0, 1}
    assert (await world.look("b")).ours == {1}
    assert (await world.look("a")).elsewhere == set()
    await world.look("b")
    assert (await world.look("a")).elsewhere == {1}
    assert world.serving == {"a": {0}, "b": {1}}


async def test_one_that_leaves_has_its_shards_taken_at_once(redis: Redis) -> None:
    world = Replicas(Leases(redis, APP), 1)
    await world.look("a")
    await world.look("b")
    left = await world.look("a", timedelta())
    assert left.replicas == 1
    assert not left.ours | left.elsewhere
    assert (await world.look("b")).ours == {0}


async def test_the_first_replica_says_how_many_shards_there_are_until_all_are_gone(redis: Redis) -> None:
    shared = Leases(redis, APP)
    assert (await shared.share("a", START, LEASE, 2)).count == 2
    assert (await shared.share("b", START, LEASE, 5)).count == 2
    assert (await shared.share("c", START + HOUR, LEASE, 5)).count == 5
    assert (await Leases(redis, "another").share("d", START, LEASE, 7)).count == 7


async def test_when_redis_was_away_for_long_everyone_keeps_its_shards(redis: Redis) -> None:
    world = Replicas(Leases(redis, APP), 4)
    for _ in range(4):
        await world.look("a")
        await world.look("b")
    before = await holders(redis)
    assert Counter(before.values()) == {"a": 2, "b": 2}
    world.now += HOUR
    await world.look("a")
    assert await holders(redis) == before
    # One that does not come back loses them all the same.
    for _ in range(3):
        world.now += LEASE / 2
        await world.look("a")
    assert world.serving["a"] == {0, 1, 2, 3}


async def test_an_event_that_two_replicas_heard_of_is_handled_by_one(redis: Redis) -> None:
    shared = Leases(redis, APP)

    async def first(name: str, event: str) -> bool:
        return await shared.is_first(name, 0, event, LEASE)

    await shared.share("a", START, LEASE, 1)
    await shared.share("a", START, LEASE, 1, [0])
    await shared.share("b", START, LEASE, 1)
    await shared.share("a", START, timedelta(), 1, [0])
    # While b is connecting, either may be the first; a repeated question has the same answer.
    answers = await asyncio.gather(*(first(name, "e1") for name in "abab"))
    assert answers in ([True, False, True, False], [False, True, False, True])
    assert await first("a", "e2")
    await shared.share("b", START, LEASE, 1, [0])
    # Now b serves, and whoever had the shard before is too late.
    assert not await first("a", "e3")
    assert await first("b", "e3")


async def test_sessions_are_started_in_turns_by_all_replicas(redis: Redis) -> None:
    shared, gap = Leases(redis, APP), timedelta(seconds=5)

    async def wait(bucket: str, after: float) -> float:
        now = START + timedelta(seconds=after)
        return (await shared.reserve(bucket, now, gap)).total_seconds()

    assert [await wait("0", 0), await wait("0", 1), await wait("1", 1), await wait("0", 2)] == [0, 4, 0, 8]
    assert await wait("0", 60) == 0


async def test_the_requests_of_all_replicas_keep_to_the_rate_of_their_application(redis: Redis) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    replicas = [shared_pace(Leases(redis, APP), lambda: START, sleep) for _ in range(3)]
    await asyncio.gather(*(pace(1) for _ in range(50) for pace in replicas))
    waits.sort()
    assert waits[0] == 0
    assert all(later - earlier >= 1 for earlier, later in zip(waits, waits[50:], strict=False))
    await replicas[0](4)
    await replicas[1](1)
    # Four requests take four turns.
    assert waits[-1] - waits[-2] >= 4 / 50
