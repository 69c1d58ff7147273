"""Who may do what, from the roles of a guild and the overwrites of a channel, as Discord reckons it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from discord import Permissions

if TYPE_CHECKING:
    from tests.fakes.discord.people import Guild, User
    from tests.fakes.discord.places import Channel

ALL = Permissions.all().value


def bits(*names: str) -> int:
    """The bits of permissions, by discord.py's names for them."""
    return Permissions(**dict.fromkeys(names, True)).value


ADMINISTRATOR = bits("administrator")
VIEW = bits("view_channel")
# What a member may do in a fresh guild, and what our bot asks for when it is invited.
EVERYONE = bits(
    "view_channel",
    "send_messages",
    "read_message_history",
    "add_reactions",
    "use_application_commands",
    "create_public_threads",
    "send_messages_in_threads",
)
BOT = bits("view_channel", "send_messages", "embed_links", "attach_files", "read_message_history") | bits(
    "add_reactions", "create_public_threads", "send_messages_in_threads", "use_application_commands"
)


@dataclass(slots=True)
class Overwrite:
    """What a channel gives to one role or member, and what it takes away."""

    allow: int = 0
    deny: int = 0

    def change(self, allow: int = 0, deny: int = 0) -> None:
        self.allow = (self.allow | allow) & ~deny
        self.deny = (self.deny | deny) & ~allow


def in_guild(guild: Guild, user: User) -> int:
    """What somebody may do in the guild at large."""
    if user.id == guild.owner_id:
        return ALL
    member = guild.members.get(user.id)
    if not member:
        return 0
    total = guild.everyone.permissions
    for role in member.roles:
        total |= role.permissions
    return ALL if total & ADMINISTRATOR else total


def in_channel(channel: Channel, user: User) -> int:
    """What somebody may do in a channel. A thread has the overwrites of the channel it hangs on."""
    guild = channel.guild
    if guild is None:
        return bits("view_channel", "send_messages", "read_message_history", "add_reactions", "embed_links")
    total = in_guild(guild, user)
    if total == ALL or not total:
        return total
    place = channel.parent or channel
    for step in layers(place, guild, user):
        total = (total & ~step.deny) | step.allow
    return total if total & VIEW else 0


def layers(place: Channel, guild: Guild, user: User) -> list[Overwrite]:
    """The overwrites in the order in which they count: of everyone, of the roles together, of the member."""
    together = Overwrite()
    for role in guild.members[user.id].roles:
        one = place.overwrites.get(role.id, Overwrite())
        together.allow, together.deny = together.allow | one.allow, together.deny | one.deny
    everyone, own = place.overwrites.get(guild.id), place.overwrites.get(user.id)
    return [step for step in (everyone, together, own) if step]


def may(channel: Channel, user: User, *names: str) -> bool:
    wanted = bits(*names)
    return in_channel(channel, user) & wanted == wanted
