"""What the words of a command may mean: times, days, zones, durations, numbers."""

from __future__ import annotations

import re
from datetime import time, timedelta
from functools import cache
from zoneinfo import available_timezones

import durationpy

from bot.errors import Refusal
from bot.game.schedule import DAY_NAMES, EVERY_DAY, WEEKDAYS
from bot.wording import as_code

CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)
OFFSET = re.compile(r"(UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{1,2})(:?(?P<minutes>\d{2}))?", re.IGNORECASE)
DAY_GROUPS = {
    "daily": EVERY_DAY,
    "everyday": EVERY_DAY,
    "weekdays": WEEKDAYS,
    "weekends": EVERY_DAY - WEEKDAYS,
}
# Where most teams are, to be offered before the six hundred others.
LIKELY_ZONES = (
    "UTC",
    "Europe/London",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Warsaw",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Toronto",
    "America/Sao_Paulo",
    "Africa/Lagos",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
)
LONG_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY_WORDS = (*DAY_GROUPS, *DAY_NAMES, *LONG_DAY_NAMES, "Mon-Fri", "Mon,Wed,Fri")


def read_time(word: str) -> time:
    """`09:00`, `9:00`, `9.30`, `9am`, `21`; raises a refusal for anything else."""
    found = CLOCK.fullmatch(word.strip())
    hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (99, 0)
    half = (found["half"] or "").lower() if found else ""
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif half:
        hour = 99
    if hour > 23 or minute > 59:
        raise Refusal(f"{as_code(word)} is not a time of day. Write it like `09:00`, `9am` or `17:30`.")
    return time(hour, minute)


def read_day(word: str) -> int | None:
    """Monday as 0, from any unambiguous beginning of an English day's name."""
    found = [n for n, name in enumerate(LONG_DAY_NAMES) if len(word) > 1 and name.casefold().startswith(word)]
    return found[0] if len(found) == 1 else None


def read_days(word: str) -> frozenset[int] | None:
    """`weekdays`, `daily`, `mon-fri`, `fri-mon`, `mon,wed,fri`; None for anything else."""
    word = word.casefold()
    if word in DAY_GROUPS:
        return DAY_GROUPS[word]
    days: set[int] = set()
    for part in word.split(","):
        first, dash, last = part.partition("-")
        start, end = read_day(first), read_day(last if dash else first)
        if start is None or end is None:
            return None
        days |= {(start + n) % 7 for n in range((end - start) % 7 + 1)}
    return frozenset(days)


@cache
def zones() -> dict[str, str]:
    """IANA names by how people write them: the name itself, and the city where it is unique."""
    names = sorted(name for name in available_timezones() if name not in ("localtime", "Factory"))
    cities: dict[str, list[str]] = {}
    for name in names:
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/", "SystemV/")):
            cities.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    unique = {city: found[0] for city, found in cities.items() if len(found) == 1}
    return unique | {name.casefold(): name for name in names}


def read_zone(word: str) -> str | None:
    """A zone (`Europe/Berlin`), city (`berlin`, `New York`) or offset (`UTC+2`); None for anything else."""
    return zones().get(word.casefold().replace(" ", "_")) or read_offset(word)


def read_offset(word: str) -> str | None:
    """`UTC+02:00` for `UTC+2`, `GMT+2` or `+02:00`: so much ahead of UTC, unlike the names `Etc/GMT+2`."""
    found = OFFSET.fullmatch(word.strip())
    if not found or int(found["hours"]) > 14 or int(found["minutes"] or 0) > 59:
        return None
    return f"UTC{found['sign']}{int(found['hours']):02}:{int(found['minutes'] or 0):02}"


def read_duration(word: str) -> timedelta:
    """`90m`, `8h`, `1h30m`, `2d`; raises a refusal for anything else."""
    try:
        span = durationpy.from_str(word.replace(" ", "").lower())
    except (durationpy.DurationError, ValueError, OverflowError):
        span = None
    if not isinstance(span, timedelta) or span < timedelta() or word.strip().isdigit():
        raise Refusal(f"{as_code(word)} is not a duration. Write it like `90m`, `8h`, `1h30m` or `2d`.")
    return span


def read_number(word: str, least: int, most: int) -> int:
    """A whole number within bounds; raises a refusal for anything else."""
    if not word.isascii() or not word.isdigit() or not least <= int(word[:9]) <= most:
        raise Refusal(f"{as_code(word)} should be a whole number from {least} to {most}.")
    return int(word[:9])
