"""Free dates from a calendar file (`.ics`, RFC 5545): the dates of its events, and nothing else of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.dates import LONGEST_RANGE, MAX_YEAR, MIN_YEAR
from bot.commands.repeating import dates_ahead, is_read, repeats
from bot.errors import Refusal
from bot.requests import Attachment

if TYPE_CHECKING:
    from icalendar import Event

Span = tuple[date, date]

BEGINNING = "BEGIN:VCALENDAR"
BLANK = "\ufeff \t\r\n"
LONGEST_FILE = 256 * 1024
MOST_EVENTS = 1000
MOST_LISTED = 1000
# Time zones and alarms are left unread: rules in them could keep a reader busy for hours.
LISTS = ("RDATE", "EXDATE")
READ = ("DTSTART", "DTEND", "DURATION", "STATUS", "UID", "SEQUENCE", "RECURRENCE-ID", "RRULE", *LISTS)
NO_CALENDAR = (
    "That is no calendar file that llmq can read. It begins with `BEGIN:VCALENDAR`, and its lines have to "
    "stay lines; whoever runs llmq can read the file itself with `llmq free`."
)
NO_FILE = (
    "No file has come with that. In Discord, choose it as the option `file` of `/llmq-admin daily free`. In "
    "Slack, open it with a text editor and paste all of it behind `/llmq daily free`; in the terminal, type "
    "its path. Whoever runs llmq can read the file itself with `llmq free`."
)
TOO_LONG = f"That calendar file is too long: {LONGEST_FILE // 1024} KB fit. Leave the past years out."


@dataclass(frozen=True, slots=True)
class FreeDates:
    """Ranges of dates, none beside another; whether some of them repeat, and how many events are not read."""

    spans: tuple[Span, ...]
    repeating: bool = False
    unread: int = 0


def calendar_in(file: Path) -> str:
    """What stands in a file. Raises a refusal for one that is too long, or none of text."""
    try:
        with file.open("rb") as opened:
            return text_of(opened.read(LONGEST_FILE + 1))
    except OSError:
        raise Refusal(NO_CALENDAR) from None


async def calendar_given(file: Attachment) -> str:
    """What stands in a file that was sent. Raises a refusal for one that is too long, or none of text."""
    if file.size > LONGEST_FILE:
        raise Refusal(TOO_LONG)
    return text_of(await file.read(LONGEST_FILE))


def text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(NO_CALENDAR) from None


def is_name_of_calendar(words: str) -> bool:
    """Whether somebody typed what their file is called, in the hope that it comes along."""
    return words.casefold().strip("\"'").endswith(".ics")


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
    try:
        events = events_in(text)
        series = {one["UID"] for one in events if repeats(one)}
        unread = {one["UID"] for one in events if one["UID"] in series and not is_read(one)}
        single = [one for one in events if one["UID"] not in series]
        again = dates_ahead([one for one in events if one["UID"] in series - unread], today)
        spans = [span_of(one.start, one.end) for one in chain(single, again) if is_on(one)]
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError, OSError):
        # A property that comes twice is a list, one of another kind lacks much, and a zone is a file.
        raise Refusal(NO_CALENDAR) from None
    return FreeDates(merged([one for one in spans if one[1] >= today]), bool(again), len(unread))


def events_in(text: str) -> list[Event]:
    """The events of a calendar, each with a name. Raises a refusal for too many."""
    # Slow to import, and only those need it who have such a file.
    from icalendar import Calendar, Event

    lines = list(lines_of_events(text))
    if lines.count("BEGIN:VEVENT") > MOST_EVENTS or sum(map(dates_listed, lines)) > MOST_LISTED:
        raise Refusal(f"That calendar has more than {MOST_EVENTS:,} events. Leave the past years out.")
    calendar = Calendar.from_ical("\r\n".join((BEGINNING, *lines, "END:VCALENDAR", "")))
    events = [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]
    for number, event in enumerate(events):
        if not event.get("UID"):
            event["UID"] = f"{number}"
    return events


def is_on(event: Event) -> bool:
    return str(event.get("STATUS", "")).upper() != "CANCELLED"


def dates_listed(line: str) -> int:
    """How many dates a line adds to an event that repeats, or takes from it."""
    return line.count(",") + 1 if line.upper().startswith(LISTS) else 0


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
