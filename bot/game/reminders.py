"""What a member wants to be told privately and when, and the words of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args

from pydantic import TypeAdapter

from bot.game.exports import ExportForm
from bot.game.flags import Outcome
from bot.game.schedule import zone_named
from bot.messages import Button, Buttons, Markdown, Message, channel_link, moment, say
from bot.wording import counted

NoteKind = Literal["deadline", "reveal", "flag", "suggestion", "export", "questions", "away"]
NoteOutcome = Outcome | Literal["declined", "named", "nameless"]
# What members ask for; the rest they are told in any case.
Wanted = Literal["deadline", "reveal"]
WANTED: tuple[Wanted, ...] = get_args(Wanted)


@dataclass(frozen=True, slots=True)
class Reminders:
    """A member's reminders, all off at first, and whether a judge may read their answers.

    `review` is a local time in `zone`.
    """

    review: time | None = None
    zone: str = "UTC"
    deadline: timedelta | None = None
    reveal: bool = False
    judge: bool = True

    def wants(self, kind: Wanted) -> bool:
        return self.reveal if kind == "reveal" else self.deadline is not None

    def today(self, now: datetime) -> date:
        """The member's own date."""
        return now.astimezone(zone_named(self.zone)).date()

    def review_at(self, day: date) -> datetime | None:
        """The moment of the review reminder on a date."""
        return datetime.combine(day, self.review, zone_named(self.zone)) if self.review else None

    def next_review(self, now: datetime) -> datetime | None:
        """The next moment of the review reminder after this one."""
        today = self.today(now)
        moments = (self.review_at(today + timedelta(days=n)) for n in range(3))
        return next((at for at in moments if at and at > now), None)


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a member is to be told. A flag's or a suggestion's has question, outcome and
    reply; that of an absence which an admin set has its words as the reply.

    `by` is the admin who replied, `suggestion` the id of one that was taken. A long export is sent part
    by part; that of the team's questions has a form.
    """

    kind: NoteKind
    channel: str = ""
    round: str = ""
    prompt: str = ""
    outcome: NoteOutcome | Literal[""] = ""
    reply: str = ""
    by: str = ""
    part: int = 0
    suggestion: str = ""
    form: ExportForm | Literal[""] = ""


STORED = TypeAdapter(Reminders)
NOTE = TypeAdapter(Note)


def read_reminders(stored: str | None) -> Reminders:
    return STORED.validate_json(stored) if stored else Reminders()


def write_fields(reminders: Reminders, fields: Collection[str]) -> str:
    """Some fields as they are stored."""
    return STORED.dump_json(reminders, include=set(fields)).decode()


def read_note(stored: str) -> Note:
    return NOTE.validate_json(stored)


def write_note(note: Note) -> str:
    return NOTE.dump_json(note).decode()


def turn_off(kind: str) -> Button:
    return Button("Turn off", f"remind {kind} off")


def deadline_message(channel: str, round: str, until: datetime, streak: int) -> Message:
    """A streak is about to be lost."""
    words = f"Today's question in {channel_link(channel)} is open until {moment(until, None)}. "
    return say(
        Markdown(f"{words}Streak: {counted(streak, 'day')}."),
        Buttons((Button("Answer", f"answer @{round}", primary=True), turn_off("deadline"))),
    )


def review_message(due: int) -> Message:
    """Something is due."""
    are = "question is" if due == 1 else "questions are"
    return say(
        Markdown(f"{due} {are} due."),
        Buttons((Button("Review", "review", primary=True), turn_off("review"))),
    )


def revealed_message(channel: str, round: str, prompt: str) -> Message:
    """The reveal has come; nothing of it is said here."""
    return say(
        Markdown(f"Revealed in {channel_link(channel)}: **{prompt}**"),
        Buttons((Button("Compare mine", f"compare @{round}", primary=True), turn_off("reveal"))),
    )
