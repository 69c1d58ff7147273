"""The round in conversation: how it stands, what is hidden before the reveal, and the reveal itself."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, timedelta

import pytest
from redis.asyncio import Redis

from bot.messages import moment
from bot.requests import Channel
from tests.dialogue import (
    ADMIN,
    PRACTICE,
    START,
    Dialogue,
    buttons_of,
    catalogue_of,
    deck,
    is_refused,
    question,
)

OTHER = Channel("console:local", "random-talk")
SECOND = "On second thoughts it is for another thing."
MINE = "My answer is about weights."
PROMPT = "What is subject number 0 good for?"


@pytest.fixture
def d(redis: Redis) -> Dialogue:
    """A dialogue with no schedule yet."""
    return Dialogue(redis)


@pytest.fixture
async def open(d: Dialogue) -> Dialogue:
    """A dialogue in which the day's first question has just been posted."""
    await d.open_round()
    return d


@pytest.fixture
async def numbered(d: Dialogue) -> Dialogue:
    """The same, where three answers are enough for the reveal."""
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.says(ADMIN, "daily reveal 3")
    await d.open_round()
    return d


def time_at(hour: int) -> str:
    """An hour of the first day, as the core writes it."""
    return moment(START.replace(hour=hour), UTC)


def nine_on(day: int) -> str:
    """Nine o'clock on a day of the first month."""
    return moment(START.replace(day=day, hour=9), UTC, "day")


async def test_today_says_how_the_round_stands(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    before, own = await open.hears("bob", "today"), await open.hears("ana", "today")
    assert "subject number 0" in before
    assert PROMPT in before
    assert f"Answered: 1\nYou: not yet\nReveal: {time_at(16)}\n" in before
    assert "[Answer]" in before
    assert f"Ana: {MINE}" in own


async def test_today_says_what_the_reveal_waits_for(d: Dialogue) -> None:
    await d.says(ADMIN, "daily on 09:00 daily")
    await d.says(ADMIN, "daily reveal 2")
    await d.open_round()
    said = await d.hears("ana", "today")
    assert f"Reveal: between {time_at(9)} and {time_at(16)}, once there are 2 answers\n" in said


async def test_today_shows_the_reference_after_the_reveal(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    await open.reveal()
    said = await open.hears("ana", "today")
    assert "State: revealed, late answers count" in said
    assert all(part in said for part in ("secret0", "point0", "pitfall0", "source0"))
    assert "[Answer late]" not in said


async def test_who_has_not_answered_reads_the_reference_only_when_they_ask_for_it(open: Dialogue) -> None:
    await open.reveal()
    unread = await open.says("bob", "today")
    assert "secret0" not in open.text(unread)
    assert "[Answer late]" in open.text(unread)
    assert "secret0" in open.text(await open.press("bob", unread, "Show the reference"))
    await open.says("bob", f"answer {MINE}")
    assert f"Bob · late, after reading: {MINE}" in open.thread()
    await open.says("cyd", f"answer {MINE}")
    assert f"Cyd · late: {MINE}" in open.thread()


async def test_today_after_the_close_says_when_the_next_one_comes(open: Dialogue) -> None:
    await open.says(ADMIN, "daily on 09:00 mon")
    await open.forward(days=2)
    said = await open.hears("ana", "today")
    assert "State: closed" in said
    assert "|day|Mon 30 Nov, 09:00 (UTC)" in said
    assert "[Answer" not in said


def late_ones(d: Dialogue) -> list[str]:
    return [d.text(one.message) for one in d.platform.replies if ":late:" in one.key]


async def test_a_late_answer_that_changes_changes_its_own_message(open: Dialogue) -> None:
    await open.reveal()
    first = await open.says("bob", "answer", MINE)
    assert [button.label for button in buttons_of(first)] == ["Compare mine", "Change", "Take back"]
    await open.says("cyd", "answer", MINE)
    assert "Your new late answer is in the thread.** Streak" in await open.hears("bob", "answer", SECOND)
    assert late_ones(open) == [f"Bob · late: {SECOND}", f"Cyd · late: {MINE}"]
    assert "[Change]" in await open.hears("bob", "today")


async def test_a_late_answer_that_is_taken_back_leaves_the_thread_with_its_points(open: Dialogue) -> None:
    await open.reveal()
    await open.says("bob", "answer", MINE)
    said = await open.hears("bob", "answer withdraw")
    assert f"Taken back, with its points. It was:\nBob: {MINE}" in said.replace("**", "")
    assert late_ones(open) == []
    assert "Bob" not in await open.hears("ana", "leaderboard")
    assert "You: not yet" in await open.hears("bob", "today")
    assert "Your late answer is in the thread.** +4 points." in await open.hears("bob", "answer", SECOND)
    assert late_ones(open) == [f"Bob · late: {SECOND}"]


async def test_a_late_answer_that_arrives_after_its_withdrawal_does_not_come_back(open: Dialogue) -> None:
    await open.reveal()
    at = open.now + timedelta(minutes=5)
    assert is_refused(await open.says("bob", "answer withdraw", at=at))
    await open.says("bob", "answer", MINE, at=at - timedelta(seconds=1))
    assert late_ones(open) == []
    await open.says("bob", "answer", SECOND, at=at + timedelta(seconds=1))
    assert late_ones(open) == [f"Bob · late: {SECOND}"]


async def test_to_take_a_graded_late_answer_back_and_give_another_earns_no_second_grade(
    open: Dialogue,
) -> None:
    await open.reveal()
    await open.says("bob", "answer", MINE)
    assert "+2 points" in open.text(await open.press("bob", await open.says("bob", "compare"), "Good"))
    await open.says("bob", "answer withdraw")
    await open.says("bob", "answer", SECOND)
    await open.says("bob", "grade @practice:20780 hard")
    assert "1 | Bob (you) | 6" in await open.hears("bob", "leaderboard")


async def test_today_of_a_closed_question_offers_nothing_that_is_too_late(open: Dialogue) -> None:
    await open.forward(days=2)
    closed = open.platform.posts[0].key
    said = await open.hears("ana", f"today @{closed}")
    assert "State: closed" in said
    assert "Answer first" not in said
    assert "[Show the reference]" in said


async def test_today_before_the_first_round_says_what_is_coming(d: Dialogue) -> None:
    assert "No daily question here yet. An admin starts it: `/llmq daily on`." in await d.hears(
        "ana", "today"
    )
    await d.says(ADMIN, "daily on 09:00 daily")
    assert "|day|Mon 23 Nov, 09:00 (UTC)" in await d.hears("ana", "today")
    await d.says(ADMIN, "daily pause")
    assert "Paused. By Boss." in await d.hears("ana", "today")


async def test_today_of_an_open_round_without_a_schedule_still_says_when_it_reveals(open: Dialogue) -> None:
    await open.says(ADMIN, "daily off")
    assert f"Reveal: {time_at(16)}\n" in await open.hears("ana", "today")


async def test_the_buttons_of_the_question_lead_to_the_form_and_to_the_status(open: Dialogue) -> None:
    post = open.platform.posts[-1].message
    assert [button.label for button in buttons_of(post)] == ["Answer", "Hint", "Status"]
    assert "You: not yet" in open.text(await open.press("ana", post, "Status"))


async def test_a_past_question_shows_its_own_status(open: Dialogue) -> None:
    first = open.platform.posts[-1].message
    await open.forward(days=1, hours=2)
    assert "subject number 0" in open.text(await open.press("ana", first, "Status"))
    assert "subject number 1" in await open.hears("ana", "today")


async def test_no_command_shows_the_answer_or_another_ones_before_the_reveal(open: Dialogue) -> None:
    await open.says("ana", f"answer {MINE}")
    for who in ("bob", ADMIN, "ana"):
        async for said in everything_said_to(open, who):
            assert not any(part in said for part in ("secret0", "point0", "pitfall0", "source0"))
            assert who == "ana" or MINE not in said


async def everything_said_to(d: Dialogue, who: str) -> AsyncIterator[str]:
    """The words of every reply that a person can get while the first question is open."""
    commands = [
        *("today", "today @practice:20780", "answer", "answer @practice:20780", "me", "streak", "topics"),
        *("leaderboard", "leaderboard show", "leaderboard all", "home", "help", "daily status", "daily now"),
        *("random show basics/q0", "random answer basics/q0", "daily skip", "daily resume"),
        *(
            "hint",
            "compare",
            "flag basics/q0",
            "flag @practice:20780",
            "review",
            "interview",
            "interview next",
        ),
        *(["random"] * 25),
    ]
    for text in commands:
        yield await d.hears(who, text)
    yield await d.hears(who, "random answer basics/q0", "A practice answer to it.")


async def test_reveal_is_for_admins(open: Dialogue) -> None:
    reply = await open.says("ana", "reveal")
    assert is_refused(reply)
    assert "Only admins of this channel can do this." in open.text(reply)
    assert open.platform.replies == []


async def test_reveal_shows_the_reference_and_every_answer_in_its_order(open: Dialogue) -> None:
    for who in ("ana", "bob"):
        await open.says(who, f"answer {who} writes something.")
        await open.forward(minutes=1)
    thread = open.text((await open.reveal()).message)
    assert thread.index("secret0") < thread.index("Ana: ana writes") < thread.index("Bob: bob writes")
    assert "2 answers" in thread
    edited = open.platform.edits[-1].message
    assert [button.label for button in buttons_of(edited)] == ["Compare mine", "Answer late"]
    assert "2 answered" in open.text(edited)
    assert "Revealed:** 2 answered." in open.text(open.platform.lines[-1].message)


async def test_reveal_without_answers_says_so(open: Dialogue) -> None:
    thread = open.text((await open.reveal()).message)
    assert "secret0" in thread
    assert "No answers yet. A late answer still keeps your streak." in thread


async def test_reveal_needs_an_open_round(d: Dialogue) -> None:
    assert "No question is open here. `/llmq daily now` asks one." in await d.hears(ADMIN, "reveal")
    await d.open_round()
    await d.reveal()
    assert "The question is revealed already" in await d.hears(ADMIN, "reveal")
    await d.says(ADMIN, "daily off")
    await d.forward(hours=25)
    assert "No question is open here" in await d.hears(ADMIN, "reveal")


async def test_enough_answers_reveal_after_the_least_wait(numbered: Dialogue) -> None:
    open = numbered
    for who in ("ana", "bob", "cyd"):
        await open.says(who, f"answer {who} writes something.")
    assert open.platform.replies == []
    await open.forward(minutes=59)
    assert open.platform.replies == []
    await open.forward(minutes=1)
    assert len(open.platform.lines) == 1


async def test_the_last_answer_needed_reveals_at_once_when_the_wait_is_over(numbered: Dialogue) -> None:
    open = numbered
    await open.forward(hours=2)
    for who in ("ana", "bob", "cyd"):
        assert open.platform.replies == []
        await open.says(who, f"answer {who} writes something.")
    assert len(open.platform.lines) == 1


async def test_an_answer_taken_back_no_longer_counts_for_the_reveal(numbered: Dialogue) -> None:
    open = numbered
    for who in ("ana", "bob", "cyd"):
        await open.says(who, f"answer {who} writes something.")
    await open.says("cyd", "answer withdraw")
    await open.forward(hours=7)
    assert open.platform.replies == []
    await open.forward(hours=1)
    assert "2 answers" in open.thread()


async def test_each_channel_has_its_own_round(open: Dialogue) -> None:
    await open.says(ADMIN, "daily on 09:00 daily", channel=OTHER)
    await open.says(ADMIN, "daily now", channel=OTHER)
    await open.says("ana", f"answer {MINE}", channel=OTHER)
    assert "You: in time" in open.text(await open.says("ana", "today", channel=OTHER))
    assert "You: not yet" in open.text(await open.says("ana", "today", channel=PRACTICE))


async def test_a_question_open_in_another_channel_stays_blind_here(redis: Redis) -> None:
    d = Dialogue(redis, catalogue_of(deck(question(0))))
    other = Channel(PRACTICE.team, "other")
    await d.open_round()
    await d.says("ana", "answer", "An answer that says something.")
    await d.reveal()
    assert "secret0" in await d.hears("ana", "today")
    await d.says(ADMIN, "daily on 09:00 daily", channel=other)
    await d.says(ADMIN, "daily now", channel=other)
    said = await d.hears("ana", "today")
    assert "secret0" not in said
    assert "The reference waits" in said


async def test_two_channels_of_a_team_do_not_ask_the_same_at_the_same_time(redis: Redis) -> None:
    d = Dialogue(redis)
    other = Channel(PRACTICE.team, "other")
    await d.open_round()
    await d.says(ADMIN, "daily on 09:00 daily", channel=other)
    await d.says(ADMIN, "daily now", channel=other)
    one, two = (d.text(post.message) for post in d.platform.posts)
    assert "subject number 0" in one
    assert "subject number 1" in two
