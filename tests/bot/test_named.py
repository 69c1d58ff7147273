"""Members whom the admins let settle suggestions, or do what admins may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from tests.bot.test_suggesting import suggested, told
from tests.dialogue import ADMIN, Dialogue, is_refused

OTHERS = ("flags", "questions add", "questions export", "daily on 09:00", "daily reviewers <@bob|Bob>", "log")


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    return Dialogue(redis)


async def test_a_reviewer_settles_suggestions_and_nothing_else(d: Dialogue) -> None:
    assert "Bob" in await d.hears(ADMIN, "daily reviewers <@bob|Bob>")
    await suggested(d)
    shown = await d.says("bob", "suggestions")
    assert "Suggestion 1 of 1" in d.text(shown)
    assert "It can be asked now" in d.text(await d.press("bob", shown, "Approve"))
    assert len(told(d, "ana")) == 1
    assert "suggestions approve" in await d.hears(ADMIN, "log")
    for text in OTHERS:
        assert is_refused(await d.says("bob", text)), text
    assert is_refused(await d.says("carl", "suggestions"))


async def test_the_newest_list_holds_and_status_shows_it(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 09:00 daily UTC")
    assert "Reviewers" not in await d.hears("ana", "daily status")
    await d.says(ADMIN, "daily reviewers <@bob|Bob>, <@carl|*Carl*> <@bob|Bob>")
    assert "Reviewers: *Carl*, Bob" in await d.hears("ana", "daily status")
    await d.says(ADMIN, "daily reviewers <@dora|Dora>")
    assert is_refused(await d.says("bob", "suggestions"))
    assert not is_refused(await d.says("dora", "suggestions"))
    assert "Only admins review" in await d.hears(ADMIN, "daily reviewers none")
    assert is_refused(await d.says("dora", "suggestions"))


@pytest.mark.parametrize("has_moment", [True, False])
async def test_a_list_that_comes_again_undoes_no_newer_one(d: Dialogue, has_moment: bool) -> None:
    acts = [d.request(ADMIN, f"daily reviewers {who}") for who in ("<@bob|Bob>", "none")]
    for act in (*acts, acts[0]):
        d.now += timedelta(seconds=1)
        await d.handle(act if has_moment else replace(act, at=None))
    assert await d.store.reviewers.of(d.channel.team) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("bob", "Write members like"),
        ("<@bob|Bob> please", "Write members like"),
        ("@nobody", "knows no member `@nobody`"),
        ("<@&123|crew>", "Name members, not groups"),
        (" ".join(f"<@u{n}|U>" for n in range(21)), "At most 20"),
        ("", "Ana"),
    ],
)
async def test_what_names_no_members_is_refused(d: Dialogue, typed: str, words: str) -> None:
    said = await d.says(ADMIN, f"daily reviewers {typed}")
    assert is_refused(said)
    assert words in d.text(said)
    assert await d.store.reviewers.of(d.channel.team) == []


async def test_who_is_known_may_be_named_without_a_mention(d: Dialogue) -> None:
    await d.says("bob", "boards off")
    await d.says(ADMIN, "daily on 09:00 daily UTC")
    await d.open_round()
    await d.says("bob", "answer The stripes become vectors, I believe.")
    assert "Bob" in await d.hears(ADMIN, "daily reviewers @bob")
    assert not is_refused(await d.says("bob", "suggestions"))


async def test_a_reviewer_of_one_team_is_none_in_another(d: Dialogue, redis: Redis) -> None:
    other = Dialogue(redis)
    other.channel = replace(d.channel, team="console:other")
    await d.says(ADMIN, "daily reviewers <@bob|Bob>")
    assert is_refused(await other.says("bob", "suggestions"))


async def test_who_has_everything_erased_reviews_no_more(d: Dialogue) -> None:
    act = d.request(ADMIN, "daily reviewers <@bob|Bob> <@carl|Carl>")
    await d.handle(act)
    d.now += timedelta(minutes=1)
    await d.says("bob", "privacy erase yes")
    await d.forward(minutes=1)
    assert [one.id for one in await d.store.reviewers.of(d.channel.team)] == ["carl"]
    # Not even where that comes again.
    await d.handle(act)
    assert [one.id for one in await d.store.reviewers.of(d.channel.team)] == ["carl"]


async def test_a_named_admin_does_what_admins_may_and_is_shown_their_help(d: Dialogue) -> None:
    assert is_refused(await d.says("bob", "daily on 09:00 daily"))
    assert "Bob" in await d.hears(ADMIN, "daily admins <@bob|Bob>")
    for text in ("daily on 09:00 daily", "flags", "daily recap friday", "away <@carl|Carl> 2027-01-05"):
        assert not is_refused(await d.says("bob", text)), text
    assert "Admin" in await d.hears("bob", "help")
    assert "Admin" not in await d.hears("carl", "help")
    assert "Admins: Bob" in await d.hears("carl", "daily status")
    assert "daily on" in await d.hears(ADMIN, "log")


async def test_who_is_named_no_more_administers_no_more(d: Dialogue) -> None:
    await d.says(ADMIN, "daily admins <@bob|Bob>")
    assert "Only the platform's own admins" in await d.hears("bob", "daily admins none")
    assert is_refused(await d.says("bob", "daily admins <@bob|Bob>"))


async def test_an_admin_of_one_team_is_none_in_another(d: Dialogue, redis: Redis) -> None:
    other = Dialogue(redis)
    other.channel = replace(d.channel, team="console:other")
    await d.says(ADMIN, "daily admins <@bob|Bob>")
    assert is_refused(await other.says("bob", "daily on 09:00 daily"))


async def test_where_discord_hides_the_command_it_is_said(d: Dialogue) -> None:
    d.channel = replace(d.channel, team="discord:1")
    assert "show it to them" in await d.hears(ADMIN, "daily admins <@5|Bob>")
    assert "show it to them" not in await d.hears(ADMIN, "daily admins none")


async def test_an_admin_who_has_everything_erased_is_none_any_more(d: Dialogue) -> None:
    await d.says(ADMIN, "daily admins <@bob|Bob>")
    await d.says("bob", "privacy erase yes")
    await d.forward(minutes=1)
    assert is_refused(await d.says("bob", "daily on 09:00 daily"))
