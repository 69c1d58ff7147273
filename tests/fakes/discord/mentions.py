"""Whom a message pings: what stands in it, and what its allowed_mentions let through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.fakes.discord.permissions import may

if TYPE_CHECKING:
    from tests.fakes.discord.places import Message

Json = dict[str, Any]
CODE = re.compile(r"```.*?```|``.*?``|`[^`]*`", re.DOTALL)
USER, ROLE, WIDE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")
EVERYTHING: Json = {"parse": ["users", "roles", "everyone"], "replied_user": True}
# Without allowed_mentions, what an interaction answers pings people only.
PEOPLE: Json = {"parse": ["users"], "replied_user": True}


def texts(content: str, components: list[Json]) -> Iterator[str]:
    """All text that can ping: the content, and the text displays of the components."""
    yield content
    for component in components:
        if component.get("type") == 10:
            yield component["content"]
        yield from texts("", component.get("components", []))


def mentioned(message: Message) -> tuple[list[str], list[str], list[str]]:
    """The users, the roles and the crowds that stand in a message, outside of code."""
    plain = "\n".join(CODE.sub("", text) for text in texts(message.content, message.components))
    return tuple(list(dict.fromkeys(found.findall(plain))) for found in (USER, ROLE, WIDE))  # type: ignore[return-value]


def pings_of(message: Message, allowed: Json | None) -> tuple[str, ...]:
    """The ids of users and roles, and the crowds, that a message pings as it is posted."""
    rule = {"parse": [], **allowed} if allowed is not None else EVERYTHING
    users, roles, crowds = mentioned(message)
    found = [id for id in users if allows(rule, "users", id) and known(message, id)]
    found += [id for id in roles if allows(rule, "roles", id) and may_ping(message, id)]
    if "everyone" in rule["parse"] and may(message.channel, message.author, "mention_everyone"):
        found += [f"@{crowd}" for crowd in crowds]
    if message.reply_to and rule.get("replied_user") and message.reply_to.author is not message.author:
        found.append(message.reply_to.author.id)
    return tuple(dict.fromkeys(found))


def allows(rule: Json, kind: str, id: str) -> bool:
    return kind in rule["parse"] or id in [str(one) for one in rule.get(kind) or []]


def known(message: Message, id: str) -> bool:
    guild = message.channel.guild
    return id in (guild.members if guild else {user.id for user in message.channel.recipients})


def may_ping(message: Message, id: str) -> bool:
    role = message.channel.guild.roles.get(id) if message.channel.guild else None
    everyone_too = may(message.channel, message.author, "mention_everyone")
    return role is not None and (role.mentionable or everyone_too)
