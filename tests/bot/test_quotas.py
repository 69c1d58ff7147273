"""Nobody keeps the others from playing by sending commands without end."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from bot.bot import Bot
from bot.quotas import Quotas
from tests.dialogue import Dialogue, is_refused

ANSWER = "An answer that is long enough to count."


@pytest.fixture
async def d(redis: Redis) -> Dialogue:
    """Three commands a member, and five a team; a round is open."""
    d = Dialogue(redis)
    await d.open_round()
    d.bot = Bot(d.bot.game, Quotas(3, 5))
    return d


async def sent(d: Dialogue, who: str, number: int) -> list[bool]:
    """Whether each of so many commands was answered."""
    return [not is_refused(await d.says(who, "today")) for _ in range(number)]


async def test_a_member_who_sends_too_many_is_told_when_to_go_on_and_nobody_else_is(d: Dialogue) -> None:
    assert await sent(d, "ana", 3) == [True] * 3
    said = await d.hears("ana", "today")
    assert "You sent more than 3 commands within a minute. Go on in" in said
    assert await sent(d, "bob", 1) == [True]
    await d.forward(minutes=1)
    assert await sent(d, "ana", 1) == [True]


async def test_a_team_that_sends_too_many_leaves_other_teams_alone(d: Dialogue) -> None:
    await sent(d, "ana", 3)
    assert await sent(d, "bob", 3) == [True, True, False]
    assert "This team sent more than 5 commands within a minute." in await d.hears("cyd", "today")


async def test_what_a_member_has_sent_in_vain_does_not_count_for_the_team(d: Dialogue) -> None:
    await sent(d, "ana", 50)
    assert await sent(d, "bob", 2) == [True, True]


async def test_an_answer_that_is_one_too_many_comes_back_with_its_text(d: Dialogue) -> None:
    await sent(d, "ana", 3)
    assert ANSWER in await d.hears("ana", "answer", ANSWER)


async def test_a_reply_in_the_thread_always_counts(d: Dialogue) -> None:
    await sent(d, "ana", 4)
    await d.writes("ana", ANSWER, d.platform.posts[-1].id)
    await d.forward(minutes=1)
    assert "in time" in await d.hears("ana", "today")
