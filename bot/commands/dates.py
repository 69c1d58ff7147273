"""Dates as people write them: `2026-12-24`, `24 Dec`, `tomorrow`, `fri`, and ranges of them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from dateutil.parser import ParserError, parse

from bot.commands.arguments import read_day
from bot.errors import Refusal
from bot.wording import as_code

RELATIVE = {"yesterday": -1, "today": 0, "tomorrow": 1}
LONGEST_RANGE = timedelta(days=366)
HALF_YEAR = timedelta(days=180)
# A date farther off is a slip, and the end of the calendar is no date to count from.
MIN_YEAR, MAX_YEAR = 2000, 2999
EXAMPLES = "Write it like `2026-12-24`, `24 Dec` or `tomorrow`."


def read_date(words: str, today: date) -> date:
    """A date; the name of a day means the next one, from tomorrow on. Raises a refusal for anything else."""
    word = words.strip().casefold()
    if word in RELATIVE:
        return today + timedelta(days=RELATIVE[word])
    if (weekday := read_day(word)) is not None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    try:
        # The parser takes the first of two dates and says nothing.
        if ".." in word or not any(character.isdigit() for character in word):
            raise ValueError(word)
        found = parse(word, default=datetime.combine(today, time()), dayfirst="-" not in word).date()
        # Without a year it is the nearest one.
        if (
            not any(str(year) in word for year in (found.year, found.year % 100))
            and found < today - HALF_YEAR
        ):
            found = found.replace(year=found.year + 1)
        if not MIN_YEAR <= found.year <= MAX_YEAR:
            raise ValueError(word)
    except (ParserError, ValueError, OverflowError):
        raise Refusal(f"{as_code(words)} is not a date. {EXAMPLES}") from None
    return found


def read_range(words: str, today: date) -> tuple[date, date]:
    """One date, or two with `..` or `to` between them. Raises a refusal for anything else."""
    first, dots, last = re.sub(r"\s+(to|until|-|\u2013)\s+", "..", words).partition("..")
    start = read_date(first, today)
    # Without a year, or by its name, the last day is the nearest one to the first.
    end = read_date(last, today if last.strip().casefold() in RELATIVE else start) if dots else start
    if not timedelta() <= end - start <= LONGEST_RANGE:
        raise Refusal(f"{as_code(words)} should end after it begins, within a year. {EXAMPLES}")
    return start, end
