"""Events of a calendar that repeat: which of their rules are read, and when they fall in the year ahead.

`recurring-ical-events` works the dates out and asks `dateutil` for them, which goes on to the year 9999 where
a rule fits no day. So it is given only rules of the shapes that calendar programs write, which surely fit
some day soon, and no more of them than are worked out in a moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import TYPE_CHECKING, Any

from bot.errors import Refusal

if TYPE_CHECKING:
    from icalendar import Event

# What each frequency may be narrowed by, beside what any rule may have.
NARROWED: Mapping[str, frozenset[str]] = {
    "DAILY": frozenset({"BYDAY"}),
    "WEEKLY": frozenset({"BYDAY"}),
    "MONTHLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS"}),
    "YEARLY": frozenset({"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"}),
}
IN_ANY = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
MOST_VALUES, LONGEST_INTERVAL = 12, 100
# A fifth Friday and a 31st are not in every month.
IN_EVERY_MONTH, DAYS_IN_EVERY_MONTH = 4, 28
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
DAYS, WEEKS, MONTHS = 366, 53, 12
AHEAD, LONGEST = timedelta(days=DAYS), timedelta(days=62)
# dateutil takes five microseconds for a date of a rule and sixty for a year of a yearly one; an occurrence
# takes a hundred. The years are those from one February with five Mondays to the next.
MOST_STEPS, STEPS_OF_A_YEAR, MOST_DATES, LONGEST_PAUSE = 30_000, 12, 2000, 40
TOO_OFTEN = "What repeats in that calendar falls on too many dates. Leave out what is no day off."


@dataclass(frozen=True, slots=True)
class Rule:
    """The parts of a rule: weekdays as they are numbered within a month or year (0 for each of them)."""

    frequency: str
    interval: int
    weekdays: tuple[int, ...]
    places: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        return (*self.places, *filter(None, self.weekdays))

    @property
    def is_in_each_period(self) -> bool:
        """Whether the shortest month has such a day."""
        counted = all(number <= IN_EVERY_MONTH for number in self.numbers)
        return counted and all(day <= DAYS_IN_EVERY_MONTH for day in self.days)

    @property
    def is_clear(self) -> bool:
        """Whether each number is one of a day, and stands by itself."""
        return (
            1 <= self.interval <= LONGEST_INTERVAL
            and all(1 <= number <= IN_EVERY_MONTH + 1 for number in self.numbers)
            and all(1 <= month <= MONTHS for month in self.months)
            and not (self.days and self.weekdays)
            and len({*map(bool, self.weekdays)}) <= 1
            and (not self.places or 0 in self.weekdays)
        )

    def falls_again(self, start: date) -> bool:
        """Whether it surely falls on a date within years, whatever date it begins with."""
        days, months = self.days or (start.day,), self.months or range(1, MONTHS + 1)
        exists = any(1 <= day <= LONGEST_MONTHS[month - 1] for day, month in product(days, months))
        narrow = self.frequency == "DAILY" and bool(self.weekdays)
        return (bool(self.weekdays) or exists) and (
            self.interval == 1 or (self.is_in_each_period and not narrow)
        )

    @property
    def dates_a_year(self) -> int:
        """On how many it falls at most."""
        if self.frequency == "DAILY":
            return DAYS
        if self.frequency == "WEEKLY" or (not self.places and 0 in self.weekdays):
            return WEEKS * max(1, len(self.weekdays))
        in_each_month = self.frequency == "MONTHLY" or (self.days and not self.months)
        return (MONTHS if in_each_month else max(1, len(self.months))) * max(
            1, len(self.places or self.weekdays or self.days)
        )

    def steps(self, years: int) -> int:
        """What it takes to come to today from a first date so many years ago, and to a date behind it."""
        behind = 1 if self.is_in_each_period else LONGEST_PAUSE
        return max(STEPS_OF_A_YEAR, self.dates_a_year) * (max(0, years) + behind)


def rule_of(written: Mapping[str, Sequence[Any]]) -> Rule | None:
    """A rule that has only parts which are read, with few values each."""
    frequency = str(next(iter(written.get("FREQ", ())), "")).upper()
    known = IN_ANY | NARROWED.get(frequency, frozenset())
    if frequency not in NARROWED or not set(written) <= known:
        return None
    if any(len(values) > MOST_VALUES for values in written.values()):
        return None
    return Rule(
        frequency,
        int(written.get("INTERVAL", (1,))[0]),
        numbers(day.relative or 0 for day in written.get("BYDAY", ())),
        *(numbers(written.get(part, ())) for part in ("BYSETPOS", "BYMONTHDAY", "BYMONTH")),
    )


def numbers(values: Iterable[Any]) -> tuple[int, ...]:
    """Numbers, those that count from the end like those from the beginning."""
    return tuple(abs(int(value)) for value in values)


def repeats(event: Event) -> bool:
    return "RRULE" in event or "RDATE" in event


def is_read(event: Event) -> bool:
    """Whether the dates of an event, or of a change to one that repeats, are worked out in a moment.

    A change of all later dates may move them by centuries.
    """
    changed = event.get("RECURRENCE-ID")
    if changed is not None and "RANGE" in changed.params:
        return False
    rules = [rule_of(written) for written in event.rrules]
    return (
        len(rules) <= 1
        and event.end - event.start <= LONGEST
        and all(rule is not None and rule.is_clear and rule.falls_again(event.start) for rule in rules)
    )


def dates_ahead(events: Sequence[Event], today: date) -> list[Event]:
    """Each time that events which are read fall in the year from today on, as an event of its own.

    Raises a refusal for too many.
    """
    from icalendar import Calendar
    from recurring_ical_events import of

    rules = [(rule_of(written), today.year - one.start.year) for one in events for written in one.rrules]
    steps = sum(rule.steps(years) for rule, years in rules if rule)
    if steps > MOST_STEPS or sum(rule.dates_a_year for rule, _ in rules if rule) > MOST_DATES:
        raise Refusal(TOO_OFTEN)
    calendar = Calendar()
    for event in events:
        calendar.add_component(event)
    found: list[Event] = of(calendar).between(today, today + AHEAD)
    return found
