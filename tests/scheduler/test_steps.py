"""What is to be done next in a channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.game.rounds import Round
from bot.game.schedule import EVERY_DAY, Schedule, to_day, to_ms
from bot.store.records import ChannelState
from scheduler.steps import Close, Open, Post, Reveal, Step, Tell, Wait, missed, next_step

TODAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
SCHEDULE = Schedule(time(9), EVERY_DAY, "UTC")
HOUR = timedelta(hours=1)
OPEN = Round(
    id="c:20780", channel="c", day=to_day(TODAY), state="open", question="d/q", topic="", level="",
    prompt="?", replies=0, min_replies=3, opened=to_ms(NINE), reveal_from=to_ms(NINE + HOUR),
    deadline=to_ms(NINE + 8 * HOUR), closes=to_ms(NINE + 24 * HOUR),
)  # fmt: skip
REVEALED = replace(OPEN, state="revealed", revealed=to_ms(NINE + 8 * HOUR))
TOLD = replace(REVEALED, told=True)
CLOSED = replace(TOLD, state="closed")


def state(
    round: Round | None = None, schedule: Schedule | None = SCHEDULE, asked: int | None = None
) -> ChannelState:
    return ChannelState(schedule, "", asked, round, {})


def at(moment: datetime) -> Wait:
    return Wait(to_ms(moment))


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
        (state(replace(OPEN, replies=3)), 0, at(NINE + HOUR)),
        (state(replace(OPEN, replies=3)), 1, Reveal(replace(OPEN, replies=3))),
        (state(replace(OPEN, replies=2)), 7.9, at(NINE + 8 * HOUR)),
        (state(OPEN), 8, Reveal(OPEN)),
        (state(OPEN), 200, Reveal(OPEN)),
        (state(OPEN, schedule=None), 8, Reveal(OPEN)),
        (state(replace(OPEN, forced=True)), 0, Reveal(replace(OPEN, forced=True))),
        (state(replace(OPEN, deadline=to_ms(NINE + 30 * HOUR))), 24,
         Reveal(replace(OPEN, deadline=to_ms(NINE + 30 * HOUR)), forced=True)),
        (state(REVEALED), 8, Tell(REVEALED)),
        (state(REVEALED), 23, Tell(REVEALED)),
        (state(REVEALED), 24, Close(REVEALED)),
        (state(replace(REVEALED, revealed=to_ms(NINE + 23.5 * HOUR))), 24,
         Tell(replace(REVEALED, revealed=to_ms(NINE + 23.5 * HOUR)))),
        (state(TOLD), 8, at(NINE + 24 * HOUR)),
        (state(TOLD), 24, Close(TOLD)),
        (state(TOLD, schedule=None), 23, at(NINE + 24 * HOUR)),
        (state(TOLD, schedule=None), 24, Close(TOLD)),
        (state(CLOSED), 1, at(NINE + 24 * HOUR)),
        (state(CLOSED), 24, Open(TODAY + timedelta(days=1))),
        (state(CLOSED), -48, at(NINE - 24 * HOUR)),
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
