"""A round as it is stored: its text, its moments, and the answers to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import TypeAdapter

from bot.game.catalogue import Item
from bot.game.rules import OPEN_FOR, RECOUNT_EVERY
from bot.game.schedule import Moment, RevealRule, from_day, to_ms
from content.deck import KeyPoint, Level, Reference

RoundState = Literal["scheduled", "open", "revealed", "closed"]
# Whether the reveal waits for regulars: a number decides, there are none, or some are waited for.
Regulars = Literal["", "0", "1"]


@dataclass(frozen=True, slots=True)
class ReferenceAnswer:
    """What is revealed of a question."""

    answer: str
    key_points: tuple[KeyPoint, ...] = ()
    pitfall: str = ""
    references: tuple[Reference, ...] = ()
    own_experience: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A member's answer to a round. `id` is short for the act.

    `source` is the message in the thread that it stands in. `read`: it came after its author had read the
    reference. `graded`: its author has graded it; `said` are labels of key points that it has by their word.
    The name is there where others see the answer.
    """

    text: str
    at: Moment
    late: bool
    id: str = ""
    member: str = ""
    name: str = ""
    source: str = ""
    read: bool = False
    graded: bool = False
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Round:
    """One question in one channel on one local date. `credit` is the name of who suggested it."""

    id: str
    channel: str
    day: int
    state: RoundState
    question: str
    topic: str
    level: Level
    prompt: str
    replies: int
    min_replies: int
    opened: Moment
    reveal_from: Moment
    deadline: Moment
    closes: Moment
    regulars: Regulars = ""
    waiting: int = 0
    message: str = ""
    reference: str = ""
    revealed: Moment | None = None
    asked_before: Moment | None = None
    forced: bool = False
    reveal_posted: bool = False
    answers_posted: int = 0
    thread_end: str = ""
    shown: int = 0
    shown_at: Moment | None = None
    in_vain: int = 0
    credit: str = ""

    @property
    def date(self) -> date:
        return from_day(self.day)

    @property
    def is_blind(self) -> bool:
        return self.state in ("scheduled", "open")

    @property
    def reference_answer(self) -> ReferenceAnswer:
        return REFERENCE.validate_json(self.reference)

    @property
    def has_enough(self) -> bool:
        """Whether all answers are in that the reveal waits for; the deadline may still come first."""
        all_in = self.regulars == "" or (self.regulars == "1" and self.waiting <= 0)
        return all_in and self.replies >= self.min_replies

    @property
    def count_due(self) -> datetime | None:
        """The moment from which the question's post may say anew how many answered; None when it is right."""
        if self.state != "open" or self.shown == self.replies:
            return None
        return (self.shown_at or self.opened) + RECOUNT_EVERY

    @property
    def reveal_due(self) -> datetime:
        """The moment at which the round, as it stands, is to be looked at again for its reveal."""
        if self.forced:
            return self.opened
        return self.reveal_from if self.has_enough else self.deadline


REFERENCE = TypeAdapter(ReferenceAnswer)
ANSWER = TypeAdapter(Answer)
ANSWERS = TypeAdapter(list[Answer])
ROUND = TypeAdapter(Round)


def read_round(stored: Mapping[str, Any]) -> Round:
    """The round of a stored hash. Raises ValidationError where a field is missing or wrong."""
    return ROUND.validate_python(dict(stored))


def reference_of(item: Item) -> ReferenceAnswer:
    """What a question's round, or its practice, reveals."""
    q = item.question
    return ReferenceAnswer(q.answer, q.key_points, q.pitfall, q.references, q.own_experience)


def round_fields(
    item: Item, rule: RevealRule, opened: datetime, asked_before: float | None = None
) -> dict[str, str | int]:
    """What is stored of a new round beside its place and date: the text it is asked with, and its moments."""
    fields: dict[str, str | int] = {
        "question": item.id,
        "topic": item.question.topic,
        "level": item.question.level,
        "prompt": item.question.prompt,
        "plain": item.normalised,
        "reference_plain": item.normalised_reference,
        "prompt_hash": item.prompt_hash,
        "version": item.version,
        "reference": REFERENCE.dump_json(reference_of(item)).decode(),
        "min_replies": rule.min_replies,
        "reveal_from": to_ms(opened + rule.min_wait),
        "deadline": to_ms(opened + rule.deadline),
        "closes": to_ms(opened + OPEN_FOR),
    }
    if asked_before is not None:
        fields["asked_before"] = int(asked_before)
    return fields
