"""Free dates from a calendar file (`.ics`, RFC 5545): the dates of its events, and nothing else of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.commands.dates import LONGEST_RANGE, MAX_YEAR, MIN_YEAR
from bot.errors import Refusal

Span = tuple[date, date]

BEGINNING = "BEGIN:VCALENDAR"
BLANK = "\ufeff \t\r\n"
LONGEST_FILE = 256 * 1024
MOST_EVENTS = 1000
# Time zones and alarms are left unread: rules in them could keep a reader busy for hours.
READ = ("DTSTART", "DTEND", "DURATION", "STATUS", "RRULE", "RDATE")
NO_CALENDAR = (
    "That is no calendar file that llmq can read. It begins with `BEGIN:VCALENDAR`, and its lines have to "
    "stay lines; whoever runs llmq can read the file itself with `llmq free`."
)
TOO_LONG = f"That calendar file is too long: {LONGEST_FILE // 1024} KB fit. Leave the past years out."


@dataclass(frozen=True, slots=True)
class FreeDates:
    """Ranges of dates, none beside another; and how many events repeat, which are not among them."""

    spans: tuple[Span, ...]
    repeating: int = 0


def calendar_in(file: Path) -> str:
    """What stands in a file. Raises a refusal for one that is too long, or none of text."""
    try:
        with file.open("rb") as opened:
            return opened.read(LONGEST_FILE + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise Refusal(NO_CALENDAR) from None


def is_calendar(text: str) -> bool:
    return text.lstrip(BLANK)[: len(BEGINNING)].upper() == BEGINNING


def read_calendar(text: str, today: date) -> FreeDates:
    """The dates of a calendar's events from today on. Raises a refusal for what is none, or too long."""
    if len(text) > LONGEST_FILE:
        raise Refusal(TOO_LONG)
    text = text.lstrip(BLANK)
    # Where a platform has made one line of it, nothing in it can be told apart.
    if text.partition("\n")[0].strip().upper() != BEGINNING:
        raise Refusal(NO_CALENDAR)
    # Slow to import, and only those need it who have such a file.
    from icalendar import Calendar, Event

    try:
        lines = list(lines_of_events(text))
        if lines.count("BEGIN:VEVENT") > MOST_EVENTS:
            raise Refusal(f"That calendar has more than {MOST_EVENTS:,} events. Leave the past years out.")
        calendar = Calendar.from_ical("\r\n".join((BEGINNING, *lines, "END:VCALENDAR", "")))
        found = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
        events = [one for one in found if str(one.get("STATUS", "")).upper() != "CANCELLED"]
        repeating = [one for one in events if "RRULE" in one or "RDATE" in one]
        spans = [span_of(one.start, one.end) for one in events if one not in repeating]
    except (ValueError, TypeError, OverflowError):
        raise Refusal(NO_CALENDAR) from None
    return FreeDates(merged([one for one in spans if one[1] >= today]), len(repeating))


def lines_of_events(text: str) -> Iterator[str]:
    """What is read of each event, line by line."""
    from icalendar.parser import Contentlines

    open: list[str] = []
    for line in map(str, Contentlines.from_ical(text)):  # type: ignore[no-untyped-call]
        name, _, value = line.partition(":")
        word = name.partition(";")[0].upper()
        if word == "BEGIN":
            open.append(value.strip().upper())
        in_event = open == ["VCALENDAR", "VEVENT"]
        if in_event and word in ("BEGIN", "END"):
            yield f"{word}:VEVENT"
        elif in_event and word in READ:
            yield line
        if word == "END" and open:
            open.pop()


def span_of(start: date, end: date) -> Span:
    """The first and the last date of an event; an end without a time is the day after it."""
    first = start.date() if isinstance(start, datetime) else start
    last = end.date() if isinstance(end, datetime) else end
    if end > start and (not isinstance(end, datetime) or end.time() == datetime.min.time()):
        last -= timedelta(days=1)
    if not (MIN_YEAR <= first.year <= MAX_YEAR and timedelta() <= last - first <= LONGEST_RANGE):
        raise ValueError(f"{first} to {last}")
    return first, last


def merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The same dates in as few ranges as hold them."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + timedelta(days=1):
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return tuple(found)
