"""Whatever text arrives, the bot answers it and never shows an internal error."""

from __future__ import annotations

import logging

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.bot import AWAY, BROKEN
from bot.messages import Reply
from content.words import UNPRINTABLE
from tests.dialogue import ADMIN, Dialogue, buttons_of

ANYTHING = st.text(st.characters(codec=None))
REAL = (
    *("", "help", "help daily on", "today", "today @practice:20780", "me", "streak", "topics", "home"),
    *("answer", "answer withdraw", "answer @practice:20780 withdraw", "answer My answer is about weights."),
    *("answer @practice:20780 My answer is about weights.", "random", 'random "long context" hard'),
    *("random show basics/q1", "random answer basics/q1", "random answer basics/q0", "random show basics/q0"),
    *("leaderboard streak", "leaderboard show all", "boards off", "boards on", "daily", "daily status"),
    *("daily on 9:00 mon-fri Europe/Berlin attention", "daily on 9am berlin", "daily reveal 1 1h 8h"),
    *("daily off", "daily pause", "daily resume", "daily now", "daily skip", "reveal"),
    *(
        "daily free 2026-12-24..2027-01-02",
        "daily free none",
        "daily excuse yesterday",
        "daily excuse 23 Nov",
        "daily ping here",
        "daily recap friday",
        "daily goal 3",
        "daily reviewers <@U1|bob> <@U2>",
        "daily reviewers none",
        "daily ping <@&S1|devs>",
    ),
    *(
        "away tomorrow fri",
        "away off",
        "away @bob 2026-12-01",
        "away <@U1|bob> tomorrow",
        "leaderboard week team",
    ),
    *("suggest", "suggest drop", "suggest send x", "suggest nameless x", "suggestions"),
    *(
        "questions subject page 2",
        "questions show q1",
        "questions show q1 2",
        "questions add",
        "questions edit q1",
        "questions retire q2",
        "questions restore q2",
        "questions import",
        "questions export csv",
    ),
    *(
        "compare",
        "compare @practice:20780",
        "compare basics/q0",
        "grade @practice:20780 good",
        "grade basics/q0 easy",
    ),
    *(
        "said basics/q0 1",
        "hint",
        "hint basics/q0",
        "review",
        "review show basics/q0",
        "review answer basics/q0",
    ),
    *(
        "interview",
        "interview next",
        "interview answer 1",
        "interview skip",
        "interview end",
        "interview drop",
    ),
    *("today @practice:20780 show", "llmq today"),
)
PIECES = st.sampled_from(
    ['"', "“", "@", ":", "\n", "\x00", "\ud800", "\u202e", " ", "`", "-", ",", "٣", "²", "9" * 30]
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A real command with a few pieces put in, taken out or turned into capitals."""
    text = draw(st.sampled_from(REAL))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 4)))
        piece = draw(PIECES | ANYTHING | st.just(text[start:end].upper()))
        text = text[:start] + piece + text[end:]
    return text


TEXTS = mutated() | ANYTHING
BODIES = st.none() | ANYTHING | mutated() | st.just("My answer is about weights.") | st.just("x" * 5000)
# A platform gives its messages names that can be sent.
THREADS = st.none() | st.sampled_from(["m0", "another"]) | st.text()


def check(d: Dialogue, reply: Reply) -> str:
    """The words of a reply that a platform can show."""
    words = d.text(reply)
    assert BROKEN.partition("{")[0] not in words
    assert AWAY not in words
    assert not UNPRINTABLE.search(words)
    assert all(d.bot.complete(button.command) is not None for button in buttons_of(reply))
    return words


@given(st.sampled_from(["ana", ADMIN]), TEXTS, BODIES, THREADS)
@example("ana", "answer @\ud800:1", None, None)
@example("ana", "\ud800", None, None)
@example("ana", "\x1b[2J", None, None)
@example("ana", "help \ud800", None, None)
@example(ADMIN, "daily on \ud800", None, None)
@example("ana", "today @x\x00:1", None, None)
@example("ana", "answer", "My answer is about weights.", "\u202e")
@settings(max_examples=100)
async def test_whatever_arrives_is_answered(
    redis: Redis,
    caplog: pytest.LogCaptureFixture,
    who: str,
    text: str,
    body: str | None,
    thread: str | None,
) -> None:
    await redis.flushall()
    d = Dialogue(redis)
    await d.open_round()
    caplog.clear()
    with caplog.at_level(logging.ERROR):
        reply = await d.says(who, text, body) if thread is None else await d.writes(who, body, thread)
    words = check(d, reply)
    assert caplog.text == ""
    assert who == ADMIN or "secret0" not in words


@given(st.lists(st.tuples(st.sampled_from(["ana", "bob", ADMIN]), mutated(), BODIES), max_size=8))
@settings(max_examples=20)
async def test_whatever_is_said_one_after_the_other_is_answered(
    redis: Redis, said: list[tuple[str, str, str | None]]
) -> None:
    await redis.flushall()
    d = Dialogue(redis)
    await d.open_round()
    for who, text, body in said:
        check(d, await d.says(who, text, body))
        await d.forward(hours=5)
    check(d, await d.says("ana", "today"))


@pytest.mark.parametrize("number", ["9" * 5000, "٣" * 5000])
async def test_a_number_that_is_too_long_to_be_read_is_refused(redis: Redis, number: str) -> None:
    d = Dialogue(redis)
    await d.says("ana", "random answer basics/q5", "My answer is about weights.")
    check(d, await d.says("ana", f"said basics/q5 {number}"))
    await d.says("ana", "interview 1")
    await d.says("ana", "interview end")
    check(d, await d.says("ana", f"interview show {number}"))


@pytest.mark.parametrize("text", [text for text in REAL if text])
@pytest.mark.parametrize("body", [None, "x" * 100_000])
async def test_every_real_command_is_answered_with_and_without_a_body(
    redis: Redis, text: str, body: str | None
) -> None:
    d = Dialogue(redis)
    check(d, await d.says("ana", text, body))
    await d.open_round()
    for who in ("ana", ADMIN):
        check(d, await d.says(who, text, body))
