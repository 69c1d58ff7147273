"""A channel's schedule and the moments of its rounds: the local date decides, in gaps and in folds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import cached_property, lru_cache
from itertools import count
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter

from bot.game.holidays import holiday
from bot.game.rules import DEADLINE, MIN_REPLIES, MIN_WAIT
from bot.messages import Ping
from content.words import joined

EPOCH = date(1970, 1, 1).toordinal()
EVERY_DAY = frozenset(range(7))
WEEKDAYS = frozenset(range(5))
DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOON = time(12)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def to_ms(moment: datetime) -> int:
    """Milliseconds since 1970, the form in which every moment is stored."""
    return round(moment.timestamp() * 1000)


def from_ms(moment: float | str) -> datetime:
    """The aware UTC moment of stored milliseconds."""
    return datetime.fromtimestamp(float(moment) / 1000, UTC)


def milliseconds(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))


def read_moment(stored: float | str) -> datetime:
    """A stored moment. Raises ValueError, without quoting what is stored."""
    try:
        return from_ms(stored)
    except (TypeError, ValueError, OverflowError):
        raise ValueError("it should be a valid number of milliseconds") from None


# A moment and a span as they are stored.
Moment = Annotated[datetime, BeforeValidator(read_moment), PlainSerializer(to_ms)]
Span = Annotated[
    timedelta, BeforeValidator(lambda stored: timedelta(milliseconds=stored)), PlainSerializer(milliseconds)
]


def to_day(day: date) -> int:
    """Days since 1970, the form in which every local date is stored."""
    return day.toordinal() - EPOCH


def from_day(day: int | str) -> date:
    """The date of a stored day."""
    return date.fromordinal(int(day) + EPOCH)


# A date as far away as this could be taken for one of another year.
FAR = timedelta(days=335)


def date_words(day: date, today: date, *, weekday: bool = True) -> str:
    """`Tue 24 Nov`; with the year where it is another than today's, or the date far away."""
    year = f" {day.year}" if day.year != today.year or abs(day - today) > FAR else ""
    return f"{f'{day:%a} ' if weekday else ''}{day:%-d %b}{year}"


OFFSET = re.compile(r"UTC([+-])(\d{2}):(\d{2})")


def zone_named(name: str) -> tzinfo:
    """The zone of an IANA name, or of an offset such as `UTC+05:30`. Raises ZoneInfoNotFoundError."""
    fixed = OFFSET.fullmatch(name)
    if not fixed:
        return ZoneInfo(name)
    span = timedelta(hours=int(fixed[2]), minutes=int(fixed[3]))
    return timezone(span if fixed[1] == "+" else -span, name)


@dataclass(frozen=True, slots=True)
class RevealRule:
    """A round is revealed once enough answers are in and `min_wait` is over, at `deadline` at the latest.

    Enough are `min_replies`, and with `waits_for_regulars` those of all who usually answer; where nobody
    does, the deadline decides.
    """

    min_replies: int = MIN_REPLIES
    min_wait: timedelta = MIN_WAIT
    deadline: timedelta = DEADLINE
    waits_for_regulars: bool = True


@dataclass(frozen=True)
class Schedule:
    """When a channel gets its questions, and from what.

    Days count from Monday, 0. No `sources` means every deck. On the public holidays of `holidays`, a region's
    code, and in the ranges of dates that are `free`, there is no round. Moments before `since` do not count:
    a schedule set at ten for nine o'clock starts tomorrow. The zone is an IANA name, or an offset such as
    `UTC+05:30`. The question's post calls whom `ping` says, or nobody; with `pin` it is pinned.
    A `recap` comes on its day from `recap_since` on, with a `goal` of members who take part, if there is one.
    """

    time: time
    days: frozenset[int]
    zone: str
    sources: tuple[str, ...] = ()
    reveal: RevealRule = field(default_factory=RevealRule)
    paused: bool = False
    skipped: date | None = None
    since: datetime = NEVER
    set_by: str = ""
    holidays: str = ""
    free: tuple[tuple[date, date], ...] = ()
    ping: Ping | None = None
    pin: bool = False
    recap: Literal["", "friday", "monday"] = ""
    recap_since: datetime = NEVER
    goal: int = 0

    @cached_property
    def tz(self) -> tzinfo:
        return zone_named(self.zone)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.tz)

    def utc_offset_ms(self, moment: datetime) -> int:
        offset = self.local(moment).utcoffset() or timedelta()
        return round(offset / timedelta(milliseconds=1))

    def moment(self, day: date) -> datetime:
        """The one moment of a local date: shifted forward in a gap, the first of two in a fold."""
        return datetime.combine(day, self.time, self.tz).astimezone(UTC)

    def has_round(self, day: date) -> bool:
        """Whether a round is due on a local date. A date that a zone left out (Apia, 2011-12-30) has none."""
        exists = self.local(datetime.combine(day, NOON, self.tz).astimezone(UTC)).date() == day
        planned = exists and day.weekday() in self.days and day != self.skipped
        return planned and not (self.holidays and holiday(self.holidays, day)) and not self.is_free(day)

    def is_free(self, day: date) -> bool:
        """Whether an admin has set a date free."""
        return any(first <= day <= last for first, last in self.free)

    def due(self, now: datetime) -> date | None:
        """The newest local date whose moment has come; a week back at most."""
        today = self.local(now).date()
        back = (today - timedelta(days=n) for n in range(-1, 8))
        due = (day for day in back if self.has_round(day) and self.since <= self.moment(day) <= now)
        return next(due, None)

    def coming(self, now: datetime) -> Iterator[tuple[date, datetime]]:
        """The dates and moments after `now`, in order."""
        first = self.local(now).date() - timedelta(days=1)
        for n in count():
            day = first + timedelta(days=n)
            if self.has_round(day) and self.moment(day) > now:
                yield day, self.moment(day)

    def to_json(self) -> str:
        return STORED.dump_json(self).decode()


STORED = TypeAdapter(Schedule)


# A channel's schedule is read with each look at its round, and seldom changes.
@lru_cache(maxsize=1024)
def read_schedule(stored: str) -> Schedule:
    """The schedule that `Schedule.to_json` wrote."""
    return STORED.validate_json(stored)


def describe_days(days: frozenset[int]) -> str:
    """`every day`, `Mon to Fri`, `Mon, Wed and Fri`."""
    if days == EVERY_DAY:
        return "every day"
    ordered = sorted(days)
    names = [DAY_NAMES[day] for day in ordered]
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{names[0]} to {names[-1]}"
    return joined(names, "and")


def describe_duration(span: timedelta) -> str:
    """`1 h 30 min`, `24 h`, `2 d`; whole minutes, rounded up."""
    minutes = -(-span // timedelta(minutes=1))
    days, minutes = divmod(minutes, 24 * 60) if minutes >= 48 * 60 else (0, minutes)
    hours, minutes = divmod(minutes, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 min"
