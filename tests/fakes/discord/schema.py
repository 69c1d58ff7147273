"""How a piece of JSON is checked against the shape that Discord wants: every fault, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

At = tuple[str | int, ...]
# Discord passes over a field that it does not know. A good app sends none.
UNKNOWN_FIELD = "UNKNOWN_FIELD"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One fault, and where it is."""

    at: At
    code: str
    words: str

    def __str__(self) -> str:
        return f"{'.'.join(str(key) for key in self.at)}: {self.code}: {self.words}"


# A check takes a value and its place, and yields what is wrong with it.
Check = Callable[[Any, At], Iterator[Wrong]]


def required(at: At) -> Wrong:
    return Wrong(at, "BASE_TYPE_REQUIRED", "This field is required")


def string(most: int | None = None, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, at: At) -> Iterator[Wrong]:
        if not isinstance(value, str):
            yield Wrong(at, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
        elif not value and least:
            yield required(at)
        elif len(value) < least or (most is not None and len(value) > most):
            yield bad_length(at, least, most)

    return check


def bad_length(at: At, least: int, most: int | None) -> Wrong:
    if least > 1 or (least and most):
        return Wrong(at, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
    return Wrong(at, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def integer(low: int | None = None, high: int | None = None) -> Check:
    def check(value: Any, at: At) -> Iterator[Wrong]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Wrong(at, "NUMBER_TYPE_COERCE", f"Value {value!r} is not int.")
        elif low is not None and value < low:
            yield Wrong(at, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        elif high is not None and value > high:
            yield Wrong(at, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")

    return check


def number(value: Any, at: At) -> Iterator[Wrong]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield Wrong(at, "NUMBER_TYPE_COERCE", f"Value {value!r} is not a number.")


def boolean(value: Any, at: At) -> Iterator[Wrong]:
    if not isinstance(value, bool):
        yield Wrong(at, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def snowflake(value: Any, at: At) -> Iterator[Wrong]:
    if isinstance(value, bool) or not str(value).isdecimal():
        yield Wrong(at, "NUMBER_TYPE_COERCE", f"Value {value!r} is not snowflake.")


def one_of(*allowed: Any) -> Check:
    def check(value: Any, at: At) -> Iterator[Wrong]:
        if value not in allowed:
            yield Wrong(at, "BASE_TYPE_CHOICES", f"Value must be one of {set(allowed)}.")

    return check


def anything(value: Any, at: At) -> Iterator[Wrong]:
    yield from ()


def listing(each: Check, most: int | None = None, least: int = 0) -> Check:
    """A list of so many items."""

    def check(value: Any, at: At) -> Iterator[Wrong]:
        if not isinstance(value, list):
            yield Wrong(at, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        if len(value) < least or (most is not None and len(value) > most):
            yield bad_length(at, least, most)
        for n, item in enumerate(value):
            yield from each(item, (*at, n))

    return check


def shape(needed: Mapping[str, Check], also: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields. One that may be absent may be null."""
    optional = also or {}

    def check(value: Any, at: At) -> Iterator[Wrong]:
        if not isinstance(value, dict):
            yield Wrong(at, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for name in needed:
            if value.get(name) is None:
                yield required((*at, name))
        for name, item in value.items():
            if name not in needed and name not in optional:
                yield Wrong((*at, name), UNKNOWN_FIELD, "Discord's pages name no such field")
            elif item is not None:
                yield from (needed.get(name) or optional[name])(item, (*at, name))

    return check


def typed(kinds: Mapping[int, Check]) -> Check:
    """An object whose `type` says which shape it has."""

    def check(value: Any, at: At) -> Iterator[Wrong]:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, int) and kind in kinds:
            yield from kinds[kind](value, at)
        else:
            words = f'Value of field "type" must be one of {tuple(kinds)}.'
            yield Wrong((*at, "type"), "UNION_TYPE_CHOICES", words)

    return check


def both(*checks: Check) -> Check:
    def check(value: Any, at: At) -> Iterator[Wrong]:
        for one in checks:
            yield from one(value, at)

    return check
