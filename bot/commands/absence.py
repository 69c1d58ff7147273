"""Being away: streaks wait, no freeze is spent, and no reveal waits for who is away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.commands.admins import check_admin
from bot.commands.arguments import read_day
from bot.commands.dates import read_date
from bot.commands.log import note
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.reminders import Note
from bot.game.rules import TAKEN_UP_AFTER
from bot.game.schedule import date_words, to_day
from bot.messages import Button, Buttons, Markdown, Reply, say
from bot.requests import MENTION, Member
from bot.store.keys import member_turn
from bot.wording import as_code

HOW = "Write it like `/llmq away 2026-12-24 2027-01-02`, `/llmq away tomorrow fri` or `/llmq away off`."
UNKNOWN = "llmq knows no member {name}. Type `@` and choose the name from the list, so that it is a mention."
OFF = "off"
TYPED = re.compile(r"@(?P<name>[\w.-]+)")
LONGEST_DAYS = 366
FROM = re.compile(r"from\s+", re.IGNORECASE)
UNTIL = re.compile(r"^(?:to|until|till)\s+", re.IGNORECASE)
BETWEEN = re.compile(r"\s*\.\.\s*|\s+(?:to|until|till|-|\u2013)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is away, from when to when; without a last day, who is back from the first on."""

    member: Member
    first: date
    last: date | None


async def away(game: Game, call: Call) -> Reply:
    """Be away for a while, or back; an admin may say so of somebody else."""
    member, when = await absent_in(game, call)
    state = await game.store.channel(call.request.channel)
    today = call.now.astimezone(state.schedule.tz if state.schedule else None).date()
    own = member.id == call.request.member.id
    absence = read_absence(when, member, today, own=own)
    if not own:
        await check_admin(game, call.request, "", of_team=True)
    last = None if absence.last is None else to_day(absence.last)
    team = call.request.channel.team
    await game.store.be_away(team, absence.member, to_day(absence.first), last, *call.moment)
    if not own:
        span = "back" if last is None else span_of(absence.first, absence.last or absence.first, today)
        await note(game, call, "away", "", span, absence.member.id)
        await tell(game, call, absence.member.id, words_of(absence, today, own=True))
    return say(*said(absence, today, own=own))


async def absent_in(game: Game, call: Call) -> tuple[Member, str]:
    """Who is meant, the asker where nobody is named, and the words that say when."""
    when = call.words.get("when", "")
    if mention := MENTION.match(when):
        return Member(mention["id"], mention["name"] or ""), when[mention.end() :]
    typed = TYPED.match(when)
    if not typed:
        return call.request.member, when
    # Where members are known by their names. Elsewhere a name that is no mention may be anybody's.
    id = typed["name"].lower()
    if not (name := await game.store.name_of(call.request.channel.team, id)):
        raise Refusal(UNKNOWN.format(name=as_code(typed[0])))
    return Member(id, name), when[typed.end() :]


def read_absence(when: str, member: Member, today: date, *, own: bool) -> Absence:
    """Raises a refusal that shows how it is written. Days that have passed are an admin's to give."""
    if when.strip().casefold() == OFF:
        return Absence(member, today, None)
    if len(parts := parts_of(when, today)) > 2:
        raise Refusal(f"From when to when? {HOW}")
    first = read_date(parts[0], today)
    # The name of a day means the first one from then on: `tomorrow fri` on a Thursday is one day.
    named = read_day(parts[-1].casefold()) is not None
    last = first if len(parts) == 1 else read_date(parts[-1], first - timedelta(days=1) if named else today)
    if first <= last < today:
        span = span_of(first, last, today)
        raise Refusal(f"{span[0].upper()}{span[1:]} is over. {HOW}")
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise Refusal(f"The last day should come after the first, within a year. {HOW}")
    return Absence(member, max(first, today) if own else first, last)


def span_of(first: date, last: date, today: date) -> str:
    """`Tue 24 Nov`, or `from Mon 30 Nov to Fri 4 Dec`."""
    if first == last:
        return date_words(first, today)
    return f"from {date_words(first, today)} to {date_words(last, today)}"


def parts_of(when: str, today: date) -> list[str]:
    """The words for the first day and for the last, which need nothing between them."""
    words = FROM.sub("", when.strip())
    parts = BETWEEN.split(UNTIL.sub("today to ", words))
    if len(parts) > 1:
        return parts
    half, odd = divmod(len(split := words.split()), 2)
    halves = [" ".join(split[:half]), " ".join(split[half:])]
    return parts if odd or not all(is_date(one, today) for one in halves) else halves


def is_date(words: str, today: date) -> bool:
    try:
        read_date(words, today)
    except Refusal:
        return False
    return True


async def tell(game: Game, call: Call, member: str, words: str) -> None:
    """Let a member know what an admin has set for them."""
    team = call.request.channel.team
    turn = member_turn(team, member)
    # What dies behind the note is still taken up.
    await game.store.due.enqueue(turn, call.now + TAKEN_UP_AFTER)
    await game.store.notes.add(team, member, Note("away", reply=words), call.now)
    await game.store.due.enqueue(turn, call.now)
    game.wake()


def words_of(absence: Absence, today: date, *, own: bool) -> str:
    who = "You are" if own else f"{name_of(absence)} is"
    if absence.last is None:
        return f"**{who} back.**"
    on = "on " if absence.first == absence.last else ""
    return f"**{who} away {on}{span_of(absence.first, absence.last, today)}.** Streaks wait; no reminders."


def name_of(absence: Absence) -> str:
    return absence.member.name or absence.member.id


def said(absence: Absence, today: date, *, own: bool) -> tuple[Markdown | Buttons, ...]:
    words = words_of(absence, today, own=own)
    if not own:
        return (Markdown(f"{words} {name_of(absence)} is told."),)
    if absence.last is None:
        return (Markdown("**Welcome back.**"),)
    return Markdown(words), Buttons((Button("I am back", f"away {OFF}"),))
