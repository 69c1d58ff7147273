"""When a question comes back to a member: FSRS, which models how one forgets.

The parameters are those of the `fsrs` library. Learning steps of minutes are left out, since a question comes
at most once a day; fuzz is off, so that every process gets the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from fsrs import Card, Rating, Scheduler, State
from pydantic import TypeAdapter

from bot.game.schedule import Moment

FSRS = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
# Whatever the question, the library wants a number; one of its own would take a millisecond.
ANY_ID = 1
# How far back a trend goes.
TREND = timedelta(weeks=8)


class Grade(StrEnum):
    """How well a member knew an answer, by their own judgement."""

    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


RATINGS = {
    Grade.AGAIN: Rating.Again,
    Grade.HARD: Rating.Hard,
    Grade.GOOD: Rating.Good,
    Grade.EASY: Rating.Easy,
}


@dataclass(frozen=True, slots=True)
class Memory:
    """What FSRS knows of a member and a question after a review."""

    stability: float
    difficulty: float
    due: Moment
    reviewed: Moment

    @property
    def card(self) -> Card:
        return Card(
            card_id=ANY_ID,
            state=State.Review,
            stability=self.stability,
            difficulty=self.difficulty,
            due=self.due,
            last_review=self.reviewed,
        )


@dataclass(frozen=True, slots=True)
class Learnt:
    """A member's reviews of a question: the state now, the last grade, and the state before that grade.

    `past` are earlier states, the oldest first, as far back as a trend looks.
    """

    memory: Memory
    grade: Grade
    before: Memory | None = None
    reviews: int = 1
    past: tuple[Memory, ...] = ()

    def at(self, moment: datetime) -> Memory | None:
        """The state in force at a moment; None before the first review."""
        states = (self.memory, *filter(None, (self.before,)), *reversed(self.past))
        return next((one for one in states if one.reviewed <= moment), None)


STORED = TypeAdapter(Learnt)


def read_learnt(stored: str) -> Learnt:
    return STORED.validate_json(stored)


def write_learnt(learnt: Learnt) -> str:
    return STORED.dump_json(learnt, exclude_defaults=True).decode()


def graded(known: Learnt | None, grade: Grade, now: datetime, *, again: bool = False) -> Learnt:
    """The question after another review, or after the last one was graded anew."""
    before = (known.before if again else known.memory) if known else None
    reviews = (known.reviews if known else 0) + (0 if again and known else 1)
    card, _ = FSRS.review_card(
        before.card if before else Card(card_id=ANY_ID), RATINGS[grade], now.astimezone(UTC)
    )
    assert card.stability is not None
    assert card.difficulty is not None
    memory = Memory(card.stability, card.difficulty, card.due, now.astimezone(UTC))
    past = (known.past if again else kept_past(known, now)) if known else ()
    return Learnt(memory, grade, before, max(reviews, 1), past)


def kept_past(known: Learnt, now: datetime) -> tuple[Memory, ...]:
    """The states before the last one that a trend may still look at: those replaced since it begins."""
    states = (*known.past, *filter(None, (known.before,)))
    replaced = (*states[1:], known.memory)
    since = now - TREND
    return tuple(one for one, next_one in zip(states, replaced, strict=False) if next_one.reviewed > since)


def remembered(memory: Memory, now: datetime) -> float:
    """How likely it is that the member still knows the answer, from 0 to 1."""
    return float(FSRS.get_card_retrievability(memory.card, now.astimezone(UTC)))


def likely(known: Iterable[Learnt], moment: datetime) -> float:
    """The share of the questions reviewed by a moment that a member likely knew then, from 0 to 1."""
    states = [state for one in known if (state := one.at(moment))]
    return sum(remembered(state, moment) for state in states) / len(states) if states else 0.0
