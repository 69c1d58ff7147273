"""How long members' texts are kept, where the operator sets that too."""

from __future__ import annotations

from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.bot import Bot
from bot.store.store import Store
from scheduler.clockwork import Clockwork
from tests.dialogue import ADMIN, Dialogue

DAY_MS = 24 * 3_600_000
ANSWERS = "llmq:{console:local}:answers:practice:20780"


def keeping(redis: Redis, kept: timedelta) -> Dialogue:
    """A conversation where texts are kept for a span."""
    d = Dialogue(redis)
    d.store = Store(redis, kept)
    game = d.bot.game
    object.__setattr__(game, "store", d.store)
    d.bot = Bot(game)
    d.clockwork = Clockwork(d.store, d.catalogue, d.clockwork.platforms, d.clock)
    return d


async def lived(d: Dialogue) -> Dialogue:
    """A closed round with an answer, a flag that waits, one that is settled with a reply, and a proposal."""
    await d.says(ADMIN, "daily on 08:00 daily UTC")
    await d.open_round()
    for who in ("ana", "bob"):
        await d.says(who, f"answer The words of {who} are theirs.")
    await d.reveal()
    await d.press("ana", await d.says("ana", "compare"), "I did say 1")
    for who in ("ana", "bob"):
        await d.fill(who, await d.says(who, "flag"), f"Noticed by {who}.", {"reason": "error"})
    form = await d.press(ADMIN, await d.says(ADMIN, "flags"), "Reply")
    await d.fill(ADMIN, form, "Thanked by the boss.", {"outcome": "kept"})
    await d.forward(days=1, hours=1)
    return d


async def texts(redis: Redis) -> str:
    """All that is held of flags and proposals."""
    prefix = "llmq:{console:local}"
    settled = await redis.lrange(f"{prefix}:settled", 0, -1)
    proposals = await redis.lrange(f"{prefix}:proposals", 0, -1)
    return " ".join(map(str, (*await redis.hvals(f"{prefix}:flags"), *settled, *proposals)))


@pytest.mark.parametrize("days", [7, 90, 400])
async def test_answers_are_kept_for_as_long_as_the_operator_says(redis: Redis, days: int) -> None:
    d = await lived(keeping(redis, timedelta(days=days)))
    assert (days - 1) * DAY_MS < await redis.pttl(ANSWERS) <= days * DAY_MS
    assert f": {days} days, then their text goes." in await d.hears("ana", "privacy")


async def test_an_interview_is_kept_no_longer_than_an_answer(redis: Redis) -> None:
    d = keeping(redis, timedelta(days=7))
    await d.says("ana", "interview 2")
    assert await redis.pttl("llmq:{console:local}:interview:ana") <= 7 * DAY_MS


async def test_an_answer_that_brings_a_day_back_makes_no_others_last_longer(redis: Redis) -> None:
    d = await lived(keeping(redis, timedelta(days=90)))
    await d.says("bob", "answer That is good for many things.")
    await d.forward(days=1)
    answers = ANSWERS.replace("20780", "20781")
    await redis.pexpire(answers, DAY_MS)
    late = await d.hears("ana", "answer @practice:20781 Late but with words of mine.")
    assert "Brought back" in late
    assert await redis.hlen(answers) == 2
    assert 0 < await redis.pttl(answers) <= DAY_MS


async def test_words_of_flags_and_proposals_go_too_and_what_was_flagged_stays(redis: Redis) -> None:
    d = await lived(Dialogue(redis))
    words = ("Noticed by Ana", "Noticed by Bob", "Thanked by the boss", "The words of ana")
    await d.store.retention.sweep(d.now + timedelta(days=85))
    held = await texts(redis)
    assert all(one.casefold() in held.casefold() for one in words)
    await redis.delete("llmq:{swept}")
    await d.store.retention.sweep(d.now + timedelta(days=91))
    held = await texts(redis)
    assert not any(one.casefold() in held.casefold() for one in words)
    assert "has an error" in await d.hears(ADMIN, "flags")


async def test_a_shorter_time_holds_for_what_was_kept_before(redis: Redis) -> None:
    d = await lived(Dialogue(redis))
    await Store(redis, timedelta(days=7)).retention.sweep(d.now)
    assert 0 < await redis.pttl(ANSWERS) <= 7 * DAY_MS
    await redis.delete("llmq:{swept}")
    await Store(redis, timedelta(days=90)).retention.sweep(d.now)
    assert 0 < await redis.pttl(ANSWERS) <= 7 * DAY_MS


async def test_answers_of_a_round_that_is_open_have_no_end_yet(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.says("ana", "answer The words of ana are hers.")
    await d.store.retention.sweep(d.now + timedelta(days=1))
    assert await redis.pttl(ANSWERS) == -1


async def test_it_is_looked_once_a_day_by_whichever_process(redis: Redis) -> None:
    d = await lived(Dialogue(redis))
    await d.store.retention.sweep(d.now)
    await Store(redis, timedelta(days=7)).retention.sweep(d.now)
    assert await redis.pttl(ANSWERS) > 7 * DAY_MS
