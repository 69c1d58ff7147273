"""A channel's schedule: the `daily` commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice, pairwise

from bot.commands.arguments import read_days, read_duration, read_number, read_time, read_zone
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.holidays import holiday
from bot.game.rounds import replies_in_words
from bot.game.schedule import (
    WEEKDAYS,
    RevealRule,
    Schedule,
    describe_days,
    describe_duration,
    describe_moment,
    to_day,
    to_ms,
)
from bot.messages import Block, Fields, Footnote, Heading, Markdown, Reply, say
from bot.store.records import ChannelState

NO_SCHEDULE = "This channel has no schedule yet. `/llmq daily on 09:00 weekdays Europe/Berlin` sets one."
NO_HOLIDAYS = "none"
MOST_REPLIES = 1000
SHORTEST_DEADLINE, LONGEST_DEADLINE = timedelta(minutes=5), timedelta(hours=24)


def schedule_of(state: ChannelState) -> Schedule:
    if state.schedule is None:
        raise Refusal(NO_SCHEDULE)
    return state.schedule


async def save(game: Game, call: Call, before: ChannelState, schedule: Schedule | None) -> None:
    """Keep a schedule. The queue comes first: an entry too many is dropped, a missing one would be lost."""
    channel = call.request.channel
    if schedule and not schedule.paused:
        _, moment = next(schedule.coming(call.now))
        await game.store.due.hurry(channel, to_ms(moment))
    if not await game.store.save_schedule(channel, before, schedule, call.now):
        raise Refusal(
            "Somebody changed the schedule at the same moment. See `/llmq daily status`, then try again."
        )
    game.wake()


async def status(game: Game, call: Call) -> Reply:
    """The channel's schedule, its next moments and how many questions are left."""
    state = await game.store.channel(call.request.channel)
    return say(Heading("Daily question"), *schedule_blocks(game, state, schedule_of(state), call.now))


def schedule_blocks(game: Game, state: ChannelState, schedule: Schedule, now: datetime) -> Iterator[Block]:
    yield Fields(tuple(schedule_fields(game, state, schedule, now)))
    if schedule.paused:
        yield Markdown(f"**Paused.** {state.note or 'No question comes until `/llmq daily resume`.'}")
    elif schedule.skipped and to_day(schedule.skipped) >= to_day(schedule.local(now).date()):
        yield Footnote(f"{schedule.skipped:%a %-d %b} is skipped; /llmq daily resume takes that back.")


def schedule_fields(
    game: Game, state: ChannelState, schedule: Schedule, now: datetime
) -> Iterator[tuple[str, str]]:
    yield "When", f"{describe_days(schedule.days)} at {schedule.time:%H:%M} ({schedule.zone})"
    yield "From", ", ".join(schedule.sources) or "all decks"
    yield "Reveal", describe_rule(schedule.reveal)
    if schedule.holidays:
        yield "Holidays", holidays_in_words(schedule, now)
    if not schedule.paused:
        coming = (moment for day, moment in schedule.coming(now) if to_day(day) > state.newest_day)
        moments = [now, *islice(coming, 3)]
        yield "Next", "\n".join(describe_moment(schedule, *pair) for pair in pairwise(moments))
    candidates = game.catalogue.in_turn(schedule.sources, state.asked)
    left = sum(item.id not in state.asked for item in candidates)
    waits = "" if any(state.is_free(item) for item in candidates) else WAITS
    yield "Questions", f"{left} of {len(candidates)} not asked here yet{waits}"


def holidays_in_words(schedule: Schedule, now: datetime) -> str:
    """Whose public holidays have no question, and the first that leaves out a question."""
    today = schedule.local(now).date()
    year = (today + timedelta(days=n) for n in range(366))
    left_out = (
        (day, name)
        for day in year
        if day.weekday() in schedule.days and (name := holiday(schedule.holidays, day))
    )
    first = next((f"; the first is {day:%a %-d %b %Y}, {name}" for day, name in left_out), "")
    return f"no question on those of {schedule.holidays}{first}"


WAITS = "; all of them are open in channels of this team, so the next one waits for a reveal"


def describe_rule(rule: RevealRule) -> str:
    """`with 3 answers after 1 h, at the latest after 8 h`."""
    wait, latest = describe_duration(rule.min_wait), describe_duration(rule.deadline)
    return f"with {replies_in_words(rule.min_replies)} after {wait}, at the latest after {latest}"


async def turn_on(game: Game, call: Call) -> Reply:
    """Set or change the schedule; what is not named stays as it was."""
    state = await game.store.channel(call.request.channel)
    before, words = state.schedule, call.words
    days = read_days(words.get("days", "")) or (before.days if before else WEEKDAYS)
    zone = read_zone(words.get("zone", "")) or (before.zone if before else "UTC")
    named = tuple(dict.fromkeys(words["sources"].split("\n"))) if "sources" in words else ()
    sources = named or (before.sources if before else ())
    holidays = words.get("holidays") or (before.holidays if before else "")
    if holidays == NO_HOLIDAYS:
        holidays = ""
    schedule = Schedule(
        time=read_time(words["time"]),
        days=days,
        zone=zone,
        sources=sources,
        reveal=before.reveal if before else RevealRule(),
        skipped=before.skipped if before else None,
        since=call.now,
        set_by=call.request.member.id,
        holidays=holidays,
    )
    await save(game, call, state, schedule)
    zone_hint = () if "zone" in words or before else (Footnote(NO_ZONE),)
    blocks = schedule_blocks(game, state, schedule, call.now)
    return say(
        Heading("Daily question is on"), *blocks, *zone_hint, Footnote("/llmq daily now asks one at once.")
    )


NO_ZONE = "The time is in UTC. Name your zone to change that: /llmq daily on 09:00 Europe/Berlin"


async def turn_off(game: Game, call: Call) -> Reply:
    """End the schedule; an open round still has its reveal."""
    state = await game.store.channel(call.request.channel)
    schedule_of(state)
    await save(game, call, state, None)
    return say(Markdown("**Daily question is off.** A round that is open now still gets its reveal."))


async def pause(game: Game, call: Call) -> Reply:
    """Ask nothing until resumed."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    if schedule.paused:
        raise Refusal("The schedule is paused already. `/llmq daily resume` goes on with it.")
    await save(game, call, state, replace(schedule, paused=True))
    return say(Markdown("**Paused.** Nobody loses a streak meanwhile. `/llmq daily resume` goes on."))


async def resume(game: Game, call: Call) -> Reply:
    """Go on after a pause, and take a skip back."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    if not schedule.paused and schedule.skipped is None:
        raise Refusal("The schedule is running. `/llmq daily status` shows it.")
    running = replace(schedule, paused=False, skipped=None, since=call.now)
    await save(game, call, state, running)
    fresh = replace(state, schedule=running, note="")
    return say(Heading("Daily question goes on"), *schedule_blocks(game, fresh, running, call.now))


async def ask_now(game: Game, call: Call) -> Reply:
    """Open today's round at once."""
    channel = call.request.channel
    state = await game.store.channel(channel)
    schedule = schedule_of(state)
    if schedule.paused:
        raise Refusal("The schedule is paused. `/llmq daily resume` goes on with it.")
    day = to_day(schedule.local(call.now).date())
    if state.newest_day >= day:
        raise Refusal(
            "Today's question has been asked here: `/llmq today`. `/llmq random` gives one to practise on."
        )
    if state.round and state.round.is_blind:
        raise Refusal("The question before is still open. `/llmq reveal` reveals it, then ask again.")
    await game.store.ask_now(channel, day)
    await game.store.due.hurry(channel, to_ms(call.now))
    game.wake()
    return say(Markdown("**Today's question is on its way.**"))


async def skip(game: Game, call: Call) -> Reply:
    """Leave the next planned date out."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    if schedule.paused:
        raise Refusal("The schedule is paused, so there is nothing to skip.")
    if schedule.skipped and schedule.skipped >= schedule.local(call.now).date():
        raise Refusal(
            f"{schedule.skipped:%a %-d %b} is skipped already. `/llmq daily resume` takes that back."
        )
    day = next(day for day, _ in schedule.coming(call.now) if to_day(day) > state.newest_day)
    skipping = replace(schedule, skipped=day)
    await save(game, call, state, skipping)
    moment = next(moment for day, moment in skipping.coming(call.now) if to_day(day) > state.newest_day)
    coming = describe_moment(skipping, call.now, moment)
    return say(Markdown(f"**{day:%a %-d %b} is skipped.** The next question comes on {coming}."))


async def set_reveal(game: Game, call: Call) -> Reply:
    """Set when rounds are revealed, from the next round on."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    rule = RevealRule(
        read_number(call.words["min_replies"], 1, MOST_REPLIES),
        read_duration(call.words["min_wait"]),
        read_duration(call.words["deadline"]),
    )
    if rule.min_wait > rule.deadline or not SHORTEST_DEADLINE <= rule.deadline <= LONGEST_DEADLINE:
        raise Refusal("The deadline should be no shorter than the wait, and from `5m` to `24h`.")
    await save(game, call, state, replace(schedule, reveal=rule))
    return say(Markdown(f"**From the next round on:** revealed {describe_rule(rule)}."))
