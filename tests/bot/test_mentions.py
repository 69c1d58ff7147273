"""Members who are named in commands."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from tests.dialogue import ADMIN, PRACTICE, Dialogue, is_refused


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    return Dialogue(redis)


async def is_away(d: Dialogue, member: str) -> bool:
    return bool(await d.redis.hget(f"llmq:{{{PRACTICE.team}}}:member:{member}", "away"))


async def test_an_admin_says_who_is_away_by_a_mention_whose_name_has_spaces(d: Dialogue) -> None:
    said = await d.hears(ADMIN, "away <@U1|Ana Ábrahám> tomorrow fri")
    assert "Ana Ábrahám is away from Tue 24 Nov to Fri 27 Nov." in said
    assert await is_away(d, "U1")
    assert "Ana Ábrahám is back." in await d.hears(ADMIN, "away <@U1|Ana Ábrahám> off")


async def test_a_member_who_names_themselves_needs_no_admin(d: Dialogue) -> None:
    assert "You are away on Tue 24 Nov." in await d.hears("ana", "away <@ana|Somebody> tomorrow")


async def test_a_member_says_it_of_nobody_else(d: Dialogue) -> None:
    assert is_refused(await d.says("ana", "away <@bob|Bob> tomorrow"))
    assert not await is_away(d, "bob")


async def test_a_typed_name_means_a_member_who_is_known_by_it(d: Dialogue) -> None:
    await d.open_round()
    await d.says("ana", "answer My answer is about weights.")
    assert "Ana is away on Tue 24 Nov." in await d.hears(ADMIN, "away @Ana tomorrow")
    said = await d.says(ADMIN, "away @somebody tomorrow")
    assert is_refused(said)
    assert "knows no member `@somebody`" in d.text(said)
    assert not await is_away(d, "somebody")


async def test_an_answer_has_members_by_their_names(d: Dialogue) -> None:
    await d.open_round()
    await d.says("ana", "answer <@U1|Bob B.> and <@U2|Cy> told me: it has weights.")
    assert "@Bob B. and @Cy told me: it has weights." in await d.hears("ana", "today")


async def test_a_refused_answer_comes_back_with_members_by_their_names(d: Dialogue) -> None:
    assert "Ana: @Bob told me all about it." in await d.hears("ana", "answer <@U1|Bob> told me all about it.")


async def test_a_refused_answer_that_begins_with_a_name_comes_back_whole(d: Dialogue) -> None:
    assert "Ana: @bob told me all about it." in await d.hears("ana", "answer @bob told me all about it.")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-11-01", "Sun 1 Nov is over."),
        ("2001-01-01 2001-01-03", "From Mon 1 Jan 2001 to Wed 3 Jan 2001 is over."),
        ("fri yesterday", "The last day should come after the first"),
    ],
)
async def test_nobody_is_away_on_days_that_are_over(d: Dialogue, when: str, said: str) -> None:
    reply = await d.says("ana", f"away {when}")
    assert is_refused(reply)
    assert said in d.text(reply)


async def test_away_into_another_year_names_it(d: Dialogue) -> None:
    said = await d.hears("ana", "away 2026-12-24 2027-01-02")
    assert "You are away from Thu 24 Dec to Sat 2 Jan 2027." in said
