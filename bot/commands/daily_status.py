"""How a channel's schedule is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.channel import ChannelState, supply_of
from bot.game.holidays import holiday, name_of_region
from bot.game.posts import answers
from bot.game.schedule import (
    RevealRule,
    Schedule,
    date_words,
    describe_days,
    describe_duration,
    to_day,
)
from bot.messages import (
    Block,
    Fields,
    Footnote,
    Heading,
    Markdown,
    Message,
    Reply,
    moment,
    say,
)
from bot.requests import Member

T = TypeVar("T")
NO_SCHEDULE = (
    "This channel has no daily question. An admin starts one: `/llmq daily on 09:00 weekdays Europe/Berlin`."
)
# Free dates are listed so far.
MOST_SPANS = 10
# Of the time that a command has, asking a platform may take so much.
ASK_SECONDS = 1.0


def schedule_of(state: ChannelState) -> Schedule:
    if state.schedule is None:
        raise Refusal(NO_SCHEDULE)
    return state.schedule


async def soon(asking: Awaitable[T], otherwise: T) -> T:
    """What a platform says, if it says it within a second."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            return await asking
    except TimeoutError:
        return otherwise


async def shown(game: Game, call: Call, title: str, state: ChannelState, *before: Block) -> Message:
    """The whole schedule, under what was done."""
    schedule = schedule_of(state)
    blocks = schedule_blocks(game, state, schedule, call.now)
    return say(*before, Heading(title), *blocks, await abilities(game, call))


async def abilities(game: Game, call: Call) -> Block:
    """Whether llmq can do its work here."""
    lacks = await soon(game.platforms[call.request.channel.platform].lacks(call.request.channel), ())
    return Footnote(" ".join(lacks) or "llmq can post, make threads and read replies here.")


async def status(game: Game, call: Call) -> Reply:
    """The channel's schedule, its next moments and how many questions are left."""
    channel = call.request.channel
    state = await game.store.channel(channel)
    blocks = schedule_blocks(game, state, schedule_of(state), call.now)
    named = (
        ("Admins", await game.store.admins.of(channel.team)),
        ("Reviewers", await game.store.reviewers.of(channel.team)),
    )
    return say(Heading("Daily question"), *blocks, *named_blocks(named))


def named_blocks(named: Iterable[tuple[str, Sequence[Member]]]) -> Iterator[Block]:
    """Who administers and who settles suggestions beside the platform's admins, where anybody does."""
    if fields := tuple((what, names_of(members)) for what, members in named if members):
        yield Fields(fields)


def names_of(members: Sequence[Member]) -> str:
    return ", ".join(one.name or "somebody" for one in members)


def schedule_blocks(game: Game, state: ChannelState, schedule: Schedule, now: datetime) -> Iterator[Block]:
    if schedule.paused:
        yield Markdown(f"**Paused.** {state.note or 'No question comes until `/llmq daily resume`.'}")
    elif schedule.skipped and to_day(schedule.skipped) >= to_day(schedule.local(now).date()):
        skipped = date_words(schedule.skipped, schedule.local(now).date())
        yield Markdown(f"**{skipped} is skipped.** `/llmq daily resume` takes that back.")
    yield Fields(tuple(schedule_fields(game, state, schedule, now)))


def schedule_fields(
    game: Game, state: ChannelState, schedule: Schedule, now: datetime
) -> Iterator[tuple[str, str]]:
    yield "When", f"{describe_days(schedule.days)}, {schedule.time:%H:%M} ({schedule.zone})"
    yield "Topics", ", ".join(schedule.sources) or "all"
    if gone := game.catalogue.missing(schedule.sources):
        yield "In no deck now", ", ".join(gone)
    yield "Reveal", describe_rule(schedule.reveal)
    if left_out := free_days(schedule, now):
        yield "No question on", left_out
    yield "Ping", schedule.ping.words if schedule.ping else "nobody"
    yield "Pin", "yes" if schedule.pin else "no"
    yield "Recap", describe_recap(schedule)
    if not schedule.paused:
        coming = (at for day, at in schedule.coming(now) if to_day(day) > state.newest_day(now))
        yield "Next", " · ".join(moment(at, schedule.tz, "day") for at in islice(coming, 3))
    yield "Questions", questions_left(game, state, schedule, now)


def questions_left(game: Game, state: ChannelState, schedule: Schedule, now: datetime) -> str:
    """`212 of 260 left; 3 left out: 2 open elsewhere, 1 out of date`."""
    supply = supply_of(game.catalogue, schedule, state, now)
    if not supply.total:
        return "none: what it asks from is in no deck any more. `/llmq daily on` names others"
    reasons = (
        (supply.open_elsewhere, "open elsewhere"),
        (supply.out_of_date, "out of date"),
        (supply.retired, "retired here"),
    )
    why = ", ".join(f"{count} {reason}" for count, reason in reasons if count)
    left_out = f"; {sum(count for count, _ in reasons)} left out: {why}" if why else ""
    asked = (
        "none asked yet" if supply.left == supply.total and not state.lap.number else f"{supply.left} left"
    )
    return f"{supply.total}, {asked}{left_out}"


def free_days(schedule: Schedule, now: datetime) -> str:
    """Holidays and own free dates, with the next of them that has no question."""
    parts = [f"holidays of {name_of_region(schedule.holidays)}"] if schedule.holidays else []
    today = schedule.local(now).date()
    ahead = [(first, last) for first, last in schedule.free if last >= today]
    parts += [span_in_words(*span, today) for span in ahead[:MOST_SPANS]]
    parts += [f"{len(ahead) - MOST_SPANS} more ranges"] if len(ahead) > MOST_SPANS else []
    if not parts:
        return ""
    year = (today + timedelta(days=n) for n in range(366))
    left_out = (
        day
        for day in year
        if day.weekday() in schedule.days
        and (schedule.is_free(day) or (schedule.holidays and holiday(schedule.holidays, day)))
    )
    first = next((f" (next: {date_words(day, today)})" for day in left_out), "")
    return f"{', '.join(parts)}{first}"


def span_in_words(first: date, last: date, today: date | None = None) -> str:
    """`24 Dec to 2 Jan 2027`, years as seen from today or from the first date."""
    words = [date_words(day, today or first, weekday=False) for day in dict.fromkeys((first, last))]
    return " to ".join(words)


def describe_rule(rule: RevealRule) -> str:
    """`when everyone who usually answers has answered, 1 h at the earliest; else after 8 h`."""
    enough = (
        "when everyone who usually answers has answered"
        if rule.waits_for_regulars
        else f"with {answers(rule.min_replies)}"
    )
    wait = f", {describe_duration(rule.min_wait)} at the earliest" if rule.min_wait else ""
    return f"{enough}{wait}; else after {describe_duration(rule.deadline)}"


def describe_recap(schedule: Schedule) -> str:
    """`Friday; the goal: 5 take part`."""
    goal = f"; the goal: {schedule.goal} take part" if schedule.goal else ""
    return f"{schedule.recap.capitalize() or 'no'}{goal}"
