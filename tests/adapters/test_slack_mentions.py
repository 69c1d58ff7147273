"""What people write in commands: links, mentions and angle brackets, whatever Slack makes of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from adapters.slack.app import MOST_NAMED
from adapters.slack.typed import as_typed, mentioned, with_mentions
from tests.adapters.slack_team import ANSWER, Team, playing, texts, words
from tests.fakes.slack.mentions import as_stored

TYPED = "@bob & @channel: see https://example.org/a?b=1&c=2, example.com, #practice, <b> and `x < 1`"
RAW = "List<a:b> & <!doctype html>, <b>, x<@y, 1 < 2 > 0 and &c"


@pytest.fixture(params=[True, False], ids=["escaped", "as it is"])
async def team(redis: Redis, request: pytest.FixtureRequest) -> AsyncIterator[Team]:
    """A team whose app was made with `should_escape`, and one from before."""
    async with playing(redis, "http", should_escape=request.param) as team:
        yield team


@pytest.mark.parametrize("typed", [TYPED, RAW])
async def test_an_answer_in_a_command_stands_as_typed(team: Team, typed: str) -> None:
    await team.question()
    await team.says(team.ana, f"answer {typed}")
    assert typed in texts((await team.says(team.ana, "today")).blocks)
    assert typed in [text for one in await team.reveal() for text in texts(one.blocks)]


async def test_a_refused_answer_comes_back_as_typed(team: Team) -> None:
    assert TYPED in texts((await team.says(team.ana, f"answer {TYPED}")).blocks)


async def test_an_admin_says_that_a_member_is_away_by_a_mention(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        team.ana.user.display_name = "Ana <Ábrahám>"
        said = words(await team.says(team.boss, "away @ana tomorrow fri"))
        assert "Ana <Ábrahám is away from Tue 24 Nov to Fri 27 Nov." in said
        await team.question()
        assert "away" in (await redis.hgetall(f"llmq:{{slack:T0STANDIN}}:member:{team.ana.id}"))


async def test_where_slack_tells_no_member_a_typed_name_is_refused_and_an_id_is_taken(redis: Redis) -> None:
    async with playing(redis, "http", should_escape=False) as team:
        said = words(await team.says(team.boss, "away @ana tomorrow fri"))
        assert "knows no member  @ana ." in said
        said = words(await team.says(team.boss, f"away <@{team.ana.id}> tomorrow fri"))
        assert "ana is away from Tue 24 Nov to Fri 27 Nov." in said


async def test_who_names_themselves_needs_no_admin(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        assert "You are away" in words(await team.says(team.ana, "away @ana tomorrow"))
        assert "Only admins" in words(await team.says(team.ana, "away @bob tomorrow"))


async def test_a_mistyped_command_with_a_mention_says_so(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        await team.question()
        assert "There is no command  awya ." in words(await team.says(team.boss, "awya @ana tomorrow"))
        assert ANSWER not in await team.today(team.ana)


async def test_slack_is_asked_for_a_few_of_many_names_alone(redis: Redis) -> None:
    async with playing(redis, "http") as team:
        many = [team.slack.user(f"member{n}") for n in range(40)]
        await team.question()
        before = len(team.slack.calls("users.info"))
        said = " ".join(f"<@{one.id}|{one.user.name}>" for one in many)
        await team.says(team.ana, f"answer I would ask {said}")
        assert len(team.slack.calls("users.info")) - before <= MOST_NAMED + 1
        assert "@member39" in await team.today(team.ana)


NAMES = {"ana": "U001", "bob": "U002"}
PLACES = {"practice": "C001"}
PIECES = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.sampled_from(
        ["@ana", "@bob", "@here", "#practice", "&amp;", "<", ">", "|", "https://a.org/?b=1&c", "a@b.org"]
    ),
)


@given(st.lists(PIECES, max_size=8).map(" ".join), st.booleans())
@settings(max_examples=300)
def test_what_slack_makes_of_a_text_is_undone(typed: str, named: bool) -> None:
    stored = as_stored(typed, NAMES, PLACES, named=named)
    shown = {id: name for name, id in NAMES.items()}
    assert as_typed(stored, shown) == typed


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("<https://example.org|the page> says", "the page (https://example.org) says"),
        ("<mailto:a@example.org|a@example.org>", "a@example.org"),
        ("<!subteam^S123|@writers> and <!here>", "@writers and @here"),
        ("<!date^1392734382^{date}|18 Feb>", "18 Feb"),
        ("<#C001|practice> <#C002>", "#practice #C002"),
        ("<@U003> <@U002|bob>", "@U003 @Bob B."),
        ("&lt;@U002|bob&gt; &amp;lt;", "<@U002|bob> &lt;"),
    ],
)
def test_each_code_of_slacks_becomes_what_was_typed(stored: str, typed: str) -> None:
    assert as_typed(stored, {"U002": "Bob B."}) == typed


def test_a_command_keeps_who_is_meant() -> None:
    assert mentioned("away <@U001|ana> <@U002>") == {"U001": "ana", "U002": ""}
    assert with_mentions("away <@U001|ana> now", {"U001": "Ana > all"}) == "away <@U001|Ana  all> now"
