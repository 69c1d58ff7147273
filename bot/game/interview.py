"""A mock interview: some questions in a row, with nothing shown of their answers before the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter

from bot.game.catalogue import Item
from bot.game.schedule import Moment, Span, from_ms, to_ms

# Stored as 0 where there is no such moment.
Shown = Annotated[
    datetime | None,
    BeforeValidator(lambda stored: from_ms(stored) if stored else None),
    PlainSerializer(lambda moment: to_ms(moment) if moment else 0),
]


@dataclass(frozen=True, slots=True)
class Interview:
    """Its questions by id, and the answers so far, where an empty one was skipped.

    `asked` is when the question that waits was shown, if it was; `spent` is what those before it
    took.
    """

    about: str
    minutes: int
    questions: tuple[str, ...]
    begun: Moment
    asked: Shown = None
    spent: Span = timedelta()
    answers: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """Which question waits, from one."""
        return len(self.answers) + 1

    @property
    def is_over(self) -> bool:
        return len(self.answers) >= len(self.questions)

    @property
    def waiting(self) -> str:
        """The question that waits, or nothing when it is over."""
        return "" if self.is_over else self.questions[len(self.answers)]

    @property
    def until(self) -> datetime:
        """Until when the question that waits should be answered; only a guide."""
        return (self.asked or self.begun) + timedelta(minutes=self.minutes)


STORED = TypeAdapter(Interview)


def read_interview(stored: str) -> Interview:
    return STORED.validate_json(stored)


def write_interview(interview: Interview) -> str:
    return STORED.dump_json(interview).decode()


def asked(interview: Interview, now: datetime) -> Interview:
    """The question that waits is shown; its clock begins when that happens first."""
    return interview if interview.asked or interview.is_over else replace(interview, asked=now)


def answered(interview: Interview, question: str, text: str, now: datetime) -> Interview:
    """Take an answer to the question that waits, or nothing to skip it; another question changes nothing."""
    if question != interview.waiting:
        return interview
    took = now - interview.asked if interview.asked else timedelta()
    # Somebody who comes back the next day has not thought for a day.
    longest = timedelta(minutes=interview.minutes) * 2
    spent = interview.spent + min(max(took, timedelta()), longest)
    return replace(interview, answers=(*interview.answers, text), asked=None, spent=spent)


def ended(interview: Interview) -> Interview:
    """All that was not answered is skipped."""
    left = len(interview.questions) - len(interview.answers)
    return replace(interview, answers=(*interview.answers, *("",) * left), asked=None)


def without(interview: Interview, question: str) -> Interview:
    """Leave out the question that waits, since it is open in the team now."""
    if question != interview.waiting:
        return interview
    done = len(interview.answers)
    rest = interview.questions[done + 1 :]
    return replace(interview, questions=(*interview.questions[:done], *rest), asked=None)


def in_pairs(items: Sequence[Item], most: int) -> list[Item]:
    """The first of some questions, each with the one that follows it up behind it."""
    known = {item.id: item for item in items}
    follow_ups = {item.follow_up_of: item for item in items if item.follow_up_of}
    families = ((known.get(item.follow_up_of or ""), item, follow_ups.get(item.id)) for item in items)
    chosen = dict.fromkeys(one.id for family in families for one in family if one)
    return [known[id] for id in islice(chosen, most)]
