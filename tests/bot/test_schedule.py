"""One moment for each local date, whatever the clocks do, and how a schedule is put into words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.game.schedule import (
    EVERY_DAY,
    WEEKDAYS,
    RevealRule,
    Schedule,
    date_words,
    describe_days,
    describe_duration,
    from_day,
    from_ms,
    read_schedule,
    to_day,
    to_ms,
)

ZONES = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
DATES = st.dates(date(1971, 1, 1), date(2037, 12, 31))
# A time is typed as hours and minutes: which of the two in a fold it is, nobody can say.
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0, fold=0))
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
SPANS = st.timedeltas(timedelta(), timedelta(days=1))
SCHEDULES = st.builds(
    Schedule,
    time=TIMES,
    days=DAYS,
    zone=ZONES,
    sources=st.lists(st.text(min_size=1)).map(tuple),
    reveal=st.builds(RevealRule, st.integers(1, 1000), SPANS, SPANS),
    paused=st.booleans(),
    skipped=st.none() | DATES,
    since=st.datetimes(datetime(1970, 1, 2), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    set_by=st.text(),
)


def daily(zone: str, at: str, days: frozenset[int] = EVERY_DAY) -> Schedule:
    return Schedule(time.fromisoformat(at), days, zone)


def year_of(schedule: Schedule, year: int) -> list[tuple[date, datetime]]:
    """The dates and moments of a year, by walking from one to the next."""
    first = schedule.moment(date(year, 1, 1)) - timedelta(milliseconds=1)
    coming = ((day, moment) for day, moment in schedule.coming(first) if day.year >= year)
    return list(islice((pair for pair in coming if pair[0].year == year), 366 if year % 4 == 0 else 365))


@pytest.mark.parametrize(
    ("zone", "at", "day", "utc"),
    [
        # Cairo's clocks go from 00:00 to 01:00: the moment is shifted into the new hour.
        ("Africa/Cairo", "00:00", "2026-04-24", "2026-04-23T22:00"),
        ("Africa/Cairo", "00:30", "2026-04-24", "2026-04-23T22:30"),
        # New York's 01:30 comes twice: the first one counts.
        ("America/New_York", "01:30", "2026-11-01", "2026-11-01T05:30"),
        ("America/New_York", "02:30", "2026-03-08", "2026-03-08T07:30"),
        ("America/New_York", "00:30", "2026-03-08", "2026-03-08T05:30"),
        ("America/New_York", "00:30", "2026-03-09", "2026-03-09T04:30"),
        # Nuuk's gap is the last hour before midnight, so that its 23:30 falls on the next local date.
        ("America/Nuuk", "23:30", "2026-03-28", "2026-03-29T01:30"),
        ("America/Nuuk", "23:30", "2026-03-29", "2026-03-30T00:30"),
        # Lord Howe shifts by half an hour.
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:45"),
        ("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04T14:45"),
        ("Pacific/Apia", "09:00", "2011-12-29", "2011-12-29T19:00"),
        ("Pacific/Apia", "09:00", "2011-12-31", "2011-12-30T19:00"),
    ],
)
def test_a_local_date_has_its_moment_in_gaps_and_in_folds(zone: str, at: str, day: str, utc: str) -> None:
    schedule, wanted = daily(zone, at), date.fromisoformat(day)
    moment = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert schedule.moment(wanted) == moment
    assert next(schedule.coming(moment - timedelta(minutes=1))) == (wanted, moment)
    assert schedule.due(moment) == wanted
    assert schedule.due(moment - timedelta(minutes=1)) != wanted


def test_a_date_that_a_zone_left_out_has_no_round() -> None:
    schedule = daily("Pacific/Apia", "09:00")
    days = [day for day, _ in islice(schedule.coming(datetime(2011, 12, 28, 22, tzinfo=UTC)), 3)]
    assert days == [date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]
    assert not schedule.has_round(date(2011, 12, 30))


@pytest.mark.parametrize("at", ["00:00", "00:30", "01:30", "02:15", "02:30", "12:00", "23:30"])
@pytest.mark.parametrize("zone", ["Africa/Cairo", "America/New_York", "America/Nuuk", "Australia/Lord_Howe"])
def test_every_date_of_a_year_with_shifts_has_one_round(zone: str, at: str) -> None:
    year = year_of(daily(zone, at), 2026)
    assert [day for day, _ in year] == [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


@given(ZONES, TIMES, st.integers(1975, 2036))
def test_every_date_of_any_year_has_one_moment_and_moments_increase(zone: str, at: time, year: int) -> None:
    schedule = Schedule(at, EVERY_DAY, zone)
    rounds = year_of(schedule, year)
    days = [day for day, _ in rounds]
    left_out = {date(year, 1, 1) + timedelta(days=n) for n in range(365)} - set(days)
    assert len(days) == len(set(days))
    assert all(one < other for one, other in pairwise(moment for _, moment in rounds))
    assert all(not exists(day, zone) for day in left_out)


def exists(day: date, zone: str) -> bool:
    """Whether a zone had any hour of a date."""
    midnight = datetime.combine(day, time(), UTC)
    hours = (midnight + timedelta(hours=n) for n in range(-24, 48))
    return any(hour.astimezone(ZoneInfo(zone)).date() == day for hour in hours)


@given(SCHEDULES, DATES)
def test_a_moment_shows_the_time_wanted_or_is_shifted_forward(schedule: Schedule, day: date) -> None:
    wanted = datetime.combine(day, schedule.time)
    shown = schedule.local(schedule.moment(day)).replace(tzinfo=None, fold=0)
    assert shown == wanted or wanted < shown <= wanted + timedelta(days=1)


@given(SCHEDULES, DATES)
def test_what_comes_after_a_moment_is_due_when_it_has_come(schedule: Schedule, day: date) -> None:
    now = max(schedule.since, schedule.moment(day))
    coming, moment = next(schedule.coming(now))
    assert moment > now
    assert schedule.has_round(coming)
    assert coming.weekday() in schedule.days
    assert coming != schedule.skipped
    assert schedule.due(moment) == coming


def test_a_schedule_set_after_its_time_of_day_starts_on_the_next_day() -> None:
    now = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
    schedule = Schedule(time(9), EVERY_DAY, "UTC", since=now)
    assert schedule.due(now) is None
    assert next(schedule.coming(now))[0] == date(2026, 11, 24)


def test_the_newest_due_date_is_a_week_back_at_most() -> None:
    mondays = daily("UTC", "09:00", frozenset({0}))
    assert mondays.due(datetime(2026, 11, 30, 8, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert mondays.due(datetime(2026, 11, 30, 9, 0, tzinfo=UTC)) == date(2026, 11, 30)


def test_a_zone_ahead_of_utc_has_its_round_on_its_own_date() -> None:
    kiritimati = daily("Pacific/Kiritimati", "00:30")
    assert kiritimati.due(datetime(2026, 11, 23, 10, 30, tzinfo=UTC)) == date(2026, 11, 24)


@given(SCHEDULES)
def test_a_schedule_survives_being_stored(schedule: Schedule) -> None:
    again = read_schedule(schedule.to_json())
    assert again == schedule
    assert again.moment(date(2026, 3, 8)) == schedule.moment(date(2026, 3, 8))


@given(DATES)
def test_a_day_survives_being_stored(day: date) -> None:
    assert from_day(to_day(day)) == from_day(str(to_day(day))) == day


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_moment_is_stored_to_the_millisecond(moment: datetime) -> None:
    assert abs(from_ms(to_ms(moment)) - moment) <= timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (EVERY_DAY, "every day"),
        (WEEKDAYS, "Mon to Fri"),
        ({0, 2, 4}, "Mon, Wed and Fri"),
        ({5, 6}, "Sat and Sun"),
        ({1, 2, 3}, "Tue to Thu"),
        ({3}, "Thu"),
    ],
)
def test_days_are_put_into_words(days: frozenset[int], words: str) -> None:
    assert describe_days(frozenset(days)) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "0 min"),
        (timedelta(seconds=1), "1 min"),
        (timedelta(minutes=90), "1 h 30 min"),
        (timedelta(hours=8), "8 h"),
        (timedelta(days=2), "2 d"),
        (timedelta(hours=25), "25 h"),
        (timedelta(hours=49), "2 d 1 h"),
    ],
)
def test_durations_are_put_into_words_in_whole_minutes(span: timedelta, words: str) -> None:
    assert describe_duration(span) == words


@pytest.mark.parametrize(
    ("day", "today", "words"),
    [
        ("2026-11-24", "2026-11-24", "Tue 24 Nov"),
        ("2026-01-02", "2026-11-24", "Fri 2 Jan"),
        ("2026-01-02", "2026-12-24", "Fri 2 Jan 2026"),
        ("2027-01-02", "2026-12-24", "Sat 2 Jan 2027"),
        ("2001-01-01", "2026-11-24", "Mon 1 Jan 2001"),
    ],
)
def test_a_date_in_another_year_or_far_away_names_its_year(day: str, today: str, words: str) -> None:
    assert date_words(date.fromisoformat(day), date.fromisoformat(today)) == words
