"""What the operator brings into a team's own deck."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from redis.asyncio import Redis

from bot.errors import Refusal
from llmq.cli import llmq
from tests.bot.test_transfer import PASTED
from tests.dialogue import ADMIN, Dialogue


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch, redis_url: str, tmp_path: Path) -> None:
    monkeypatch.setenv("LLMQ_REDIS_URL", redis_url)
    monkeypatch.chdir(tmp_path)
    Path("birds.md").write_text(PASTED)
    Path("nothing.md").write_text("Nothing is asked here.\n")
    Path("faulty.md").write_text(f"{PASTED}\n## Birds\n\nThey fly.\n")


@pytest.fixture
async def d(redis: Redis) -> Dialogue:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 08:00 daily UTC")
    return d


async def bring(*words: str) -> Result:
    return await asyncio.to_thread(lambda: CliRunner().invoke(llmq, ["content", "import", *words]))


async def test_a_file_joins_the_own_deck_of_one_team(d: Dialogue) -> None:
    for said in ("2 added, 0 changed.", "0 added, 0 changed. 2 as they were already."):
        done = await bring("birds.md", "--team", d.channel.team)
        assert done.stdout == f"{d.channel.team}: {said}\n"
        assert done.exit_code == 0
    # A process that runs already asks them.
    assert "which-birds-have-embeddings" in await d.hears("ana", "questions birds")
    assert (await d.store.own.shelf("console:other"))[1] == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("birds.md", "--team", "console:typo"), "Nothing is held of console:typo."),
        (("birds.md", "--team", "console:local", "-o", "deck.md"), "not both"),
        (("nothing.md", "--team", "console:local"), "no question in this file"),
    ],
)
async def test_what_cannot_be_is_refused(d: Dialogue, words: tuple[str, ...], said: str) -> None:
    done = await bring(*words)
    assert isinstance(done.exception, Refusal)
    assert said in str(done.exception)
    assert (await d.store.own.shelf(d.channel.team))[1] == {}


async def test_of_a_file_with_a_fault_nothing_is_taken(d: Dialogue) -> None:
    done = await bring("faulty.md", "--team", d.channel.team)
    assert "faulty.md:19: a heading that is not a question" in str(done.exception)
    assert (await d.store.own.shelf(d.channel.team))[1] == {}
