"""A member's turn: what they are to be told privately, at its moment and once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from bot.game.exports import EXPORT_FORMS
from bot.game.posts import flag_message, suggestion_message
from bot.game.reminders import Note, Reminders, deadline_message, revealed_message, review_message
from bot.game.rounds import Round
from bot.game.rules import GRACE
from bot.messages import Markdown, Message, say
from bot.platform import ChannelRefused, Platform
from bot.requests import Channel, Member
from bot.store.keys import member_turn
from bot.store.notes import Daily
from bot.store.own import Catalogues
from bot.store.store import Store
from scheduler.data import MemberData
from scheduler.decks import TeamDecks

# How often it is looked at what waits in a team that llmq was taken out of.
A_DAY = timedelta(days=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MemberNotes:
    """Plans what members want to be told of rounds, and tells it."""

    store: Store
    catalogues: Catalogues
    platforms: Mapping[str, Platform]
    clock: Callable[[], datetime]
    data: MemberData = field(init=False)
    decks: TeamDecks = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "data", MemberData(self.store, self.clock))
        object.__setattr__(self, "decks", TeamDecks(self.store))

    # Planning

    async def plan_deadline(self, round: Round, channel: Channel) -> None:
        """Some time before the reveal, for those who want that; each has a span of their own."""
        wanting = await self.store.notes.wanting(channel.team, "deadline")
        spans = {member: reminders.deadline for member, reminders in wanting.items() if reminders.deadline}
        for span in set(spans.values()):
            await self._plan(
                Note("deadline", channel.id, round.id),
                channel,
                round.deadline - span,
                [member for member, wanted in spans.items() if wanted == span],
            )

    async def plan_reveal(self, round: Round, channel: Channel) -> None:
        """At once, for those who want that."""
        wanting = await self.store.notes.wanting(channel.team, "reveal")
        await self._plan(Note("reveal", channel.id, round.id), channel, self.clock(), list(wanting))

    async def _plan(self, note: Note, channel: Channel, moment: datetime, members: list[str]) -> None:
        told = await self.store.notes.add_of_round(channel, note, moment, members)
        turns = (member_turn(channel.team, member) for member in told)
        # Together, so that a hundred members are a few round trips.
        await asyncio.gather(*(self.store.due.enqueue(turn, moment) for turn in turns))

    # Telling

    async def advance(self, turn: Channel) -> datetime | None:
        """Tell a member what is to be told by now; returns when there is more."""
        member, now = turn.id.removeprefix("@"), self.clock()
        taken = await self.store.notes.take(turn.team, member, now)
        if taken.erasing is not None:
            await self.data.erase(turn.team, member, taken.erasing)
            return None
        if taken.has_left:
            return now + A_DAY
        for stored, note in taken.notes.items():
            await self._tell_note(note, turn.team, member, taken.reminders, now, away=taken.is_away)
            # Only now: a process that dies before it loses nothing.
            await self.store.notes.told(turn.team, member, stored)
        if not taken.is_away:
            await self._remind_of_review(turn.team, member, taken.reminders, now)
        return earliest((taken.after, taken.reminders.next_review(now)))

    async def _tell_note(
        self, note: Note, team: str, member: str, reminders: Reminders, now: datetime, *, away: bool
    ) -> None:
        """Tell what a note says, unless it has become needless."""
        match note.kind:
            case "flag":
                await self._tell(team, member, flag_message(note))
            case "suggestion":
                await self._tell(team, member, suggestion_message(note))
            case "away":
                await self._tell(team, member, say(Markdown(note.reply)))
            case "export":
                part = await self.data.export(team, member, note.part)
                await self._tell_part(note, team, member, now, *part)
            case "questions":
                part = await self.decks.export(team, note.form or EXPORT_FORMS[0], note.part)
                await self._tell_part(note, team, member, now, *part)
            case "deadline" if not away:
                words = await self._deadline(note, team, member, reminders, now)
                await self._tell_first_today(team, member, "deadline", reminders.today(now), words)
            case "reveal" if not away:
                await self._tell(team, member, await self._revealed(note, team, member, now))
            case "deadline" | "reveal":
                pass

    async def _tell_part(
        self, note: Note, team: str, member: str, now: datetime, message: Message, more: bool
    ) -> None:
        """Send a part of what a member asked for; the next, where there is one, has a turn of its own."""
        await self._tell(team, member, message)
        if more:
            await self.store.due.enqueue(member_turn(team, member), now)
            await self.store.notes.add(team, member, replace(note, part=note.part + 1), now)

    async def _deadline(
        self, note: Note, team: str, member: str, reminders: Reminders, now: datetime
    ) -> Message | None:
        channel, who = Channel(team, note.channel), Member(member, "")
        seen = await self.store.today(channel, who, now, note.round)
        if seen.round is None or not seen.round.is_blind or seen.own or seen.round.deadline <= now:
            return None
        here = (await self.store.standing(channel, who, now, 0)).here
        if here is None or not here.streak or reminders.deadline is None:
            return None
        return deadline_message(note.channel, note.round, seen.round.deadline, here.streak)

    async def _revealed(self, note: Note, team: str, member: str, now: datetime) -> Message | None:
        seen = await self.store.today(Channel(team, note.channel), Member(member, ""), now, note.round)
        if seen.round is None or seen.round.is_blind:
            return None
        return revealed_message(note.channel, note.round, seen.round.prompt)

    async def _remind_of_review(self, team: str, member: str, reminders: Reminders, now: datetime) -> None:
        day = reminders.today(now)
        at = reminders.review_at(day)
        if (
            at is None
            or not timedelta() <= now - at <= GRACE
            or not await self._is_question_day(team, member, now)
        ):
            return
        known = (await self.catalogues.of(team)).items
        due = (await self.store.due_reviews(team, Member(member, ""), now)).among(known)
        if due:
            await self._tell_first_today(team, member, "review", day, review_message(len(due)))

    async def _is_question_day(self, team: str, member: str, now: datetime) -> bool:
        """Whether one of the member's channels asks a question today, if any has a schedule."""
        channels = await self.store.channels_of(team, member)
        states = await asyncio.gather(*(self.store.channel(Channel(team, id)) for id in channels))
        schedules = [state.schedule for state in states if state.schedule]
        running = (one for one in schedules if not one.paused)
        return not schedules or any(one.has_round(one.local(now).date()) for one in running)

    async def _tell_first_today(
        self, team: str, member: str, kind: Daily, day: date, message: Message | None
    ) -> None:
        """Tell what is told once a day; what did not go through does not count."""
        if message is None or await self.store.notes.was_reminded(team, member, kind, day):
            return
        await self._tell(team, member, message)
        await self.store.notes.reminded(team, member, kind, day)

    async def _tell(self, team: str, member: str, message: Message | None) -> None:
        """Who cannot be reached is told nothing."""
        if message is None:
            return
        try:
            await self.platforms[team.partition(":")[0]].tell(team, member, message)
        except ChannelRefused as refused:
            log.warning("%s of %s cannot be told: %s", member, team, refused)


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)
