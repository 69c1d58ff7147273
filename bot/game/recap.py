"""The recap of a channel's week: when it comes, what it is about, and what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, islice, takewhile

from bot.game.catalogue import Catalogue
from bot.game.channel import ChannelState, draft_of
from bot.game.schedule import NOON, Schedule, to_day
from bot.messages import Button, Buttons, Fields, Heading, Message, announce, in_channel
from bot.wording import counted, plain
from content.words import joined

WEEKDAY = {"monday": 0, "friday": 4}
A_WEEK = timedelta(days=7)
# Behind the last reveal of a Friday, but still on it; on a Monday before the week's first question.
QUARTER = timedelta(minutes=15)
LATEST = time(23)
# After downtime a recap that is older than this is left out.
WITHIN = timedelta(days=1)
MOST_NAMED, MOST_TOPICS = 5, 8
SHORTEST_STREAK = 3
PLACES = {1: "First", 2: "Second", 3: "Third"}


@dataclass(frozen=True, slots=True)
class Scored:
    """A member on a board, by name."""

    name: str
    score: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the week. `covered` is the mean share of its key points that was found in the answers."""

    prompt: str
    covered: float | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """What a recap tells. `best` and `streaks` name members of the boards alone, the best first."""

    took_part: int
    goal: int
    best: Sequence[Scored]
    streaks: Sequence[Scored]
    asked: Sequence[Asked]
    topics: Sequence[str] = ()
    month: date | None = None
    champions: Sequence[Scored] = ()


# When


def moment_of(schedule: Schedule, day: date) -> datetime:
    """The moment of a recap on a local date."""
    asked = schedule.moment(day)
    if schedule.recap == "monday":
        return asked - QUARTER
    latest = datetime.combine(day, LATEST, schedule.tz).astimezone(UTC)
    return min(asked + schedule.reveal.deadline + QUARTER, latest)


def due_recap(schedule: Schedule, now: datetime) -> date | None:
    """The newest local date whose recap has come, if it is not too old to be told."""
    since = max(schedule.since, schedule.recap_since)
    days = (schedule.local(now).date() + timedelta(days=n) for n in range(1, -7, -1))
    due = (day for day in days if is_recap_day(schedule, day) and moment_of(schedule, day) <= now)
    return next((day for day in due if max(since, now - WITHIN) <= moment_of(schedule, day)), None)


def next_recap(schedule: Schedule, now: datetime) -> datetime | None:
    """The moment of the next recap, if there are any."""
    days = (schedule.local(now).date() + timedelta(days=n) for n in range(-1, 9))
    coming = (moment_of(schedule, day) for day in days if is_recap_day(schedule, day))
    return next((at for at in coming if at > now), None)


def is_recap_day(schedule: Schedule, day: date) -> bool:
    return day.weekday() == WEEKDAY.get(schedule.recap)


# What about


def monday_of(day: date) -> date:
    """The first day of the week that a recap is about: a Friday's own week, or the one before a Monday."""
    monday = day - timedelta(days=day.weekday())
    return monday - A_WEEK if day.weekday() == WEEKDAY["monday"] else monday


def middle_of_week(monday: date) -> datetime:
    """A moment that lies in the week in every zone."""
    return datetime.combine(monday + timedelta(days=3), NOON, UTC)


def month_over(day: date, before: date) -> date | None:
    """The first day of the month that ended between two recaps, whose champions the later one tells."""
    if (day.year, day.month) == (before.year, before.month):
        return None
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def middle_of_month(month: date) -> datetime:
    """A moment that lies in the month in every zone."""
    return datetime.combine(month.replace(day=15), NOON, UTC)


def topics_ahead(
    catalogue: Catalogue, schedule: Schedule, state: ChannelState, monday: date, now: datetime
) -> list[str]:
    """The topics of a coming week's questions, in their order; the questions themselves are told nobody."""
    coming = takewhile(lambda one: one[0] < monday + A_WEEK, schedule.coming(now))
    days = [day for day, _ in coming if to_day(day) > state.newest_day(now)]
    ahead = draft_of(catalogue, schedule, state, now).ahead
    pairs = zip(days, ahead, strict=False)
    topics = (catalogue.items[id].question.topic for day, id in pairs if day >= monday)
    return list(dict.fromkeys(topics))[:MOST_TOPICS]


# What it says


def recap_message(channel: str, week: Week) -> Message:
    """The recap, for the whole channel; it calls nobody."""
    return announce(
        Heading(f"The week in {in_channel(channel)}"),
        Fields(tuple(week_fields(week))),
        *champion_blocks(week),
        Buttons((Button("Me", "me"), Button("Leaderboard", "leaderboard"))),
        notice=f"The week: {week.took_part} took part.",
    )


def week_fields(week: Week) -> Iterator[tuple[str, str]]:
    if winners := first_group(week.best):
        yield "Most points", shared(winners)
    yield "Took part", f"{week.took_part}{goal_words(week)}"
    if week.streaks:
        yield "Streaks that grew", ", ".join(f"{one.name} {one.score}" for one in week.streaks[:MOST_NAMED])
    yield from found_fields(week.asked)
    if week.topics:
        yield "Next week", ", ".join(week.topics)


def goal_words(week: Week) -> str:
    if not week.goal:
        return ""
    return f" of the goal of {week.goal}" if week.took_part < week.goal else f"; the goal was {week.goal}"


def found_fields(asked: Sequence[Asked]) -> Iterator[tuple[str, str]]:
    """The questions whose key points were found most and least, where they differ."""
    shares = {one.prompt: one.covered for one in asked if one.covered is not None}
    if len(set(shares.values())) > 1:
        yield "Most found", plain(max(shares, key=shares.__getitem__))
        yield "Least found", plain(min(shares, key=shares.__getitem__))


def champion_blocks(week: Week) -> Iterator[Heading | Fields]:
    places = list(islice(places_of(week.champions), len(PLACES)))
    if week.month and places:
        yield Heading(f"Champions of {week.month:%B}")
        yield Fields(tuple((PLACES[rank], shared(group)) for rank, group in places if rank in PLACES))


def places_of(board: Sequence[Scored]) -> Iterator[tuple[int, list[Scored]]]:
    """The members of a board by their ranks; equal scores share one."""
    rank = 1
    for _, group in groupby(board, key=lambda one: one.score):
        members = list(group)
        yield rank, members
        rank += len(members)


def first_group(board: Sequence[Scored]) -> list[Scored]:
    return next((members for _, members in places_of(board)), [])


def shared(members: Sequence[Scored]) -> str:
    """`dave, 40 points`, `dave and Ana, 40 points each`."""
    names = [one.name for one in members[:MOST_NAMED]]
    if more := len(members) - len(names):
        names.append(f"{more} more")
    each = " each" if len(members) > 1 else ""
    return f"{joined(names, 'and')}, {counted(members[0].score, 'point')}{each}"
