"""Each kind of message that the core makes, to be drawn by each platform and looked at in a review."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.commands.helping import chapter, overview
from bot.commands.interview import Result, report_blocks
from bot.commands.known import Topic, page_blocks
from bot.commands.learning import Attempt, card
from bot.commands.table import TABLE
from bot.game.answers import text_form
from bot.game.catalogue import Item
from bot.game.interview import Interview
from bot.game.posts import (
    Lapse,
    answers_message,
    closed_question_message,
    late_message,
    question_message,
    reveal_message,
    revealed_line,
    revealed_question_message,
    streak_note,
)
from bot.game.recap import Asked, Scored, Week, recap_message
from bot.game.rounds import Answer, read_round, reference_of, round_fields
from bot.game.schedule import EVERY_DAY, RevealRule, Schedule, to_ms
from bot.messages import (
    Bar,
    Bars,
    Button,
    Buttons,
    Divider,
    Fields,
    Footnote,
    Form,
    Grid,
    Heading,
    Input,
    Markdown,
    Message,
    Ping,
    Quote,
    Table,
    announce,
    in_channel,
    moment,
    refuse,
    say,
)
from content.coverage import Finding
from tests.dialogue import question

SCHEDULE = Schedule(time(9), EVERY_DAY, "Europe/Berlin")
OPENED = datetime(2026, 11, 23, 8, tzinfo=UTC)
ITEM = Item("basics/q0", "basics", question(0))
STORED: dict[str, str | float | None] = {
    "id": "C1:20780", "channel": "C1", "day": "20780", "state": "open", "replies": "2", "message": "700",
    "opened": to_ms(OPENED), **round_fields(ITEM, RevealRule(), OPENED),
}  # fmt: skip
ROUND = read_round(STORED)
NOBODY = replace(ROUND, replies=0)
NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)
ANSWERS = [
    Answer("First: <!channel> *not bold* & `code`\n\nsecond line", NINE, late=False, name="Ana"),
    Answer("<@U123> said so, see https://example.org", NINE, late=False, name="Bob"),
]
LATE = Answer("It took me a while.", NINE, late=True, name="dave", read=True)
WEEK = Week(
    took_part=6,
    goal=5,
    best=(Scored("dave <!here>", 40), Scored("Ana", 40)),
    streaks=(Scored("Ana", 21),),
    asked=(Asked("What is `softmax`?", 0.9), Asked("What is it not?", 0.2)),
    topics=("rag", "agents"),
    month=date(2026, 11, 1),
    champions=(Scored("Ana", 160), Scored("dave <!here>", 150)),
)
INTERVIEW = Interview(
    "", 6, ("basics/q0", "basics/q1", "basics/q2"), NINE, spent=timedelta(minutes=12), answers=("a", "b", "")
)
RESULTS = [
    Result(ITEM.id, ITEM, "a", 1),
    *(Result(f"basics/q{n}", Item(f"basics/q{n}", "basics", question(n)), "b" * (n == 1), 0) for n in (1, 2)),
]
JUDGED = Attempt(
    "@C1:20780",
    "basics/q0",
    "What is subject number 0 good for?",
    "It is the hidden thing, I think.",
    reference_of(ITEM),
    judged=(Finding("point0", "the hidden thing"),),
    judge="small_model-1 at llm.example.com",
)
MESSAGES: dict[str, Message] = {
    "question": question_message(ROUND, SCHEDULE),
    "revealed_question": revealed_question_message(ROUND, SCHEDULE),
    "closed_question": closed_question_message(ROUND),
    "reveal": reveal_message(ROUND, [1]),
    "answers": answers_message(ROUND, ANSWERS, 0),
    "late_answer": late_message(LATE),
    "line": revealed_line(ROUND, [1]),
    "question_with_ping": question_message(ROUND, replace(SCHEDULE, ping=Ping("4711", "devs"))),
    "recap": recap_message("700", WEEK),
    "nobody_answered": reveal_message(NOBODY),
    "leaderboard": announce(
        Heading(f"This week in {in_channel('700')}"),
        Table(("Place", "Member", "Points"), (("1", "Ana <b>", "10"), ("1", "Bob (you)", "10")), own=1),
        Footnote("Shown by Ana."),
    ),
    "figures": say(
        Heading("Ana"),
        Fields((("Streak", "5"), ("Next", moment(NINE, SCHEDULE.tz, "day")))),
        Grid("    Nov\nMon █ ·\nTue"),
        Footnote("Your question days, 16 Nov to 24 Nov: 1 answered, 1 without an answer."),
    ),
    "judged": card(JUDGED),
    "compared": say(
        Heading("Found 1 of 2 key points"),
        Bars((Bar("1 of 2 · attention", 0.5), Bar("0 of 2 · memory", 0.0))),
        Quote("Ana", "in my own words", Button("I did say 2", "said @C1:20780 2")),
        Divider(),
        Buttons((Button("Good", "grade @C1:20780 good", primary=True), Button("Erase", "x", danger=True))),
    ),
    "topics_known": say(*page_blocks((Topic("rag", 3, 16, 0.52, 0.4), Topic("agents", 1, 9, None, None)), 1)),
    "interview_report": say(*report_blocks(INTERVIEW, RESULTS, ("basics/q1", "basics/q2"))),
    "streak_note": streak_note("700", Lapse("U1", 20780, "m", 12, until=NINE + timedelta(days=3)), NINE),
    "refusal": refuse(Markdown("Please write at least 10 characters."), Quote("Ana", "<!here>")),
    "first_help": overview(TABLE, admin=True, new=True),
    "help_of_a_group": chapter(TABLE, "learn", admin=False),
    "practice": say(Markdown("**What is it?**"), Buttons((Button("Another", "random"),))),
}
FORMS: dict[str, Form] = {
    "form": text_form("Your answer", "What is it?", "answer @C1:1", "mine, in a sentence"),
    "form_of_several": Form(
        "Flag",
        "**What is it?**",
        "flag @C1:1",
        (
            Input(
                "reason", "What is wrong?", "choice", choices=(("error", "has an error"), ("same", "a copy"))
            ),
            Input("source", "Where is it said?", "line", optional=True),
            Input("answer", "What did you notice?"),
        ),
    ),
}
