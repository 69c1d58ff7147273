"""One list of scenarios for the terminal, Slack and Discord: what one of them lacks fails there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.commands.table import TABLE
from tests.adapters.stages import STAGES, Stage, Terminal

ANSWER = "An answer that says <something> & more."
PROMPT = "What is subject number 0 good for?"


@pytest.fixture(params=STAGES)
async def stage(redis: Redis, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with STAGES[request.param](redis) as stage:
        yield stage


async def the_question_is_asked(stage: Stage) -> None:
    said = await stage.ask()
    assert PROMPT in said
    assert "Answer is private; a reply in the thread is not." in said
    assert "Reveal: " in said
    assert "A late answer keeps your streak." in said


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
    assert "Taken back, with its points." in said
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
    assert "This is the question itself." in await stage.fills("ana", PROMPT)
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
    assert "1 answered" in revealed
    assert "Revealed: 1 answered." in await stage.seen_by("bob")
    assert "secret0" in await stage.says("ana", "today")
    # Who has not answered may still do so without having read it.
    assert "secret0" not in await stage.says("bob", "today")
    assert "secret0" in await stage.presses("bob", "Show the reference")


async def answered_late(stage: Stage) -> None:
    await stage.ask()
    await stage.reveal()
    await stage.says("ana", "today")
    await stage.presses("ana", "Answer late")
    assert "Your late answer is in the thread. +4 points." in await stage.fills("ana", ANSWER)
    assert "ana · late" in await stage.seen_by("bob")
    assert "Found 0 of 1 key point" in await stage.presses("ana", "Compare mine")


async def changed_and_taken_back_late(stage: Stage) -> None:
    await stage.ask()
    await stage.reveal()
    long, short = " ".join(f"w{n}***~ " for n in range(400)), "Another text of mine."
    # In Discord that takes two messages. What a terminal has drawn stands there.
    is_drawn = isinstance(stage, Terminal)
    for text in (ANSWER, long, short):
        await stage.says("ana", f"answer {text}")
        seen = await stage.seen_by("bob")
        assert text.split()[-1].strip("*~") in seen
        assert (ANSWER in seen) == (text == ANSWER or is_drawn)
    assert ("w399" in seen) == is_drawn
    assert "Taken back, with its points." in await stage.says("ana", "answer withdraw")
    seen = await stage.seen_by("bob")
    assert ("ana · late" in seen) == is_drawn
    assert "+4 points" in await stage.says("ana", f"answer {long}")
    seen = await stage.seen_by("bob")
    assert seen.count("w0*") == (2 if is_drawn else 1)
    assert "w399" in seen


async def practised(stage: Stage) -> None:
    assert "Practice" in await stage.says("ana", "random prompting")
    await stage.presses("ana", "Answer")
    assert "+1 point" in await stage.fills("ana", ANSWER)
    await stage.says("ana", "random")
    assert "Reference answer" in await stage.presses("ana", "Show answer")
    assert "Practice" in await stage.presses("ana", "Another")


async def ranked_and_shown_to_the_channel(stage: Stage) -> None:
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    said = await stage.says("ana", "leaderboard")
    assert "ana (you)" in said
    assert "This week" not in await stage.seen_by("bob")
    assert "All time" in await stage.presses("ana", "All time")
    await stage.says("ana", "leaderboard all")
    await stage.presses("ana", "Show to channel")
    assert "Shown by ana" in await stage.seen_by("bob")


async def hidden_from_the_boards(stage: Stage) -> None:
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    assert "You have left the boards." in await stage.says("ana", "boards off")
    assert "No points yet this week." in await stage.says("bob", "leaderboard")
    assert "You are on the boards again" in await stage.says("ana", "boards on")


async def scheduled_by_admins_alone(stage: Stage) -> None:
    await stage.ask()
    for text in ("daily on 09:00", "daily off", "daily pause", "daily skip", "daily now", "reveal"):
        assert "Only admins of this channel can do this." in await stage.says("ana", text)
    said = await stage.says("boss", "daily on 17:30 mon-fri Europe/Berlin holidays Bavaria")
    assert "The daily question has changed" in said
    assert "Mon to Fri, 17:30 (Europe/Berlin)" in await stage.says("ana", "daily status")
    assert "From the next question on" in await stage.says("boss", "daily reveal 2 30m 6h")
    assert "is skipped" in await stage.says("boss", "daily skip")
    assert "Paused." in await stage.says("boss", "daily pause")
    assert "The daily question goes on" in await stage.says("boss", "daily resume")
    assert "The daily question is off." in await stage.says("boss", "daily off")


async def looked_at_by_admins(stage: Stage) -> None:
    await stage.ask()
    await stage.says("boss", "daily on 17:30 mon-fri Europe/Berlin")
    said = await stage.says("boss", "log")
    assert "What admins did here" in said
    assert "Mon to Fri, 17:30 (Europe/Berlin)" in said
    assert "Only admins of this channel can do this." in await stage.says("ana", "log")


async def put_before_the_order(stage: Stage) -> None:
    await stage.ask()
    assert "Only admins of this channel can do this." in await stage.says("ana", "daily next basics/q5")
    assert "It comes next: What is subject number 5" in await stage.says("boss", "daily next basics/q5")
    assert "Only admins of this channel can do this." in await stage.says("ana", "daily queue")
    assert "What is subject number 5" in await stage.says("boss", "daily queue")
    assert "Taken out." in await stage.presses("boss", "Take out 1")
    assert "4 questions match." in await stage.opens("boss", "daily next attention")
    assert "subject number 9" in await stage.fills("boss", "", question="basics/q9")


async def told_about_oneself(stage: Stage) -> None:
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    assert "1 day, best 1" in await stage.says("ana", "me")
    assert "answered" in await stage.says("ana", "streak")
    assert "basics · 1 of 10" in await stage.says("ana", "topics")


async def helped_in_groups(stage: Stage) -> None:
    await stage.ask()
    said = await stage.says("ana", "help")
    assert "Press Answer below the question." in said
    assert "Standing" in said
    assert "Admin" not in said
    assert "Admin" in await stage.says("boss", "help")
    assert "a question to practise on" in await stage.presses("boss", "Learn")
    assert "the schedule" not in await stage.presses("boss", "Standing")
    assert "09:00" in await stage.says("ana", "help daily on")


async def hinted_and_compared(stage: Stage) -> None:
    await stage.ask()
    assert "1 key point" in await stage.presses("ana", "Hint")
    await stage.says("ana", f"answer {ANSWER}")
    await stage.reveal()
    card = await stage.says("ana", "compare")
    assert "Not found: point0" in card
    assert "You used the hint." in card
    assert "Found, by your word: point0" in await stage.presses("ana", "I did say 1")
    assert "Again. It comes back on" in await stage.presses("ana", "Again")
    assert "How well did you know it?" in await stage.presses("ana", "Choose again")
    assert "Easy. It comes back on" in await stage.presses("ana", "Easy")
    said = await stage.says("ana", "me")
    assert "100 % likely remembered" in said
    assert "attention" in said
    assert "1 of 4" in await stage.presses("ana", "Topics")


async def learnt_from(stage: Stage) -> None:
    await stage.ask()
    assert "1 key point" in await stage.says("ana", "hint")
    await stage.says("ana", "answer It is good for secret0 and more.")
    await stage.reveal()
    assert "Found 1 of 1 key point" in await stage.says("ana", "compare")
    assert "It comes back on" in await stage.presses("ana", "Good")
    assert "Nothing is due." in await stage.says("ana", "review")
    assert "Nothing to review yet." in await stage.says("bob", "review")


async def looked_back_on(stage: Stage) -> None:
    assert "No question was revealed here yet." in await stage.says("ana", "history")
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    await stage.reveal()
    said = await stage.says("ana", "history")
    assert PROMPT in said
    assert "answered" in said
    one = await stage.presses("ana", "Open one")
    assert ANSWER in one
    assert "0 of 1 key point" in one
    assert "Found 0 of 1 key point" in await stage.presses("ana", "Compare mine")


async def interviewed(stage: Stage) -> None:
    assert "Interview · 3 questions" in await stage.says("ana", "interview 3")
    assert "Question 1 of 3" in await stage.presses("ana", "Begin")
    await stage.presses("ana", "Answer")
    assert "Question 2 of 3" in await stage.fills("ana", ANSWER)
    assert "Your interview waits at question 2 of 3" in await stage.presses("ana", "Pause")
    assert "Question 2 of 3" in await stage.presses("ana", "Go on")
    assert "Question 3 of 3" in await stage.presses("ana", "Skip")
    report = await stage.presses("ana", "Skip")
    assert "0 of 1 · 1." in report
    assert "skipped · 3." in report
    assert "3 questions are in your review now: 1, 2 and 3." in report
    assert "Not found" in await stage.presses("ana", "Go through them")
    assert "Interview: 2 of 3" in await stage.presses("ana", "Hard")
    assert "Interview: report" in await stage.presses("ana", "Report")


async def reviewed(stage: Stage) -> None:
    await stage.says("ana", "interview prompting 3")
    await stage.says("ana", "interview")
    assert "in your review now: 1, 2 and 3." in await stage.presses("ana", "Finish now")
    assert "Review · 1 of 3" in await stage.says("ana", "review prompting")
    await stage.presses("ana", "Answer")
    assert "Found 0 of 1 key point" in await stage.fills("ana", ANSWER)
    assert "Found, by your word" in await stage.presses("ana", "I did say 1")
    said = await stage.presses("ana", "Good")
    assert "Review · 2 of 3" in said
    assert "Last one: Good" in said
    assert "Reference answer" in await stage.presses("ana", "Show answer")
    assert "Review · 3 of 3" in await stage.presses("ana", "Again")
    assert "1 still due." in await stage.presses("ana", "Stop")


async def flagged_and_settled(stage: Stage) -> None:
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    await stage.reveal()
    await stage.says("ana", "compare")
    assert PROMPT in await stage.presses("ana", "Flag")
    said = await stage.fills("ana", "The source <says> otherwise.", reason="outdated")
    assert "Flagged, thank you." in said
    assert "Only admins of this channel can do this." in await stage.says("ana", "flags")
    said = await stage.says("boss", "flags")
    assert "Flag 1 of 1" in said
    assert "out of date" in said
    assert "The source <says> otherwise." in said
    assert "The question stays." in await stage.presses("boss", "Keep")
    assert "the question stays" in await stage.sent_to("ana")
    await stage.opens("ana", "flag")
    await stage.fills("ana", "It says <nothing> new.", reason="duplicate")
    await stage.says("boss", "flags")
    assert "It says <nothing> new." in await stage.says("boss", "flags")
    assert "is no longer asked here" in await stage.presses("boss", "Retire here")
    assert "is asked again" in await stage.presses("boss", "Ask it again")


async def suggested_and_taken(stage: Stage) -> None:
    await stage.ask()
    written = {
        "question": "How do zebrafish embeddings find similar <fish>?",
        "points": "each stripe to a vector; alike lie close together; nearest neighbour search",
        "source": "https://example.org/fish",
        "topic": "zebrafish",
    }
    answer = (
        "Zebrafish embeddings map each stripe to a vector. Those that look alike lie close together. "
        "A nearest neighbour search finds them."
    )
    await stage.opens("ana", "suggest")
    assert "1 of 5 open." in await stage.fills("ana", answer, **written)
    assert "Only admins of this channel can do this." in await stage.says("ana", "suggestions")
    assert "Only admins review suggestions." in await stage.says("boss", "daily reviewers none")
    assert "Only the platform's own admins" in await stage.says("boss", "daily admins none")
    # With so few questions each of them comes soon.
    await stage.says("boss", "daily off")
    said = await stage.says("boss", "questions suggested")
    assert "Suggestion 1 of 1" in said
    assert "similar <fish>?" in said
    assert "It can be asked now: How do zebrafish" in await stage.presses("boss", "Approve")
    assert "How do zebrafish embeddings" in await stage.says("bob", "random zebrafish")
    assert "nearest neighbour search" in await stage.presses("bob", "Show answer")


async def questions_kept_by_admins(stage: Stage) -> None:
    await stage.ask()
    assert "10 questions" in await stage.says("ana", "questions list")
    assert "Only admins of this channel can do this." in await stage.says("ana", "questions show basics/q3")
    assert "asked no more here" in await stage.says("boss", "questions retire basics/q3")
    assert "not asked here" in await stage.says("ana", 'questions list "subject number 3"')
    assert "It is asked again:" in await stage.says("boss", "questions restore basics/q3")
    # With so few questions each of them comes soon.
    await stage.says("boss", "daily off")
    written = {
        "question": "Why do zebras cache stripes?",
        "points": "stripes are kept; a cache is quick; zebras are many",
        "source": "https://example.org/zebra",
        "topic": "zebras",
    }
    await stage.opens("boss", "questions add")
    answer = "Stripes are kept once. A cache is quick, and zebras are many."
    assert "It can be asked now:" in await stage.fills("boss", answer, **written)
    assert "team/why-do-zebras-cache-stripes" in await stage.says("ana", "questions list zebras")
    await stage.opens("boss", "questions edit team/why-do-zebras-cache-stripes")
    assert "Changed." in await stage.fills("boss", f"{answer} Always.", **written)
    assert "Always." in await stage.says("boss", "questions show team/why-do-zebras-cache-stripes")
    assert "come as a private message" in await stage.says("boss", "questions export csv")
    await stage.opens("boss", "questions import")
    assert "1 added, 0 changed." in await stage.fills("boss", "## Why do gnus roam?\n\nFor fresh grass.")


async def told_what_is_kept(stage: Stage) -> None:
    assert "Privacy" in await stage.says("ana", "privacy show")
    assert "On the boards" in await stage.presses("ana", "Settings")


async def given_all_that_is_kept_and_erased(stage: Stage) -> None:
    await stage.ask()
    await stage.says("ana", f"answer {ANSWER}")
    await stage.says("bob", "answer Nobody else reads what stands here.")
    assert "comes as a private message" in await stage.says("ana", "privacy export")
    sent = await stage.sent_to("ana")
    assert "What llmq holds of you" in sent
    assert PROMPT in sent
    assert sent.count(ANSWER) >= 2
    assert "Nobody else reads" not in sent
    assert "It cannot be undone." in await stage.says("ana", "privacy erase")
    assert "Privacy" in await stage.presses("ana", "Keep my data")
    await stage.says("ana", "privacy erase")
    assert "Erased." in await stage.presses("ana", "Erase all")
    await stage.sent_to("ana")
    assert "not yet" in await stage.says("ana", "today")
    assert ANSWER not in await stage.says("ana", "today")
    revealed = await stage.reveal()
    assert ANSWER not in revealed
    assert "Nobody else reads" in revealed


async def reminded_as_wanted(stage: Stage) -> None:
    await stage.ask()
    assert "On, at 08:30" in await stage.says("ana", "remind review 08:30")
    assert "On, 1 h before the reveal" in await stage.says("ana", "remind deadline 1h")
    assert "On: you are told" in await stage.says("ana", "remind reveal on")
    said = await stage.says("ana", "settings")
    assert "08:30" in said
    assert "1 h before" in said
    assert "is not a time of day" in await stage.says("ana", "remind review 25:00")
    assert "Off" in await stage.says("ana", "remind off")
    assert "08:30" not in await stage.says("ana", "settings")


async def kept_through_free_days(stage: Stage) -> None:
    await stage.ask()
    assert "24 Dec" in await stage.says("boss", "daily free 2040-12-24..2040-12-26")
    assert "had no question here" in await stage.says("boss", "daily excuse 2001-01-01")
    assert "You are away" in await stage.says("ana", "away tomorrow")
    assert "Welcome back." in await stage.says("ana", "away off")


async def called_and_told_of_the_week(stage: Stage) -> None:
    await stage.ask()
    assert "The question calls @here" in await stage.says("boss", "daily ping here")
    assert "neither everyone nor a single person" in await stage.says("boss", "daily ping @everyone")
    assert "The week is told on Mondays." in await stage.says("boss", "daily recap monday")
    assert "The goal: 3 take part each week." in await stage.says("boss", "daily goal 3")
    assert "The question calls nobody." in await stage.says("boss", "daily ping off")


SCENARIOS: tuple[Callable[[Stage], Awaitable[None]], ...] = (
    the_question_is_asked,
    answered_by_the_button,
    answered_by_command_and_taken_back,
    answered_by_a_reply,
    changed_before_the_reveal,
    refused_with_a_reason,
    blind_until_the_reveal,
    answered_late,
    changed_and_taken_back_late,
    practised,
    ranked_and_shown_to_the_channel,
    hidden_from_the_boards,
    scheduled_by_admins_alone,
    looked_at_by_admins,
    put_before_the_order,
    told_about_oneself,
    helped_in_groups,
    hinted_and_compared,
    learnt_from,
    looked_back_on,
    interviewed,
    reviewed,
    flagged_and_settled,
    reminded_as_wanted,
    suggested_and_taken,
    questions_kept_by_admins,
    told_what_is_kept,
    given_all_that_is_kept_and_erased,
    kept_through_free_days,
    called_and_told_of_the_week,
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
async def test_it_is_the_same_everywhere(stage: Stage, scenario: Callable[[Stage], Awaitable[None]]) -> None:
    await scenario(stage)


def test_every_command_is_in_a_scenario() -> None:
    source = Path(__file__).read_text()
    assert [name for name in TABLE.names if name not in source and name != "answer"] == []
