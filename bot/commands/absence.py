"""Being away: streaks wait, no freeze is spent, and no reveal waits for who is away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.commands.admins import check_admin
from bot.commands.dates import read_date
from bot.commands.log import note
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.schedule import date_words, to_day
from bot.messages import Button, Buttons, Markdown, Reply, say
from bot.requests import MENTION, Member
from bot.wording import as_code

HOW = "Write it like `/llmq away 2026-12-24 2027-01-02`, `/llmq away tomorrow fri` or `/llmq away off`."
UNKNOWN = "llmq knows no member {name}. Type `@` and choose the name from the list, so that it is a mention."
OFF = "off"
TYPED = re.compile(r"@(?P<name>[\w.-]+)")
LONGEST_DAYS = 366


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
    absence = read_absence(when.split(), member, today, own=own)
    if not own:
        await check_admin(game.platforms[call.request.channel.platform], call.request, "")
    at = call.request.at or call.now
    last = None if absence.last is None else to_day(absence.last)
    team = call.request.channel.team
    await game.store.be_away(team, absence.member, to_day(absence.first), last, at)
    if not own:
        span = "back" if last is None else span_of(absence.first, absence.last or absence.first, today)
        await note(game, call, "away", "", span, absence.member.id)
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


def read_absence(words: Sequence[str], member: Member, today: date, *, own: bool) -> Absence:
    """Raises a refusal that shows how it is written. Days that have passed are an admin's to give."""
    words = [word for word in words if word.casefold() not in ("from", "to", "until", "-")]
    if [word.casefold() for word in words] == [OFF]:
        return Absence(member, today, None)
    if not 1 <= len(words) <= 2:
        raise Refusal(f"From when to when? {HOW}")
    first = read_date(words[0], today)
    # The name of a day means the first one behind the day before it.
    after = first if len(words) == 2 and words[-1].isalpha() else today
    last = first if len(words) == 1 else read_date(words[-1], after)
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


def said(absence: Absence, today: date, *, own: bool) -> tuple[Markdown | Buttons, ...]:
    who = "You are" if own else f"{absence.member.name or absence.member.id} is"
    if absence.last is None:
        return (Markdown("**Welcome back.**" if own else f"**{who} back.**"),)
    span = span_of(absence.first, absence.last, today)
    words = Markdown(f"**{who} away {span}.** Streaks wait; no reminders.")
    return (words, Buttons((Button("I am back", f"away {OFF}"),))) if own else (words,)
