"""What Discord takes as the commands of an app, and what it refuses them for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.fakes.discord.call import Here
from tests.fakes.discord.people import Json
from tests.fakes.discord.schema import (
    At,
    Check,
    Wrong,
    anything,
    bad_length,
    boolean,
    both,
    integer,
    listing,
    number,
    one_of,
    shape,
    string,
    typed,
)

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(
    1, 12
)
NAME = re.compile(r"[-_'\w]{1,32}")
MOST_COMMANDS, LARGEST = 100, 8000
LOCALES: dict[str, Check] = {"name_localizations": anything, "description_localizations": anything}


def name(value: Any, at: At) -> Iterator[Wrong]:
    """Lower case, and no spaces."""
    if not isinstance(value, str) or not 1 <= len(value) <= 32:
        yield bad_length(at, 1, 32)
    elif not NAME.fullmatch(value) or value != value.lower():
        words = f"String value did not match validation regex: {value!r}"
        yield Wrong(at, "APPLICATION_COMMAND_INVALID_NAME", words)


def choices_of(value: Check) -> Check:
    return listing(shape({"name": string(100), "value": value}, {"name_localizations": anything}), 25)


def option(extra: dict[str, Check]) -> Check:
    needed: dict[str, Check] = {"type": integer(), "name": name, "description": string(100)}
    return shape(needed, {**LOCALES, "required": boolean, **extra})


def no_both(value: Any, at: At) -> Iterator[Wrong]:
    """What is offered is either fixed or made up as one types."""
    if isinstance(value, dict) and value.get("autocomplete") and value.get("choices"):
        words = "Choices cannot be used with autocomplete"
        yield Wrong((*at, "choices"), "APPLICATION_COMMAND_OPTIONS_CHOICES_AND_AUTOCOMPLETE", words)


def numeric(value: Check) -> Check:
    bounds: dict[str, Check] = {"min_value": value, "max_value": value}
    return both(option({**bounds, "choices": choices_of(value), "autocomplete": boolean}), no_both)


TEXT: dict[str, Check] = {
    "min_length": integer(0, 6000),
    "max_length": integer(1, 6000),
    "autocomplete": boolean,
}
VALUES: dict[int, Check] = {
    STRING: both(option({**TEXT, "choices": choices_of(string(100))}), no_both),
    INTEGER: numeric(integer()),
    NUMBER: numeric(number),
    CHANNEL: option({"channel_types": listing(integer(0, 16))}),
    **{kind: option({}) for kind in (BOOLEAN, USER, ROLE, MENTIONABLE, ATTACHMENT)},
}


def in_order(options: Any, at: At) -> Iterator[Wrong]:
    """What must be given comes first, and no two options have one name."""
    seen: set[Any] = set()
    optional = False
    for n, one in enumerate(options if isinstance(options, list) else []):
        if not isinstance(one, dict):
            continue
        if one.get("name") in seen:
            words = "Option name already exists"
            yield Wrong((*at, n), "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", words)
        if one.get("required") and optional:
            words = "Required options must be placed before non-required options"
            yield Wrong((*at, n), "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", words)
        seen.add(one.get("name"))
        optional = optional or not one.get("required")


def not_mixed(options: Any, at: At) -> Iterator[Wrong]:
    kinds = [one.get("type") for one in options if isinstance(one, dict)] if isinstance(options, list) else []
    branches = [kind in (SUBCOMMAND, GROUP) for kind in kinds]
    if any(branches) and not all(branches):
        words = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        yield Wrong(at, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)


def options_of(kinds: dict[int, Check]) -> Check:
    return both(listing(typed(kinds), 25), in_order, not_mixed)


SUB = option({"options": options_of(VALUES)})
BRANCHES: dict[int, Check] = {SUBCOMMAND: SUB, GROUP: option({"options": options_of({SUBCOMMAND: SUB})})}
SHARED: dict[str, Check] = {
    **LOCALES,
    "id": anything,
    "nsfw": boolean,
    "dm_permission": boolean,
    "default_member_permissions": anything,
    "contexts": listing(integer(0, 2)),
    "integration_types": listing(integer(0, 1)),
}
SLASH = shape(
    {"name": name, "description": string(100)},
    {**SHARED, "type": one_of(1), "options": options_of({**VALUES, **BRANCHES})},
)
MENU = shape({"name": string(32), "type": one_of(2, 3)}, {**SHARED, "description": string(0, 0)})


def command(value: Any, at: At) -> Iterator[Wrong]:
    menu = isinstance(value, dict) and value.get("type", 1) != 1
    yield from (MENU if menu else SLASH)(value, at)
    if isinstance(value, dict) and size(value) > LARGEST:
        words = f"Command exceeds maximum size ({LARGEST})"
        yield Wrong(at, "APPLICATION_COMMAND_TOO_LARGE", words)


def size(one: Json) -> int:
    """All names, descriptions and values of a command together."""
    texts = [one.get("name"), one.get("description"), one.get("value")]
    below = [*(one.get("options") or []), *(one.get("choices") or [])]
    own = sum(len(text) for text in texts if isinstance(text, str))
    return own + sum(size(child) for child in below if isinstance(child, dict))


def all_commands(value: Any, at: At = ()) -> Iterator[Wrong]:
    yield from listing(command, MOST_COMMANDS)(value, at)
    each = value if isinstance(value, list) else []
    names = [(one.get("type", 1), one.get("name")) for one in each if isinstance(one, dict)]
    for n, one in enumerate(names):
        if one in names[:n]:
            words = "Application command names must be unique"
            yield Wrong((*at, n, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", words)


def listed(here: Here) -> list[Json]:
    """GET /applications/{application}[/guilds/{guild}]/commands"""
    return here.world.commands.get(here.guild().id if "guild" in here.names else None, [])


def overwrite(here: Here) -> list[Json]:
    """PUT at the same place: all commands at once. One that was there before keeps its id."""
    guild = here.guild() if "guild" in here.names else None
    here.fits(all_commands)
    known = {one["name"]: one["id"] for one in listed(here)}
    fixed: Json = {"application_id": here.world.app_id, "version": here.world.new_id()}
    fixed |= {"guild_id": guild.id} if guild else {}
    here.world.commands[guild.id if guild else None] = [
        {"type": 1, "options": [], **one, **fixed, "id": known.get(one["name"]) or here.world.new_id()}
        for one in here.body
    ]
    return listed(here)
