"""Many at once: every answer is kept exactly once, in time and shown or late, whatever runs beside it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.game.schedule import RevealRule
from bot.messages import Message, Quote
from bot.requests import Channel, Member, Request
from bot.store.records import Own, Recorded, Standing
from bot.store.store import Act, Store
from llmq.redis.clients import client_of
from tests.dialogue import ADMIN, Dialogue

CROWD = 100


@pytest.fixture
async def d(redis: Redis) -> Dialogue:
    """A dialogue in which the day's first question has just been posted."""
    d = Dialogue(redis)
    await d.open_round()
    return d


def words_of(n: int) -> str:
    return f"The answer of member number {n}."


async def act(d: Dialogue, n: int, act: Act, id: str, store: Store | None = None) -> Recorded:
    """Something that a member does at a moment of its own, as a platform tells it."""
    request = d.request(f"m{n}", "answer", id=id or None)
    return await (store or d.store).act(request, act, d.now)


async def answer(d: Dialogue, n: int, text: str = "", store: Store | None = None) -> Recorded:
    return await act(d, n, Act("answer", text or words_of(n)), "", store)


async def standing(d: Dialogue, who: str) -> Standing:
    return await d.store.standing(d.channel, Member(who, who.title()), d.now, 0)


def streak_of(found: Standing) -> int:
    return found.here.streak if found.here else 0


def quoted(message: Message) -> list[str]:
    """The members' words in a message."""
    return [block.text for block in message.blocks if isinstance(block, Quote)]


def said_in_thread(d: Dialogue) -> list[str]:
    """The members' words in the thread."""
    return [text for post in d.platform.replies for text in quoted(post.message)]


async def settled(d: Dialogue) -> None:
    """Let the scheduler post what came late."""
    await d.store.due.enqueue(d.channel, d.now)
    await d.clockwork.work()


async def test_a_hundred_members_answer_at_once(d: Dialogue) -> None:
    d.now += RevealRule().min_wait
    recorded = await asyncio.gather(*(answer(d, n) for n in range(CROWD)))
    assert sorted(one.replies for one in recorded) == list(range(1, CROWD + 1))
    assert {(one.status, one.points, one.streak) for one in recorded} == {("saved", 10, 1)}
    assert quoted((await d.reveal()).message) == [words_of(n) for n in range(CROWD)]


async def test_a_hundred_answers_over_connections_of_their_own_count_as_many(
    d: Dialogue, redis_url: str
) -> None:
    clients = [client_of(redis_url) for _ in range(CROWD)]
    await asyncio.gather(*(answer(d, n, store=Store(client)) for n, client in enumerate(clients)))
    await asyncio.gather(*(client.aclose() for client in clients))
    for place in (d.channel, Channel(d.channel.team, "")):
        board = await d.store.leaderboard(place, Member("m0", "M0"), "all", d.now)
        assert (board.size, {one.score for one in board.top}, board.own) == (CROWD, {10}, Own(1, 10))


async def test_the_same_form_sent_a_hundred_times_at_once_counts_once(d: Dialogue) -> None:
    request = d.request("ana", "answer", "An answer that says something.", id="form")
    replies = await asyncio.gather(*(d.bot.handle(request) for _ in range(CROWD)))
    # Each delivery of the same act has the same reply.
    assert {d.text(reply) for reply in replies} == {d.text(replies[0])}
    assert "Your answer is in.** +10 points. Streak: 1 day." in d.text(replies[0])
    found = await standing(d, "ana")
    assert (streak_of(found), found.answered, found.boards["all"]) == (1, 1, (10, 1))
    assert quoted((await d.reveal()).message) == ["An answer that says something."]


async def test_a_hundred_texts_of_one_member_leave_one_answer(d: Dialogue) -> None:
    recorded = await asyncio.gather(*(answer(d, 0, f"My text number {n}.") for n in range(CROWD)))
    statuses = Counter(one.status for one in recorded)
    # What comes after a newer one has no effect.
    assert statuses["saved"] == 1
    assert statuses["replaced"] + statuses["older"] == CROWD - 1
    assert {one.replies for one in recorded} == {1}
    assert (await standing(d, "m0")).boards["all"] == (10, 1)
    assert quoted((await d.reveal()).message) == [f"My text number {CROWD - 1}."]


async def test_a_hundred_texts_that_arrive_in_any_order_leave_the_newest(d: Dialogue) -> None:
    requests = [d.request("ana", "answer", f"My text number {n}.") for n in range(CROWD)]
    shuffled = Random(7).sample(requests, CROWD)
    await asyncio.gather(*(d.bot.handle(request) for request in shuffled))
    assert (await standing(d, "ana")).boards["all"] == (10, 1)
    assert quoted((await d.reveal()).message) == [f"My text number {CROWD - 1}."]


async def test_answers_and_withdrawals_in_any_order_leave_all_or_nothing(d: Dialogue) -> None:
    kinds = (Act("withdraw"), Act("answer", words_of(0)))
    doings: list[tuple[Request, Act]] = [(d.request("m0", "answer"), kinds[n % 2]) for n in range(CROWD + 1)]
    shuffled = Random(7).sample(doings, len(doings))
    await asyncio.gather(*(d.store.act(request, act, d.now) for request, act in shuffled))
    seen, found = await d.store.today(d.channel, Member("m0", "M0"), d.now), await standing(d, "m0")
    # The newest act by its moment is a withdrawal.
    assert seen.round
    assert (seen.own, seen.round.replies, streak_of(found), found.answered) == (None, 0, 0, 0)
    assert found.boards == {}


async def test_the_same_practice_answer_sent_at_once_counts_once(redis: Redis) -> None:
    d = Dialogue(redis)
    request = d.request("ana", "random answer basics/q5", "A practice answer.", id="form")
    await asyncio.gather(*(d.bot.handle(request) for _ in range(CROWD)))
    found = await standing(d, "ana")
    assert (found.answered, found.boards["all"]) == (1, (1, 1))


@pytest.mark.parametrize("before", [0, 1, 50, 99, 100])
async def test_an_answer_beside_the_reveal_is_in_time_or_late_and_shown_once(
    d: Dialogue, before: int
) -> None:
    await d.store.force_reveal(d.channel)
    await d.store.due.enqueue(d.channel, d.now)
    answers = [asyncio.create_task(answer(d, n)) for n in range(CROWD)]
    reveal = asyncio.create_task(d.clockwork.work())
    # Each turn of the loop takes what was begun before it, so the reveal lands after a part of the answers.
    more = [asyncio.create_task(answer(d, CROWD + n)) for n in range(before)]
    recorded = await asyncio.gather(*answers, *more)
    await reveal
    # Whoever comes after everything is late.
    recorded.append(await answer(d, CROWD + before))
    await settled(d)
    assert sorted(said_in_thread(d)) == sorted(words_of(n) for n in range(len(recorded)))
    assert {one.status for one in recorded} <= {"saved", "late"}
    assert recorded[-1].status == "late"
    for n in (0, len(recorded) - 2):
        assert (await standing(d, f"m{n}")).boards["all"][0] == recorded[n].points


async def test_answers_in_many_small_waves_beside_the_reveal_are_all_accounted_for(d: Dialogue) -> None:
    recorded: dict[int, Recorded] = {}

    async def come(n: int) -> None:
        for _ in range(n // 4):
            # Give way to everything else once, so that the answers are spread over the reveal's steps.
            await d.redis.ping()
        recorded[n] = await answer(d, n)

    await d.store.force_reveal(d.channel)
    await d.store.due.enqueue(d.channel, d.now)
    await asyncio.gather(*(come(n) for n in range(CROWD)), d.clockwork.work())
    statuses = Counter(one.status for one in recorded.values())
    assert statuses["saved"] + statuses["late"] == CROWD
    await settled(d)
    assert sorted(said_in_thread(d)) == sorted(words_of(n) for n in range(CROWD))
    members = (Member(f"m{n}", "") for n in range(CROWD))
    seen = await asyncio.gather(*(d.store.today(d.channel, who, d.now) for who in members))
    assert [one.own and one.own.late for one in seen] == [recorded[n].status == "late" for n in range(CROWD)]


@pytest.mark.parametrize(("text", "more"), [("answer withdraw", []), (f"answer {words_of(99)}", [99])])
async def test_what_arrives_while_a_reveal_is_told_changes_no_page_of_it(
    d: Dialogue, text: str, more: list[int]
) -> None:
    requests = [d.request(f"m{n}", "answer", words_of(n)) for n in range(25)]
    # An act of before the reveal that is delivered now.
    delayed = d.request("m99" if more else "m0", text, at=requests[3].at)
    for request in requests:
        await d.bot.handle(request)
    d.now += timedelta(minutes=1)
    reply = d.platform.reply

    async def reply_while_others_act(*args: Any, **named: Any) -> str:
        if len(d.platform.replies) == 2:
            await d.bot.handle(delayed)
        return await reply(*args, **named)

    d.platform.reply = reply_while_others_act  # type: ignore[method-assign]
    await d.reveal()
    await settled(d)
    assert said_in_thread(d) == [words_of(n) for n in (*range(25), *more)]


async def test_a_round_asked_for_by_many_at_once_is_posted_once(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    await asyncio.gather(*(d.bot.handle(d.request(ADMIN, "daily now")) for _ in range(20)))
    await asyncio.gather(*(replace(d.clockwork).work() for _ in range(5)))
    await d.forward(hours=3)
    assert [post.key for post in d.platform.posts] == ["practice:20780"]


async def test_a_hundred_commands_at_once_each_get_their_own_reply(d: Dialogue) -> None:
    texts = ("today", "me", "streak", "leaderboard all", "topics")
    alone = {text: d.text(await d.bot.handle(d.request("solo", text))) for text in texts}
    requests = [d.request("solo", texts[n % len(texts)]) for n in range(CROWD)]
    replies = await asyncio.gather(*(d.bot.handle(request) for request in requests))
    assert [d.text(reply) for reply in replies] == [alone[request.text] for request in requests]
