"""What is to be done next in a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.game.channel import ChannelState
from bot.game.rounds import Round
from bot.game.schedule import EVERY_DAY, Schedule, to_day
from content.deck import Level
from scheduler.steps import (
    Close,
    GiveUp,
    Open,
    Post,
    PostLate,
    PostRest,
    PostReveal,
    Recount,
    Reveal,
    Step,
    Wait,
    missed,
    next_step,
)

TODAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
SCHEDULE = Schedule(time(9), EVERY_DAY, "UTC")
HOUR = timedelta(hours=1)
OPEN = Round(
    id="c:20780", channel="c", day=to_day(TODAY), state="open", question="d/q", topic="", level=Level.EASY,
    prompt="?", replies=0, min_replies=3, opened=NINE, reveal_from=NINE + HOUR,
    deadline=NINE + 8 * HOUR, closes=NINE + 24 * HOUR,
)  # fmt: skip
WAITS = replace(OPEN, regulars="1", waiting=3)
REVEALED = replace(OPEN, state="revealed", revealed=NINE + 8 * HOUR)
POSTED = replace(REVEALED, reveal_posted=True)
CLOSED = replace(POSTED, state="closed")
JUST_REVEALED = replace(REVEALED, revealed=NINE + 23.9 * HOUR)
EARLY = replace(REVEALED, revealed=NINE + 22 * HOUR)
LEFT = replace(JUST_REVEALED, state="closed")
NEXT = replace(
    OPEN, day=OPEN.day + 1, opened=NINE + 24 * HOUR, reveal_from=NINE + 25 * HOUR,
    deadline=NINE + 32 * HOUR, closes=NINE + 48 * HOUR,
)  # fmt: skip


def state(
    round: Round | None = None, schedule: Schedule | None = SCHEDULE, asked: int | None = None
) -> ChannelState:
    return ChannelState(schedule, "", asked, round, {})


def late(round: Round) -> ChannelState:
    """With a late answer that is still to be posted."""
    return replace(state(round), late=1)


def at(moment: datetime) -> Wait:
    return Wait(moment)


@pytest.mark.parametrize(
    ("given", "hours", "step"),
    [
        (state(), -1, at(NINE)),
        (state(), 0, Open(TODAY)),
        (state(), 2, Open(TODAY)),
        (state(), 2.01, at(NINE + 24 * HOUR)),
        (state(schedule=None), 0, Wait(None)),
        (state(schedule=replace(SCHEDULE, paused=True)), 0, Wait(None)),
        (state(schedule=replace(SCHEDULE, skipped=TODAY)), 0, at(NINE + 24 * HOUR)),
        (state(schedule=replace(SCHEDULE, since=NINE + HOUR)), 1, at(NINE + 24 * HOUR)),
        (state(asked=to_day(TODAY)), -3, Open(TODAY)),
        (state(asked=to_day(TODAY) - 1), -3, at(NINE)),
        (state(replace(OPEN, state="scheduled")), 0, Post(replace(OPEN, state="scheduled"))),
        (state(OPEN), 0, at(NINE + HOUR)),
        (state(OPEN), 1, at(NINE + 8 * HOUR)),
        (state(replace(OPEN, replies=3, shown=3)), 0, at(NINE + HOUR)),
        (state(replace(OPEN, replies=3)), 1, Reveal(replace(OPEN, replies=3))),
        (state(replace(OPEN, replies=2, shown=2)), 7.9, at(NINE + 8 * HOUR)),
        (state(OPEN), 8, Reveal(OPEN)),
        (state(OPEN), 200, Reveal(OPEN)),
        (state(OPEN, schedule=None), 8, Reveal(OPEN)),
        (state(replace(OPEN, forced=True)), 0, Reveal(replace(OPEN, forced=True))),
        (state(replace(OPEN, deadline=NINE + 30 * HOUR)), 24,
         Reveal(replace(OPEN, deadline=NINE + 30 * HOUR), forced=True)),
        # The answers of three regulars are waited for, or there are none.
        (state(replace(WAITS, replies=3, shown=3)), 2, at(NINE + 8 * HOUR)),
        (state(replace(WAITS, replies=3, shown=3, waiting=0)), 0.5, at(NINE + HOUR)),
        (state(replace(WAITS, replies=3, waiting=0)), 2, Reveal(replace(WAITS, replies=3, waiting=0))),
        (state(replace(WAITS, replies=2, shown=2, waiting=0)), 2, at(NINE + 8 * HOUR)),
        (state(replace(OPEN, replies=9, shown=9, regulars="0")), 2, at(NINE + 8 * HOUR)),
        (state(WAITS), 8, Reveal(WAITS)),
        # The post says how many answered: five minutes after it last did, unless the reveal comes.
        (state(replace(OPEN, replies=1)), 0.05, at(NINE + HOUR / 12)),
        (state(replace(OPEN, replies=1)), 0.1, Recount(replace(OPEN, replies=1))),
        (state(replace(OPEN, replies=2, shown=1, shown_at=NINE + HOUR)), 1.05, at(NINE + HOUR * 13 / 12)),
        (state(replace(OPEN, replies=2, shown=1, shown_at=NINE + HOUR)), 1.1,
         Recount(replace(OPEN, replies=2, shown=1, shown_at=NINE + HOUR))),
        (state(replace(OPEN, replies=2)), 8, Reveal(replace(OPEN, replies=2))),
        (state(REVEALED), 8, PostReveal(REVEALED)),
        (state(REVEALED), 23, PostReveal(REVEALED)),
        (state(REVEALED), 24, Close(REVEALED)),
        (state(replace(REVEALED, revealed=NINE + 23.5 * HOUR)), 24,
         PostReveal(replace(REVEALED, revealed=NINE + 23.5 * HOUR))),
        (state(POSTED), 8, at(NINE + 24 * HOUR)),
        (state(POSTED), 24, Close(POSTED)),
        (late(REVEALED), 9, PostReveal(REVEALED)),
        (late(POSTED), 9, PostLate(POSTED)),
        # What could not be posted for an hour stands in nobody's way.
        (late(POSTED), 24.08, PostLate(POSTED)),
        (late(POSTED), 24.1, Close(POSTED)),
        (replace(late(POSTED), schedule=None), 24.9, PostLate(POSTED)),
        (replace(late(POSTED), schedule=None), 25, Close(POSTED)),
        # The next question waits minutes for a reveal, and what is left is told behind it.
        (state(JUST_REVEALED), 24.08, PostReveal(JUST_REVEALED)),
        (state(JUST_REVEALED), 24.1, Close(JUST_REVEALED)),
        (state(EARLY, asked=EARLY.day + 1), 22.05, PostReveal(EARLY)),
        (state(EARLY, asked=EARLY.day + 1), 22.1, Close(EARLY)),
        (state(JUST_REVEALED, schedule=None), 24.8, PostReveal(JUST_REVEALED)),
        (state(JUST_REVEALED, schedule=None), 24.95, Close(JUST_REVEALED)),
        (replace(state(NEXT), untold=LEFT), 24.1, PostRest(LEFT)),
        (replace(state(replace(NEXT, replies=1)), untold=LEFT), 24.2, Recount(replace(NEXT, replies=1))),
        (replace(state(NEXT), untold=LEFT), 26.8, PostRest(LEFT)),
        (replace(state(NEXT), untold=LEFT), 27, GiveUp(LEFT)),
        (replace(state(NEXT), untold=LEFT), 32, Reveal(NEXT)),
        (state(POSTED, schedule=None), 23, at(NINE + 24 * HOUR)),
        (state(POSTED, schedule=None), 24, Close(POSTED)),
        (state(CLOSED), 1, at(NINE + 24 * HOUR)),
        (state(CLOSED), 24, Open(TODAY + timedelta(days=1))),
        # A clock put back by less than a day waits; what a wrong one began stands in nobody's way.
        (state(CLOSED), -23, at(NINE)),
        (state(CLOSED), -48, Open(TODAY - timedelta(days=2))),
        (state(OPEN), -24.1, Reveal(OPEN, forced=True)),
        (state(POSTED), -24.1, Close(POSTED)),
    ],
)  # fmt: skip
def test_the_next_step(given: ChannelState, hours: float, step: Step) -> None:
    assert next_step(given, NINE + timedelta(hours=hours)) == step


@pytest.mark.parametrize(
    ("given", "since", "until", "count"),
    [
        (state(), 0, 2, 0),
        (state(), 0, 2.01, 1),
        (state(), 0.01, 2.01, 0),
        (state(), -24, 2.01, 2),
        (state(CLOSED), -24, 2.01, 0),
        (state(CLOSED), -24, 26.01, 1),
        (state(schedule=replace(SCHEDULE, since=NINE + HOUR)), 0, 26.01, 1),
        (state(schedule=replace(SCHEDULE, paused=True)), 0, 2.01, 0),
        (state(schedule=replace(SCHEDULE, skipped=TODAY)), 0, 2.01, 0),
        (state(schedule=None), 0, 2.01, 0),
    ],
)
def test_what_was_due_while_nobody_worked_and_is_too_late_counts_as_missed(
    given: ChannelState, since: float, until: float, count: int
) -> None:
    assert missed(given, NINE + since * HOUR, NINE + until * HOUR) == count
