"""Many at once: every answer is kept exactly once, in time and shown or late, whatever runs beside it."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.game.schedule import to_ms
from bot.messages import Message, Quote
from bot.requests import Member
from bot.store.records import Recorded, Standing
from bot.store.store import Store
from content.words import normalised
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


async def answer(d: Dialogue, n: int, text: str = "", store: Store | None = None) -> Recorded:
    text, who = text or words_of(n), Member(f"m{n}", f"M{n}")
    return await (store or d.store).answer(d.channel, who, text, normalised(text), d.now, "", "")


async def standing(d: Dialogue, n: int) -> Standing:
    return await d.store.standing(d.channel.team, Member(f"m{n}", f"M{n}"), d.now, 0)


def quoted(message: Message) -> list[str]:
    """The members' words in a reveal."""
    return sorted(block.text for block in message.blocks if isinstance(block, Quote))


async def test_a_hundred_members_answer_at_once(d: Dialogue) -> None:
    recorded = await asyncio.gather(*(answer(d, n) for n in range(CROWD)))
    assert sorted(one.replies for one in recorded) == list(range(1, CROWD + 1))
    assert {(one.status, one.points, one.streak) for one in recorded} == {("saved", 10, 1)}
    # The one that makes the round ripe says so, and no other.
    assert [one.hurry is not None for one in recorded].count(True) == 1
    assert quoted((await d.reveal()).message) == sorted(words_of(n) for n in range(CROWD))


async def test_a_hundred_answers_over_connections_of_their_own_count_as_many(
    d: Dialogue, redis_url: str
) -> None:
    clients = [client_of(redis_url) for _ in range(CROWD)]
    await asyncio.gather(*(answer(d, n, store=Store(client)) for n, client in enumerate(clients)))
    await asyncio.gather(*(client.aclose() for client in clients))
    board = await d.store.leaderboard(d.channel.team, Member("m0", "M0"), "all", d.now)
    assert (board.size, {score for _, _, score in board.top}, board.own) == (CROWD, {10}, (1, 10))


async def test_the_same_form_sent_a_hundred_times_at_once_counts_once(d: Dialogue) -> None:
    request = d.request("ana", "answer", "An answer that says something.", id="form")
    replies = await asyncio.gather(*(d.bot.handle(request) for _ in range(CROWD)))
    assert Counter("+10 points" in d.text(reply) for reply in replies) == {True: 1, False: CROWD - 1}
    assert all("Your answer is in." in d.text(reply) for reply in replies)
    found = await d.store.standing(d.channel.team, Member("ana", "Ana"), d.now, 0)
    assert (found.streak, found.answered, found.boards["all"]) == (1, 1, (10, 1))
    assert quoted((await d.reveal()).message) == ["An answer that says something."]


async def test_a_hundred_texts_of_one_member_leave_one_answer(d: Dialogue) -> None:
    recorded = await asyncio.gather(*(answer(d, 0, f"My text number {n}.") for n in range(CROWD)))
    assert Counter(one.status for one in recorded) == {"saved": 1, "replaced": CROWD - 1}
    assert {one.replies for one in recorded} == {1}
    assert (await standing(d, 0)).boards["all"] == (10, 1)


async def test_answers_and_withdrawals_in_any_order_leave_all_or_nothing(d: Dialogue) -> None:
    who = Member("m0", "M0")

    async def take_back(request: str) -> None:
        await d.store.withdraw(d.channel, who, request, d.now, "", "")

    await asyncio.gather(*(answer(d, 0) if n % 2 else take_back(f"r{n}") for n in range(CROWD)))
    seen, found = await d.store.today(d.channel, who), await standing(d, 0)
    given = seen.own is not None
    assert seen.round
    assert (seen.round.replies, found.streak, found.answered) == (given, given, given)
    assert found.boards.get("all") == ((10, 1) if given else None)


async def test_the_same_practice_answer_sent_at_once_counts_once(d: Dialogue) -> None:
    request = d.request("ana", "random answer basics/q5", "A practice answer.", id="form")
    await asyncio.gather(*(d.bot.handle(request) for _ in range(CROWD)))
    found = await d.store.standing(d.channel.team, Member("ana", "Ana"), d.now, 0)
    assert (found.answered, found.boards["all"]) == (1, (1, 1))


@pytest.mark.parametrize("before", [0, 1, 50, 99, 100])
async def test_an_answer_beside_the_reveal_is_shown_or_late_but_never_lost(d: Dialogue, before: int) -> None:
    await d.store.force_reveal(d.channel)
    await d.store.due.hurry(d.channel, to_ms(d.now))
    answers = [asyncio.create_task(answer(d, n)) for n in range(CROWD)]
    reveal = asyncio.create_task(d.clockwork.work())
    # Each turn of the loop takes what was begun before it, so the reveal lands after a part of the answers.
    more = [asyncio.create_task(answer(d, CROWD + n)) for n in range(before)]
    recorded = await asyncio.gather(*answers, *more)
    await reveal
    # Whoever comes after everything is late.
    recorded.append(await answer(d, 2 * CROWD))
    in_time = sorted(words_of(n) for n, one in enumerate(recorded[:-1]) if one.status == "saved")
    assert quoted(d.platform.replies[-1].message) == in_time
    assert {one.status for one in recorded} <= {"saved", "late"}
    assert recorded[-1].status == "late"
    for n in (0, len(recorded) - 2):
        assert (await standing(d, n)).boards["all"][0] == recorded[n].points


async def test_answers_in_many_small_waves_beside_the_reveal_are_all_accounted_for(d: Dialogue) -> None:
    recorded: dict[int, Recorded] = {}

    async def come(n: int) -> None:
        for _ in range(n // 4):
            # Give way to everything else once, so that the answers are spread over the reveal's steps.
            await d.redis.ping()
        recorded[n] = await answer(d, n)

    await d.store.force_reveal(d.channel)
    await d.store.due.hurry(d.channel, to_ms(d.now))
    await asyncio.gather(*(come(n) for n in range(CROWD)), d.clockwork.work())
    statuses = Counter(one.status for one in recorded.values())
    assert statuses["saved"] + statuses["late"] == CROWD
    in_time = sorted(words_of(n) for n, one in recorded.items() if one.status == "saved")
    assert quoted(d.platform.replies[-1].message) == in_time
    seen = await asyncio.gather(*(d.store.today(d.channel, Member(f"m{n}", "")) for n in range(CROWD)))
    assert [one.own and one.own.late for one in seen] == [recorded[n].status == "late" for n in range(CROWD)]


async def test_a_late_answer_is_not_shown_as_one_in_time_when_the_reveal_is_told_again(d: Dialogue) -> None:
    await answer(d, 0)
    await d.store.force_reveal(d.channel)
    id = (await answer(d, 0)).round
    first = await d.store.reveal(d.channel.team, id, d.now)
    assert (await answer(d, 1)).status == "late"
    again = await d.store.reveal(d.channel.team, id, d.now)
    assert first == again
    assert [one.name for one in again or ()] == ["M0"]


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
