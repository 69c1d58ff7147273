"""What version 0.1 stored, 24 days of two channels and five members, is as good in this one."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.game.catalogue import Entry
from bot.requests import Channel, Member
from bot.store import migration
from bot.store.keys import team_prefix
from bot.store.moves import place_of
from bot.store.store import Store
from content.deck import Question
from content.stems import listed
from tests.content.shipped import DECKS
from tests.dialogue import PRACTICE, Dialogue

STORED = Path(__file__).parent / "stored"
NOW = datetime(2026, 12, 16, 11, tzinfo=UTC)
RAG = Channel(PRACTICE.team, "rag")
TEAM = team_prefix(PRACTICE.team)
NOTHING: Mapping[str, str] = {}


async def load(redis: Redis, version: str, renamed: Mapping[str, str] = NOTHING) -> None:
    """Every key of a dataset: a line is its name, its kind and its value."""
    text = (STORED / f"{version}.jsonl").read_text()
    for before, after in renamed.items():
        text = re.sub(rf"\b{before}\b", after, text)
    for line in text.splitlines():
        key, kind, value = json.loads(line)
        match kind:
            case "string":
                await redis.set(key, value)
            case "hash":
                await redis.hset(key, mapping=value)
            case "set":
                await redis.sadd(key, *value)
            case "zset":
                await redis.zadd(key, dict(value))


async def everything(redis: Redis) -> dict[str, Any]:
    found: dict[str, Any] = {}
    async for key in redis.scan_iter():
        kind = await redis.type(key)
        match kind:
            case "hash":
                found[key] = await redis.hgetall(key)
            case "zset":
                found[key] = await redis.zrange(key, 0, -1, withscores=True)
            case "set":
                found[key] = await redis.smembers(key)
            case _:
                found[key] = await redis.get(key)
    return found


async def migrated(redis: Redis) -> Dialogue:
    await load(redis, "0.1")
    d = Dialogue(redis, now=NOW)
    await d.store.migrate()
    return d


async def test_streaks_freezes_and_bests_go_on_in_the_channels_they_were_earned_in(redis: Redis) -> None:
    d = await migrated(redis)
    for who, channel, streak, best, freezes in (
        ("ana", PRACTICE, 17, 17, 1),
        ("ana", RAG, 17, 17, 1),
        ("bob", PRACTICE, 1, 1, 0),
        ("cyd", RAG, 3, 5, 0),
        ("eve", PRACTICE, 0, 1, 0),
    ):
        here = (await d.store.standing(channel, Member(who, who), NOW, 30)).here
        assert here
        assert (here.streak, here.best, here.freezes) == (streak, best, freezes), (who, channel)


async def test_a_ledger_keeps_its_days(redis: Redis) -> None:
    d = await migrated(redis)
    here = (await d.store.standing(PRACTICE, Member("ana", "Ana"), NOW, 30)).here
    assert here
    assert "".join(mark for _, mark in here.ledger) == "aaaaamaaaaaaafaaaaaaaaaa"


async def test_points_stand_on_the_boards_of_the_team_and_of_the_channels(redis: Redis) -> None:
    d = await migrated(redis)
    team = Channel(PRACTICE.team, "")
    ana = Member("ana", "Ana")
    everyone = await d.store.leaderboard(team, ana, "all", NOW)
    assert [(one.name, one.score) for one in everyone.top] == [("Ana", 370), ("Cyd", 180), ("Eve", 4)]
    here = await d.store.leaderboard(PRACTICE, ana, "all", NOW)
    assert [(one.name, one.score) for one in here.top] == [("Ana", 370), ("Eve", 4)]
    # Bob had left the boards.
    assert (await d.store.leaderboard(PRACTICE, Member("bob", "Bob"), "all", NOW)).hidden


async def test_an_open_round_goes_on_to_its_reveal_with_the_answers_it_had(redis: Redis) -> None:
    d = await migrated(redis)
    assert "new answer is in" in await d.hears("bob", "answer Another answer of Bob's")
    await d.forward(hours=9)
    shown = "\n".join(d.text(post.message) for post in d.platform.replies)
    assert "Ana: Ana's answer of day 23 to it" in shown
    assert "Bob: Another answer of Bob's" in shown


async def test_a_rule_that_an_admin_set_stays_a_number_and_the_default_waits_for_regulars(
    redis: Redis,
) -> None:
    d = await migrated(redis)
    rules = [(await d.store.channel(channel)).schedule for channel in (PRACTICE, RAG)]
    assert [one and one.reveal.waits_for_regulars for one in rules] == [True, False]


# What 0.1 brought along, in the order of its one deck.
FIRST_QUESTIONS = listed(
    """
    discriminative-generative multimodal-basics fusion-designs cross-modal-learning captioning-vqa
    multimodal-challenges joint-training-worse clip-dalle clip-zero-shot preprocessing same-width-not-aligned
    multimodal-sentiment sarcasm-memes multimodal-metrics modality-contribution imbalances augmentation-harm
    multimodal-uses chest-xray-case changes-since-2023 open-problems own-text-generation own-generative-models
    """
)


def test_each_question_of_the_first_deck_stands_in_the_deck_to_which_its_history_goes() -> None:
    now = {question.id: deck.id for deck in DECKS for question in deck.questions}
    assert {id: now.get(id) for id in FIRST_QUESTIONS} == {id: place_of(id) for id in FIRST_QUESTIONS}


FIRST_DECK = {"basics/q0": "llm-fundamentals/own-text-generation", "basics/q1": "llm-fundamentals/clip-dalle"}


async def test_questions_of_the_first_deck_take_their_history_along_to_the_decks_where_they_are_now(
    redis: Redis,
) -> None:
    await load(redis, "0.1", FIRST_DECK)
    entries = {
        id: Entry(Question(id, f"What is {id}?", "It."), version=3)
        for id in ("own-text-generation", "clip-dalle")
    }
    store = Store(redis)
    await store.save_shelf("llm-fundamentals", "0", entries)
    await store.migrate()
    left = json.dumps({key: str(value) for key, value in (await everything(redis)).items()})
    assert "llm-fundamentals" not in left
    for now in ("product/own-text-generation", "multimodal/clip-dalle"):
        assert await redis.zscore(f"{TEAM}:asked:practice", now)
        assert await redis.hget(f"{TEAM}:questions:ana", now)
        deck, _, id = now.partition("/")
        revision, shelf = await store.shelf(deck)
        assert shelf[id].version == 3
        assert await store.save_shelf(deck, revision, shelf)
    assert await redis.hget(f"{TEAM}:round:practice:20780", "question") == "product/own-text-generation"


async def test_to_migrate_twice_and_from_two_processes_at_once_changes_nothing_more(redis: Redis) -> None:
    await load(redis, "0.1")
    await asyncio.gather(*(Store(redis).migrate() for _ in range(3)))
    once = await everything(redis)
    await redis.delete("llmq:{schema}")
    await Store(redis).migrate()
    assert await everything(redis) == once


async def stuck(redis: Redis, prefix: str) -> None:
    """A team that takes for ever."""
    await asyncio.Event().wait()


async def has_grown(redis: Redis, key: str) -> None:
    """Wait until a key has been given more time."""
    left = await redis.pttl(key)
    while (now := await redis.pttl(key)) <= left:
        left = now
        await asyncio.sleep(0.01)


async def test_who_brings_all_up_to_date_keeps_others_waiting_while_it_lives_and_no_longer(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "LEASE", timedelta(seconds=1.5))
    monkeypatch.setattr(migration, "WAIT_SECONDS", 0.01)
    await load(redis, "0.1")
    with monkeypatch.context() as slow:
        slow.setattr(migration, "migrate_team", stuck)
        first = asyncio.create_task(Store(redis).migrate())
        async with asyncio.timeout(10):
            await has_grown(redis, migration.LOCK)
        second = asyncio.create_task(Store(redis).migrate())
        async with asyncio.timeout(10):
            await has_grown(redis, migration.LOCK)
        assert not second.done()
    # The first ends as by kill -9, with nothing put in order behind it, and its lease runs out.
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    assert await redis.pexpire(migration.LOCK, 1)
    async with asyncio.timeout(10):
        await second
    assert await redis.get(migration.SCHEMA) == str(migration.VERSION)
    assert not await redis.exists(migration.LOCK)


async def test_who_has_lost_its_lease_leaves_the_rest_to_the_other(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration, "LEASE", timedelta(seconds=0.06))
    held = iter((True, False))
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def renew() -> bool:
        return next(held)

    assert not await migration.while_held(renew, work())
    await ended.wait()
