"""A question that stands in another deck than before takes along what is stored of it under its old id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from redis.asyncio import Redis

from bot.game.catalogue import Entry, Shelf, read_shelf, write_shelf
from bot.store.keys import deck_key

Moves = Mapping[str, str]

FIRST_DECK = "llm-fundamentals"
# Where the questions of the first deck are since 0.2; all others of it are in the deck on multimodal models.
ELSEWHERE = {
    "discriminative-generative": "ml-basics",
    "own-generative-models": "ml-basics",
    "own-text-generation": "product",
}


def place_of(question: str) -> str:
    """The deck that holds a question of the first deck now."""
    return ELSEWHERE.get(question, "multimodal")


async def move_shelf(redis: Redis) -> Moves:
    """Put the first deck's entries on the shelves where they are now; what they were and are called."""
    shelf = await shelf_of(redis, FIRST_DECK)
    for deck in {place_of(question) for question in shelf}:
        await add_to_shelf(redis, deck, {id: entry for id, entry in shelf.items() if place_of(id) == deck})
    return {f"{FIRST_DECK}/{id}": f"{place_of(id)}/{id}" for id in shelf}


async def add_to_shelf(redis: Redis, deck: str, entries: Mapping[str, Entry]) -> None:
    """Those that the shelf has already stay as they are."""
    shelf = write_shelf({**entries, **await shelf_of(redis, deck)})
    async with redis.pipeline(transaction=True) as together:
        together.hincrby(deck_key(deck), "revision", 1)
        together.hset(deck_key(deck), "shelf", shelf)
        await together.execute()


async def shelf_of(redis: Redis, deck: str) -> Shelf:
    stored = cast(str | None, await redis.hget(deck_key(deck), "shelf"))
    return read_shelf(stored) if stored else {}


async def drop_shelf(redis: Redis) -> None:
    """The last step, since what has moved is known from this shelf."""
    await redis.delete(deck_key(FIRST_DECK))


async def rename_questions(redis: Redis, prefix: str, moves: Moves) -> None:
    """Use the new ids in everything that is kept of a team."""
    for kind in ("open", "ahead", "questions:*", "asked:*", "practised:*", "round:*"):
        async for key in redis.scan_iter(match=f"{prefix}:{kind}", count=1000):
            await rename_in(redis, cast(str, key), moves)


async def rename_in(redis: Redis, key: str, moves: Moves) -> None:
    if await redis.type(key) == "zset":
        await rename_members(redis, key, moves)
    elif ":round:" in key:
        asked = cast(str | None, await redis.hget(key, "question"))
        if asked and asked in moves:
            await redis.hset(key, "question", moves[asked])
    else:
        await rename_fields(redis, key, moves)


async def rename_members(redis: Redis, key: str, moves: Moves) -> None:
    moments = cast(Iterable[tuple[str, float]], await redis.zrange(key, 0, -1, withscores=True))
    async with redis.pipeline(transaction=True) as together:
        for question, moment in moments:
            if question in moves:
                together.zadd(key, {moves[question]: moment}, gt=True)
                together.zrem(key, question)
        await together.execute()


async def rename_fields(redis: Redis, key: str, moves: Moves) -> None:
    values = cast(Mapping[str, str], await redis.hgetall(key))
    async with redis.pipeline(transaction=True) as together:
        for question, value in values.items():
            if question in moves:
                together.hsetnx(key, moves[question], value)
                together.hdel(key, question)
        await together.execute()
