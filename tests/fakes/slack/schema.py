"""How a piece of JSON is checked against the shape that Slack wants: every fault, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

# A check takes a value and its JSON pointer, and yields what is wrong with it.
Check = Callable[[Any, str], Iterator[str]]


def fault(words: str, at: str) -> str:
    return f"{words} [json-pointer:{at}]"


def string(most: int | None = None, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must be a string", at)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", at)
        elif most is not None and len(value) > most:
            yield fault(f"must be less than {most + 1} characters", at)

    return check


def integer(low: int, high: int | None = None) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield fault("must be an integer", at)
        elif value < low or (high is not None and value > high):
            yield fault(f"must lie between {low} and {high}", at)

    return check


def boolean(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield fault("must be a boolean", at)


def one_of(*allowed: str) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(f"must be one of {', '.join(allowed)}", at)

    return check


def anything(value: Any, at: str) -> Iterator[str]:
    yield from ()


def listing(each: Check, most: int | None = None, least: int = 1) -> Check:
    """A list of so many items."""

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must be a list", at)
            return
        if len(value) < least:
            yield fault(f"must have at least {least} items", at)
        if most is not None and len(value) > most:
            yield fault(f"no more than {most} items allowed", at)
        for n, item in enumerate(value):
            yield from each(item, f"{at}/{n}")

    return check


def shape(needed: Mapping[str, Check], also: Mapping[str, Check] | None = None) -> Check:
    """An object with these fields and no other."""
    known = {**needed, **(also or {})}

    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must be an object", at)
            return
        for name in needed.keys() - value.keys():
            yield fault(f"missing required field: {name}", at)
        for name, item in value.items():
            if name in known:
                yield from known[name](item, f"{at}/{name}")
            else:
                yield fault(f"unknown field: {name}", f"{at}/{name}")

    return check


def typed(kinds: Mapping[str, Check], what: str) -> Check:
    """An object whose `type` says which shape it has."""

    def check(value: Any, at: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind in kinds:
            yield from kinds[kind](value, at)
        else:
            yield fault(f"unsupported type of {what}: {kind}", f"{at}/type")

    return check


def both(*checks: Check) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, at)

    return check


def needs_any(*names: str) -> Check:
    """At least one of these fields."""

    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, dict) and not value.keys() & set(names):
            yield fault(f"missing required field: {' or '.join(names)}", at)

    return check
