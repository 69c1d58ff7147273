"""Public holidays of countries and their regions, by ISO 3166 code: `DE`, `DE-BY`, `US-CA`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache


@cache
def regions() -> tuple[str, ...]:
    """Every country and region whose holidays are known."""
    from holidays import list_supported_countries

    known = list_supported_countries(include_aliases=False)
    return tuple(code for country, parts in known.items() for code in (country, *join(country, parts)))


def join(country: str, parts: list[str]) -> list[str]:
    return [f"{country}-{part}" for part in parts]


def holiday(region: str, day: date) -> str | None:
    """The name of a public holiday, or nothing for a working day."""
    return holidays_of(region, day.year).get(day)


@lru_cache(maxsize=512)
def holidays_of(region: str, year: int) -> Mapping[date, str]:
    """A year's public holidays by date."""
    # Slow to import, and only those need it who asked for it.
    from holidays import country_holidays

    country, _, part = region.partition("-")
    return dict(country_holidays(country, subdiv=part or None, years=year))
