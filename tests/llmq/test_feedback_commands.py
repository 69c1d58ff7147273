"""What the operator reads of members' words on questions."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner, Result
from redis.asyncio import Redis

from llmq.cli import llmq
from tests.dialogue import ADMIN, Dialogue


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch, redis_url: str) -> None:
    monkeypatch.setenv("LLMQ_REDIS_URL", redis_url)


async def say(*words: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, llmq, ["content", *words])


async def test_nothing_is_said_of_nothing(redis: Redis) -> None:
    assert (await say("proposals")).stderr == "no proposals\n"
    assert (await say("flags")).stderr == "no flags\n"


async def test_a_members_word_for_a_point_is_a_proposal_without_a_name(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.says("ana", "answer The hidden\n thing does it.")
    await d.reveal()
    await d.press("ana", await d.says("ana", "compare"), "I did say 1")
    found = await say("proposals")
    assert found.stdout == "basics/q0\n  point: point0\n  words: The hidden thing does it.\n"
    assert found.stderr == "1 proposal\n"
    assert "ana" not in found.output.casefold()


async def test_flags_are_listed_with_what_an_admin_made_of_them(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.open_round()
    await d.reveal()
    for who in ("ana", "bob"):
        form = await d.says(who, "flag @practice:20780")
        await d.fill(who, form, "It was so\nlast year.", {"reason": "outdated"})
    waiting = await say("flags")
    assert waiting.stdout.count("basics/q0: out of date · waits") == 2
    await d.press(ADMIN, await d.says(ADMIN, "flags"), "Keep")
    settled = await say("flags")
    assert settled.stdout.count("basics/q0: out of date · waits") == 1
    assert settled.stdout.count("basics/q0: out of date · kept") == 1
    assert settled.stdout.count("  It was so last year.\n") == 2
