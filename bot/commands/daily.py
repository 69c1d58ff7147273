"""A channel's schedule: the `daily` commands."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal, TypeVar

from bot.commands.arguments import read_days, read_duration, read_number, read_time, read_zone
from bot.commands.dates import EXAMPLES, read_date, read_range
from bot.commands.parsing import Call, Game
from bot.errors import Refusal
from bot.game.channel import ChannelState, draft_of, supply_of
from bot.game.holidays import holiday, name_of_region, read_region
from bot.game.order import Lap
from bot.game.posts import answers
from bot.game.recap import next_recap
from bot.game.rules import LONGEST_DEADLINE, MIN_REPLIES, SHORTEST_DEADLINE
from bot.game.schedule import (
    WEEKDAYS,
    RevealRule,
    Schedule,
    date_words,
    describe_days,
    describe_duration,
    to_day,
    zone_named,
)
from bot.messages import (
    Block,
    Button,
    Buttons,
    Fields,
    Footnote,
    Heading,
    Markdown,
    Message,
    Ping,
    Reply,
    moment,
    say,
)
from bot.platform import Platform
from bot.requests import MENTION
from bot.wording import escape_markdown

T = TypeVar("T")

NO_SCHEDULE = (
    "This channel has no daily question yet. `/llmq daily on 09:00 weekdays Europe/Berlin` sets one."
)
NO_TIME = "At what time? Write it like `/llmq daily on 09:00` or `/llmq daily on 9am mon-fri Europe/Berlin`."
# Words that set something back to its default.
NONE, ALL = "none", "all"
OFF = "off"
RECAPS: Mapping[str, Literal["", "friday", "monday"]] = {"friday": "friday", "monday": "monday", OFF: ""}
MOST_GOAL = 10_000
# The id of a group or a role, as a mention of one has it.
GROUP = re.compile("&[A-Za-z0-9]{1,20}")
LONGEST_NAME = 100
NO_PING = (
    "Write `here`, `off`, or one group or role: choose it from the list that opens when you type `@`. "
    "llmq calls neither everyone nor a single person."
)
REGULARS = "regulars"
MOST_REPLIES = 1000
MOST_FREE = 20
# The seed of a channel's order is so long.
SEED_BITS = 31
# Of the time that a command has, asking a platform may take so much.
ASK_SECONDS = 1.0
RESUME = Button("Resume", "daily resume", primary=True)


def schedule_of(state: ChannelState) -> Schedule:
    if state.schedule is None:
        raise Refusal(NO_SCHEDULE)
    return state.schedule


def platform_of(game: Game, call: Call) -> Platform:
    return game.platforms[call.request.channel.platform]


async def soon(asking: Awaitable[T], otherwise: T) -> T:
    """What a platform says, if it says it within a second."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            return await asking
    except TimeoutError:
        return otherwise


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
        fields["ahead"] = " ".join(draft_of(game.catalogue, schedule, after, call.now).ahead[:-1])
    if not await game.store.save_schedule(channel, before, schedule, call.now, fields):
        raise Refusal(
            "Somebody changed the schedule at the same moment. See `/llmq daily status`, then try again."
        )
    game.wake()
    return after


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
    state = await game.store.channel(call.request.channel)
    return say(Heading("Daily question"), *schedule_blocks(game, state, schedule_of(state), call.now))


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
    yield "No question on", free_days(schedule, now)
    yield "Ping", schedule.ping.words if schedule.ping else "nobody"
    yield "Recap", describe_recap(schedule)
    if not schedule.paused:
        coming = (at for day, at in schedule.coming(now) if to_day(day) > state.newest_day(now))
        yield "Next", " · ".join(moment(at, schedule.tz, "day") for at in islice(coming, 3))
    yield "Questions", questions_left(game, state, schedule, now)


def questions_left(game: Game, state: ChannelState, schedule: Schedule, now: datetime) -> str:
    """`212 of 260 left; 3 left out: 2 open elsewhere, 1 out of date`."""
    supply = supply_of(game.catalogue, schedule, state, now)
    if not supply.total:
        return "none: what it asks from is in no deck any more. `daily on` names others"
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
    parts += [span_in_words(*span, today) for span in ahead]
    if not parts:
        return "no day left out"
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
        Buttons((Button("Ask one now", "daily now"),)),
        Footnote("llmq can post, make threads and read replies here."),
    )


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


async def turn_off(game: Game, call: Call) -> Reply:
    """End the schedule; an open round still has its reveal."""
    state = await game.store.channel(call.request.channel)
    schedule_of(state)
    await save(game, call, state, None)
    return say(Markdown("**The daily question is off.** An open question still gets its reveal."))


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


async def set_free(game: Game, call: Call) -> Reply:
    """Leave dates out, or with `none` no dates of one's own any more."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    today, words = schedule.local(call.now).date(), call.words["dates"].strip()
    if words.casefold() == NONE:
        after = await save(game, call, state, replace(schedule, free=()))
        return await shown(
            game, call, "Daily question", after, Markdown("**No dates of your own are free.**")
        )
    new = tuple(read_range(part, today) for part in words.split(",") if part.strip())
    if not new:
        raise Refusal(f"Which dates? {EXAMPLES}")
    if past := next((first for first, last in new if last < today), None):
        raise Refusal(f"{date_words(past, today)} is over, so nothing was changed. {EXAMPLES}")
    kept = [one for one in schedule.free if one[1] >= today]
    free = tuple(sorted({*kept, *new}))
    if len(free) > MOST_FREE:
        raise Refusal(f"{MOST_FREE} ranges of free dates fit. `/llmq daily free none` begins anew.")
    after = await save(game, call, state, replace(schedule, free=free))
    return await shown(game, call, "Daily question", after, Markdown("**These dates have no question.**"))


async def set_ping(game: Game, call: Call) -> Reply:
    """Let the question's post call a group, whoever is here, or nobody."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    ping = read_ping(call.words["who"].strip())
    after = await save(game, call, state, replace(schedule, ping=ping))
    if ping is None:
        return await shown(game, call, "Daily question", after, Markdown("**The question calls nobody.**"))
    whom = escape_markdown(ping.words)
    change = Markdown(f"**The question calls {whom} from the next one on.** Nothing else calls anybody.")
    lacks = await soon(platform_of(game, call).lacks(call.request.channel, "ping"), ())
    return await shown(game, call, "Daily question", after, change, *map(Markdown, lacks))


def read_ping(word: str) -> Ping | None:
    """Whom to call, or nobody. Raises a refusal for a person, for everyone and for what is nothing."""
    if word.casefold() in (OFF, NONE):
        return None
    if word.casefold().removeprefix("@") == "here":
        return Ping()
    mention = MENTION.fullmatch(word)
    if mention and GROUP.fullmatch(mention["id"]):
        return Ping(mention["id"].removeprefix("&"), (mention["name"] or "").strip()[:LONGEST_NAME])
    raise Refusal(NO_PING)


def describe_recap(schedule: Schedule) -> str:
    """`Friday; the goal: 5 take part`."""
    goal = f"; the goal: {schedule.goal} take part" if schedule.goal else ""
    return f"{schedule.recap.capitalize() or 'no'}{goal}"


async def set_recap(game: Game, call: Call) -> Reply:
    """Tell the channel of its week on Fridays or on Mondays, or not at all."""
    state = await game.store.channel(call.request.channel)
    schedule, day = schedule_of(state), RECAPS[call.words["day"]]
    # Said again, it goes on as it was.
    since = schedule.recap_since if day == schedule.recap else call.now
    after = await save(game, call, state, replace(schedule, recap=day, recap_since=since))
    return await shown(game, call, "Daily question", after, *recap_words(schedule_of(after), call.now))


def recap_words(schedule: Schedule, now: datetime) -> Iterator[Block]:
    at = next_recap(schedule, now)
    if at is None:
        yield Markdown("**No recap of the week.**")
        return
    day, coming = schedule.recap.capitalize(), moment(at, schedule.tz, "day")
    yield Markdown(f"**The week is told on {day}s.** Next: {coming}.")
    if schedule.recap == "friday" and schedule.days - WEEKDAYS:
        yield Markdown("A week goes from Monday to Sunday: `/llmq daily recap monday` tells weekends, too.")


async def set_goal(game: Game, call: Call) -> Reply:
    """Set how many members should take part in a week, for the recap."""
    state = await game.store.channel(call.request.channel)
    schedule, word = schedule_of(state), call.words["members"].casefold()
    goal = 0 if word in (NONE, OFF) else read_number(word, 1, MOST_GOAL)
    after = await save(game, call, state, replace(schedule, goal=goal))
    words = f"**The goal: {goal} take part each week.**" if goal else "**No goal any more.**"
    hint = "" if schedule.recap else " The recap says how it went: `/llmq daily recap friday`."
    return await shown(game, call, "Daily question", after, Markdown(words + (hint if goal else "")))


async def excuse(game: Game, call: Call) -> Reply:
    """Let a question day break nobody's streak."""
    state = await game.store.channel(call.request.channel)
    zone = state.schedule.tz if state.schedule else None
    today = call.now.astimezone(zone).date()
    day = read_date(call.words["date"], today)
    named = date_words(day, today)
    match await game.store.excuse(call.request.channel, to_day(day)):
        case "none":
            raise Refusal(f"{named} had no question here. `/llmq streak` lists the question days.")
        case _:
            return say(Markdown(f"**{named} is excused.** It breaks no streak."))


async def set_reveal(game: Game, call: Call) -> Reply:
    """Set when rounds are revealed, from the next round on."""
    state = await game.store.channel(call.request.channel)
    schedule = schedule_of(state)
    enough, before = call.words["answers"].casefold(), schedule.reveal
    waits = enough == REGULARS
    rule = RevealRule(
        MIN_REPLIES if waits else read_number(enough, 1, MOST_REPLIES),
        read_duration(call.words["min_wait"]) if "min_wait" in call.words else before.min_wait,
        read_duration(call.words["deadline"]) if "deadline" in call.words else before.deadline,
        waits,
    )
    if rule.min_wait > rule.deadline or not SHORTEST_DEADLINE <= rule.deadline <= LONGEST_DEADLINE:
        raise Refusal("The deadline should be no shorter than the wait, and from `5m` to `24h`.")
    await save(game, call, state, replace(schedule, reveal=rule))
    return say(Markdown(f"**From the next question on:** revealed {describe_rule(rule)}."))
