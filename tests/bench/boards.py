"""What grows with a team: the leaderboard of a million members, and the bytes of members and rounds."""

from __future__ import annotations

from redis.asyncio import Redis

from bot.requests import Channel
from tests.bench.commands import ANSWER, game_of
from tests.bench.measure import Compared, Work, compare
from tests.dialogue import Dialogue

SMALL, LARGE = 1_000, 1_000_000
IN_FLIGHT, READINGS = 64, 1500
MEMBERS, ROUNDS, ANSWERS = 1000, 20, 10
SHORT_ANSWER = ANSWER[:400]


async def boards(redis: Redis) -> Compared:
    """The leaderboard of a large team beside that of a small one."""
    game = Dialogue(redis)
    large, small = [await filled(redis, game, size) for size in (LARGE, SMALL)]
    return await compare(large, small, IN_FLIGHT, READINGS)


async def filled(redis: Redis, game: Dialogue, size: int) -> Work:
    """How a member of a team of such a size looks at the week's board."""
    channel = Channel(f"console:{size}", "c")
    await fill_board(redis, game, channel, size)

    return lambda n: game.bot.handle(game.request(f"m{n * 7 % size}", "leaderboard week", channel=channel))


async def fill_board(redis: Redis, game: Dialogue, channel: Channel, size: int) -> None:
    """One member plays; the others are written beside it in bulk, with the key that this made."""
    await game.says("boss", "daily on 09:00 daily", channel=channel)
    await game.says("boss", "daily now", channel=channel)
    await game.says("m0", "answer", ANSWER, channel=channel)
    prefix = f"llmq:{{{channel.team}}}"
    (week,) = [key async for key in redis.scan_iter(f"{prefix}:board:week:*@{channel.id}", count=10_000)]
    for start in range(0, size, 10_000):
        numbers = range(start, min(size, start + 10_000))
        await redis.zadd(week, {f"m{n}": n % 5000 + 1 for n in numbers})


async def sizes(redis: Redis) -> tuple[float, float]:
    """Bytes of a member with a first answer, and of a round with ten answers, as the server counts them."""
    game = game_of(redis)
    await game.says("boss", "daily on 09:00 daily")
    await game.says("boss", "daily now")
    before = await used(redis)
    await answer(game, MEMBERS)
    per_member = (await used(redis) - before) / MEMBERS
    await game.forward(days=1, hours=1)
    before = await used(redis)
    for _ in range(ROUNDS):
        await answer(game, ANSWERS)
        await game.forward(days=1)
    return per_member, (await used(redis) - before) / ROUNDS


async def answer(game: Dialogue, members: int) -> None:
    for n in range(members):
        await game.says(f"m{n}", "answer", SHORT_ANSWER)


async def used(redis: Redis) -> int:
    return int((await redis.info("memory"))["used_memory_dataset"])
