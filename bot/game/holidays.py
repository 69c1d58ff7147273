"""Public holidays of countries and their regions, by ISO 3166 code (`DE`, `DE-BY`, `US-CA`) or by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from itertools import chain

# Regions by their English names; the library knows only those that the country itself uses.
ENGLISH = {
    "Bavaria": "DE-BY",
    "Hesse": "DE-HE",
    "Lower Saxony": "DE-NI",
    "North Rhine-Westphalia": "DE-NW",
    "Rhineland-Palatinate": "DE-RP",
    "Saxony": "DE-SN",
    "Saxony-Anhalt": "DE-ST",
    "Thuringia": "DE-TH",
    "Andalusia": "ES-AN",
    "Basque Country": "ES-PV",
    "Catalonia": "ES-CT",
    "England": "GB-ENG",
    "Scotland": "GB-SCT",
    "Wales": "GB-WLS",
    "Northern Ireland": "GB-NIR",
    "United Kingdom": "GB",
    "United States": "US",
    "USA": "US",
}
CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def regions() -> Mapping[str, str]:
    """The code of every country and region by each of its names and by itself, as people write them."""
    named: dict[str, str] = {}
    for name, code in (*names_of_countries(), *ENGLISH.items()):
        named.setdefault(name, code)
    return named


def names_of_countries() -> Iterator[tuple[str, str]]:
    """Every name with its code: of countries first, since a few regions share theirs."""
    # Slow to import, and only those need it who asked for it.
    from holidays.registry import COUNTRIES

    for name, code, *_ in COUNTRIES.values():
        yield CAPITALS.sub(" ", name), code
        yield code, code
    for module, (name, code, *_) in COUNTRIES.items():
        country = getattr(import_module(f"holidays.countries.{module}"), name)
        for part in country.subdivisions:
            yield f"{code}-{part}", f"{code}-{part}"
        for alias, part in (country.subdivisions_aliases or {}).items():
            yield alias, f"{code}-{part}"


@cache
def folded_regions() -> Mapping[str, str]:
    return {folded(name): code for name, code in reversed(list(regions().items()))}


def folded(name: str) -> str:
    return name.casefold().replace("_", " ")


def read_region(word: str) -> str | None:
    """The code that a name or a code means, or None."""
    return folded_regions().get(folded(word))


def name_of_region(code: str) -> str:
    """The first name of a code, an English one where there is one: `Germany`, `Bavaria`."""
    named = chain(ENGLISH.items(), regions().items())
    return next((name for name, known in named if known == code and name != code), code)


def holiday(region: str, day: date) -> str | None:
    """The name of a public holiday, or nothing for a working day."""
    return holidays_of(region, day.year).get(day)


@lru_cache(maxsize=512)
def holidays_of(region: str, year: int) -> Mapping[date, str]:
    """A year's public holidays by date."""
    from holidays import country_holidays

    country, _, part = region.partition("-")
    return dict(country_holidays(country, subdiv=part or None, years=year))
