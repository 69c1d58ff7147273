"""Being away: streaks wait, no freeze is spent, and no reveal waits for who is away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.commands.admins import check_admin
from bot.commands.dates import read_date
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.schedule import to_day
from bot.messages import Button, Buttons, Markdown, Reply, say
from bot.requests import Member

HOW = "Write it like `/llmq away 2026-12-24 2027-01-02`, `/llmq away tomorrow fri` or `/llmq away off`."
OFF = "off"
# A member as an adapter names one, `<@U123|ana>`, or as typed, `@ana`.
MENTION = re.compile(r"<@(?P<id>[^|>]+)(?:\|(?P<name>[^>]*))?>|@(?P<typed>[\w.-]+)")
LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Absence:
    """Who is away, from when to when; without a last day, who is back from the first on."""

    member: Member
    first: date
    last: date | None


async def away(game: Game, call: Call) -> Reply:
    """Be away for a while, or back; an admin may say so of somebody else."""
    words = call.words.get("when", "").split()
    state = await game.store.channel(call.request.channel)
    today = call.now.astimezone(state.schedule.tz if state.schedule else None).date()
    absence = read_absence(words, call.request.member, today)
    if absence.member != call.request.member:
        await check_admin(game.platforms[call.request.channel.platform], call.request, "")
    at = call.request.at or call.now
    last = None if absence.last is None else to_day(absence.last)
    team = call.request.channel.team
    await game.store.be_away(team, absence.member, to_day(absence.first), last, at)
    return say(*said(absence, own=absence.member == call.request.member))


def read_absence(words: Sequence[str], asker: Member, today: date) -> Absence:
    """Raises a refusal that shows how it is written."""
    member = asker
    if words and (found := MENTION.fullmatch(words[0])):
        id = found["id"] or found["typed"]
        member, words = Member(id, found["name"] or found["typed"] or ""), words[1:]
    words = [word for word in words if word.casefold() not in ("from", "to", "until", "-")]
    if [word.casefold() for word in words] == [OFF]:
        return Absence(member, today, None)
    if not 1 <= len(words) <= 2:
        raise Refusal(f"From when to when? {HOW}")
    first = read_date(words[0], today)
    # The name of a day means the first one behind the day before it.
    after = first if len(words) == 2 and words[-1].isalpha() else today
    last = first if len(words) == 1 else read_date(words[-1], after)
    if not 0 <= (last - first).days < LONGEST_DAYS or last < today:
        raise Refusal(f"The last day should come after the first, within a year. {HOW}")
    return Absence(member, first, last)


def said(absence: Absence, *, own: bool) -> tuple[Markdown | Buttons, ...]:
    who = "You are" if own else f"{absence.member.name or absence.member.id} is"
    if absence.last is None:
        return (Markdown("**Welcome back.**" if own else f"**{who} back.**"),)
    span = f"{absence.first:%a %-d %b}"
    if absence.last != absence.first:
        span = f"from {span} to {absence.last:%a %-d %b}"
    words = Markdown(f"**{who} away {span}.** Streaks wait; no reminders.")
    return (words, Buttons((Button("I am back", f"away {OFF}"),))) if own else (words,)
