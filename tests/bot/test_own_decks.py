"""The team's own questions in what members do: as they are now, and without a round trip of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.game.catalogue import Catalogue, Entry
from bot.game.suggestions import Suggestion
from bot.store.keys import team_prefix
from bot.store.own import KEPT_TEAMS, Catalogues
from bot.store.scripts import DeckChanged, reading
from tests.dialogue import ADMIN, Dialogue, is_refused, question

TEAM = "console:local"
SHOWN = "random show team/striped"


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    return Dialogue(redis)


async def put(d: Dialogue, answer: str, version: int = 1) -> None:
    """Let another process change the team's deck."""
    _, stored = await d.store.own.get(TEAM, "striped")
    changed = Entry(replace(question(77), id="striped", answer=answer), version)
    assert await d.store.own.put(TEAM, "striped", stored, changed, d.now) == "kept"


async def exchanges(d: Dialogue, who: str, text: str) -> int:
    """How often the server was heard for a command."""

    async def read() -> int:
        return int((await d.redis.info("stats"))["total_reads_processed"])

    first, before = await read(), await read()
    await d.bot.handle(d.request(who, text))
    # To be asked for this is heard, too.
    return await read() - before - (before - first)


FOR_ALL = (
    "topics basics",
    "me topics",
    "questions",
    "questions subject",
    "flag",
    "compare",
    "suggest",
    "interview results",
    "random x",
)
COMMANDS = (
    *(("ana", text) for text in FOR_ALL),
    *((ADMIN, text) for text in ("suggestions", "flags", "questions show q3", "daily queue")),
)


@pytest.mark.parametrize(("who", "text"), COMMANDS)
async def test_a_team_without_a_deck_pays_nothing_for_those_that_have_one(
    d: Dialogue, who: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first time teaches the server the scripts.
    await d.says(who, text)
    asked = await exchanges(d, who, text)

    async def played(self: Catalogues, _: str, act: Any) -> Any:
        return await act(self.shared)

    monkeypatch.setattr(Catalogues, "played", played)
    assert asked == max(await exchanges(d, who, text), 1)


async def test_a_change_by_another_process_is_seen_at_once(d: Dialogue) -> None:
    assert is_refused(await d.says("ana", SHOWN))
    for version in (1, 2):
        await put(d, f"Answer number {version}.", version)
        assert f"Answer number {version}." in await d.hears("ana", SHOWN)
        assert f"Answer number {version}." in await d.hears("ana", SHOWN)
    await d.redis.delete(f"llmq:{{{TEAM}}}:deck")
    assert is_refused(await d.says("ana", SHOWN))


async def test_a_search_finds_what_another_process_added(d: Dialogue) -> None:
    assert "10 questions" in await d.hears("ana", "questions")
    await put(d, "An answer.")
    assert "11 questions" in await d.hears("ana", "questions")
    assert "team/striped" in await d.hears("ana", "questions number 77")


async def test_what_begins_with_an_old_deck_changes_nothing(d: Dialogue) -> None:
    await put(d, "An answer.")
    draft = Suggestion("ana", "Ana", "Why?", "So.", "", "", "")
    with reading(team_prefix(TEAM), "an older one"), pytest.raises(DeckChanged):
        await d.store.suggestions.save_draft(TEAM, draft, d.now)
    assert await d.store.suggestions.draft(TEAM, "ana") is None
    # Only the first script looks: what an act itself changes in the deck stops it not.
    with reading(team_prefix(TEAM), await d.store.own.revision(TEAM)):
        await d.store.suggestions.save_draft(TEAM, draft, d.now)
        await put(d, "A better answer.", 2)
        assert await d.store.suggestions.draft(TEAM, "ana") == draft


async def test_of_the_teams_that_play_only_some_are_kept_made_up(d: Dialogue) -> None:
    catalogues = Catalogues(d.store.own, d.catalogue)

    async def count(catalogue: Catalogue) -> int:
        return len(catalogue.items)

    teams = [f"slack:T{n}" for n in range(KEPT_TEAMS + 2)]
    for team in teams:
        await d.store.own.put(team, "striped", "", Entry(replace(question(77), id="striped")), d.now)
    for team in (*teams, teams[0]):
        assert await catalogues.played(team, count) == len(d.catalogue.items) + 1
    assert len(catalogues._made) == KEPT_TEAMS
