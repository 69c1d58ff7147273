"""One list of scenarios for the terminal, Slack and Discord: what one of them lacks fails there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.commands.table import TABLE
from tests.adapters.stages import STAGES, Stage

ANSWER = "An answer that says <something> & more."
PROMPT = "What is subject number 0 good for?"


@pytest.fixture(params=STAGES)
async def stage(redis: Redis, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with STAGES[request.param](redis) as stage:
        yield stage


async def the_question_is_asked(stage: Stage) -> None:
    said = await stage.ask()
    assert PROMPT in said
    assert "Answers stay hidden until the reveal: with 3 answers, but not before" in said


async def answered_by_the_button(stage: Stage) -> None:
    await stage.ask()
    assert PROMPT in await stage.presses("ana", "Answer")
    assert "Your answer is in." in await stage.fills("ana", ANSWER)
    assert "in time" in await stage.says("ana", "today")
    assert ANSWER not in await stage.seen_by("bob")


async def answered_by_command_and_taken_back(stage: Stage) -> None:
    await stage.ask()
    assert "Your answer is in." in await stage.says("ana", f"answer {ANSWER}")
    said = await stage.presses("ana", "Take back")
    assert "Your answer is taken back" in said
    assert ANSWER in said
    assert "not yet" in await stage.says("ana", "today")


async def answered_by_a_reply(stage: Stage) -> None:
    await stage.ask()
    await stage.replies("ana", ANSWER)
    assert "in time" in await stage.says("ana", "today")


async def changed_before_the_reveal(stage: Stage) -> None:
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    await stage.says("ana", "today")
    await stage.presses("ana", "Change")
    assert "Your new answer is in." in await stage.fills("ana", "Another text of mine.")
    assert "Another text of mine." in await stage.reveal()


async def refused_with_a_reason(stage: Stage) -> None:
    await stage.ask()
    await stage.presses("ana", "Answer")
    assert "too short" in await stage.fills("ana", "No.")
    assert "not yet" in await stage.says("ana", "today")


async def blind_until_the_reveal(stage: Stage) -> None:
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    for text in ("today", "random", "topics", "leaderboard", "me", "streak", "help"):
        said = await stage.says("bob", text)
        assert "secret0" not in said
        assert ANSWER not in said
    revealed = await stage.reveal()
    assert "secret0" in revealed
    assert ANSWER in revealed
    assert "Revealed with 1 answer" in revealed
    assert "secret0" in await stage.says("bob", "today")


async def answered_late(stage: Stage) -> None:
    await stage.ask()
    await stage.reveal()
    await stage.says("ana", "today")
    await stage.presses("ana", "Answer late")
    assert "Your late answer is in. +4 points." in await stage.fills("ana", ANSWER)
    assert "secret0" in await stage.presses("ana", "Reference")


async def practised(stage: Stage) -> None:
    await stage.ask()
    assert "Practice" in await stage.says("ana", "random prompting")
    await stage.presses("ana", "Answer")
    said = await stage.fills("ana", ANSWER)
    assert "+1 point." in said
    assert "Reference answer" in said
    await stage.says("ana", "random")
    assert "Reference answer" in await stage.presses("ana", "Show answer")
    assert "Practice" in await stage.presses("ana", "Another")


async def ranked_and_shown_to_the_channel(stage: Stage) -> None:
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    said = await stage.says("ana", "leaderboard")
    assert "You are number 1 of 1 with 10." in said
    assert "Leaderboard" not in await stage.seen_by("bob")
    assert "All time" in await stage.presses("ana", "All time")
    await stage.says("ana", "leaderboard all")
    await stage.presses("ana", "Show to channel")
    assert "Shown by ana" in await stage.seen_by("bob")


async def hidden_from_the_boards(stage: Stage) -> None:
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    assert "You have left the boards." in await stage.says("ana", "boards off")
    assert "Nobody is on this board yet." in await stage.says("bob", "leaderboard")
    assert "You are on the boards again" in await stage.says("ana", "boards on")


async def scheduled_by_admins_alone(stage: Stage) -> None:
    await stage.ask()
    for text in ("daily on 09:00", "daily off", "daily pause", "daily skip", "daily now", "reveal"):
        assert "Only an admin" in await stage.says("ana", text)
    assert "Daily question is on" in await stage.says(
        "boss", "daily on 17:30 mon-fri Europe/Berlin holidays DE-BY"
    )
    assert "Mon to Fri at 17:30 (Europe/Berlin)" in await stage.says("ana", "daily status")
    assert "From the next round on" in await stage.says("boss", "daily reveal 2 30m 6h")
    assert "is skipped" in await stage.says("boss", "daily skip")
    assert "Paused." in await stage.says("boss", "daily pause")
    assert "Daily question goes on" in await stage.says("boss", "daily resume")
    assert "Daily question is off." in await stage.says("boss", "daily off")


async def told_about_oneself(stage: Stage) -> None:
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    assert "1 round day, best 1" in await stage.says("ana", "me")
    assert "answered" in await stage.says("ana", "streak")
    assert "The basics (basics)" in await stage.says("ana", "topics")
    assert "/llmq daily on TIME" in await stage.says("ana", "help daily on")


SCENARIOS: tuple[Callable[[Stage], Awaitable[None]], ...] = (
    the_question_is_asked,
    answered_by_the_button,
    answered_by_command_and_taken_back,
    answered_by_a_reply,
    changed_before_the_reveal,
    refused_with_a_reason,
    blind_until_the_reveal,
    answered_late,
    practised,
    ranked_and_shown_to_the_channel,
    hidden_from_the_boards,
    scheduled_by_admins_alone,
    told_about_oneself,
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
async def test_it_is_the_same_everywhere(stage: Stage, scenario: Callable[[Stage], Awaitable[None]]) -> None:
    await scenario(stage)


def test_every_command_is_in_a_scenario() -> None:
    source = Path(__file__).read_text()
    assert [name for name in TABLE.names if name not in source and name != "answer"] == []
