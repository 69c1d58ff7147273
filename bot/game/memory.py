"""When a question comes back to a member: FSRS, which models how one forgets.

The parameters are those of the `fsrs` library. Learning steps of minutes are left out, since a question comes
at most once a day; fuzz is off, so that every process gets the same moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from fsrs import Card, Rating, Scheduler, State
from pydantic import TypeAdapter

from bot.game.schedule import from_ms, to_ms

FSRS = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
# Whatever the question, the library wants a number; one of its own would take a millisecond.
ANY_ID = 1


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
    """What FSRS knows of a member and a question after a review. Moments are milliseconds since 1970."""

    stability: float
    difficulty: float
    due: int
    reviewed: int

    @property
    def card(self) -> Card:
        return Card(
            card_id=ANY_ID,
            state=State.Review,
            stability=self.stability,
            difficulty=self.difficulty,
            due=from_ms(self.due),
            last_review=from_ms(self.reviewed),
        )


@dataclass(frozen=True, slots=True)
class Learnt:
    """A member's reviews of a question: the state now, the last grade, and the state before that grade."""

    memory: Memory
    grade: Grade
    before: Memory | None = None
    reviews: int = 1


STORED = TypeAdapter(Learnt)


def read_learnt(stored: str) -> Learnt:
    return STORED.validate_json(stored)


def write_learnt(learnt: Learnt) -> str:
    return STORED.dump_json(learnt).decode()


def graded(known: Learnt | None, grade: Grade, now: datetime, *, again: bool = False) -> Learnt:
    """The question after another review, or after the last one was graded anew."""
    before = (known.before if again else known.memory) if known else None
    reviews = (known.reviews if known else 0) + (0 if again and known else 1)
    card, _ = FSRS.review_card(
        before.card if before else Card(card_id=ANY_ID), RATINGS[grade], now.astimezone(UTC)
    )
    assert card.stability is not None
    assert card.difficulty is not None
    memory = Memory(card.stability, card.difficulty, to_ms(card.due), to_ms(now))
    return Learnt(memory, grade, before, max(reviews, 1))


def remembered(memory: Memory, now: datetime) -> float:
    """How likely it is that the member still knows the answer, from 0 to 1."""
    return float(FSRS.get_card_retrievability(memory.card, now.astimezone(UTC)))


def likely(known: Sequence[Learnt], now: datetime) -> float:
    """The share of questions that a member is likely to know still."""
    return sum(remembered(one.memory, now) for one in known) / len(known) if known else 0.0
