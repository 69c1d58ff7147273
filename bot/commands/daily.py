"""A channel's schedule: the `daily` commands."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.commands.arguments import read_days, read_time, read_zone
from bot.commands.daily_status import schedule_blocks, schedule_of, shown, soon
from bot.commands.dates import read_date
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.channel import ChannelState, draft_of
from bot.game.holidays import read_region
from bot.game.order import Lap
from bot.game.recap import next_recap
from bot.game.rules import KEPT_AHEAD
from bot.game.schedule import (
    WEEKDAYS,
    Schedule,
    date_words,
    to_day,
    zone_named,
)
from bot.messages import (
    Button,
    Buttons,
    Footnote,
    Heading,
    Markdown,
    Message,
    Reply,
    moment,
    say,
)

NO_TIME = "At what time? Write it like `/llmq daily on 09:00` or `/llmq daily on 9am mon-fri Europe/Berlin`."
# Words that set something back to its default.
NONE, ALL = "none", "all"
# The seed of a channel's order is so long.
SEED_BITS = 31
RESUME = Button("Resume", "daily resume", primary=True)


async def save(
    game: Game,
    call: Call,
    before: ChannelState,
    schedule: Schedule | None,
    note: str = "",
    paused_by: str = "",
) -> ChannelState:
    """Keep a schedule, and return the channel as it is now; a note with a name says whose it is.

    The queue comes first: an entry too many is dropped, a missing one would be lost.
    """
    channel, lap = call.request.channel, before.lap
    if not lap.seed:
        lap = Lap(game.rng.getrandbits(SEED_BITS), lap.number, lap.since)
    after = replace(before, schedule=schedule, lap=lap, note=note)
    fields: dict[str, str | int] = {"note": note, "paused_by": paused_by, "seed": lap.seed or ""}
    fields |= dict.fromkeys(("ahead", "unanswered", "refused_since"), "")
    if schedule and not schedule.paused:
        _, at = next(schedule.coming(call.now))
        await game.store.due.enqueue(channel, min(at, next_recap(schedule, call.now) or at))
    if schedule:
        fields["ahead"] = " ".join(draft_of(game.catalogue, schedule, after, call.now).ahead[:KEPT_AHEAD])
    if not await game.store.save_schedule(channel, before, schedule, call.now, fields):
        raise Refusal(
            "Somebody changed the schedule at the same moment. See `/llmq daily status`, then try again."
        )
    game.wake()
    return after


async def turn_on(game: Game, call: Call) -> Reply:
    """Set or change the schedule; what is not named stays as it was."""
    channel, words = call.request.channel, call.words
    state = await game.store.channel(channel)
    before = state.schedule
    if before is None and "time" not in words:
        raise Refusal(NO_TIME)
    platform = game.platforms[channel.platform]
    lacks, own_zone = await asyncio.gather(
        soon(platform.lacks(channel), ()), soon(platform.zone_of(channel.team, call.request.member.id), None)
    )
    own_zone = own_zone if own_zone and known_zone(own_zone) else None
    schedule = changed(before or fresh(call, own_zone), call)
    if lacks:
        await save(game, call, state, replace(schedule, paused=True), note=" ".join(lacks))
        return cannot_post(lacks)
    after = await save(game, call, state, schedule)
    title = "The daily question has changed" if before else "The daily question is on"
    zone_hint = () if before or "zone" in words or own_zone else (Footnote(NO_ZONE),)
    return say(
        Heading(title),
        *schedule_blocks(game, after, schedule, call.now),
        *zone_hint,
        *asking_now(after, schedule, call.now),
        Footnote("llmq can post, make threads and read replies here."),
    )


def asking_now(state: ChannelState, schedule: Schedule, now: datetime) -> Iterator[Buttons]:
    """A button that asks today's question, where none was asked yet."""
    if state.newest_day(now) < to_day(schedule.local(now).date()):
        yield Buttons((Button("Ask one now", "daily now"),))


NO_ZONE = "The time is in UTC. Name your zone to change that: /llmq daily on 09:00 Europe/Berlin"


def cannot_post(lacks: tuple[str, ...]) -> Message:
    return say(
        Markdown(f"**Not on yet: llmq cannot work here.** Your settings are kept.\n\n{' '.join(lacks)}"),
        Buttons((Button("Check again", "daily resume", primary=True),)),
    )


def fresh(call: Call, zone: str | None) -> Schedule:
    """The schedule of a channel that had none."""
    return Schedule(read_time(call.words["time"]), WEEKDAYS, zone or "UTC", set_by=call.request.member.id)


def known_zone(name: str) -> bool:
    try:
        zone_named(name)
    except (KeyError, ValueError):
        return False
    return True


def changed(before: Schedule, call: Call) -> Schedule:
    """The schedule with what the command names."""
    words = call.words
    named = tuple(dict.fromkeys(words["sources"].split("\n"))) if "sources" in words else before.sources
    region = words.get("holidays", before.holidays)
    return replace(
        before,
        time=read_time(words["time"]) if "time" in words else before.time,
        days=read_days(words.get("days", "")) or before.days,
        zone=read_zone(words.get("zone", "")) or before.zone,
        sources=() if ALL in named else named,
        holidays="" if region == NONE else read_region(region) or "",
        since=call.now,
        set_by=call.request.member.id,
        paused=False,
    )


OFF_FOR_GOOD = (
    "Its settings and what was put before the order are gone. Next time, /llmq daily pause keeps them."
)


async def turn_off(game: Game, call: Call) -> Reply:
    """End the schedule; an open round still has its reveal."""
    state = await game.store.channel(call.request.channel)
    schedule_of(state)
    await save(game, call, state, None)
    return say(
        Markdown("**The daily question is off.** An open question still gets its reveal."),
        Footnote(OFF_FOR_GOOD),
    )


async def pause(game: Game, call: Call) -> Reply:
    """Ask nothing until resumed."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    if schedule.paused:
        raise Refusal("The daily question is paused already.", RESUME)
    by = call.request.member
    await save(game, call, state, replace(schedule, paused=True), f"By {by.name}.", by.id)
    return say(Markdown("**Paused.** Streaks wait."), Buttons((RESUME,)))


async def resume(game: Game, call: Call) -> Reply:
    """Go on after a pause, and take a skip back."""
    channel = call.request.channel
    state = await game.store.channel(channel)
    schedule = schedule_of(state)
    if not schedule.paused and schedule.skipped is None:
        raise Refusal("The daily question is on already. `/llmq daily status` shows it.")
    if lacks := await soon(game.platforms[channel.platform].lacks(channel), ()):
        return cannot_post(lacks)
    running = replace(schedule, paused=False, skipped=None, since=call.now)
    after = await save(game, call, state, running)
    return await shown(game, call, "The daily question goes on", after)


async def ask_now(game: Game, call: Call) -> Reply:
    """Open today's round at once."""
    channel = call.request.channel
    state = await game.store.channel(channel)
    schedule = schedule_of(state)
    if schedule.paused:
        raise Refusal("The daily question is paused.", RESUME)
    day = to_day(schedule.local(call.now).date())
    if state.newest_day(call.now) >= day:
        raise Refusal(
            "Today's question has been asked here: `/llmq today`. `/llmq random` gives one to practise on."
        )
    if state.round and state.round.is_blind:
        raise Refusal("The question before is still open. `/llmq reveal` reveals it, then ask again.")
    if lacks := await soon(game.platforms[channel.platform].lacks(channel), ()):
        raise Refusal(" ".join(lacks), Button("Check again", "daily now", primary=True))
    await game.store.ask_now(channel, day)
    await game.store.due.enqueue(channel, call.now)
    game.wake()
    return say(Markdown("**Today's question is coming.**"))


async def skip(game: Game, call: Call) -> Reply:
    """Leave the next planned date out."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    if schedule.paused:
        raise Refusal("The daily question is paused, so there is nothing to skip.", RESUME)
    today = schedule.local(call.now).date()
    if schedule.skipped and schedule.skipped >= today:
        skipped = date_words(schedule.skipped, today)
        raise Refusal(f"{skipped} is skipped already. `/llmq daily resume` takes that back.")
    day = next(day for day, _ in schedule.coming(call.now) if to_day(day) > state.newest_day(call.now))
    skipping = replace(schedule, skipped=day)
    await save(game, call, state, skipping)
    at = next(at for day, at in skipping.coming(call.now) if to_day(day) > state.newest_day(call.now))
    return say(Markdown(f"**{date_words(day, today)} is skipped.** Next: {moment(at, schedule.tz, 'day')}."))


NO_QUESTION = "{day} had no question here. `/llmq streak` lists the question days."
COMING = "{day} is still to come. `/llmq daily free` leaves it out."


async def excuse(game: Game, call: Call) -> Reply:
    """Let a question day break nobody's streak."""
    state = await game.store.channel(call.request.channel)
    zone = state.schedule.tz if state.schedule else None
    today = call.now.astimezone(zone).date()
    day = read_date(call.words["date"], today)
    named = date_words(day, today)
    match await game.store.excuse(call.request.channel, to_day(day)):
        case "none":
            raise Refusal(COMING.format(day=named) if day > today else NO_QUESTION.format(day=named))
        case _:
            return say(Markdown(f"**{named} is excused.** It breaks no streak."))
