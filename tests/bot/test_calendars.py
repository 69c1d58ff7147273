"""Free dates from a calendar file: the dates of its events, and a sentence for what is no such file."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.commands.calendars import LONGEST_FILE, FreeDates, merged, read_calendar
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


def test_what_is_past_cancelled_or_repeats_frees_nothing() -> None:
    past, repeats = (
        event("DTSTART;VALUE=DATE:20251224"),
        event("DTSTART:20261201T090000", "RRULE:FREQ=SECONDLY"),
    )
    cancelled = event("DTSTART;VALUE=DATE:20261224", "STATUS:CANCELLED")
    assert read_calendar(calendar(past, repeats, cancelled), TODAY) == FreeDates((), repeating=1)


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
        calendar(*[event("DTSTART;VALUE=DATE:20261224")] * 1001),
        calendar("X:" + "x" * LONGEST_FILE),
    ],
)
def test_what_is_no_calendar_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_calendar(text, TODAY)
    assert str(refusal.value).startswith("That calendar") or "no calendar file" in str(refusal.value)


LINE = st.one_of(
    st.sampled_from(
        ("BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR", "DTSTART:20261224T090000", "DURATION:P1D")
    ),
    st.builds(
        lambda name, middle, value: f"{name}{middle}{value}",
        st.sampled_from(("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "STATUS", "BEGIN", "")),
        st.sampled_from((":", ";VALUE=DATE:", ";TZID=:", ";TZID=../../etc:", ';X="', ";")),
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
        event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=YEARLY"),
    )
    said = await d.hears(ADMIN, f"daily free {calendar(*days)}")
    assert "These dates have no question.** What repeats in it was left out" in said
    assert "No question on: 24 Dec to 26 Dec (next: Thu 24 Dec)" in said
    refused = await d.says(ADMIN, "daily free BEGIN:VCALENDAR BEGIN:VEVENT")
    assert is_refused(refused)
    assert "`llmq free`" in d.text(refused)
    assert "frees no date from today on" in await d.hears(ADMIN, f"daily free {calendar()}")


async def test_many_free_dates_are_not_all_listed(redis: Redis) -> None:
    d = Dialogue(redis)
    await d.says(ADMIN, "daily on 09:00 daily")
    days = (event(f"DTSTART;VALUE=DATE:202612{day:02}") for day in range(1, 31, 2))
    assert "19 Dec, 5 more ranges (next: Tue 1 Dec)" in await d.hears(ADMIN, f"daily free {calendar(*days)}")
