"""Members whom somebody names in what they type: Discord writes an id where they see a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import discord

MENTION = re.compile(r"<@!?(?P<id>\d+)>")
EVERYONE = "@everyone"
ROLE = re.compile(r"<@&(?P<id>\d+)>")


def mentioned(text: str) -> set[int]:
    """The ids of the members whom a text names."""
    return {int(one["id"]) for one in MENTION.finditer(text)}


def names_of(people: Iterable[discord.abc.User]) -> dict[int, str]:
    """Names as Discord shows them."""
    return {person.id: person.display_name for person in people}


def by_name(text: str, names: Mapping[int, str]) -> str:
    """A text as it looks, members by their names."""
    return MENTION.sub(lambda one: f"@{names.get(int(one['id']), one['id'])}", text)


def with_names(text: str, names: Mapping[int, str]) -> str:
    """A command that knows who is meant: members as `bot.requests.MENTION` has them."""
    return MENTION.sub(
        lambda one: f"<@{one['id']}|{names.get(int(one['id']), '').replace('>', '')}>",
        text,
    )


def roles_in(guild: discord.Guild | None) -> dict[int, str]:
    """The roles of a server by their ids, as far as the gateway told. The one of all has the server's id."""
    if guild is None:
        return {}
    return {role.id: role.name for role in guild.roles} | {guild.id: EVERYONE}


def with_roles(text: str, roles: Mapping[int, str]) -> str:
    """A command that knows which role is meant: as `bot.requests.MENTION` has it, behind an `&`."""

    def named(found: re.Match[str]) -> str:
        name = roles.get(int(found["id"]), "").replace(">", "")
        return EVERYONE if name == EVERYONE else f"<@&{found['id']}|{name}>"

    return ROLE.sub(named, text)
