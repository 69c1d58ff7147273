"""Blind: before the reveal nothing shows the reference or another's answer; and what counts as one's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.commands.parsing import Command
from bot.commands.table import TABLE
from bot.game.answers import COPIED
from bot.game.rules import KEPT_AHEAD
from bot.messages import Form
from bot.requests import Channel
from tests.dialogue import ADMIN, START, Dialogue, buttons_of, catalogue_of, deck, is_refused, question
from tests.lives import Life

ROUND = "@practice:20780"
ANAS = "What Ana thinks of subject number nothing."
BOBS = "What Bob thinks of it, in his own words."
OTHER = Channel("console:local", "other")
FORTY = deck(*(question(n) for n in range(40)))
# What a member may put behind the name of a command.
WORDS = (
    "",
    ROUND,
    f"{ROUND} show",
    f"{ROUND} 1",
    f"{ROUND} good",
    "basics/q0",
    "basics/q0 1",
    "basics/q0 good",
)
PLAYED = [one for one in TABLE.commands if not one.admin]
REFERENCE = (
    "A language model's temperature divides the logits before the softmax. Below one, the differences grow "
    "and the likeliest token wins nearly always; above one, they shrink and rare tokens get a chance. At "
    "zero, one takes the likeliest token each time. It does not change which token is likeliest, so it can't "
    "make a model know more; it only trades variety against reliability."
)


async def with_practice(redis: Redis) -> Dialogue:
    """Ana and Bob have practised, graded and been interviewed on what is asked today; Ana has answered."""
    d = Dialogue(redis, catalogue_of(FORTY), now=START - timedelta(days=3))
    for who in ("ana", "bob"):
        await d.says(who, "random answer basics/q0", "It is all about secret0, as I know.")
        await d.says(who, "grade basics/q0 again")
    d.now = START
    await d.open_round()
    await d.says("ana", f"answer {ANAS}")
    return d


PRACTISED = Life(with_practice)


@pytest.fixture
async def d(redis: Redis, redis_url: str) -> Dialogue:
    return await PRACTISED.again(redis, redis_url)


def gives_away(words: str, command: Command) -> bool:
    """Whether words hold what is to be hidden. A hint is the beginning of one key point, on purpose."""
    hidden = ["secret0", "pitfall0", "source0", ANAS]
    return any(one in words for one in [*hidden, *(["point0"] if command.name != "hint" else [])])


@pytest.mark.parametrize("command", PLAYED, ids=lambda one: one.name)
@pytest.mark.parametrize("body", [None, BOBS])
async def test_no_command_shows_the_answer_to_an_open_question(
    d: Dialogue, command: Command, body: str | None
) -> None:
    for words in WORDS:
        reply = await d.says("bob", f"{command.name} {words}".strip(), body)
        assert not gives_away(d.text(reply), command), words
        for button in buttons_of(reply):
            assert not gives_away(d.text(await d.says("bob", button.command)), command), button.command


async def test_no_notification_holds_an_answer_a_key_point_or_the_reference(d: Dialogue) -> None:
    await d.says("bob", f"answer {BOBS}")
    await d.reveal()
    await d.says("cyd", "answer What Cyd thinks of it, late.")
    said = [*d.platform.posts, *d.platform.lines, *d.platform.replies, *d.platform.edits]
    assert len(said) > 4
    for post in said:
        assert post.message.notice
        assert not any(word in post.message.notice for word in ("secret0", "point0", "pitfall0", "thinks of"))


async def practised(d: Dialogue, who: str) -> set[str]:
    """All that is offered for practice, in as many draws as that takes."""
    return {buttons_of(await d.says(who, "random"))[0].command.split()[-1] for _ in range(150)}


async def test_random_keeps_off_the_open_question_and_the_next_ten(d: Dialogue) -> None:
    shown = await practised(d, "cyd")
    assert shown == {f"basics/q{n}" for n in range(KEPT_AHEAD + 1, 40)}


async def test_what_comes_soon_is_known_before_the_first_question(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(FORTY))
    await d.says(ADMIN, "daily on 09:00 daily")
    shown = await practised(d, "cyd")
    assert shown == {f"basics/q{n}" for n in range(KEPT_AHEAD, 40)}
    # A schedule that is turned off keeps nothing back.
    await d.says(ADMIN, "daily off")
    shown = await practised(d, "dan")
    assert shown == set(d.catalogue.items)


async def test_the_only_question_of_a_schedule_is_known_too(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(question(0, topic="fish"), *(question(n) for n in range(1, 9)))))
    await d.says(ADMIN, "daily on 09:00 daily fish")
    assert "number 0" not in await d.hears("ana", "random fish")


async def test_the_next_ten_of_every_channel_of_the_team_are_kept_back(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(FORTY))
    await d.says(ADMIN, "daily on 09:00 daily attention")
    await d.says(ADMIN, "daily on 09:00 daily prompting", channel=OTHER)
    shown = await practised(d, "cyd")
    topics = {d.catalogue.items[id].question.topic: id for id in shown}
    assert set(topics) == {"attention", "prompting", "long context"}
    kept = {f"basics/q{n}" for n in range(30) if n % 3 in (0, 1)}
    assert shown == set(d.catalogue.items) - kept


@pytest.mark.parametrize("n", [0, 1, KEPT_AHEAD])
@pytest.mark.parametrize("command", ["random answer", "interview answer", "review answer", "flag"])
async def test_no_form_asks_for_what_is_open_or_comes_soon(d: Dialogue, command: str, n: int) -> None:
    reply = await d.says("bob", f"{command} basics/q{n}")
    assert is_refused(reply)
    assert "waits for the reveal" in d.text(reply)
    assert "subject number" not in d.text(reply)
    allowed = await d.says("bob", f"{command} basics/q{KEPT_AHEAD + 1}")
    assert isinstance(allowed, Form)


@pytest.mark.parametrize("n", [0, 1, KEPT_AHEAD])
async def test_the_buttons_of_a_practice_question_wait_once_it_is_open_or_comes_soon(
    d: Dialogue, n: int
) -> None:
    for text, body in (("random show", None), ("random answer", BOBS), ("review show", None), ("hint", None)):
        reply = await d.says("bob", f"{text} basics/q{n}", body)
        assert is_refused(reply)
        assert "so its answer waits for the reveal" in d.text(reply)
    assert not is_refused(await d.says("bob", f"random show basics/q{KEPT_AHEAD + 1}"))


async def test_review_and_interview_keep_off_what_is_open_or_comes_soon(d: Dialogue) -> None:
    # Bob's q0 is due, and open.
    assert "subject number 0" not in await d.hears("bob", "review")
    await d.says("bob", "interview 10")
    asked = []
    for _ in range(10):
        asked.append(await d.hears("bob", "interview next"))
        await d.says("bob", "interview skip")
    kept = [f"subject number {n} " for n in range(KEPT_AHEAD + 1)]
    assert not any(prompt in words for words in asked for prompt in kept)


# What counts as an answer.


@pytest.fixture
async def copied(redis: Redis) -> Dialogue:
    """A question with a reference of the usual length."""
    long = [replace(question(n), answer=REFERENCE) for n in range(2)]
    d = Dialogue(redis, catalogue_of(deck(long[0], *(question(n) for n in range(2, 40)), long[1])))
    await d.open_round()
    return d


@given(st.integers(0, len(REFERENCE) - 1), st.sampled_from(["", "x", "'", "X.", " "]))
@settings(max_examples=40)
async def test_the_reference_with_one_character_changed_is_no_answer(redis: Redis, at: int, new: str) -> None:
    await redis.flushall()
    d = Dialogue(redis, catalogue_of(deck(replace(question(0), answer=REFERENCE))))
    copy = REFERENCE[:at] + new + REFERENCE[at + 1 :]
    reply = await d.says("ana", "random answer basics/q0", copy)
    assert is_refused(reply)
    await d.open_round()
    reply = await d.says("ana", "answer", copy)
    assert is_refused(reply)
    assert d.text(reply).startswith(COPIED)
    assert copy.strip() in d.text(reply)


async def test_the_reference_in_part_is_no_answer_and_a_phrase_of_it_is_no_copy(copied: Dialogue) -> None:
    for part in (REFERENCE[:200], REFERENCE[150:], f"I think: {REFERENCE[40:260]}", REFERENCE.upper()):
        assert COPIED in await copied.hears("ana", "answer", part)
    own = (
        "Temperature sharpens or flattens what the softmax gives. When it is low, the likeliest token wins "
        "nearly always, and when it is high there is more variety, at the price of more nonsense."
    )
    assert "Your answer is in." in await copied.hears("ana", "answer", own)


async def test_a_copy_after_the_reveal_is_no_late_answer(copied: Dialogue) -> None:
    await copied.reveal()
    await copied.says("ana", f"today {ROUND} show")
    assert COPIED in await copied.hears("ana", "answer", REFERENCE)
    assert "None" not in await copied.hears("ana", "me")
    assert "points" not in await copied.hears("ana", "me")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("llmq today", "today"),
        ("/llmq leaderboard week", "leaderboard week"),
        ("LLMQ answer withdraw", "answer withdraw"),
        ("  llmq   random rag", "random rag"),
    ],
)
async def test_a_command_without_its_slash_is_no_answer(d: Dialogue, typed: str, meant: str) -> None:
    for reply in (
        await d.says("bob", "answer", typed),
        await d.says("bob", f"answer {typed}"),
        await d.writes("bob", typed, d.platform.posts[-1].id),
    ):
        assert is_refused(reply)
        assert f"Did you mean `/llmq {meant}`?" in d.text(reply)
    assert "You: not yet" in await d.hears("bob", "today")


async def test_who_has_answered_may_talk_in_the_thread_as_they_like(d: Dialogue) -> None:
    thread = d.platform.posts[-1].id
    for remark in ("ok", "llmq today", "What is subject number 0 good for?", "words " * 1000):
        assert d.text(await d.writes("ana", remark, thread)) == ""
    assert f"Ana: {ANAS}" in await d.hears("ana", "today")


async def test_the_reference_may_be_quoted_in_the_thread_after_the_reveal(copied: Dialogue) -> None:
    await copied.reveal()
    assert copied.text(await copied.writes("ana", REFERENCE, copied.platform.posts[-1].id)) == ""


async def test_an_answer_about_llmq_is_an_answer(d: Dialogue) -> None:
    assert "Your answer is in." in await d.hears("bob", "answer", "It is what llmq is for, I should think.")


@pytest.mark.parametrize("words", ["withdraw", "Withdraw please", "withdraw it.", "WITHDRAW MY ANSWER!"])
async def test_withdraw_is_understood_as_people_say_it(d: Dialogue, words: str) -> None:
    assert "Taken back" in await d.hears("ana", f"answer {words}")
    assert "You: not yet" in await d.hears("ana", "today")


@pytest.mark.parametrize("words", ["I don't know", "i dont know.", "No idea!", "idk", "I\u2019m not sure"])
async def test_not_knowing_keeps_the_streak_and_earns_nothing(d: Dialogue, words: str) -> None:
    said = await d.hears("bob", "answer", words)
    assert "Noted: you don't know this one yet.** Streak: 1 day." in said
    assert "points" not in said
    assert "points" not in (await d.hears("bob", "me")).replace("0 points", "")
    # An answer of one's own takes its place, and earns.
    assert "Your new answer is in.** +10 points." in await d.hears("bob", "answer", BOBS)
    assert "Your new answer is in." in await d.hears("bob", "answer", words)
    assert "points" not in await d.hears("bob", "me")
