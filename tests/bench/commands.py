"""Each command through `Bot.handle` beside its own call of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable

from redis.asyncio import Redis

from bot.requests import Channel, Member
from tests.bench.floors import store_calls
from tests.bench.measure import Compared, Work, compare
from tests.dialogue import Dialogue, catalogue_of, deck, question

MEMBERS = [Member(f"m{n}", f"Member number {n}") for n in range(500)]
CHANNELS = [Channel("console:bench", f"c{n}") for n in range(50)]
ANSWER = "It learns the joint distribution, so it can sample; the other only learns a boundary. " * 5
OPERATIONS = {1: 150, 64: 1500}
ROUNDS = 3


def game_of(redis: Redis, questions: int = 60) -> Dialogue:
    """A game with a deck of so many questions."""
    return Dialogue(redis, catalogue_of(deck(*(question(n) for n in range(questions)))))


async def played(redis: Redis) -> Dialogue:
    """A team with fifty channels, each with a round open and some behind it, and 500 members who answer."""
    game = game_of(redis)
    for channel in CHANNELS:
        await game.says("boss", "daily on 09:00 daily", channel=channel)
        await game.says("boss", "daily reveal 1000 1h 8h", channel=channel)
    for _ in range(ROUNDS):
        await play_a_round(game)
    for channel in CHANNELS:
        await game.says("boss", "daily now", channel=channel)
    return game


async def play_a_round(game: Dialogue) -> None:
    for channel in CHANNELS:
        await game.says("boss", "daily now", channel=channel)
    for n, member in enumerate(MEMBERS):
        await game.says(member.id, "answer", ANSWER, channel=CHANNELS[n % len(CHANNELS)])
    await game.forward(days=1)


async def compared(redis: Redis) -> AsyncIterator[tuple[str, int, Compared]]:
    """The commands, one at a time and many in flight."""
    game = await played(redis)
    for name in store_calls(game):
        for in_flight, operations in OPERATIONS.items():
            yield name, in_flight, await compare(ours(game, name), floor(game, name), in_flight, operations)


def ours(game: Dialogue, name: str) -> Work:
    def one(n: int) -> Awaitable[object]:
        channel, member, text = asked(n)
        body = text if name == "answer" else None
        return game.bot.handle(game.request(member.id, name, body, channel=channel))

    return one


def floor(game: Dialogue, name: str) -> Work:
    call = store_calls(game)[name]
    return lambda n: call(*asked(n))


def asked(n: int) -> tuple[Channel, Member, str]:
    """Who asks where, and what they would answer: never the same twice."""
    return CHANNELS[n % len(CHANNELS)], MEMBERS[n * 7 % len(MEMBERS)], f"{n} {ANSWER}"
