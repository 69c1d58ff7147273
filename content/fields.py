"""The `- name: value` lists under a deck's title and under a question, and what their values may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from content.deck import Level, Report
from content.names import DECK_ID_LENGTH, QUESTION_ID_LENGTH, is_id
from content.outline import ListItem, list_items, one_line
from content.words import joined

DECK_FIELDS = ("id", "language", "licence")
QUESTION_FIELDS = (
    "id",
    "topic",
    "aliases",
    "level",
    "follow-up of",
    "review by",
    "own experience",
    "source checked",
)


@dataclass(frozen=True, slots=True)
class Field:
    """A value and its line, counted from one."""

    value: str
    line: int


Fields = Mapping[str, Field]


def in_words(names: tuple[str, ...]) -> str:
    """`a`, `b` or `c`."""
    return joined([f"`{name}`" for name in names])


def read_fields(text: str, first_line: int, known: tuple[str, ...], report: Report) -> Fields:
    """The fields of a list, without those that are faulty in themselves."""
    fields: dict[str, Field] = {}
    for item in list_items(text, first_line)[0]:
        name, _, value = (part.strip() for part in item.text.partition(":"))
        name = name.casefold()
        if problem := field_problem(item, name, value, known):
            report.add(item.line + 1, *problem)
        elif name in fields:
            report.add(item.line + 1, f"`{name}` stands twice", "keep one of the two lines")
        else:
            fields[name] = Field(value, item.line + 1)
    return fields


def field_problem(item: ListItem, name: str, value: str, known: tuple[str, ...]) -> tuple[str, str] | None:
    """What is wrong with a line of the list, and what to write instead."""
    if name not in known:
        near = get_close_matches(name, known, n=1)
        fix = f"write `{near[0]}`" if near else f"write {in_words(known)}, as in `- {known[0]}: …`"
        what = f"unknown field `{name}`" if ":" in item.text else "not a field"
        return what, fix
    if not value:
        return f"`{name}` has no value", f"write it behind the colon, as in `- {name}: …`, or delete the line"
    if not item.simple:
        return (
            f"there is more than `{name}: …` in this list item",
            "leave only the name and its value on one line",
        )
    return None


def id_of(fields: Fields, length: int, report: Report) -> str | None:
    """The id that the fields give; a wrong one is fatal, for commands could not name what has it."""
    field = fields.get("id")
    if field is None or is_id(field.value, length):
        return field.value if field else None
    fix = f"use letters, digits and hyphens only, at most {length} of them"
    report.add(field.line, f"`{field.value}` cannot be an id", fix, fatal=True)
    return None


def deck_id_of(fields: Fields, report: Report) -> str | None:
    return id_of(fields, DECK_ID_LENGTH, report)


def question_id_of(fields: Fields, report: Report) -> str | None:
    return id_of(fields, QUESTION_ID_LENGTH, report)


def level_of(fields: Fields, report: Report) -> Level:
    field = fields.get("level")
    if field is None:
        return Level.MEDIUM
    if field.value.casefold() in tuple(Level):
        return Level(field.value.casefold())
    report.add(field.line, f"unknown level `{field.value}`", f"write {in_words(tuple(Level))}")
    return Level.MEDIUM


def review_by_of(fields: Fields, report: Report) -> date | None:
    field = fields.get("review by")
    if field is None:
        return None
    try:
        day = date.fromisoformat(field.value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != field.value:
        report.add(field.line, f"`{field.value}` is not a date", "write year-month-day, such as `2027-06-01`")
        return None
    return day


def own_experience_of(fields: Fields, report: Report) -> bool:
    return is_yes("own experience", fields, report, default=False)


def source_checked_of(fields: Fields, report: Report) -> bool:
    return is_yes("source checked", fields, report, default=True)


def is_yes(name: str, fields: Fields, report: Report, *, default: bool) -> bool:
    """What a field says that can only be yes or no."""
    field = fields.get(name)
    if field is None:
        return default
    if field.value not in ("yes", "no"):
        report.add(field.line, f"`{name}` is `{field.value}`", "write `yes` or `no`")
        return default
    return field.value == "yes"


def aliases_of(fields: Fields, report: Report) -> tuple[str, ...]:
    """The words between the commas, each once."""
    field = fields.get("aliases")
    if field is None:
        return ()
    aliases = [one_line(alias) for alias in field.value.split(",")]
    if not all(aliases):
        report.add(field.line, "an alias without a word", "delete the comma too many")
    return tuple(dict.fromkeys(filter(None, aliases)))
