"""Every command of the table as `/llmq …`, over both ways in."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import timedelta

import pytest

from bot.commands.parsing import Command
from bot.commands.table import TABLE
from tests.adapters.slack_team import ANSWER, QUESTION, Team, called, words
from tests.fakes.slack.people import Message
from tests.fakes.slack.sample import Mode
from tests.faults.cases import ALL

MODES: Sequence[Mode] = ("socket", "http")
Scenario = Callable[[Team], Awaitable[None]]
SCENARIOS: dict[str, Scenario] = {}


def ways_in(commands: Iterable[Command]) -> Iterator[tuple[Mode, str]]:
    """Each command by one way in, in turn; by both in `make faults`."""
    for n, command in enumerate(commands):
        yield from ((mode, command.name) for mode in (MODES if ALL else [MODES[n % 2]]))


COMMANDS = list(ways_in(TABLE.commands))
FOR_ADMINS = list(ways_in(command for command in TABLE.commands if command.admin))


def scenario(name: str) -> Callable[[Scenario], Scenario]:
    """Mark what shows that a command works."""

    def mark(play: Scenario) -> Scenario:
        SCENARIOS[name] = play
        return play

    return mark


@scenario("random")
async def practice_by_topic_and_level(team: Team) -> None:
    assert "long context · hard" in words(await team.says(team.ana, 'random "long context" hard'))
    assert "long context · hard" in words(await team.says(team.ana, "random “long context” HARD"))
    assert "Nearest: prompting" in words(await team.says(team.ana, "random promting"))


@scenario("compare")
async def found_points_beside_ones_own_words(team: Team) -> None:
    await team.question()
    await team.says(team.ana, "answer That is secret0, as far as I know.")
    assert "reveal is still to come" in words(await team.says(team.ana, "compare"))
    await team.reveal()
    card = await team.says(team.ana, "compare")
    assert "Found 1 of 1 key point" in words(card)
    assert card.ephemeral_to == team.ana.id


@scenario("said")
async def a_point_that_was_put_in_other_words(team: Team) -> None:
    card = await compared(team)
    said = await team.presses(team.ana, card, "I did say 1")
    assert "Found, by your word:" in words(said)
    assert said is card


@scenario("grade")
async def how_well_it_was_known(team: Team) -> None:
    card = await compared(team)
    graded = await team.presses(team.ana, card, "Good")
    assert "It comes back on" in words(graded)
    assert graded is card


@scenario("hint")
async def how_a_point_begins(team: Team) -> None:
    hint = await team.presses(team.ana, await team.question(), "Hint")
    assert "1 key point." in words(hint)
    assert hint.ephemeral_to == team.ana.id


@scenario("history")
async def past_questions(team: Team) -> None:
    assert "No question was revealed here yet." in words(await team.says(team.ana, "history"))
    await compared(team)
    page = await team.says(team.ana, "history “long context”")
    assert "No past question on  long context  here." in words(page)
    page = await team.says(team.ana, "history")
    assert QUESTION in words(page)
    assert page.ephemeral_to == team.ana.id


@scenario("history open")
async def one_past_question_whole(team: Team) -> None:
    await two_days(team)
    form = await (await team.ana.press(await team.says(team.ana, "history"), "Open one")).view()
    chosen = f"{team.channel.id}:20780"
    one = words(await team.receipt(team.ana, form, round=chosen))
    assert QUESTION in one
    assert ANSWER in one
    assert "Found:  0 of 1 key point" in one


@scenario("history topic")
async def past_questions_of_a_topic(team: Team) -> None:
    await two_days(team)
    form = await (await team.ana.press(await team.says(team.ana, "history"), "Topic")).view()
    page = words(await team.receipt(team.ana, form, topic="prompting"))
    assert "Past questions on prompting" in page
    assert QUESTION not in page


async def two_days(team: Team) -> None:
    """Two questions that are revealed; Ana answered the first."""
    await compared(team)
    team.clock.now += timedelta(days=1)
    await team.work()
    await team.question()
    await team.reveal()


@scenario("review")
async def nothing_is_due(team: Team) -> None:
    assert "Nothing to review yet." in words(await team.says(team.ana, "review"))


async def compared(team: Team) -> Message:
    """Ana's card of an answer without a key point."""
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    await team.reveal()
    return await team.says(team.ana, "compare")


async def due(team: Team) -> Message:
    """A question that is due for Ana again."""
    await team.presses(team.ana, await compared(team), "Again")
    team.clock.now += timedelta(days=3)
    await team.work()
    return await team.says(team.ana, "review")


@scenario("review answer")
async def a_due_question_is_answered_where_it_stands(team: Team) -> None:
    asked = await due(team)
    form = await (await team.ana.press(asked, "Answer")).view()
    assert (await team.ana.submit(form, {"answer": ANSWER})).closed
    await team.work()
    assert "Found 0 of 1 key point" in words(asked)


@scenario("review show")
async def the_answer_of_a_due_question(team: Team) -> None:
    asked = await due(team)
    assert "secret0" in words(await team.presses(team.ana, asked, "Show answer"))
    assert "secret0" in words(asked)


@scenario("review said")
async def a_point_of_a_due_question(team: Team) -> None:
    await a_due_question_is_answered_where_it_stands(team)
    card = team.ana.ephemerals[-1]
    assert "Found, by your word:" in words(await team.presses(team.ana, card, "I did say 1"))


@scenario("review grade")
async def a_due_question_is_graded(team: Team) -> None:
    asked = await due(team)
    await team.presses(team.ana, asked, "Show answer")
    assert "Done for today: 1 reviewed." in words(await team.presses(team.ana, asked, "Easy"))


@scenario("review stop")
async def a_review_is_left(team: Team) -> None:
    assert "1 still due." in words(await team.presses(team.ana, await due(team), "Stop"))


@scenario("random show")
async def practice_answer_is_shown(team: Team) -> None:
    shown = await team.says(team.ana, "random show basics/q1")
    assert "secret1" in words(shown)
    assert shown.ephemeral_to == team.ana.id


@scenario("random answer")
async def practice_is_answered_in_a_form(team: Team) -> None:
    form = await team.opens(team.ana, "random answer basics/q1")
    assert "subject number 1" in words(form)
    card = await team.receipt(team.ana, form, ANSWER)
    assert "Found 0 of 1 key point" in words(card)
    assert "+1 point" in words(card)


async def interviewed(team: Team) -> Message:
    """The first of Ana's two questions."""
    offer = await team.says(team.ana, "interview 2")
    assert "Interview · 2 questions" in words(offer)
    return await team.presses(team.ana, offer, "Begin")


async def interviewed_to_the_end(team: Team) -> Message:
    """The report of an interview in which nothing was said."""
    asked = await interviewed(team)
    for _ in range(2):
        await team.presses(team.ana, asked, "Skip")
    return asked


@scenario("interview")
async def an_interview_is_offered_once(team: Team) -> None:
    offer = await team.says(team.ana, "interview “long context” 2 3")
    assert "Interview · 2 questions on long context" in words(offer)
    assert "About 3 minutes each" in words(offer)
    assert offer.ephemeral_to == team.ana.id
    assert "Your interview waits at question 1 of 2" in words(await team.says(team.ana, "interview"))
    assert "Did you mean  prompting " in words(await team.says(team.bob, "interview promting"))
    assert "99  is out of range:  questions  from 1 to" in words(await team.says(team.bob, "interview 99"))


@scenario("interview next")
async def the_question_that_waits(team: Team) -> None:
    assert "There is no interview" in words(await team.says(team.ana, "interview next"))
    asked = await interviewed(team)
    assert "Question 1 of 2" in words(asked)
    assert asked is team.ana.ephemerals[-1]
    assert "Question 1 of 2" in words(await team.says(team.ana, "interview next"))


@scenario("interview answer")
async def an_interview_goes_on_where_it_stands(team: Team) -> None:
    asked = await interviewed(team)
    form = await (await team.ana.press(asked, "Answer")).view()
    assert (await team.receipt(team.ana, form, ANSWER)) is asked
    assert "Question 2 of 2" in words(asked)
    assert "secret" not in words(asked)
    form = await (await team.ana.press(asked, "Answer")).view()
    await team.receipt(team.ana, form, ANSWER)
    assert "Interview: report" in words(asked)
    assert "2 questions are in your review now: 1 and 2." in words(asked)


@scenario("interview skip")
async def a_question_of_an_interview_is_left_out(team: Team) -> None:
    asked = await interviewed(team)
    assert "Question 2 of 2" in words(await team.presses(team.ana, asked, "Skip"))
    assert "skipped" in words(await team.presses(team.ana, asked, "Skip"))


@scenario("interview pause")
async def an_interview_waits(team: Team) -> None:
    asked = await interviewed(team)
    paused = await team.presses(team.ana, asked, "Pause")
    assert "Your interview waits at question 1 of 2" in words(paused)
    assert "Question 1 of 2" in words(await team.presses(team.ana, paused, "Go on"))


@scenario("interview end")
async def an_interview_is_ended(team: Team) -> None:
    asked = await interviewed(team)
    await team.presses(team.ana, asked, "Pause")
    assert "Interview: report" in words(await team.presses(team.ana, asked, "Finish now"))


@scenario("interview drop")
async def an_interview_is_forgotten(team: Team) -> None:
    assert "There is no interview" in words(await team.says(team.ana, "interview drop"))
    assert "There is no interview" in words(await team.says(team.ana, "interview show 1"))
    offer = await team.says(team.ana, "interview 2")
    assert "The interview is dropped." in words(await team.presses(team.ana, offer, "Drop"))
    assert "There is no interview" in words(await team.says(team.ana, "interview next"))


@scenario("interview show")
async def the_questions_of_a_report_one_by_one(team: Team) -> None:
    report = await interviewed_to_the_end(team)
    first = await team.presses(team.ana, report, "Go through them")
    assert first is report
    assert "Interview: 1 of 2" in words(first)
    assert "secret" in words(first)
    assert "Interview: 2 of 2" in words(await team.presses(team.ana, first, "Next question"))
    assert "Interview: report" in words(await team.presses(team.ana, first, "Report"))
    assert "something older" in words(await team.says(team.ana, "interview show 7"))


@scenario("interview grade")
async def the_questions_of_a_report_are_graded_one_by_one(team: Team) -> None:
    report = await interviewed_to_the_end(team)
    await team.presses(team.ana, report, "Go through them")
    following = words(await team.presses(team.ana, report, "Hard"))
    assert "Interview: 2 of 2" in following
    assert "Last one: Hard, back on" in following
    assert "Interview: report" in words(await team.presses(team.ana, report, "Good"))


@scenario("interview said")
async def a_point_of_an_interview_in_other_words(team: Team) -> None:
    asked = await interviewed(team)
    form = await (await team.ana.press(asked, "Answer")).view()
    await team.receipt(team.ana, form, ANSWER)
    await team.presses(team.ana, asked, "Skip")
    await team.presses(team.ana, asked, "Go through them")
    said = words(await team.presses(team.ana, asked, "I did say 1"))
    assert "Found, by your word:" in said
    assert "Interview: 1 of 2" in said


@scenario("answer")
async def answer_in_a_form_or_at_once(team: Team) -> None:
    await team.question()
    form = await team.opens(team.ana, "answer")
    assert QUESTION in words(form)
    assert "Your answer is in." in words(await team.receipt(team.ana, form, ANSWER))
    typed = 'answer It is "quoted", “smartly” and\n  on two lines.'
    assert "Your new answer is in." in words(await team.says(team.ana, typed))
    assert 'It is "quoted", “smartly” and\n  on two lines.' in await team.today(team.ana)
    assert "Taken back" in words(await team.says(team.ana, "answer withdraw"))
    assert "not yet" in await team.today(team.ana)


@scenario("reply")
async def a_command_that_only_messages_in_threads_send(team: Team) -> None:
    await team.question()
    assert "Reply to the question itself" in words(await team.says(team.ana, "reply"))
    assert "not yet" in await team.today(team.ana)


@scenario("today")
async def today_before_and_after_the_reveal(team: Team) -> None:
    assert "No question is open here." in await team.today(team.ana)
    await team.question()
    assert QUESTION in await team.today(team.ana)
    assert "secret0" not in await team.today(team.ana)
    await team.reveal()
    assert "secret0" not in await team.today(team.ana)
    status = await team.says(team.ana, "today")
    assert "secret0" in words(await team.presses(team.ana, status, "Show the reference"))


@scenario("leaderboard")
async def leaderboard_for_the_asker(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    for board in ("", "week", "“month”", '"all"', "streak", "all team"):
        shown = await team.says(team.bob, f"leaderboard {board}")
        assert "ana" in words(shown)
        assert shown.ephemeral_to == team.bob.id
        assert called(shown) == []


@scenario("leaderboard show")
async def leaderboard_for_all(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    shown = await team.says(team.ana, "leaderboard show all")
    assert "Shown by ana" in words(shown)
    assert shown is team.channel.posts[-1]
    assert called(shown) == []


@scenario("me")
async def own_figures(team: Team) -> None:
    assert "none yet" in await team.standing(team.ana)
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    assert f"Streak in  <#{team.channel.id}> :  1 day, best 1" in await team.standing(team.ana)


@scenario("me topics")
async def own_topics(team: Team) -> None:
    assert "No topics here yet." in words(await team.says(team.ana, "me topics"))
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    shown = words(await team.says(team.ana, "me topics"))
    assert "Answered" in shown
    assert "attention 1 of 4" in shown


@scenario("streak")
async def own_streak(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    shown = words(await team.says(team.ana, "streak"))
    assert f"1 day in  <#{team.channel.id}>" in shown
    assert "Mon 23 Nov answered" in shown


@scenario("home")
async def overview(team: Team) -> None:
    assert "Open questions" in words(await team.says(team.ana, "home"))


@scenario("topics")
async def topics(team: Team) -> None:
    assert "long context" in words(await team.says(team.ana, "topics basics"))


@scenario("daily status")
async def schedule_is_shown(team: Team) -> None:
    assert "no daily question" in words(await team.says(team.ana, "daily status"))
    await team.says(team.boss, "daily on 09:00")
    assert "Mon to Fri, 09:00 (Europe/London)" in words(await team.says(team.ana, "daily"))


@scenario("daily on")
async def schedule_is_set_with_quoted_words(team: Team) -> None:
    command = "daily on “9:30” mon,wed “Europe/Berlin” holidays DE-BY “long context” 'prompting'"
    assert "'prompting'" in words(await team.says(team.boss, command))
    set_to = words(await team.says(team.boss, command.replace("'", '"')))
    assert "09:30 (Europe/Berlin)" in set_to
    assert "long context, prompting" in set_to
    assert "holidays of Bavaria" in set_to


@scenario("daily off")
async def schedule_is_ended(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00")
    assert "is off" in words(await team.says(team.boss, "daily off"))
    assert "no daily question" in words(await team.says(team.boss, "daily"))


@scenario("daily pause")
async def schedule_is_paused(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00")
    assert "Paused." in words(await team.says(team.boss, "daily pause"))
    assert "paused already" in words(await team.says(team.boss, "daily pause"))


@scenario("daily resume")
async def schedule_goes_on(team: Team) -> None:
    await schedule_is_paused(team)
    assert "goes on" in words(await team.says(team.boss, "daily resume"))


@scenario("daily now")
async def question_at_once(team: Team) -> None:
    assert QUESTION in words(await team.question())
    assert "has been asked here" in words(await team.says(team.boss, "daily now"))


@scenario("daily skip")
async def next_question_is_left_out(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 daily")
    assert "Mon 23 Nov is skipped." in words(await team.says(team.boss, "daily skip"))
    assert "skipped already" in words(await team.says(team.boss, "daily skip"))


@scenario("daily next")
async def a_question_is_put_before_the_order(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 daily")
    assert "It comes next:" in words(await team.says(team.boss, "next basics/q5"))
    form = await team.opens(team.boss, "next prompting")
    assert "3 questions match." in words(form)
    said = words(await team.receipt(team.boss, form, question="basics/q7"))
    assert "It comes behind 1 other:" in said
    assert "What is subject number 7 good for?" in said


@scenario("daily queue")
async def what_comes_before_the_order(team: Team) -> None:
    assert "Nothing is put before" in words(await team.says(team.boss, "queue"))
    await a_question_is_put_before_the_order(team)
    shown = await team.says(team.boss, "queue")
    assert "What is subject number 5 good for?" in words(shown)
    assert shown.ephemeral_to == team.boss.id


@scenario("queue remove")
async def a_question_is_left_to_the_order(team: Team) -> None:
    await a_question_is_put_before_the_order(team)
    shown = await team.says(team.boss, "queue")
    assert "number 5" not in words(await team.presses(team.boss, shown, "Take out 1"))
    assert "number 7" in words(shown)


@scenario("daily reveal")
async def reveal_rule_is_set(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 daily")
    said = words(await team.says(team.boss, "daily reveal 2 “1h” 8h"))
    assert "with 2 answers, 1 h at the earliest" in said


@scenario("daily free")
async def own_dates_are_free(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 daily")
    said = words(await team.says(team.boss, "daily free 2026-12-24..2027-01-02"))
    assert "24 Dec to 2 Jan" in said


@scenario("daily excuse")
async def a_day_is_excused(team: Team) -> None:
    await team.question()
    assert "Mon 23 Nov is excused." in words(await team.says(team.boss, "daily excuse 2026-11-23"))


@scenario("daily ping")
async def a_ping_is_set(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 daily")
    assert "The question calls @here" in words(await team.says(team.boss, "daily ping here"))
    assert "neither everyone nor" in words(await team.says(team.boss, "daily ping @everyone"))


@scenario("daily pin")
async def a_pin_is_wished_for(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 daily")
    assert "The question is pinned as long as" in words(await team.says(team.boss, "daily pin on"))
    assert "No question is pinned." in words(await team.says(team.boss, "daily pin off"))


@scenario("daily recap")
async def a_recap_is_wished_for(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 weekdays")
    assert "The week is told on Fridays." in words(await team.says(team.boss, "daily recap friday"))


@scenario("daily goal")
async def a_goal_is_set(team: Team) -> None:
    await team.says(team.boss, "daily on 09:00 weekdays")
    assert "The goal: 5 take part each week." in words(await team.says(team.boss, "daily goal 5"))


@scenario("reveal")
async def reveal_at_once(team: Team) -> None:
    await team.question()
    assert "secret0" in words(*await team.reveal())
    assert "revealed already" in words(await team.says(team.boss, "reveal"))


@scenario("away")
async def away_and_back(team: Team) -> None:
    assert "You are away from Tue 24 Nov to Fri 27 Nov." in words(
        await team.says(team.ana, "away tomorrow fri")
    )
    assert "Welcome back." in words(await team.says(team.ana, "away off"))


async def flagged(team: Team) -> None:
    """A question that Ana flags at its card."""
    card = await compared(team)
    form = await (await team.ana.press(card, "Flag")).view()
    assert QUESTION in words(form)
    said = await team.receipt(team.ana, form, "The answer is <!channel> wide of it.", reason="outdated")
    assert "Flagged, thank you." in words(said)
    assert "Found 0 of 1 key point" in words(card)


async def first_flag(team: Team) -> Message:
    await flagged(team)
    return await team.says(team.boss, "flags")


async def told(team: Team) -> str:
    """What Ana is told of her flag."""
    await team.work()
    assert called(team.ana.dm[-1]) == []
    return words(team.ana.dm[-1])


@scenario("flag")
async def a_question_is_flagged_in_a_form(team: Team) -> None:
    assert "No revealed question is here to flag." in words(await team.says(team.ana, "flag"))
    await team.question()
    assert "No revealed question is here to flag." in words(await team.says(team.ana, "flag"))
    await team.reveal()
    form = await team.opens(team.ana, "flag")
    assert "Flagged, thank you." in words(await team.receipt(team.ana, form))
    assert "has an error" in words(await team.says(team.boss, "flags"))


@scenario("flags")
async def flags_one_after_another(team: Team) -> None:
    assert "No flags are waiting." in words(await team.says(team.boss, "flags"))
    first = await first_flag(team)
    for said in ("Flag 1 of 1", QUESTION, "out of date", "The answer is <!channel> wide of it."):
        assert said in words(first)
    assert called(first) == []
    form = await team.opens(team.bob, "flag")
    await team.receipt(team.bob, form, reason="duplicate")
    both = await team.says(team.boss, "flags")
    assert "Flag 1 of 2" in words(both)
    assert "Flag 2 of 2" in words(await team.presses(team.boss, both, "Next"))
    assert "Flag 1 of 2" in words(await team.presses(team.boss, both, "Next"))


@scenario("flags keep")
async def a_flagged_question_stays(team: Team) -> None:
    first = await first_flag(team)
    settled = await team.presses(team.boss, first, "Keep")
    assert "The question stays." in words(settled)
    assert "No flags are waiting." in words(settled)
    assert "Your flag: the question stays." in await told(team)
    assert "That flag is settled." in words(await team.says(team.boss, "flags keep 0123456789ab"))


@scenario("flags retire")
async def a_flagged_question_is_asked_no_more(team: Team) -> None:
    first = await first_flag(team)
    settled = await team.presses(team.boss, first, "Retire here")
    assert "The question is no longer asked here." in words(settled)
    assert "Your flag: the question is no longer asked here." in await told(team)


@scenario("flags reply")
async def a_flag_is_replied_to(team: Team) -> None:
    first = await first_flag(team)
    form = await (await team.boss.press(first, "Reply")).view()
    settled = await team.receipt(team.boss, form, "Well seen, <!here>!", outcome="retired")
    assert settled is first
    assert "No flags are waiting." in words(settled)
    said = await told(team)
    assert "the question is no longer asked here." in said
    assert "Well seen, <!here>!" in said


@scenario("flags restore")
async def a_question_is_asked_again(team: Team) -> None:
    settled = await team.presses(team.boss, await first_flag(team), "Retire here")
    again = await team.presses(team.boss, settled, "Ask it again")
    assert "It is asked again: " in words(again)
    assert QUESTION in words(again)


FISH = (
    "Zebrafish embeddings map each stripe to a vector. Those that look alike lie close together. "
    "A nearest neighbour search finds them."
)
ASKED = "How do <!channel> zebrafish embeddings find fish?"
POINTS = "each stripe to a vector\nalike lie close together\nnearest neighbour search"


async def suggested(team: Team, question: str = ASKED) -> Message:
    form = await team.opens(team.ana, "suggest")
    said = await team.receipt(
        team.ana, form, FISH, question=question, points=POINTS, source="https://example.org", topic="fish"
    )
    assert called(said) == []
    return said


async def first_suggestion(team: Team) -> Message:
    assert "1 of 5 open." in words(await suggested(team))
    return await team.says(team.boss, "suggestions")


@scenario("suggest")
async def a_question_is_suggested_in_a_form(team: Team) -> None:
    form = await team.opens(team.ana, "suggest")
    sent = await team.ana.submit(form, {"question": "No question", "answer": FISH, "points": POINTS})
    assert "question mark" in sent.errors["question"]
    said = await team.receipt(team.ana, form, FISH, question=ASKED)
    assert "1 of 5 open." in words(said)


@scenario("suggest send")
async def a_question_like_another_is_sent(team: Team) -> None:
    said = await suggested(team, "What is subject number 3 really good for?")
    assert "There are similar questions" in words(said)
    assert "1 of 5 open." in words(await team.presses(team.ana, said, "Send anyway"))
    assert "no suggestion of yours" in words(await team.says(team.bob, "suggest send 0123456789abcdef"))


@scenario("suggest drop")
async def a_suggestion_is_discarded(team: Team) -> None:
    said = await suggested(team, "What is subject number 3 really good for?")
    assert "Discarded." in words(await team.presses(team.ana, said, "Discard"))


@scenario("suggest nameless")
async def a_name_is_left_out(team: Team) -> None:
    said = await suggested(team)
    assert "Your name stays out." in words(await team.presses(team.ana, said, "Leave my name out"))
    assert "is left out at the reveal" in words(await team.says(team.boss, "suggestions"))


@scenario("questions suggested")
async def suggestions_one_after_another(team: Team) -> None:
    assert "None are waiting." in words(await team.says(team.boss, "suggestions"))
    first = await first_suggestion(team)
    for said in ("Suggestion 1 of 1", ASKED, "alike lie close together", "https://example.org"):
        assert said in words(first)
    assert called(first) == []


@scenario("suggestions approve")
async def a_suggestion_is_taken(team: Team) -> None:
    first = await first_suggestion(team)
    taken = await team.presses(team.boss, first, "Approve")
    assert "It can be asked now:" in words(taken)
    assert called(taken) == []
    assert "Your question is in, with your name." in await told(team)
    practice = await team.says(team.bob, "random fish")
    assert "zebrafish embeddings" in words(practice)
    assert called(practice) == []


@scenario("suggestions edit")
async def a_suggestion_is_changed(team: Team) -> None:
    first = await first_suggestion(team)
    form = await (await team.boss.press(first, "Edit")).view()
    changed = await team.receipt(team.boss, form, FISH, question="How does one find similar zebrafish?")
    assert changed is first
    assert "How does one find similar zebrafish?" in words(first)


@scenario("suggestions decline")
async def a_suggestion_goes_back(team: Team) -> None:
    first = await first_suggestion(team)
    form = await (await team.boss.press(first, "Decline")).view()
    assert "It goes back to its author" in words(await team.receipt(team.boss, form, "Too <!here> fishy."))
    said = await told(team)
    assert "Your question was not taken." in said
    assert "Too <!here> fishy." in said
    again = await (await team.ana.press(team.ana.dm[-1], "Change and send again")).view()
    assert "Question, at most 20 words" in words(again)


@scenario("questions list")
async def questions_are_found(team: Team) -> None:
    said = await team.says(team.ana, "questions prompting")
    assert "What is subject number 4 good for?" in words(said)
    assert "secret" not in words(said)


@scenario("questions add")
async def a_question_is_added_in_a_form(team: Team) -> None:
    said = await own_question(team)
    assert "It can be asked now:" in words(said)
    assert called(said) == []


async def own_question(team: Team) -> Message:
    form = await team.opens(team.boss, "question add")
    return await team.receipt(team.boss, form, FISH, question=ASKED, points=POINTS, topic="fish")


@scenario("questions edit")
async def a_question_is_changed_in_a_form(team: Team) -> None:
    form = await team.opens(team.boss, f"questions edit {await own_id(team)}")
    said = await team.receipt(team.boss, form, FISH, question="How does one find similar zebrafish?")
    assert "Changed.  How does one find similar zebrafish?" in words(said)


async def own_id(team: Team) -> str:
    await own_question(team)
    found = re.search(r"team/[a-z-]+", words(await team.says(team.boss, "questions fish")))
    assert found
    return found[0]


@scenario("questions show")
async def a_question_is_shown_whole(team: Team) -> None:
    shown = await team.says(team.boss, f"questions show {await own_id(team)}")
    for said in (ASKED, "alike lie close together", "Version:  1"):
        assert said in words(shown)
    assert called(shown) == []


@scenario("questions retire")
async def a_question_is_retired(team: Team) -> None:
    said = await team.says(team.boss, "questions retire basics/q3")
    assert "It is asked no more here:" in words(said)
    assert "not asked here" in words(await team.says(team.ana, 'questions "subject number 3"'))


@scenario("questions restore")
async def a_question_is_restored(team: Team) -> None:
    said = await team.says(team.boss, "questions retire basics/q3")
    assert "It is asked again:" in words(await team.presses(team.boss, said, "Ask it again"))


@scenario("daily admins")
async def members_are_named_who_administer(team: Team) -> None:
    assert "Only admins" in words(await team.says(team.bob, "daily on 09:00 daily"))
    said = words(await team.says(team.boss, "daily admins @bob"))
    assert "1 member administers llmq in all channels" in said
    assert "/llmq-admin" not in said
    assert "Only admins" not in words(await team.says(team.bob, "daily on 09:00 daily"))


@scenario("daily reviewers")
async def members_are_named_who_review(team: Team) -> None:
    await suggested(team)
    assert "Only admins" in words(await team.says(team.bob, "suggestions"))
    said = words(await team.says(team.boss, "daily reviewers @bob"))
    assert "1 member reviews suggestions, beside the admins." in said
    assert "Suggestion 1 of 1" in words(await team.says(team.bob, "suggestions"))


@scenario("questions import")
async def a_pasted_deck_is_taken(team: Team) -> None:
    form = await team.opens(team.boss, "questions import")
    sent = await team.boss.submit(form, {"answer": "## Fish\n\nThey swim."})
    assert "not a question" in " ".join(sent.errors.values())
    said = await team.receipt(team.boss, form, f"## Why <!channel> fish?\n\n{FISH}")
    # Sent again, it changes nothing, and says so.
    assert ("0 added" if team.says_twice and team.slack.http is None else "1 added") in words(said)
    assert called(await team.says(team.ana, "questions fish")) == []


@scenario("questions export")
async def the_teams_questions_come_as_text(team: Team) -> None:
    await own_question(team)
    assert "come as a private message" in words(await team.says(team.boss, "questions export"))
    await team.work()
    sent = " ".join(words(one) for one in team.boss.dm)
    assert "questions.md" in sent
    assert "zebrafish embeddings find fish?" in sent
    assert team.ana.dm == []


@scenario("settings")
async def all_switches_on_one_page(team: Team) -> None:
    page = await team.says(team.ana, "settings")
    assert "Review reminder:  off" in words(page)
    assert page.ephemeral_to == team.ana.id


@scenario("settings edit")
async def settings_are_changed_in_a_form(team: Team) -> None:
    page = await team.says(team.ana, "settings")
    form = await (await team.ana.press(page, "Change")).view()
    changed = await team.receipt(team.ana, form, deadline="60m", review="8:30", reveal="on", boards="no")
    assert changed is page
    for said in ("1 h before", "08:30 (Europe/London)", "Note at the reveal:  on", "On the boards:  no"):
        assert said in words(page)
    form = await (await team.ana.press(page, "Change")).view()
    refused = await team.ana.submit(form, {"review": "noon-ish"})
    assert refused.errors.keys() == {"review"}
    await team.receipt(team.ana, form, review="")
    assert "Review reminder:  off" in words(page)
    assert "1 h before" in words(page)


@scenario("remind review")
async def reminded_of_a_review(team: Team) -> None:
    said = words(await team.says(team.ana, "remind review 8:30"))
    assert "On, at 08:30 (Europe/London) when something is due." in said
    assert "off" in words(await team.says(team.ana, "remind review off")).casefold()
    assert "noon-ish" in words(await team.says(team.ana, "remind review noon-ish"))


@scenario("remind deadline")
async def reminded_before_the_reveal(team: Team) -> None:
    assert "On, 1 h before the reveal" in words(await team.says(team.ana, "remind deadline 1h"))
    assert "5 min to 12 h before the reveal" in words(await team.says(team.ana, "remind deadline 3d"))
    assert "off" in words(await team.says(team.ana, "remind deadline OFF")).casefold()


@scenario("remind reveal")
async def told_of_the_reveal(team: Team) -> None:
    assert "you are told when" in words(await team.says(team.ana, "remind reveal on"))
    assert "off" in words(await team.says(team.ana, "remind reveal off")).casefold()


@scenario("remind off")
async def reminded_of_nothing(team: Team) -> None:
    await team.says(team.ana, "remind reveal on")
    assert "off" in words(await team.says(team.ana, "remind off")).casefold()
    assert "Note at the reveal:  off" in words(await team.says(team.ana, "settings"))


@scenario("log")
async def what_admins_did(team: Team) -> None:
    await team.question()
    await team.says(team.boss, "daily pause")
    said = words(await team.says(team.boss, "log"))
    assert "daily pause" in said
    assert "paused" in said


@scenario("privacy show")
async def what_is_kept(team: Team) -> None:
    assert "Before the reveal" in words(await team.says(team.ana, "privacy"))


@scenario("privacy export")
async def all_that_is_kept_comes_as_direct_messages(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    assert "comes as a private message" in words(await team.says(team.ana, "privacy export"))
    await team.work()
    sent = " ".join(words(one) for one in team.ana.dm)
    assert "your-data.txt" in sent
    assert "your-data.json" in sent
    assert sent.count(ANSWER) == 2
    assert team.bob.dm == []


@scenario("privacy erase")
async def all_that_is_kept_is_erased(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    asked = await team.says(team.ana, "privacy erase")
    assert "It cannot be undone." in words(asked)
    erased = await team.presses(team.ana, asked, "Erase all")
    assert "Erased." in words(erased)
    assert erased is asked
    await team.work()
    assert "not yet" in words(await team.says(team.ana, "today"))


@scenario("boards off")
async def boards_are_left(team: Team) -> None:
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    assert "You have left the boards." in words(await team.says(team.ana, "boards off"))
    assert "ana" not in words(await team.says(team.bob, "leaderboard"))


@scenario("boards on")
async def boards_are_joined(team: Team) -> None:
    await boards_are_left(team)
    assert "with all your points" in words(await team.says(team.ana, "boards on"))
    assert "ana" in words(await team.says(team.bob, "leaderboard"))


@scenario("start")
async def three_lines_for_who_is_new(team: Team) -> None:
    said = await team.says(team.ana, "")
    assert "Press Answer below the question." in words(said)
    shown = await (await team.ana.press(said, "Help")).shown()
    assert "Standing" in words(shown)
    await team.question()
    await team.says(team.ana, f"answer {ANSWER}")
    assert "in time" in words(await team.says(team.ana, ""))


@scenario("help")
async def help_for_all_and_for_one(team: Team) -> None:
    said = await team.says(team.ana, "help")
    assert "Standing" in words(said)
    assert "daily" not in words(await team.says(team.ana, "help standing"))
    assert "a local time" in words(await team.says(team.ana, "help “daily on”"))
    assert "/llmq daily reveal" in words(await team.says(team.boss, "help admin"))
    shown = await (await team.boss.press(await team.says(team.boss, "help"), "Learn")).shown()
    assert "/llmq random rag" in words(shown)


@pytest.mark.parametrize(("team", "name"), COMMANDS, indirect=["team"])
async def test_every_command_of_the_table_works_in_slack(team: Team, name: str) -> None:
    await SCENARIOS[name](team)


@pytest.mark.parametrize(("team", "name"), FOR_ADMINS, indirect=["team"])
async def test_no_command_for_admins_is_done_for_others(team: Team, name: str) -> None:
    arguments = {
        "daily on": "09:00",
        "daily reveal": "1 1h 8h",
        "daily free": "2026-12-24",
        "daily next": "basics/q1",
        "queue remove": "basics/q1",
        "daily excuse": "2026-11-23",
        "daily ping": "here",
        "daily pin": "on",
        "daily recap": "friday",
        "daily goal": "5",
        "daily reviewers": "none",
        "daily admins": "none",
        "flags keep": "0123456789ab",
        "flags retire": "0123456789ab",
        "flags reply": "0123456789ab",
        "flags restore": "basics/q1",
        **{f"questions {act}": "q1" for act in ("show", "edit", "retire", "restore")},
        "suggestions approve": "0123456789abcdef",
        "suggestions edit": "0123456789abcdef",
        "suggestions decline": "0123456789abcdef",
    }
    assert "Only admins of this channel" in words(
        await team.says(team.ana, f"{name} {arguments.get(name, '')}")
    )


async def test_a_mistyped_command_is_given_the_nearest(team: Team) -> None:
    assert "Did you mean  leaderboard " in words(await team.says(team.ana, "leaderbord"))
    assert "Did you mean  daily off " in words(await team.says(team.ana, "daily of"))


async def test_random_takes_a_topic_or_a_level_and_says_what_is_one_too_many(team: Team) -> None:
    said = words(await team.says(team.ana, "random medium easy"))
    assert "level  is named twice:  medium  and  easy ." in said
    assert "Did you mean" not in said
