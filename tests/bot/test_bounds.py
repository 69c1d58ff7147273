"""What one call may touch: so many commands, however many days, members and lapsed streaks there are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from redis.asyncio import Redis

from bot.game.schedule import to_day
from bot.store.keys import team_prefix
from tests.dialogue import PRACTICE, Dialogue

SMALL, LARGE = 200, 2_000
# Each of other members, whose streaks are not settled yet.
CALLS: dict[str, Callable[[Dialogue], Awaitable[object]]] = {
    "answer": lambda d: d.says("m1", "answer", "An answer that says something."),
    "me": lambda d: d.says("m2", "me"),
    "streak": lambda d: d.says("m3", "streak"),
    "leaderboard": lambda d: d.says("m4", "leaderboard"),
    "leaderboard streak": lambda d: d.says("m4", "leaderboard streak"),
    "reveal": lambda d: d.store.reveal(PRACTICE.team, f"practice:{today(d)}", d.now),
    "lapse": lambda d: d.store.lapse(PRACTICE, [f"m{n}" for n in range(100, 150)], d.now),
}
# Commands of the server, with those inside of scripts. A script settles 64 days of a streak at most.
MOST = {
    "answer": 300,
    "me": 500,
    "streak": 400,
    "leaderboard": 100,
    "leaderboard streak": 7_000,
    "reveal": 20,
    "lapse": 7_000,
}


def today(d: Dialogue) -> int:
    return to_day(d.now.date())


async def long_lapsed(redis: Redis, size: int) -> Dialogue:
    """A question is open in a channel with so many question days behind it, and with as many members.

    Each had a streak when the channel began, and nobody has looked at it since.
    """
    await redis.flushall()
    d = Dialogue(redis)
    await d.open_round()
    await d.store.force_reveal(PRACTICE)
    prefix, now = team_prefix(PRACTICE.team), today(d)
    first = now - size
    await redis.zadd(f"{prefix}:days:practice", {str(day): day for day in range(first, now)})
    pipeline = redis.pipeline(transaction=False)
    for n in range(size):
        pipeline.hset(f"{prefix}:streaks:m{n}", "practice", f"300,300,2,{first},{first},0,0,0,0;")
        pipeline.hset(f"{prefix}:member:m{n}", "name", f"M{n}")
        # Every other day they were away, so that it takes as many steps as it can.
        away = " ".join(f"{day}-{day}" for day in range(first, now, 2))[:2_000]
        pipeline.hset(f"{prefix}:member:m{n}", "away", away.rpartition(" ")[0])
    await pipeline.execute()
    streaks = {f"m{n}": 300.5 for n in range(size)}
    for board in ("streak", "streak@practice"):
        await redis.zadd(f"{prefix}:board:{board}", streaks)
    return d


async def commands(redis: Redis) -> int:
    return sum(int(one["calls"]) for one in (await redis.info("commandstats")).values())


async def counted(redis: Redis, size: int) -> dict[str, int]:
    d = await long_lapsed(redis, size)
    return {name: await touched(redis, d, name) for name in CALLS}


async def touched(redis: Redis, d: Dialogue, name: str) -> int:
    """How many commands the server ran for a call."""
    await redis.config_resetstat()
    await CALLS[name](d)
    return await commands(redis)


async def test_no_call_touches_more_where_there_is_ten_times_as_much(redis: Redis) -> None:
    small, large = [await counted(redis, size) for size in (SMALL, LARGE)]
    for name, most in MOST.items():
        assert small[name] > 0
        assert (name, large[name]) <= (name, small[name] * 1.1)
        assert (name, large[name]) <= (name, most)
