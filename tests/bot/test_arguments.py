"""What people write for times, days, zones, durations and numbers."""

from __future__ import annotations

from contextlib import suppress
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.arguments import (
    DAY_WORDS,
    read_days,
    read_duration,
    read_number,
    read_time,
    read_zone,
    zones,
)
from bot.errors import Refusal
from bot.game.schedule import EVERY_DAY, WEEKDAYS, describe_days, describe_duration, zone_named

MINUTES = st.integers(0, 3 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("word", "hour", "minute"),
    [
        ("09:00", 9, 0),
        ("9:00", 9, 0),
        ("9.30", 9, 30),
        ("9am", 9, 0),
        ("9 PM", 21, 0),
        ("12am", 0, 0),
        ("12pm", 12, 0),
        ("12:30am", 0, 30),
        ("0", 0, 0),
        ("23:59", 23, 59),
        (" 7:05 ", 7, 5),
    ],
)
def test_a_time_is_read_as_people_write_it(word: str, hour: int, minute: int) -> None:
    assert read_time(word) == time(hour, minute)


@pytest.mark.parametrize(
    "word", ["", "24:00", "9:60", "13pm", "0am", "9:5", "nine", "9:00:00", "-1", "٩9:000"]
)
def test_what_is_no_time_is_refused_with_examples(word: str) -> None:
    with pytest.raises(Refusal, match=r"is not a time of day\. Write it like `09:00`, `9am` or `17:30`\."):
        read_time(word)


@given(st.times())
def test_a_time_as_shown_is_read_again(moment: time) -> None:
    assert read_time(f"{moment:%H:%M}") == moment.replace(second=0, microsecond=0)
    assert read_time(f"{moment:%I:%M%p}") == moment.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("word", "days"),
    [
        ("daily", EVERY_DAY),
        ("everyday", EVERY_DAY),
        ("Weekdays", WEEKDAYS),
        ("weekends", {5, 6}),
        ("mon-fri", WEEKDAYS),
        ("fri-mon", {4, 5, 6, 0}),
        ("mon,wed,fri", {0, 2, 4}),
        ("Tuesday", {1}),
        ("tu,th", {1, 3}),
        ("mon-wed,sunday", {0, 1, 2, 6}),
        ("sun-sun", {6}),
    ],
)
def test_days_are_read_as_people_write_them(word: str, days: frozenset[int]) -> None:
    assert read_days(word) == days


@pytest.mark.parametrize("word", ["", "t", "s", "mon-", "-fri", "mon,,fri", "mon-fri-sun", "someday", "mo n"])
def test_what_is_no_day_is_not_taken_for_one(word: str) -> None:
    assert read_days(word) is None


@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_days_as_shown_are_read_again(days: frozenset[int]) -> None:
    shown = describe_days(days).replace("every day", "everyday")
    assert read_days(shown.replace(" and ", ",").replace(", ", ",").replace(" to ", "-")) == days


@pytest.mark.parametrize("word", DAY_WORDS)
def test_every_day_word_that_is_offered_is_understood(word: str) -> None:
    assert read_days(word)


@pytest.mark.parametrize(
    ("word", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("utc", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("UTC+2", "UTC+02:00"),
        ("GMT-3", "UTC-03:00"),
        ("gmt+5:30", "UTC+05:30"),
        ("+0545", "UTC+05:45"),
        ("-03:30", "UTC-03:30"),
    ],
)
def test_a_zone_is_found_by_its_name_or_its_city(word: str, zone: str) -> None:
    assert read_zone(word) == zone


@pytest.mark.parametrize(
    "word",
    ["", "berln", "Factory", "localtime", "../UTC", "Europe", "UTC+15", "UTC+2:60", "2", "+", "UTC+2:0"],
)
def test_what_is_no_zone_is_not_taken_for_one(word: str) -> None:
    assert read_zone(word) is None


@given(st.sampled_from(sorted(set(zones().values()))))
def test_every_zone_is_read_again_from_its_own_name(zone: str) -> None:
    assert read_zone(zone) == read_zone(zone.upper()) == zone
    assert read_zone(zone.replace("_", " ")) == zone


@given(st.integers(-12 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes)))
def test_an_offset_is_ahead_of_utc_by_as_much_as_it_says(ahead: timedelta) -> None:
    minutes = abs(ahead) // timedelta(minutes=1)
    typed = f"UTC{'-' if ahead < timedelta() else '+'}{minutes // 60}:{minutes % 60:02}"
    zone = read_zone(typed)
    assert zone == read_zone(zone or "")
    assert zone_named(zone or "").utcoffset(None) == ahead


@pytest.mark.parametrize(
    ("word", "minutes"),
    [
        ("90m", 90),
        ("8h", 480),
        ("1h30m", 90),
        ("2d", 2880),
        ("0m", 0),
        ("1H", 60),
        ("1 h 30 m", 90),
        ("0.5h", 30),
    ],
)
def test_a_duration_is_read_as_people_write_it(word: str, minutes: int) -> None:
    assert read_duration(word) == timedelta(minutes=minutes)


@pytest.mark.parametrize("word", ["", "8", "-1h", "h", "soon", "1h30", "1x", "9" * 400 + "h", "1e9h", "²h"])
def test_what_is_no_duration_is_refused_with_examples(word: str) -> None:
    with pytest.raises(Refusal, match=r"is not a duration\. Write it like `90m`, `8h`, `1h30m` or `2d`\."):
        read_duration(word)


@given(MINUTES)
def test_a_duration_as_shown_is_read_again(span: timedelta) -> None:
    assert read_duration(describe_duration(span).replace("min", "m")) == span


def test_a_number_is_read_within_its_bounds() -> None:
    assert [read_number(word, 1, 1000) for word in ("1", "007", "1000")] == [1, 7, 1000]


@pytest.mark.parametrize("word", ["", "0", "1001", "-1", "1.5", "three", "٣", "²", "1" * 30])
def test_a_number_out_of_bounds_is_refused_with_the_bounds(word: str) -> None:
    with pytest.raises(Refusal, match="should be a whole number from 1 to 1000"):
        read_number(word, 1, 1000)


@given(st.text() | st.from_regex(r"\d{1,30}[a-z:.]{0,3}\d{0,3}", fullmatch=True))
def test_reading_any_text_gives_a_value_or_a_refusal(word: str) -> None:
    for read in (read_time, read_duration, lambda word: read_number(word, 1, 9)):
        with suppress(Refusal):
            assert read(word) is not None


@given(st.text())
def test_any_text_is_days_or_not_and_a_zone_or_not(word: str) -> None:
    days, zone = read_days(word), read_zone(word)
    assert days is None or days <= EVERY_DAY
    assert zone is None or zone_named(zone)
