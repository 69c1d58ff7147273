"""Free dates from a calendar file: the dates of its events, and a sentence for what is no such file."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import vRecur
from redis.asyncio import Redis

from bot.commands.calendars import LONGEST_FILE, FreeDates, merged, read_calendar
from bot.commands.repeating import LONGEST_PAUSE, rule_of
from bot.errors import Refusal
from tests.dialogue import ADMIN, Dialogue, is_refused

TODAY = date(2026, 11, 23)


def event(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT"))


def calendar(*parts: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *parts, "END:VCALENDAR", ""))


def read(*lines: str) -> tuple[tuple[str, str], ...]:
    found = read_calendar(calendar(event(*lines)), TODAY)
    return tuple((str(first), str(last)) for first, last in found.spans)


@pytest.mark.parametrize(
    ("lines", "first", "last"),
    [
        (("DTSTART;VALUE=DATE:20261130",), "2026-11-30", "2026-11-30"),
        (("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20270103"), "2026-12-24", "2027-01-02"),
        (("DTSTART;VALUE=DATE:20261224", "DURATION:P3D"), "2026-12-24", "2026-12-26"),
        (("DTSTART:20261124T090000Z", "DTEND:20261124T170000Z"), "2026-11-24", "2026-11-24"),
        (("DTSTART:20261124T000000", "DTEND:20261126T000000"), "2026-11-24", "2026-11-25"),
        (("DTSTART;TZID=Nowhere/At All:20261124T090000", "DURATION:PT30H"), "2026-11-24", "2026-11-25"),
        (("dtstart;value=date:20261130", "SUMMARY:<@U1> `x`"), "2026-11-30", "2026-11-30"),
    ],
)
def test_an_event_frees_the_dates_it_touches(lines: tuple[str, ...], first: str, last: str) -> None:
    assert read(*lines) == ((first, last),)


def test_what_is_past_or_cancelled_frees_nothing() -> None:
    past = event("DTSTART;VALUE=DATE:20251224")
    cancelled = event("DTSTART;VALUE=DATE:20261224", "STATUS:CANCELLED")
    assert read_calendar(calendar(past, cancelled), TODAY) == FreeDates(())


# The zone of an event that repeats changes its clocks, a leap day comes every four years, and a day may be
# left out, added, moved or cancelled.
@pytest.mark.parametrize(
    ("lines", "first", "more"),
    [
        (("DTSTART;VALUE=DATE:19701225", "DTEND;VALUE=DATE:19701227", "RRULE:FREQ=YEARLY"), "2026-12-25", 0),
        (("DTSTART;VALUE=DATE:20001225", "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"), "2026-12-25", 0),
        (("DTSTART;VALUE=DATE:20261124", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"), "2026-11-24", 1),
        (("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=MONTHLY;BYDAY=-1FR"), "2026-11-27", 11),
        (("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=-1"), "2026-11-30", 11),
        (("DTSTART:20260107T100000Z", "RRULE:FREQ=WEEKLY;INTERVAL=26;BYDAY=WE"), "2027-01-06", 1),
        (("DTSTART;TZID=Europe/Berlin:20261020T003000", "RRULE:FREQ=MONTHLY;COUNT=4"), "2026-12-20", 1),
        (("DTSTART;VALUE=DATE:20261120", "RRULE:FREQ=DAILY;UNTIL=20261124"), "2026-11-23", 0),
        (
            ("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE;VALUE=DATE:20261201"),
            "2026-12-02",
            0,
        ),
        (("DTSTART;VALUE=DATE:20261201", "RDATE;VALUE=DATE:20261203,20261205"), "2026-12-01", 2),
        (("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY"), "", 0),
        (("DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY;COUNT=5"), "", 0),
    ],
)
def test_an_event_that_repeats_frees_its_dates_of_a_year(
    lines: tuple[str, ...], first: str, more: int
) -> None:
    found = read(*lines)
    assert (found[0][0] if found else "", max(0, len(found) - 1)) == (first, more)


def test_one_of_many_may_be_moved_or_cancelled() -> None:
    weekly = event("DTSTART;VALUE=DATE:20261130", "RRULE:FREQ=WEEKLY;COUNT=3")
    moved = event("RECURRENCE-ID;VALUE=DATE:20261207", "DTSTART;VALUE=DATE:20261209")
    cancelled = event("RECURRENCE-ID;VALUE=DATE:20261214", "DTSTART;VALUE=DATE:20261214", "STATUS:CANCELLED")
    found = read_calendar(calendar(weekly, moved, cancelled), TODAY)
    assert [str(first) for first, _ in found.spans] == ["2026-11-30", "2026-12-09"]
    assert found.repeating


def test_events_without_a_name_are_not_taken_for_one() -> None:
    days = (
        f"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:202612{day}\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT"
        for day in (10, 20)
    )
    assert len(read_calendar(calendar(*days), TODAY).spans) == 2


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=DAILY;BYHOUR=1,2,3",
        "FREQ=DAILY;BYMONTH=2",
        "FREQ=DAILY;INTERVAL=7;BYDAY=SU",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=1000000",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2,13",
        "FREQ=YEARLY;BYMONTHDAY=0",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYEASTER=1",
        "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
        "FREQ=MONTHLY;BYDAY=5FR,SU",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=2",
        "FREQ=MONTHLY;BYSETPOS=2",
        "FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 20_000),
        "FREQ=DAILY\r\nRRULE:FREQ=WEEKLY",
        "FREQ=DAILY\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:19000101",
        "FREQ=DAILY\r\nDURATION:P999D",
    ],
)
def test_a_rule_that_might_fit_no_date_is_left_out_at_once(rule: str) -> None:
    days = event("DTSTART;VALUE=DATE:20251124", f"RRULE:{rule}"), "X:1"
    assert read_calendar(calendar(*days), TODAY) == FreeDates((), unread=1)


WEEKDAYS = st.sampled_from(("MO", "TU", "1MO", "-1FR", "5FR", "-5MO"))
PARTS = {
    "INTERVAL": st.sampled_from((1, 2, 7, 12, 99)),
    "BYDAY": WEEKDAYS,
    "BYMONTHDAY": st.sampled_from((1, 28, 29, 30, 31, -1, -31)),
    "BYMONTH": st.sampled_from((1, 2, 4)),
    "BYSETPOS": st.sampled_from((1, -1, 4, 5, -5)),
}
RULE = st.builds(
    lambda frequency, parts: ";".join(
        (f"FREQ={frequency}", *(f"{name}={one}" for name, one in parts.items()))
    ),
    st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
    st.fixed_dictionaries({}, optional=PARTS),
)
STARTS = st.sampled_from((date(2020, 2, 29), date(2021, 1, 31), date(2022, 7, 1), date(2025, 12, 31)))


@settings(max_examples=150)
@given(RULE, STARTS)
def test_a_rule_that_is_read_falls_on_a_date_within_forty_years(written: str, start: date) -> None:
    rule = rule_of(vRecur.from_ical(written))
    if rule is None or not (rule.is_clear and rule.falls_again(start)):
        return
    # Its own reader would go on to the year 9999.
    starts = datetime(start.year, start.month, start.day)  # noqa: DTZ001 - rules have no zone
    later = islice(rrulestr(written, dtstart=starts), 1, None)
    assert next(later).year - start.year <= LONGEST_PAUSE * rule.interval


def test_dates_beside_each_other_are_one_range() -> None:
    days = [date(2026, 12, day) for day in (26, 24, 25, 28)]
    assert merged([(day, day) for day in days]) == ((days[1], days[0]), (days[3], days[3]))


ZONE = "BEGIN:VTIMEZONE\r\nTZID:Slow\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nRRULE:FREQ=SECONDLY\r\n"


@pytest.mark.timeout(10)
def test_a_zone_that_would_take_hours_to_work_out_is_not_read() -> None:
    zone = f"{ZONE}TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE"
    day = event("DTSTART;TZID=Slow:20261124T090000", "BEGIN:VALARM", "DURATION:P9999999D", "END:VALARM")
    assert len(read_calendar(calendar(zone, day), TODAY).spans) == 1


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-12-24",
        "PK\x03\x04",
        "BEGIN:VCALENDAR" + "\r\nBEGIN:VEVENT" * 5000,
        calendar(event()),
        calendar(event("DTSTART:junk")),
        calendar(event("DTSTART;VALUE=DATE:00010101")),
        calendar(event("DTSTART;VALUE=DATE:99991231")),
        calendar(event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20991224")),
        calendar(event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261201")),
        calendar(event("DTSTART;VALUE=DATE:20261224", "DURATION:P99999999999D")),
        calendar(event("DTSTART;VALUE=DATE:20261224", "DTSTART;VALUE=DATE:20261225")),
        calendar(event("DTSTART:20261224T090000", "DTEND;VALUE=DATE:20261225")),
        calendar(
            event("DTSTART:20261224T090000", "RRULE:FREQ=DAILY", *["RECURRENCE-ID:20261224T090000"] * 2)
        ),
        calendar(event("DTSTART:20261224T090000", "RRULE;VALUE=DATE:20261224")),
        calendar(event("DTSTART:20261224T090000", "DURATION:20261224T090000")),
        calendar(event("DTSTART;TZID=America:20261224T090000")),
        calendar(*[event("DTSTART;VALUE=DATE:20261224")] * 1001),
        calendar(event("DTSTART;VALUE=DATE:20261224", *["RDATE;VALUE=DATE:20261224,20261226"] * 501)),
        calendar(event("DTSTART;VALUE=DATE:00010101", "RRULE:FREQ=DAILY")),
        calendar(
            *(
                event("DTSTART;VALUE=DATE:20250101", "RRULE:FREQ=DAILY").replace(":1", f":{n}")
                for n in range(6)
            )
        ),
        calendar("X:" + "x" * LONGEST_FILE),
    ],
)
def test_what_is_no_calendar_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_calendar(text, TODAY)
    said = str(refusal.value)
    assert said.startswith(("That calendar", "What repeats in that calendar")) or "no calendar file" in said


LINE = st.one_of(
    st.sampled_from(
        ("BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR", "DTSTART:20261224T090000", "DURATION:P1D")
    ),
    st.builds(
        lambda name, middle, value: f"{name}{middle}{value}",
        st.sampled_from(
            (
                *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
                *("UID", "SEQUENCE", "STATUS", "BEGIN", ""),
            )
        ),
        st.sampled_from((":", ";VALUE=DATE:", ";TZID=:", ";TZID=America:", ";TZID=../../etc:", ';X="', ";")),
        st.text(max_size=20) | st.integers().map(str),
    ),
)


@settings(max_examples=60)
@given(st.lists(LINE, max_size=8))
def test_any_lines_are_read_or_refused(lines: list[str]) -> None:
    with suppress(Refusal):
        assert isinstance(read_calendar(calendar(event(*lines)), TODAY), FreeDates)


async def test_a_calendar_that_is_pasted_frees_its_dates_and_says_what_it_left_out(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    days = (
        event("DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227"),
        event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=YEARLY").replace("UID:1", "UID:2"),
        event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=HOURLY").replace("UID:1", "UID:3"),
    )
    said = await d.hears(ADMIN, f"daily free {calendar(*days)}")
    assert "These dates have no question.** What repeats in it is free for a year" in said
    assert "1 event that repeats in a way that llmq does not read" in said
    assert "No question on: 1 Dec, 24 Dec to 26 Dec (next: Tue 1 Dec)" in said
    assert "No file has come with that" in await d.hears(ADMIN, "daily free 'our days.ICS'")
    refused = await d.says(ADMIN, "daily free BEGIN:VCALENDAR BEGIN:VEVENT")
    assert is_refused(refused)
    assert "`llmq free`" in d.text(refused)
    assert "frees no date from today on" in await d.hears(ADMIN, f"daily free {calendar()}")


async def test_many_free_dates_are_not_all_listed(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    days = (event(f"DTSTART;VALUE=DATE:202612{day:02}") for day in range(1, 31, 2))
    assert "19 Dec, 5 more ranges (next: Tue 1 Dec)" in await d.hears(ADMIN, f"daily free {calendar(*days)}")
